import { KeyShapes } from './key-shapes.ts'
import type { StringCache } from './string-cache.ts'
import { createStringCache } from './string-cache.ts'

/** What a reader keeps from one object of a source to the next. */
export interface ReaderMemory {
  readonly shapes: KeyShapes
  readonly keys: StringCache
  readonly values: StringCache
}

/** Values that are slices of their object's text, for whoever keeps most of that text anyway. */
const slices: StringCache = { slice: (text, from, to) => text.slice(from, to) }

/** @param keepsText values may keep the text that they stand in; else each is a copy, made once for all that are equal */
export const createReaderMemory = (keepsText = false): ReaderMemory => {
  const keys = createStringCache()
  return { shapes: new KeyShapes(), keys, values: keepsText ? slices : keys }
}
