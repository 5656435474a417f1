import { findNewline } from './read-lines.ts'

/** Narrower and wider windows than anybody works in; a whole value in base64 is longer. */
const NARROWEST = 40
const WIDEST = 512
/** Text behind a line that is looked at. */
const AHEAD = 1 << 16
/** Broken lines that make a width of their length: one may be a foreign line behind a long one. */
const FEWEST = 2

/** Tells lines of a source that only go on with the line before, which a window broke when the text was copied out of it. */
export interface WrappedLines {
  /**
   * @param from first line that is looked at
   * @param to a line that cannot stand where it stands, unless it goes on with the one before
   * @param line its number, from 1
   * @param final no more bytes will come
   * @returns undefined where more must be read to tell
   */
  readonly goesOn: (bytes: Uint8Array, from: number, to: number, line: number, final: boolean) => boolean | undefined
}

/** Does this line begin as no line of YAML or JSON does that kubectl prints inside of a list? */
const isRest = (bytes: Uint8Array, at: number): boolean =>
  at < bytes.length && !' \n-"{}[]'.includes(String.fromCharCode(bytes[at] as number))

/** The length of the longest lines, where several of them are broken and the one before `to` is among them; else 0. */
const wrapWidth = (bytes: Uint8Array, from: number, to: number): number => {
  const limit = Math.min(bytes.length, to + AHEAD)
  let [width, broken, before] = [0, 0, 0]
  for (let at = from; at < limit;) {
    const newline = findNewline(bytes, at)
    const length = (newline < 0 ? bytes.length : newline) - at
    if (length > WIDEST) return 0
    at += length + 1
    if (at === to) before = length
    if (length > width) [width, broken] = [length, 0]
    if (length === width && isRest(bytes, at)) broken++
  }
  return before === width && width >= NARROWEST && broken >= FEWEST ? width : 0
}

/**
 * The width is looked for once, at the first line that asks: whoever copies from a window copies all of it from there.
 * @param onFound called with the first line that goes on, and the width
 */
export const createWrappedLines = (onFound: (line: number, width: number) => void): WrappedLines => {
  let width: number | undefined
  return {
    goesOn: (bytes, from, to, line, final) => {
      if (width === undefined) {
        if (bytes.length < to + AHEAD && !final) return undefined
        width = wrapWidth(bytes, from, to)
        if (width > 0) onFound(line, width)
      }
      return width > 0 && bytes.lastIndexOf(10, to - 2) === to - 2 - width
    },
  }
}
