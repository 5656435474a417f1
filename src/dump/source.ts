/** Bytes that can be read at any offset: a file, a Blob. */
export interface RandomBytes {
  readonly size: number
  /** Fewer bytes than asked for only at the end. */
  readonly read: (offset: number, length: number) => Promise<Uint8Array>
}

/** One input with a name: a file, standard input, a member of an archive, a string in a test. */
export interface Source {
  readonly name: string
  readonly text: string | Uint8Array | AsyncIterable<Uint8Array>
  /** The folder or archive it is a member of: that one member of many holds no object is no fault. */
  readonly partOf?: string
  /** The same bytes at any offset, where they can be had so: a zip is then read by its directory. */
  readonly random?: RandomBytes
}

export type Sources = Source | Iterable<Source> | AsyncIterable<Source>
