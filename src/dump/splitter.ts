import type { PrefixedStart } from './text-between.ts'

/** What is given back from the first line on that has something before it. */
export interface PrefixedRest extends PrefixedStart {
  readonly rest: Uint8Array
}

/** Cuts a text, pushed in chunks, into its objects. */
export interface Splitter {
  /**
   * UTF-8 with bare line feeds. The splitter may hold on to the chunk until it has read the object that the chunk's end stands in.
   * @returns what it gives back where its lookout told it to stop: it goes on with what is pushed then
   */
  readonly push: (chunk: Uint8Array) => PrefixedRest | undefined
  /**
   * Nothing follows that belongs to what was pushed; it can be used again, for the lines behind.
   * @param cut what is open was broken off here
   */
  readonly end: (cut?: boolean) => PrefixedRest | undefined
}
