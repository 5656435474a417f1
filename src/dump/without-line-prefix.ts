import { concatBytes } from '../base/bytes.ts'
import { decodeText, findNewline, FRAME_KEYS } from './read-lines.ts'

/** Text in which the first object has to begin, where it is to tell what stands before its lines. */
export const HEAD = 2048
/** No number of a line and no quotation is longer. */
const LONGEST_PREFIX = 64
const NONE = new Uint8Array(0)

const SPACE = 32
const TAB = 9
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** What stands before each line: these octets, or (`numbered`) blanks, the number of the line, and these octets. */
export interface LinePrefix {
  readonly numbered: boolean
  readonly octets: Uint8Array
}

/** Indentation, the marks of a quotation, of Jira's tables and of a diff. */
const MARKS = /^[ \t>|+]+$/
/** `cat -n`, `grep -n`, editors. */
const NUMBERS = /^ *\d{1,9}([ \t:|]{1,8})$/

/** A key or a dash of YAML: what is indented below is a part of it. A sentence has words before its colon. */
const isYaml = (line: string): boolean => {
  const [first] = line.split(' ').filter((word) => word !== '' && word !== '-')
  return first === undefined ? line.trim() === '-' : /^[a-z"']/.test(first) && first.endsWith(':')
}

const encoder = new TextEncoder()

const prefixOf = (text: string): LinePrefix | undefined => {
  if (text.length > LONGEST_PREFIX) return undefined
  if (MARKS.test(text)) return { numbered: false, octets: encoder.encode(text) }
  const separator = NUMBERS.exec(text)?.[1]
  return separator === undefined ? undefined : { numbered: true, octets: encoder.encode(separator) }
}

/** Octets of this line that are its prefix. An empty line may lack the blanks at the prefix's end. */
const prefixLength = ({ numbered, octets }: LinePrefix, bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  if (numbered) {
    while (bytes[at] === SPACE) at++
    if (!isDigit(bytes[at])) return 0
    while (isDigit(bytes[at])) at++
  }
  for (const octet of octets) {
    if (at >= to) return to - from
    if (bytes[at] !== octet) return 0
    at++
  }
  return at - from
}

/** What stands before the object whose first key is on this line; JSON has its brace before it, often on the line above. */
const startOfObject = (line: string, above: string): string => {
  const [beforeKey = ''] = line.split('"apiVersion":', 1)
  if (beforeKey === line) return line.slice(0, Math.max(0, line.indexOf('apiVersion:'))).replace(/- $/, '')
  const opening = beforeKey.includes('{') ? beforeKey : above
  return opening.slice(0, Math.max(0, opening.indexOf('{')))
}

/**
 * What stands before every line of a text that was quoted, indented or numbered when somebody passed it on, as the first line of the
 * first object shows.
 * @param head the text's first octets, as UTF-8 with bare line feeds
 */
export const findLinePrefix = (head: Uint8Array): LinePrefix | undefined => {
  const lines = decodeText(head.subarray(0, HEAD)).split('\n')
  const first = lines.findIndex((line) => line.includes('apiVersion'))
  const next = lines[first + 1]
  if (first < 0 || next === undefined) return undefined
  const before = lines.slice(0, first)
  const start = startOfObject(lines[first] ?? '', before.at(-1) ?? '')
  const prefix = prefixOf(start)
  if (!prefix || before.some((above) => FRAME_KEYS.has(above.split(':', 1)[0] ?? ''))) return undefined
  if (start.trim() === '' && before.some(isYaml)) return undefined
  const bytes = encoder.encode(next)
  return bytes.length > 0 && prefixLength(prefix, bytes, 0, bytes.length) > 0 ? prefix : undefined
}

/** Takes from every line what `findLinePrefix` finds; lines that do not have it stay as they are, and the first one ends an indentation. */
export const withoutLinePrefix = (): { readonly push: (chunk: Uint8Array) => Uint8Array; readonly end: () => Uint8Array } => {
  let held: Uint8Array = NONE
  let prefix: LinePrefix | undefined
  let isOpen = false
  let inLine = false
  let hasBegun = false

  const strip = (known: LinePrefix, bytes: Uint8Array, final: boolean): Uint8Array => {
    // Where indentation ends, what was indented ends: further down it is an object's own.
    const isBlank = !known.numbered && known.octets.every((octet) => octet === SPACE || octet === TAB)
    const out = new Uint8Array(bytes.length)
    let length = 0
    for (let at = 0; at < bytes.length;) {
      const newline = findNewline(bytes, at)
      const to = newline < 0 ? bytes.length : newline
      if (prefix && !inLine && newline < 0 && !final && to - at < LONGEST_PREFIX) {
        held = bytes.slice(at)
        break
      }
      const found = inLine ? 0 : prefixLength(known, bytes, at, to)
      if (found > 0) hasBegun = true
      else if (hasBegun && isBlank && !inLine && to > at) prefix = undefined
      const from = at + (prefix ? found : 0)
      const next = newline < 0 ? to : newline + 1
      out.set(bytes.subarray(from, next), length)
      length += next - from
      inLine = newline < 0
      at = next
    }
    return out.subarray(0, length)
  }

  const push = (chunk: Uint8Array, final: boolean): Uint8Array => {
    if (isOpen && !prefix) return chunk
    const bytes = held.length === 0 ? chunk : concatBytes([held, chunk])
    held = NONE
    if (!isOpen) {
      if (bytes.length < HEAD && !final) {
        held = bytes
        return NONE
      }
      isOpen = true
      prefix = findLinePrefix(bytes)
    }
    return prefix ? strip(prefix, bytes, final) : bytes
  }
  return { push: (chunk) => push(chunk, false), end: () => push(NONE, true) }
}
