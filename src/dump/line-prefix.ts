import { decodeText, findNewline, isBlankFrom } from './read-lines.ts'

/** No number of a line, no quotation and no indentation in front of an object is longer. */
export const LONGEST_PREFIX = 64

/** What a program puts before each line that it passes on: its number, or the instant at which it came (a pipeline's log). */
export type LineMark = 'number' | 'instant'

/**
 * What stands before each line of a text that was quoted, indented, numbered or logged when somebody passed it on: `octets`, in front of
 * them the line's own `mark`, behind them (`diff`) the mark of a unified diff.
 */
export interface LinePrefix {
  readonly octets: Uint8Array
  readonly mark: LineMark | undefined
  readonly diff: boolean
}

const SPACE = 32
const MINUS = 45

/** Is this octet a digit? */
export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** Is this prefix nothing but indentation? */
export const isIndentation = ({ octets, mark, diff }: LinePrefix): boolean => !mark && !diff && isBlankFrom(octets, 0, octets.length)

const numberEnd = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (bytes[at] === SPACE) at++
  if (!isDigit(bytes[at])) return -1
  while (isDigit(bytes[at])) at++
  return at
}

/** A digit stands for any; RFC 3339, section 5.6. */
const INSTANT = '0000-00-00T00:00:00'
const OFFSET = '00:00'

const isLike = (bytes: Uint8Array, from: number, form: string): boolean => {
  for (let i = 0; i < form.length; i++) {
    const byte = bytes[from + i]
    if (form[i] === '0' ? !isDigit(byte) : byte !== form.charCodeAt(i)) return false
  }
  return true
}

/** `2026-11-24T05:00:00.1234567Z`, in brackets or not. */
const instantEnd = (bytes: Uint8Array, from: number): number => {
  const isBracketed = bytes[from] === 91
  let at = isBracketed ? from + 1 : from
  if (!isLike(bytes, at, INSTANT)) return -1
  at += INSTANT.length
  if (bytes[at] === 46) for (at++; isDigit(bytes[at]);) at++
  if (bytes[at] === 90) at++
  else if ((bytes[at] === 43 || bytes[at] === MINUS) && isLike(bytes, at + 1, OFFSET)) at += 1 + OFFSET.length
  else return -1
  if (!isBracketed) return at
  return bytes[at] === 93 ? at + 1 : -1
}

/** Offset behind the mark of the line that begins at `from`; -1 where it has none. */
export const markEnd = (mark: LineMark, bytes: Uint8Array, from: number, to: number): number => {
  const end = mark === 'number' ? numberEnd(bytes, from) : instantEnd(bytes, from)
  return end > to ? -1 : end
}

/** Length of the mark of a diff at `at`; -1 for what stands only on its old side, and for its remarks. */
const diffMark = (bytes: Uint8Array, at: number, to: number): number => {
  if (at >= to) return 0
  const mark = bytes[at]
  if (mark === SPACE || mark === 43) return 1
  if (mark === 92) return -1
  if (mark !== MINUS) return 0
  // `--- a/file` begins the next file, and a document.
  const isHeader = bytes[at + 1] === MINUS && bytes[at + 2] === MINUS && (at + 3 >= to || bytes[at + 3] === SPACE)
  return isHeader ? 0 : -1
}

/**
 * Octets of this line that are its prefix: 0 where it does not have it, -1 where the line is no part of the text.
 * An empty line may lack the blanks at the prefix's end.
 */
export const prefixLength = ({ mark, octets, diff }: LinePrefix, bytes: Uint8Array, from: number, to: number): number => {
  let at = mark ? markEnd(mark, bytes, from, to) : from
  if (at < 0) return 0
  for (const octet of octets) {
    if (at >= to) return to - from
    if (bytes[at] !== octet) return 0
    at++
  }
  if (!diff) return at - from
  const found = diffMark(bytes, at, to)
  return found > 0 ? at - from + found : found
}

const encoder = new TextEncoder()

/** Lines without their prefix; what is no part of the text becomes an empty line, and lines without the prefix stay as they are. */
export const withoutPrefixOf = (text: string, prefix: LinePrefix): string => {
  const bytes = encoder.encode(text)
  const out = new Uint8Array(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length;) {
    const newline = findNewline(bytes, at)
    const to = newline < 0 ? bytes.length : newline
    const found = prefixLength(prefix, bytes, at, to)
    const line = bytes.subarray(found < 0 ? to : at + found, newline < 0 ? to : to + 1)
    out.set(line, length)
    length += line.length
    at = to + 1
  }
  return decodeText(out.subarray(0, length))
}

/** The first of the lines in front of `to` that have this prefix, and how many there are; empty ones between them count. */
export const firstPrefixedLine = (
  bytes: Uint8Array,
  from: number,
  to: number,
  prefix: LinePrefix,
): { readonly at: number; readonly lines: number } => {
  let first = { at: to, lines: 0 }
  let lines = 0
  for (let end = to - 1; end >= from;) {
    const newline = end === 0 ? -1 : bytes.lastIndexOf(10, end - 1)
    const start = Math.max(from, newline + 1)
    lines++
    if (prefixLength(prefix, bytes, start, end) !== 0) first = { at: start, lines }
    else if (!isBlankFrom(bytes, start, end)) break
    end = start - 1
  }
  return first
}
