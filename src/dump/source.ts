/** One input with a name: a file, standard input, a member of an archive, a string in a test. */
export interface Source {
  readonly name: string
  readonly text: string | Uint8Array | AsyncIterable<Uint8Array>
}

export type Sources = Source | Iterable<Source> | AsyncIterable<Source>
