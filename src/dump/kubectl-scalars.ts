import type { Cursor } from './kubectl-cursor.ts'
import { nextLine, passLines } from './kubectl-cursor.ts'

/** A quoted scalar and the offset behind its closing quote. */
interface Quoted {
  readonly value: string
  readonly end: number
}

const LF = 10
const SPACE = 32
const TAB = 9
const BACKSLASH = 92
/** kubectl writes the lines of a scalar two columns deeper than the key or dash that it belongs to. */
const STEP = 2

/** Passes over the breaks at `at` and the blanks around them. `breaks` is 0 when the next line is not deep enough. */
const passBreaks = (text: string, at: number, parent: number): { readonly breaks: number; readonly next: number } => {
  let breaks = 0
  let i = at
  let lineStart = at
  for (;;) {
    const code = text.charCodeAt(i)
    if (code === LF) {
      breaks++
      lineStart = ++i
    } else if (code === SPACE) i++
    else break
  }
  return text.charCodeAt(i) === TAB || i - lineStart <= parent ? { breaks: 0, next: i } : { breaks, next: i }
}

const folded = (breaks: number): string => (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1))

/**
 * Undoes what kubectl's printer did to a string with line break characters in single quotes: each run of them stands as it is,
 * followed by the indentation of the next line, and there is no line feed of the printer's own.
 */
const unfoldOldBreaks = (raw: string, indent: number): string | undefined => {
  let value = ''
  for (let i = 0; i < raw.length;) {
    const char = raw[i] as string
    if (char === '\n') return undefined
    value += char
    i++
    if (char !== '\u0085' && char !== '\u2028' && char !== '\u2029') continue
    const next = raw[i]
    if (next === undefined || next === '\u0085' || next === '\u2028' || next === '\u2029') continue
    for (let blank = 0; blank < indent; blank++) if (raw[i + blank] !== ' ') return undefined
    i += indent
    if (i >= raw.length || raw[i] === ' ') return undefined
  }
  return value
}

/** @param parent column of the key or dash; -1 where the scalar must stand on one line */
export const readSingleQuoted = (cursor: Cursor, from: number, parent: number): Quoted | undefined => {
  const { text, raw } = cursor
  let close = from + 1
  for (;;) {
    close = text.indexOf("'", close)
    if (close < 0) return undefined
    if (text.charCodeAt(close + 1) !== 39) break
    close += 2
  }
  const source = text.slice(from + 1, close)
  const end = close + 1
  const newline = source.indexOf('\n')
  if (newline < 0) return { value: source.includes("''") ? source.replaceAll("''", "'") : source, end }
  if (parent < 0) return undefined
  passLines(cursor, from, close)
  if (raw !== text) {
    const original = raw.slice(from + 1, close)
    if (original !== source) {
      const value = unfoldOldBreaks(original, parent + STEP)
      return value === undefined ? undefined : { value: value.replaceAll("''", "'"), end }
    }
  }
  let value = ''
  let start = 0
  for (let at = newline; at >= 0; at = source.indexOf('\n', start)) {
    let to = at
    while (to > start && source.charCodeAt(to - 1) === SPACE) to--
    if (to > 0 && source.charCodeAt(to - 1) === TAB) return undefined
    const { breaks, next } = passBreaks(text, from + 1 + at, parent)
    if (breaks === 0) return undefined
    value += source.slice(start, to) + folded(breaks)
    start = next - from - 1
  }
  value += source.slice(start)
  return { value: value.replaceAll("''", "'"), end }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
}

const HEX_LENGTH: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

const readHex = (text: string, from: number, length: number): string | undefined => {
  let value = 0
  for (let i = from; i < from + length; i++) {
    const code = text.charCodeAt(i)
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 65 && code <= 70 ? code - 55 : code >= 97 && code <= 102 ? code - 87 : -1
    if (digit < 0) return undefined
    value = value * 16 + digit
  }
  return value > 0x10ffff ? undefined : String.fromCodePoint(value)
}

/** Offset of the closing quote where neither an escape nor a line break stands before it, else -1. */
const simpleEnd = (text: string, from: number): number => {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) return i
    if (code === BACKSLASH || code === LF) return -1
  }
  return -1
}

/** @param parent column of the key or dash; -1 where the scalar must stand on one line */
export const readDoubleQuoted = (cursor: Cursor, from: number, parent: number): Quoted | undefined => {
  const { text, raw } = cursor
  const close = simpleEnd(text, from + 1)
  if (close >= 0) return { value: cursor.strings.slice(text, from + 1, close), end: close + 1 }
  let value = ''
  let i = from + 1
  for (;;) {
    const start = i
    let code = text.charCodeAt(i)
    while (code !== 34 && code !== BACKSLASH && code !== LF) {
      if (i >= text.length) return undefined
      code = text.charCodeAt(++i)
    }
    if (code === LF) {
      if (parent < 0 || raw.charCodeAt(i) !== LF) return undefined
      const { breaks, next } = passBreaks(text, i, parent)
      if (breaks === 0) return undefined
      if (raw !== text && raw.slice(i, next) !== text.slice(i, next)) return undefined
      // Blanks before a line break fall away, but for those that an escape stands behind.
      let to = i
      while (to > start && text.charCodeAt(to - 1) === SPACE) to--
      if (to > start && text.charCodeAt(to - 1) === TAB) return undefined
      value += text.slice(start, to) + folded(breaks)
      i = next
      continue
    }
    value += text.slice(start, i)
    if (code === 34) {
      passLines(cursor, from, i)
      return { value, end: i + 1 }
    }
    const escape = text[i + 1]
    if (escape === undefined) return undefined
    if (escape === '\n') {
      if (parent < 0 || raw.charCodeAt(i + 1) !== LF) return undefined
      const { breaks, next } = passBreaks(text, i + 1, parent)
      if (breaks !== 1) return undefined
      i = next
    } else {
      const length = HEX_LENGTH[escape]
      const char = length === undefined ? ESCAPES[escape] : readHex(text, i + 2, length)
      if (char === undefined) return undefined
      value += char
      i += 2 + (length ?? 0)
    }
  }
}

const isAtTab = ({ text, pos }: Cursor): boolean => pos < text.length && text.charCodeAt(pos) === TAB

const hasBlanks = (text: string, from: number, count: number): boolean => {
  for (let i = from; i < from + count; i++) if (text.charCodeAt(i) !== SPACE) return false
  return true
}

/**
 * A literal block scalar (YAML 1.2, section 8.1.2) with its indentation and chomping indicators. Leaves the cursor on the next line.
 * With line break characters of YAML 1.1 in it, the breaks are kept as they are, and the chomping must be what the printer chooses.
 */
export const readLiteral = (cursor: Cursor, from: number, parent: number): string | undefined => {
  const { text, raw, lines } = cursor
  let i = from + 1
  let chomp = ''
  let indent = -1
  for (; ; i++) {
    const char = text[i]
    if (char === '-' || char === '+') {
      if (chomp !== '') return undefined
      chomp = char
    } else if (char !== undefined && char >= '1' && char <= '9') {
      if (indent >= 0) return undefined
      indent = parent + Number(char)
    } else if (char === '\n' && raw.charCodeAt(i) === LF) break
    else return undefined
  }
  let pos = i + 1
  if (indent < 0) {
    let start = pos
    while (text.charCodeAt(start) === LF) start++
    let content = start
    while (text.charCodeAt(content) === SPACE) content++
    indent = content - start
    if (indent <= parent || text.charCodeAt(content) === LF || text.charCodeAt(content) === TAB || content >= text.length) return undefined
  }
  // One line without a sign of its own, as most are: the value stands there as it is, with its line feed.
  if (chomp === '' && raw === text) {
    const end = text.indexOf('\n', pos + indent)
    if (end > pos + indent && text.charCodeAt(end - 1) !== SPACE && hasBlanks(text, pos, indent)) {
      nextLine(cursor, end)
      if (!cursor.skipped && cursor.column <= parent && !isAtTab(cursor)) {
        cursor.lines++
        return cursor.strings.slice(text, pos + indent, end + 1)
      }
    }
  }
  let value = ''
  /** Length of the value without the breaks at its end. */
  let solid = 0
  let breaksAtEnd = 0
  let lastEnd = i
  for (;;) {
    const limit = pos + indent
    let at = pos
    while (at < limit && text.charCodeAt(at) === SPACE) at++
    if (at < limit && text.charCodeAt(at) !== LF) break
    const end = text.indexOf('\n', at)
    // Without a line feed behind it the last line may be cut, and readers differ.
    if (end < 0) return undefined
    if (end > at) {
      value += text.slice(at, end)
      solid = value.length
      breaksAtEnd = 0
    }
    value += raw.charAt(end)
    breaksAtEnd++
    lastEnd = end
    pos = end + 1
  }
  if (solid === 0 && (chomp !== '+' || from + 3 > i)) return undefined
  // kubectl quotes a string with blanks before a line end, and readers differ about them at the end of a literal.
  if (value.charCodeAt(solid - 1) === SPACE) return undefined
  cursor.lines = lines
  passLines(cursor, from, lastEnd)
  nextLine(cursor, lastEnd)
  if (cursor.column > parent || isAtTab(cursor)) return undefined
  const isAsPrinted = raw === text || !value.slice(0, solid + breaksAtEnd).match(/[\u0085\u2028\u2029]/u)
  if (!isAsPrinted) {
    const expected = chomp === '-' ? breaksAtEnd === 1 && value.endsWith('\n') : chomp === '+' ? breaksAtEnd > 1 : breaksAtEnd === 1
    if (!expected) return undefined
    return chomp === '-' ? value.slice(0, solid) : value
  }
  if (chomp === '+') return value
  return chomp === '-' ? value.slice(0, solid) : value.slice(0, solid) + '\n'
}
