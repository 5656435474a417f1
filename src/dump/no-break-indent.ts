import { concatBytes, startsWithAt } from '../base/bytes.ts'

/** A page of a browser, a chat or a wiki shows that it is one at its first lines of YAML. */
const HEAD = 1 << 16
/** Indentation and key of a line stand in so many bytes. */
const LINE_HEAD = 1024
/** Lines above that are looked at for the key that a line belongs to. */
const LINES_ABOVE = 200
const NONE = new Uint8Array(0)

const [TAB, NEWLINE, CR, SPACE, DASH, COLON] = [9, 10, 13, 32, 45, 58]

/** U+00A0 in UTF-8. */
const isNoBreak = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0xc2 && bytes[at + 1] === 0xa0

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB
const isEnd = (byte: number | undefined): boolean => byte === undefined || byte === NEWLINE || byte === CR

const isKeyByte = (byte: number): boolean =>
  (byte >= 97 && byte <= 122) ||
  (byte >= 65 && byte <= 90) ||
  (byte >= DASH && byte <= COLON - 1) ||
  byte === 95 ||
  byte === 34 ||
  byte === 39

/** Behind blanks, no-break spaces, and dashes with one of these behind them. */
const indentEnd = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to) {
    if (isNoBreak(bytes, at)) at += 2
    else if (isBlank(bytes[at]) || (bytes[at] === DASH && (isBlank(bytes[at + 1]) || isNoBreak(bytes, at + 1)))) at++
    else break
  }
  return Math.min(at, to)
}

/** Behind blanks and no-break spaces. */
const blanksEnd = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && (isBlank(bytes[at]) || isNoBreak(bytes, at))) at += isNoBreak(bytes, at) ? 2 : 1
  return Math.min(at, to)
}

/** Behind the key, its colon and the blanks around that; -1 where no key begins here. */
const keyEnd = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isKeyByte(bytes[at] as number)) at++
  if (at === from) return -1
  at = blanksEnd(bytes, at, to)
  if (bytes[at] !== COLON || at >= to) return -1
  const next = at + 1
  return isBlank(bytes[next]) || isNoBreak(bytes, next) || isEnd(bytes[next]) ? blanksEnd(bytes, next, to) : -1
}

/** Does a text of several lines, which may begin its lines with anything, stand under the key above this line? */
const isInBlock = (bytes: Uint8Array, lineStart: number, indent: number): boolean => {
  let end = lineStart - 1
  for (let count = 0; end > 0 && count < LINES_ABOVE; count++) {
    const start = bytes.lastIndexOf(NEWLINE, end - 1) + 1
    let at = start
    while (bytes[at] === SPACE) at++
    if (at < end && at - start < indent) {
      let last = end - 1
      while (last > at && (isEnd(bytes[last]) || isBlank(bytes[last]) || bytes[last] === 43 || bytes[last] === DASH)) last--
      return bytes[last] === 124 || bytes[last] === 62
    }
    end = start - 1
  }
  return false
}

/**
 * Are the lines of this text indented with no-break spaces, as a browser, a chat or a wiki gives YAML away? In what kubectl prints one may
 * stand at the beginning of a line, too: inside of a value.
 * @returns the line, from 1, that shows it first
 */
export const findNoBreakIndent = (text: Uint8Array): number | undefined => {
  const bytes = text.subarray(0, HEAD)
  let weak: number | undefined
  let [line, counted] = [1, 0]
  const lineOf = (start: number): number => {
    for (; counted < start; counted++) if (bytes[counted] === NEWLINE) line++
    return line
  }
  for (let at = bytes.indexOf(0xc2); at >= 0; at = bytes.indexOf(0xc2, at + 1)) {
    if (!isNoBreak(bytes, at)) continue
    const start = bytes.lastIndexOf(NEWLINE, at) + 1
    const newline = bytes.indexOf(NEWLINE, at)
    const end = newline < 0 ? bytes.length : newline
    const first = at
    at = end
    const to = Math.min(end, start + LINE_HEAD)
    const key = indentEnd(bytes, start, to)
    // No value stands in column 0.
    if (key === start && (startsWithAt(bytes, start, 'apiVersion:') || startsWithAt(bytes, start, 'kind:'))) {
      if (keyEnd(bytes, start, to) > first) return lineOf(start)
      continue
    }
    if (first >= key || keyEnd(bytes, key, to) < 0) continue
    if (first === start || !isBlank(bytes[start])) return lineOf(start)
    if (isInBlock(bytes, start, first - start)) continue
    // One alone may be a long text that was broken before it.
    if (weak !== undefined) return weak
    weak = lineOf(start)
  }
  return undefined
}

/**
 * Makes blanks of the no-break spaces in the indentation of lines, behind dashes and around the colons of keys, where `findNoBreakIndent`
 * says that the text is indented with them. Values keep theirs.
 * @param found told once, with the first such line
 */
export const withoutNoBreakIndent = (
  found: (line: number) => void = () => undefined,
): { readonly push: (chunk: Uint8Array) => Uint8Array; readonly end: () => Uint8Array } => {
  let held: Uint8Array = NONE
  let isDecided = false
  let isIndented = false
  let inLine = false

  const mend = (bytes: Uint8Array, final: boolean): Uint8Array => {
    const out = new Uint8Array(bytes.length)
    let length = 0
    const copy = (from: number, to: number): void => {
      out.set(bytes.subarray(from, to), length)
      length += to - from
    }
    const copyAsBlanks = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        const isOne = isNoBreak(bytes, at)
        out[length++] = isOne ? SPACE : (bytes[at] as number)
        if (isOne) at++
      }
    }
    for (let at = 0; at < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline < 0 ? bytes.length : newline + 1
      if (!inLine && newline < 0 && !final && end - at < LINE_HEAD) {
        held = bytes.slice(at)
        break
      }
      let plain = at
      if (!inLine) {
        const to = Math.min(end, at + LINE_HEAD)
        const key = indentEnd(bytes, at, to)
        plain = Math.max(key, keyEnd(bytes, key, to))
        copyAsBlanks(at, plain)
      }
      copy(plain, end)
      inLine = newline < 0
      at = end
    }
    return out.subarray(0, length)
  }

  const push = (chunk: Uint8Array, final: boolean): Uint8Array => {
    if (isDecided && !isIndented) return chunk
    const bytes = held.length === 0 ? chunk : concatBytes([held, chunk])
    held = NONE
    if (!isDecided) {
      if (bytes.length < HEAD && !final) {
        held = bytes.slice()
        return NONE
      }
      isDecided = true
      const line = findNoBreakIndent(bytes)
      isIndented = line !== undefined
      if (line !== undefined) found(line)
    }
    return isIndented ? mend(bytes, final) : bytes
  }
  return { push: (chunk) => push(chunk, false), end: () => push(NONE, true) }
}
