import { isDigit } from './line-prefix.ts'
import { findKeyEnd } from './read-lines.ts'

/** A line of YAML that has the deeper lines below it: a key without a value, a value with lines of its own, or a key that has its value. */
export interface TextOwner {
  readonly column: number
  readonly owns: 'nodes' | 'text' | 'nothing'
  readonly isDash: boolean
}

const SPACE = 32
const DASH = 45

const isBlankByte = (byte: number | undefined): boolean => byte === SPACE || byte === 9

const skipBlanks = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isBlankByte(bytes[at])) at++
  return at
}

/** Does the header of a literal or folded text stand here, and nothing behind it: `|`, `>-`, `|2+`? */
const isTextHeader = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (bytes[from] !== 124 && bytes[from] !== 62) return false
  let at = from + 1
  while (at < from + 3 && at < to && (bytes[at] === 43 || bytes[at] === DASH || isDigit(bytes[at]))) at++
  const end = skipBlanks(bytes, at, to)
  return end >= to || (end > at && bytes[end] === 35)
}

/** What the value that begins here owns. An anchor or a tag stands before it. */
const ownsBehind = (bytes: Uint8Array, from: number, to: number): TextOwner['owns'] => {
  let at = skipBlanks(bytes, from, to)
  while (at < to && (bytes[at] === 38 || bytes[at] === 33)) {
    while (at < to && !isBlankByte(bytes[at])) at++
    at = skipBlanks(bytes, at, to)
  }
  if (at >= to || bytes[at] === 35) return 'nodes'
  return isTextHeader(bytes, at, to) ? 'text' : 'nothing'
}

/** As findKeyEnd, which looks for the end of a quotation behind the line's end. */
const keyEnd = (bytes: Uint8Array, from: number, to: number): number => {
  if (bytes[from] !== 34 && bytes[from] !== 39) return findKeyEnd(bytes, from, to)
  const colon = findKeyEnd(bytes.subarray(from, to), 0, to - from)
  return colon < 0 ? -1 : from + colon
}

/**
 * What this line is to the lines below it.
 * @param from its first octet behind indentation and marks, which stands in `column`
 * @returns undefined where it is no line of YAML that could have others below it
 */
export const ownerAt = (bytes: Uint8Array, from: number, to: number, column: number): TextOwner | undefined => {
  let at = from
  while (bytes[at] === DASH && at < to && (at + 1 >= to || isBlankByte(bytes[at + 1]))) at = skipBlanks(bytes, at + 1, to)
  const isDash = at > from
  if (isDash && (at >= to || isTextHeader(bytes, at, to))) return { column, owns: at >= to ? 'nodes' : 'text', isDash }
  const colon = keyEnd(bytes, at, to)
  if (colon < 0) return undefined
  const owns = ownsBehind(bytes, colon + 1, to)
  // Keys of an item stand deeper than its dash.
  return { column, owns: isDash && owns === 'nothing' ? 'nodes' : owns, isDash }
}
