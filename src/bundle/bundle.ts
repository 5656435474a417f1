/** Bounds on archives. Each that is reached ends the reading of that archive with a problem. */
export interface BundleLimits {
  /** Archives inside of archives; a postmortem holds one of them (crunchy), a support-bundle-kit zip holds a zip of each node. */
  readonly depth: number
  /** Members of all archives and folders together; a large must-gather has 50,000. */
  readonly members: number
  /** Bytes that all archives together may unpack to. */
  readonly bytes: number
  /** Unpacked over packed bytes of one archive, once `ratioFrom` bytes came out; YAML and logs reach 5 to 40. */
  readonly ratio: number
  readonly ratioFrom: number
  /** Members up to this size are kept as a whole, so that lines in them can be found later; larger ones pass as streams. */
  readonly keptMember: number
  /** Bytes of all members kept so. */
  readonly kept: number
}

export const defaultBundleLimits: BundleLimits = {
  depth: 3,
  members: 500_000,
  bytes: 64 * 1024 ** 3,
  ratio: 250,
  ratioFrom: 64 * 1024 ** 2,
  keptMember: 4 * 1024 ** 2,
  kept: 64 * 1024 ** 2,
}

/** What was wrong with an archive or a file. Sentences live in the input rules. */
export type BundleProblemCode =
  | 'archive-truncated'
  | 'archive-corrupt'
  | 'archive-encrypted'
  | 'archive-unsupported'
  | 'archive-too-large'
  | 'archive-too-deep'
  | 'archive-unsafe'
  | 'archive-link'
  | 'not-readable'

export interface BundleProblem {
  readonly code: BundleProblemCode
  /** Name of the archive, of its member or of the file. */
  readonly source: string
  /** The format or method that cannot be read here, the bound that was reached, how many members are concerned. */
  readonly detail?: string
}

/** Ends the reading of one archive; never leaves this room. */
export class ArchiveFault extends Error {
  readonly code: BundleProblemCode
  readonly detail: string | undefined
  constructor(code: BundleProblemCode, detail?: string) {
    super(code)
    this.code = code
    this.detail = detail
  }
}

/** One member of an archive. Its bytes pass once, and only until the next member is asked for. */
export interface ArchiveMember {
  /** As the archive has it. */
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'hard-link' | 'encrypted' | 'unsupported'
  /** Of a link whose archive has what it leads to in its data: that text. */
  readonly data: AsyncIterable<Uint8Array>
  /** What a link leads to, where the archive has it beside the name. */
  readonly linkTarget?: string
  /** Method of an unsupported member. */
  readonly detail?: string
}
