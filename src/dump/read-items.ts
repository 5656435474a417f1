import { findItemDash } from './item-lines.ts'
import type { Cursor } from './kubectl-cursor.ts'
import { createCursor } from './kubectl-cursor.ts'
import { readKubectlItem } from './kubectl-yaml.ts'
import { holdsOldLineBreaks, mayHoldEscapes } from './old-line-breaks.ts'
import type { Json } from './raw-object.ts'
import { decodeText, findNewline } from './read-lines.ts'
import type { ReaderMemory } from './reader-memory.ts'

/** An item that was read. */
export interface ReadItem {
  readonly value: Json
  /** Offset of the next item's line. */
  readonly end: number
  /** Lines that it spans. */
  readonly lines: number
  /** As `ReadResult` has it. */
  readonly oldBreaks: boolean
}

/** Reads items of a list one behind the other in one text, without cutting it into lines and objects first. */
export interface ItemReader {
  /** The text of a chunk that comes next, where most of the text before was read and this one is ASCII. */
  readonly ahead: (chunk: Uint8Array) => string | undefined
  /** The bytes that come next end with what `ahead` told. */
  readonly expect: (text: string) => void
  /**
   * @param start offset of the item's first key, which stands in column `indent`; its dash stands in column `dashes`
   * @returns undefined where the item is not all there, or anything about it needs a closer look
   */
  readonly read: (bytes: Uint8Array, start: number, indent: number, dashes: number) => ReadItem | undefined
}

const SMALLEST = 1 << 16
const LARGEST = 1 << 20

/** The text of these bytes where every character is ASCII: offsets in both are the same. */
const asciiText = (bytes: Uint8Array): string | undefined => {
  const text = decodeText(bytes)
  return text.length === bytes.length && !text.includes('\ufffd') ? text : undefined
}

/**
 * Decodes a piece of some hundred kilobytes at a time, as long as most of what it decodes is read: the values are slices of that piece.
 * Offsets in text and bytes are the same where every character is ASCII; other pieces are left to the reader of single objects.
 */
export const createItemReader = (maxDepth: number, memory: ReaderMemory): ItemReader => {
  let whole: Uint8Array | undefined
  let [from, to, used, size] = [0, 0, 0, SMALLEST]
  let cursor: Cursor | undefined
  let escapes = false
  let expected: string | undefined

  const open = (bytes: Uint8Array, start: number): void => {
    const known = expected !== undefined && bytes !== whole && start >= bytes.length - expected.length ? expected : undefined
    expected = undefined
    size = used * 2 >= to - from ? Math.min(size * 2, LARGEST) : SMALLEST
    whole = bytes
    from = known === undefined ? start : bytes.length - known.length
    to = known === undefined ? Math.min(bytes.length, start + size) : bytes.length
    used = 0
    const text = known ?? asciiText(bytes.subarray(from, to))
    cursor = text === undefined ? undefined : createCursor(text, text, maxDepth, memory)
    escapes = text !== undefined && mayHoldEscapes(text)
  }

  const readAt = (bytes: Uint8Array, start: number, indent: number, dashes: number): ReadItem | undefined => {
    if (!cursor) return undefined
    cursor.pos = start - from
    cursor.column = indent
    cursor.depth = 0
    cursor.lines = 0
    const value = readKubectlItem(cursor)
    if (value === undefined || cursor.column !== dashes) return undefined
    const { text, pos } = cursor
    const end = from + pos - dashes
    const newline = findNewline(bytes, end)
    if (newline < 0 || findItemDash(bytes, end, newline, dashes) < 0) return undefined
    used += end - start
    const oldBreaks = escapes && holdsOldLineBreaks(text.slice(start - from, end - from), value)
    return { value, end, lines: cursor.lines, oldBreaks }
  }

  return {
    ahead: (chunk) => {
      // What was told last time and not asked for since was decoded in vain.
      if (expected !== undefined) used = 0
      expected = undefined
      return used > 0 && used * 2 >= to - from ? asciiText(chunk) : undefined
    },
    expect: (text) => void (expected = text),
    read: (bytes, start, indent, dashes) => {
      if (bytes !== whole || start < from || start >= to) open(bytes, start)
      const read = readAt(bytes, start, indent, dashes)
      if (read !== undefined || cursor?.column !== -1 || to === bytes.length || start === from) return read
      // The piece ended inside of the item.
      open(bytes, start)
      return readAt(bytes, start, indent, dashes)
    },
  }
}
