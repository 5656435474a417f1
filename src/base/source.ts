/** Bytes that can be read at any offset: a file, a Blob, an array. */
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
  /** A file, or a folder (its name ends in a slash), that could not be read: what is in it is not known. */
  readonly unreadable?: true
}

export type Sources = Source | Iterable<Source> | AsyncIterable<Source>

/** One by one, however they were given. */
export async function* eachSource(sources: Sources): AsyncGenerator<Source> {
  if ('text' in sources && 'name' in sources) yield sources
  else yield* sources
}
