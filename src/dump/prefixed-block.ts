import { concatBytes } from '../base/bytes.ts'
import type { LinePrefix } from './line-prefix.ts'
import { isIndentation, LONGEST_PREFIX, prefixLength } from './line-prefix.ts'
import { classifyLine, findKeyEnd, findNewline, isBlankFrom, keyName, STARTERS } from './read-lines.ts'

/** Lines that have the same octets before them, pushed in chunks. */
export interface PrefixedBlock {
  /** As it is known by now: what began as indentation may turn out to be a diff. */
  readonly prefix: () => LinePrefix
  /**
   * @param give takes the text without the prefix, line for line
   * @param final no more bytes will come
   * @returns what stands behind the block; undefined as long as it goes on
   */
  readonly push: (chunk: Uint8Array, final: boolean, give: (text: Uint8Array) => void) => BlockEnd | undefined
}

export interface BlockEnd {
  readonly rest: Uint8Array
  /** Lines that stand between this line and the next are not shown: a hunk of a diff follows. */
  readonly cut: boolean
}

const NONE = new Uint8Array(0)
const SPACE = 32
const PLUS = 43
const MINUS = 45
const AT = 64
/** The longest number and the longest prefix behind it, with blanks in front. */
const HEAD = LONGEST_PREFIX * 2
/** Long enough to tell what kind of line it is. */
const LINE_START = 1024
/** Lines without their prefix (a mail program broke them, somebody answered in between) that may stand in a quotation. */
const FOREIGN_LINES = 8
const AHEAD = 1 << 16
/** What is given at once: little at first, for a block of few lines gives the rest back. */
const [FIRST_PIECE, LARGEST_PIECE] = [1 << 12, 1 << 20]

/**
 * The lines from one on that has this prefix, up to where they end.
 * @param onOldLine called with the number of each line that only the old side of a diff has
 * @param firstLine number of the block's first line
 */
export const createPrefixedBlock = (known: LinePrefix, firstLine: number, onOldLine: (line: number) => void): PrefixedBlock => {
  let prefix = known
  let held: Uint8Array = NONE
  let line = firstLine
  /** A line goes on whose end was not there yet: it is given, or left out. */
  let inLine: 'given' | 'left' | undefined
  /** Lines before this offset stay in the block as they are. */
  let foreignTo = 0
  let piece = FIRST_PIECE

  /** Where the next line that has the prefix begins, if only a few lines that begin nothing stand before it; -1 if not. */
  const findGoingOn = (bytes: Uint8Array, start: number, final: boolean): number | undefined => {
    let foreign = 0
    for (let from = start; from - start < AHEAD;) {
      if (from >= bytes.length) return final ? -1 : undefined
      const newline = findNewline(bytes, from)
      if (newline < 0 && !final && bytes.length - from < LINE_START) return undefined
      const to = newline < 0 ? bytes.length : newline
      if (prefixLength(prefix, bytes, from, to) > 0) return from
      const kind = classifyLine(bytes, from, to)
      if (kind === 'start' || kind === 'end' || kind === 'fence' || kind === 'brace' || kind === 'indented') return -1
      if (kind === 'key' && STARTERS.has(keyName(bytes, from, findKeyEnd(bytes, from, to)))) return -1
      if (kind !== 'blank' && ++foreign > FOREIGN_LINES) return -1
      from = to + 1
    }
    return -1
  }

  /** Is this line, behind an indentation that lacks its last blank, one of a diff? Lines of its new side come with those of its old one. */
  const turnsToDiff = (bytes: Uint8Array, start: number, final: boolean): boolean | undefined => {
    if (prefix.octets.length !== 1 || prefix.octets[0] !== SPACE || (bytes[start] !== PLUS && bytes[start] !== MINUS)) return false
    const diff: LinePrefix = { octets: NONE, mark: undefined, diff: true }
    for (let from = start; from - start < AHEAD;) {
      if (from >= bytes.length) return final ? false : undefined
      const newline = findNewline(bytes, from)
      if (newline < 0 && !final && bytes.length - from < LINE_START) return undefined
      const to = newline < 0 ? bytes.length : newline
      const found = prefixLength(diff, bytes, from, to)
      // `- a` of a list in column 0 goes on two columns further.
      if (found >= 0) return found > 0 && (bytes[from] === PLUS || (bytes[from + 1] !== SPACE && to > from + 1))
      from = to + 1
    }
    return false
  }

  /** A line that does not have the prefix. undefined: more must be read to tell */
  const stays = (bytes: Uint8Array, at: number, final: boolean): boolean | undefined => {
    if (prefix.diff) return false
    if (isIndentation(prefix)) {
      const turns = turnsToDiff(bytes, at, final)
      if (turns === true) prefix = { octets: NONE, mark: undefined, diff: true }
      return turns
    }
    const next = findGoingOn(bytes, at, final)
    if (next !== undefined && next > at) foreignTo = next
    return next === undefined ? undefined : next >= 0
  }

  const hold = (bytes: Uint8Array, at: number): void => {
    held = bytes.slice(at)
    foreignTo = Math.max(0, foreignTo - at)
  }

  return {
    prefix: () => prefix,
    push: (chunk, final, give) => {
      const bytes = held.length === 0 ? chunk : concatBytes([held, chunk])
      held = NONE
      let out: Uint8Array = NONE
      let length = 0
      const flush = (): void => {
        if (length > 0) give(out.subarray(0, length))
        length = 0
        out = NONE
      }
      const take = (from: number, to: number): void => {
        if (length + to - from > out.length) {
          flush()
          out = new Uint8Array(Math.max(piece, to - from))
          piece = Math.min(piece * 2, LARGEST_PIECE)
        }
        out.set(bytes.subarray(from, to), length)
        length += to - from
      }
      for (let at = 0; at < bytes.length;) {
        const newline = findNewline(bytes, at)
        const to = newline < 0 ? bytes.length : newline
        const next = newline < 0 ? to : newline + 1
        let found = 0
        if (inLine === undefined) {
          if (newline < 0 && !final && to - at < HEAD) {
            flush()
            hold(bytes, at)
            return undefined
          }
          found = prefixLength(prefix, bytes, at, to)
          if (found === 0 && at >= foreignTo && !isBlankFrom(bytes, at, to)) {
            const isPart = stays(bytes, at, final)
            if (isPart === undefined) {
              flush()
              hold(bytes, at)
              return undefined
            }
            if (!isPart) {
              flush()
              return { rest: bytes.subarray(at), cut: prefix.diff && bytes[at] === AT && bytes[at + 1] === AT }
            }
            found = prefixLength(prefix, bytes, at, to)
          }
          if (found < 0 && bytes[at + prefix.octets.length] === MINUS) onOldLine(line)
        }
        const isLeft = inLine === undefined ? found < 0 : inLine === 'left'
        take(isLeft ? to : at + found, next)
        inLine = newline >= 0 ? undefined : isLeft ? 'left' : 'given'
        if (newline >= 0) line++
        at = next
      }
      flush()
      foreignTo = 0
      return final ? { rest: NONE, cut: false } : undefined
    },
  }
}
