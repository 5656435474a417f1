import { readDoubleQuoted, readLiteral, readSingleQuoted } from './kubectl-scalars.ts'
import type { KeyShape } from './key-shapes.ts'
import { hasKeyAt, objectOfSize } from './key-shapes.ts'
import type { Cursor } from './kubectl-cursor.ts'
import { createCursor, nextLine } from './kubectl-cursor.ts'
import type { Json } from './raw-object.ts'
import type { ReaderMemory } from './reader-memory.ts'
import { createReaderMemory } from './reader-memory.ts'

const LF = 10
const SPACE = 32
const HASH = 35
const DASH = 45
const COLON = 58

/** Is this the end of a line as kubectl ends lines between values: with a line feed, and no other break character? */
const isLineEnd = (cursor: Cursor, at: number): boolean => {
  return cursor.raw === cursor.text || at >= cursor.text.length || cursor.raw.charCodeAt(at) === LF
}

const INT = /^[-+]?(?:0|[1-9][0-9]{0,17})$/
const FLOAT = /^[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}(?:[eE][-+]?[0-9]{1,3})?$/
/** With a sign: without one it is text to YAML 1.1, and the general reader decides. */
const EXPONENT = /^[-+]?[1-9][0-9]{0,17}[eE][-+][0-9]{1,3}$/

/** Every other text that the core schema takes for a number: leading zeros, octal, hexadecimal, a bare point, infinity. */
const OTHER_NUMBERS = [
  /^[-+]?[0-9]+$/,
  /^0o[0-7]+$/,
  /^0x[0-9a-fA-F]+$/,
  /^[-+]?[0-9]+(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?\.[0-9]+(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?\.(?:inf|Inf|INF)$/,
  /^\.(?:nan|NaN|NAN)$/,
]

const isOtherNumber = (value: string): boolean => OTHER_NUMBERS.some((pattern) => pattern.test(value))

/** The number that up to nine digits without a leading zero stand for, else -1. */
const smallNumber = (value: string): number => {
  if (value.length > 9 || (value.length > 1 && value.charCodeAt(0) === 48)) return -1
  let number = 0
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** May this be a number in any notation? A digest or a duration is none from the letter behind its first digits on. */
const looksLikeNumber = (value: string): boolean => {
  const sign = value.charCodeAt(0)
  const from = sign === 43 || sign === DASH ? 1 : 0
  for (let i = from; i < value.length; i++) {
    const code = value.charCodeAt(i)
    // . E e, and o x behind a zero
    if (code < 48 || code > 57) return code === 46 || code === 69 || code === 101 || ((code === 111 || code === 120) && i === 1)
  }
  return value.length > from
}

/**
 * The value of a plain scalar by the YAML 1.2 core schema (section 10.3.2). Declines what only looks like a number: hexadecimal,
 * octal, leading zeros, infinity.
 */
const resolvePlain = (value: string): Json | undefined => {
  const code = value.charCodeAt(0)
  // t f n T F N ~
  if (code === 116 || code === 102 || code === 110 || code === 84 || code === 70 || code === 78) {
    if (value.length > 5) return value
    switch (value) {
      case 'true':
      case 'True':
      case 'TRUE':
        return true
      case 'false':
      case 'False':
      case 'FALSE':
        return false
      case 'null':
      case 'Null':
      case 'NULL':
        return null
      default:
        return value
    }
  }
  if (code === 126) return value.length === 1 ? null : value
  // Digits, sign and point are all below `:`.
  if (code > 57 || (code < 48 && code !== 43 && code !== DASH && code !== 46)) return value
  const digits = smallNumber(value)
  if (digits >= 0) return digits
  if (!looksLikeNumber(value)) return value
  if (INT.test(value) || FLOAT.test(value) || EXPONENT.test(value)) {
    const number = Number(value)
    return Number.isFinite(number) ? number : undefined
  }
  return isOtherNumber(value) ? undefined : value
}

/** Most plain values are shorter: a loop passes over them sooner than calls. */
const NEAR = 128

/** The end of a plain scalar's line, or -1 where what stands in it would cut it or be something else. */
const plainEnd = (text: string, from: number): number => {
  const near = from + NEAR < text.length ? from + NEAR : text.length
  let before = 0
  let i = from
  for (; i < near; i++) {
    const code = text.charCodeAt(i)
    if (code <= HASH && (code < SPACE || (code === SPACE && before === COLON) || (code === HASH && before === SPACE))) {
      if (code === LF) break
      return -1
    }
    before = code
  }
  if (i === near && near < text.length) {
    i = text.indexOf('\n', near)
    if (i < 0) i = text.length
    const line = text.slice(from, i)
    if (line.includes('\t') || (line.includes(' ') && (line.includes(': ') || line.includes(' #')))) return -1
    before = text.charCodeAt(i - 1)
  }
  return before === SPACE || before === COLON ? -1 : i
}

/** Characters with which a plain scalar cannot begin, or only in ways that kubectl has no use for. */
const INDICATORS = new Uint8Array(128)
for (const char of ' "\'|>{}[],&*!%@`#\t') INDICATORS[char.charCodeAt(0)] = 1
const MARK = 0xfeff

const readPlain = (cursor: Cursor, from: number, parent: number): Json | undefined => {
  const { text } = cursor
  const first = text.charCodeAt(from)
  if (INDICATORS[first] === 1 || first === MARK) return undefined
  let end = plainEnd(text, from)
  if (first === DASH || first === 63 || first === COLON) {
    const second = from + 1 >= end ? SPACE : text.charCodeAt(from + 1)
    if (second === SPACE || second === 9) return undefined
  }
  if (end < 0 || !isLineEnd(cursor, end)) return undefined
  let value = cursor.strings.slice(text, from, end)
  nextLine(cursor, end)
  if (cursor.column <= parent) return resolvePlain(value)
  // Older kubectl folds long values at blanks; such a value has no break of its own.
  while (cursor.column > parent) {
    if (cursor.skipped) return undefined
    const start = cursor.pos
    end = plainEnd(text, start)
    const code = text.charCodeAt(start)
    if (code === HASH || code === 9 || end < 0 || !isLineEnd(cursor, end)) return undefined
    value += ' ' + text.slice(start, end)
    nextLine(cursor, end)
  }
  return value
}

/** A scalar, `{}` or `[]` behind a key or a dash. @param parent the column of that key or dash */
const readScalar = (cursor: Cursor, from: number, parent: number): Json | undefined => {
  const { text } = cursor
  let end: number
  let value: Json
  switch (text.charCodeAt(from)) {
    case 34: {
      const quoted = readDoubleQuoted(cursor, from, parent)
      if (quoted === undefined) return undefined
      value = quoted.value
      end = quoted.end
      break
    }
    case 39: {
      const quoted = readSingleQuoted(cursor, from, parent)
      if (quoted === undefined) return undefined
      value = quoted.value
      end = quoted.end
      break
    }
    case 124:
      return readLiteral(cursor, from, parent)
    case 123:
      if (text.charCodeAt(from + 1) !== 125) return undefined
      value = {}
      end = from + 2
      break
    case 91:
      if (text.charCodeAt(from + 1) !== 93) return undefined
      value = []
      end = from + 2
      break
    default:
      return readPlain(cursor, from, parent)
  }
  if ((end < text.length && text.charCodeAt(end) !== LF) || !isLineEnd(cursor, end)) return undefined
  nextLine(cursor, end)
  return value
}

/** Offset of the colon that ends the plain key at `from`, or -1 where the line has none. */
const findColon = (text: string, from: number): number => {
  let before = 0
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === COLON) {
      const next = i + 1 === text.length ? LF : text.charCodeAt(i + 1)
      if (next === SPACE || next === LF) return before === SPACE ? -1 : i
    } else if (code === LF || code === 9 || (code === HASH && before === SPACE)) return -1
    before = code
  }
  return -1
}

/** A plain key begins with a letter, digit, point, underscore, slash or dash-less sign; all else is quoted or declined. */
const startsPlainKey = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 46 && code <= 57) || code === 95

/** Is there a mapping behind a dash: does a key begin here? undefined: declined. */
const startsMapping = (cursor: Cursor, from: number): boolean | undefined => {
  const { text } = cursor
  const code = text.charCodeAt(from)
  if (code === 34 || code === 39) {
    const quoted = code === 34 ? readDoubleQuoted(cursor, from, -1) : readSingleQuoted(cursor, from, -1)
    // Over several lines it is no key; as a value it is read again with the right bounds.
    if (quoted === undefined) return text.indexOf('\n', from) < 0 ? undefined : false
    return text.charCodeAt(quoted.end) === COLON
  }
  return startsPlainKey(code) ? findColon(text, from) >= 0 : false
}

const isDash = (text: string, at: number): boolean => {
  if (text.charCodeAt(at) !== DASH) return false
  if (at + 1 === text.length) return true
  const next = text.charCodeAt(at + 1)
  return next === SPACE || next === LF
}

const readMapping = (cursor: Cursor, column: number, shape: KeyShape | undefined): Json | undefined => {
  const { text, shapes } = cursor
  if (++cursor.depth > cursor.maxDepth) return undefined
  const out: Record<string, Json> = objectOfSize(shape?.size ?? 0)
  let count = 0
  /** The key before, as far as the keys so far are known in this order; undefined from the first on that is not. */
  let known = shape
  do {
    const start = cursor.pos
    let key: string
    let colon: number
    const guess = known?.next
    if (guess !== undefined && hasKeyAt(text, start, guess.key)) {
      key = guess.key
      colon = start + key.length
      known = guess
    } else {
      const code = text.charCodeAt(start)
      if (startsPlainKey(code)) {
        colon = findColon(text, start)
        // `...` ends a document where it stands alone or before a blank.
        if (colon < 0 || (code === 46 && text.startsWith('...', start))) return undefined
        key = cursor.keys.slice(text, start, colon)
      } else if (code === 34 || code === 39) {
        const quoted = code === 34 ? readDoubleQuoted(cursor, start, -1) : readSingleQuoted(cursor, start, -1)
        if (quoted === undefined || text.charCodeAt(quoted.end) !== COLON || text.lastIndexOf('\n', quoted.end) >= start) return undefined
        key = quoted.value
        colon = quoted.end
        known = undefined
      } else return undefined
      if (Object.hasOwn(out, key) || key === '__proto__' || colon - start > 1000) return undefined
      known &&= shapes.step(known, key)
    }
    let value: Json | undefined
    const from = colon + 1
    const end = from < text.length && text.charCodeAt(from) === SPACE ? from + 1 : from
    if (end >= text.length || text.charCodeAt(end) === LF) {
      if (!isLineEnd(cursor, end)) return undefined
      nextLine(cursor, end)
      const inner = known && shapes.within(known)
      if (cursor.column > column) value = readNode(cursor, inner)
      else if (cursor.column === column && isDash(text, cursor.pos)) value = readSequence(cursor, column, inner)
      else value = null
    } else if (end > from) value = readScalar(cursor, end, column)
    if (value === undefined) return undefined
    out[key] = value
    count++
  } while (cursor.column === column)
  if (shape) shape.size = count
  cursor.depth--
  return cursor.column > column ? undefined : out
}

const readSequence = (cursor: Cursor, column: number, shape: KeyShape | undefined): Json | undefined => {
  const { text } = cursor
  if (++cursor.depth > cursor.maxDepth) return undefined
  const out: Json[] = []
  do {
    const from = cursor.pos + 2
    if (from >= text.length || text.charCodeAt(from - 1) !== SPACE) return undefined
    const code = text.charCodeAt(from)
    if (code === SPACE || code === LF) return undefined
    let value: Json | undefined
    if (isDash(text, from)) {
      cursor.pos = from
      cursor.column = column + 2
      value = readSequence(cursor, column + 2, undefined)
    } else {
      const guess = shape?.next
      const mapping = guess !== undefined && hasKeyAt(text, from, guess.key) ? true : startsMapping(cursor, from)
      if (mapping === undefined) return undefined
      if (mapping) {
        cursor.pos = from
        cursor.column = column + 2
        value = readMapping(cursor, column + 2, shape)
      } else value = readScalar(cursor, from, column)
    }
    if (value === undefined) return undefined
    out.push(value)
  } while (cursor.column === column && isDash(text, cursor.pos))
  cursor.depth--
  // `push` leaves room for sixteen more; a copy has none.
  return cursor.column > column ? undefined : out.slice()
}

const readNode = (cursor: Cursor, shape: KeyShape | undefined): Json | undefined =>
  isDash(cursor.text, cursor.pos) ? readSequence(cursor, cursor.column, shape) : readMapping(cursor, cursor.column, shape)

/**
 * Reads one object in exactly the part of YAML that kubectl prints: block style, quoted, plain and literal scalars, `{}` and `[]`.
 * At the first thing outside of it the whole object is declined; what is not declined has the value that `yaml` gives it.
 * Line break characters of YAML 1.1 (U+0085, U+2028, U+2029) are read as kubectl's printer wrote them, which `yaml` does not do.
 * @param text begins at the object's first key, which stands in column `indent`
 * @param memory for many objects of one source
 * @returns undefined when it declines
 */
export const readKubectlYaml = (
  text: string,
  indent: number,
  maxDepth: number,
  oldBreaks: boolean,
  memory: ReaderMemory = createReaderMemory(),
): Json | undefined => {
  const cursor = createCursor(
    oldBreaks ? text.replaceAll('\u0085', '\n').replaceAll('\u2028', '\n').replaceAll('\u2029', '\n') : text,
    text,
    maxDepth,
    memory,
  )
  cursor.column = indent
  const value = readMapping(cursor, indent, memory.shapes.root)
  return cursor.column === -1 ? value : undefined
}

/**
 * Reads one item of a list as `readKubectlYaml` reads an object, where it stands in a text that goes on behind it.
 * @param cursor at the item's first key. Afterwards on the line behind the item, which has a smaller column, unless it declines.
 */
export const readKubectlItem = (cursor: Cursor): Json | undefined => readMapping(cursor, cursor.column, cursor.shapes.root)
