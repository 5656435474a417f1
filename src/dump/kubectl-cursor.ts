import type { KeyShapes } from './key-shapes.ts'
import type { ReaderMemory } from './reader-memory.ts'
import type { StringCache } from './string-cache.ts'

const LF = 10
const SPACE = 32

/** Where the reader stands: at the first character of a line's content, which has this column; column -1 is the end of the text. */
export interface Cursor {
  /** The text as kubectl's printer sees it: every line break character is a line feed. Offsets are those of `raw`. */
  readonly text: string
  /** The text as it is. Differs from `text` only where it has line break characters of YAML 1.1. */
  readonly raw: string
  readonly maxDepth: number
  readonly keys: StringCache
  readonly strings: StringCache
  readonly shapes: KeyShapes
  pos: number
  column: number
  depth: number
  /** Line feeds that were passed. */
  lines: number
  /** Blank lines were passed over on the way to this line. */
  skipped: boolean
}

/** A cursor at the start of a text. `raw` is the text itself where it has no line break characters of YAML 1.1. */
export const createCursor = (text: string, raw: string, maxDepth: number, { keys, values, shapes }: ReaderMemory): Cursor => ({
  text,
  raw,
  maxDepth,
  keys,
  strings: values,
  shapes,
  pos: 0,
  column: 0,
  depth: 0,
  lines: 0,
  skipped: false,
})

/** Notes the line feeds from `from` to `to`, which `nextLine` does not see. */
export const passLines = (cursor: Cursor, from: number, to: number): void => {
  for (let at = cursor.text.indexOf('\n', from); at >= 0 && at < to; at = cursor.text.indexOf('\n', at + 1)) cursor.lines++
}

/**
 * Moves to the content of the line behind the line feed (or the end of the text) at `end`. Here as in all of the reader nothing is asked
 * for behind the end of the text: the engine would read every character in a slower way from then on.
 */
export const nextLine = (cursor: Cursor, end: number): void => {
  const { text } = cursor
  const { length } = text
  let i = end + 1
  cursor.lines++
  cursor.skipped = false
  for (;;) {
    const start = i
    while (i < length && text.charCodeAt(i) === SPACE) i++
    if (i < length && text.charCodeAt(i) === LF) {
      cursor.skipped = true
      cursor.lines++
      i++
      continue
    }
    cursor.pos = i
    cursor.column = i >= length ? -1 : i - start
    return
  }
}
