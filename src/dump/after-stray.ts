import { findItemDash } from './item-lines.ts'
import type { OpenDocument } from './open-document.ts'
import { classifyLine, findKeyEnd, findNewline, FRAME_KEYS, keyName, STARTERS } from './read-lines.ts'

/** Foreign lines in a row that may stand inside of one object; more of them are text of their own. */
const STRAY_LINES = 8
/** Blank lines and comments do not count, and an object may have very many of them. */
const AHEAD = 1 << 18
/** Long enough to tell what kind of line it is. */
const LINE_START = 1024

/**
 * What follows foreign lines inside of an open document decides whether they stand in it: in one of its objects, between two of them,
 * or behind its end.
 * @param newline end of the first foreign line
 * @param final no more bytes will come
 * @param most foreign lines in a row
 * @returns undefined where more must be read to tell
 */
export const afterStray = (
  bytes: Uint8Array,
  newline: number,
  doc: OpenDocument | undefined,
  final: boolean,
  most = STRAY_LINES,
): 'inside' | 'between' | 'ends' | undefined => {
  let from = newline + 1
  const limit = from + AHEAD
  for (let count = 0; count < most && from < limit;) {
    if (from >= bytes.length) return final ? 'ends' : undefined
    let to = findNewline(bytes, from)
    if (to < 0) {
      if (!final && bytes.length - from < LINE_START) return undefined
      to = bytes.length
    }
    if (doc?.inItems && findItemDash(bytes, from, to, doc.itemIndent) >= 0) return 'between'
    const kind = classifyLine(bytes, from, to)
    if (kind === 'indented' || (kind === 'dash' && !doc?.inItems)) return 'inside'
    if (kind === 'key') {
      const key = keyName(bytes, from, findKeyEnd(bytes, from, to))
      const belongs = STARTERS.has(key) && !doc?.keys.has(key) && (doc?.inItems !== true || FRAME_KEYS.has(key))
      return belongs ? 'between' : 'ends'
    }
    if (kind === 'start' || kind === 'end' || kind === 'fence' || kind === 'brace' || (kind === 'prompt' && !doc?.inItems)) return 'ends'
    if (kind !== 'blank' && kind !== 'comment') count++
    from = to + 1
  }
  return 'ends'
}
