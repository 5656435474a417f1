import { startsWithAt } from '../base/bytes.ts'
import type { LineMark, LinePrefix } from './line-prefix.ts'
import { isDigit, LONGEST_PREFIX, markEnd, prefixLength } from './line-prefix.ts'
import { decodeText, findKeyEnd, findNewline } from './read-lines.ts'
import type { TextOwner } from './text-owner.ts'
import { ownerAt } from './text-owner.ts'

/** Looks at the lines between objects for one at which an object begins behind indentation, marks or a number. */
export interface PrefixLookout {
  /**
   * @param from a line that no object has; lines of one text are shown in their order, empty ones and comments may be left out
   * @param line its number
   * @param final no more bytes will come
   * @returns what stands before each line from here on; `wait` where more must be read to tell
   */
  readonly see: (bytes: Uint8Array, from: number, to: number, line: number, final: boolean) => LinePrefix | 'none' | 'wait'
  /** The text is over: what follows stands below none of its lines. */
  readonly reset: () => void
  /** Nothing begins on lines up to this one: what stands before them is known. */
  readonly passOver: (line: number) => void
}

type Marks = 'none' | 'quotation' | LineMark

/** What stands before a line's first word. */
interface Lead {
  readonly marks: Marks
  /** Something else than blanks is among it. */
  readonly isMarked: boolean
  /** Offset of the first word. */
  readonly content: number
  /** Columns before it; behind the line's own mark, where there is one. */
  readonly column: number
}

const SPACE = 32
const PLUS = 43
const COMMA = 44
const DASH = 45
/** Long enough to tell what kind of line it is. */
const LINE_START = 1024
/** Lines of a diff's old side that are passed over to find the next one of its new side, and their octets. */
const OLD_LINES = 64
const OLD_BYTES = 1 << 14

/** Indentation, the marks of a quotation, of Jira's tables and of a diff. */
const isMark = (byte: number | undefined): boolean => byte === SPACE || byte === 9 || byte === 62 || byte === 124 || byte === PLUS
/** Between a number and its line: `cat -n`, `grep -n`, editors. */
const isSeparator = (byte: number | undefined): boolean => byte === SPACE || byte === 9 || byte === 58 || byte === 124

const leadOf = (bytes: Uint8Array, from: number, to: number): Lead | undefined => {
  const limit = Math.min(to, from + LONGEST_PREFIX)
  let content = from
  let isMarked = false
  let isQuotation = false
  while (content < limit && isMark(bytes[content])) {
    const byte = bytes[content]
    isMarked ||= byte !== SPACE
    isQuotation ||= byte === 62 || byte === 124
    content++
  }
  if (content === limit && limit < to && isMark(bytes[content])) return undefined
  if (isMarked) return { marks: isQuotation ? 'quotation' : 'none', isMarked, content, column: content - from }
  const instant = markEnd('instant', bytes, from, to)
  if (instant > 0) {
    let end = instant
    while (end < to && end - instant < LONGEST_PREFIX && bytes[end] === SPACE) end++
    // One blank stands behind the instant; the others are the line's own.
    if (end > instant) return { marks: 'instant', isMarked: true, content: end, column: end - instant }
  }
  if (isDigit(bytes[content])) {
    let digits = content
    while (digits < limit && isDigit(bytes[digits])) digits++
    let end = digits
    while (end < limit && isSeparator(bytes[end])) end++
    if (end > digits && digits - content < 10) return { marks: 'number', isMarked: true, content: end, column: end - digits }
  }
  return { marks: isQuotation ? 'quotation' : 'none', isMarked, content, column: content - from }
}

const isKey = (bytes: Uint8Array, at: number, to: number, name: string): boolean => {
  const end = at + name.length
  return startsWithAt(bytes, at, name) && bytes[end] === 58 && (end + 1 >= to || bytes[end + 1] === SPACE || bytes[end + 1] === 9)
}

const isFence = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 96 || bytes[at] === 126) && bytes[at + 1] === bytes[at] && bytes[at + 2] === bytes[at]

const HUNK = '@@ -'

/** A header of a unified diff, or a fence that says it holds one. */
const tellsDiff = (bytes: Uint8Array, at: number): boolean =>
  startsWithAt(bytes, at, HUNK) || startsWithAt(bytes, at, 'diff -') || (isFence(bytes, at) && startsWithAt(bytes, at + 3, 'diff'))

/** Could an object have this line below its first one? */
const mayGoOn = (bytes: Uint8Array, at: number, to: number): boolean =>
  at < to && (' \t#-{"\''.includes(String.fromCharCode(bytes[at] as number)) || findKeyEnd(bytes, at, to) >= 0)

/** Keys of which JSON has one near its first brace. */
const JSON_KEYS = ['"apiVersion"', '"kind"', '"items"']
const JSON_LINES = 4

/** For one text; what was seen before a line decides whether that line belongs to something above. */
export const createPrefixLookout = (): PrefixLookout => {
  /** The outermost line of YAML whose lines these are. */
  let owner: (TextOwner & { readonly marks: Marks }) | undefined
  /** Nothing but empty lines stood below it so far. */
  let isBare = false
  let lastLine = 0
  let isDiff = false
  /** The last header of a hunk: its lines come next, behind as many octets. */
  let hunk = { line: -1, indent: 0 }
  /** A sentence stood somewhere: what ends in a colon may be one, too. */
  let hasProse = false
  let passed = 0

  const isInside = (lead: Lead, isDash: boolean): boolean =>
    owner !== undefined &&
    owner.marks === lead.marks &&
    (lead.column > owner.column || (isDash && !owner.isDash && lead.column === owner.column))

  /** Does what begins here belong to a line above: to a key, or to a text that quotes it? */
  const isOwned = (lead: Lead, isDash: boolean, isAdded: boolean, line: number): boolean => {
    if (!owner || owner.owns === 'nothing' || !isInside(lead, isDash)) return false
    if (owner.owns === 'text') return true
    if (isAdded && owner.column === 0) return false
    // `my issuer:`, an empty line, and the issuer: in a letter, that is no mapping.
    return isDash || !isBare || !hasProse || line <= lastLine + 1 || lead.marks !== 'none'
  }

  const note = (bytes: Uint8Array, from: number, lead: Lead, to: number, line: number): void => {
    const { content, column, marks } = lead
    if (content >= to) return
    isDiff ||= tellsDiff(bytes, content)
    if (startsWithAt(bytes, content, HUNK)) hunk = { line, indent: content - from }
    const isDash = bytes[content] === DASH
    const isProse = !isDash && !'#{"\''.includes(String.fromCharCode(bytes[content] as number)) && findKeyEnd(bytes, content, to) < 0
    if (isInside(lead, isDash)) {
      // No mapping has a fence below its key, or a sentence and then more keys.
      if (owner?.owns !== 'text' && (isFence(bytes, content) || (isBare && isProse))) owner = undefined
    } else {
      const found = ownerAt(bytes, content, to, column)
      owner = found && { ...found, marks }
      hasProse ||= column === 0 && isProse
      lastLine = line
      isBare = true
      return
    }
    lastLine = line
    isBare = false
  }

  const isJson = (bytes: Uint8Array, from: number, final: boolean): boolean | 'wait' => {
    const limit = Math.min(bytes.length, from + LINE_START)
    const lines = decodeText(bytes.subarray(from, limit)).split('\n', JSON_LINES + 1)
    const start = lines.slice(0, JSON_LINES).join('\n')
    if (JSON_KEYS.some((key) => start.includes(key))) return true
    return lines.length <= JSON_LINES && limit < from + LINE_START && !final ? 'wait' : false
  }

  /** Offsets of the next line of the text behind `to`. */
  const lineBehind = (bytes: Uint8Array, prefix: LinePrefix, to: number, final: boolean): readonly [number, number] | 'none' | 'wait' => {
    let from = to + 1
    for (let count = 0; count < OLD_LINES; count++) {
      if (from - to > OLD_BYTES) return 'none'
      if (from >= bytes.length) return final ? 'none' : 'wait'
      const newline = findNewline(bytes, from)
      if (newline < 0 && !final && bytes.length - from < LINE_START) return 'wait'
      const end = newline < 0 ? bytes.length : newline
      if (prefixLength(prefix, bytes, from, end) >= 0) return [from, end]
      from = end + 1
    }
    return 'none'
  }

  const prefixOf = (bytes: Uint8Array, from: number, { marks, content, column }: Lead): LinePrefix => {
    if (marks === 'number' || marks === 'instant') return { octets: bytes.slice(content - column, content), mark: marks, diff: false }
    const last = bytes[content - 1]
    const diff = last === PLUS || (isDiff && last === SPACE)
    return { octets: bytes.slice(from, diff ? content - 1 : content), mark: undefined, diff }
  }

  /** The prefix of the object that begins on this line. */
  const begins = (bytes: Uint8Array, from: number, to: number, lead: Lead, line: number, final: boolean): LinePrefix | 'none' | 'wait' => {
    const { content } = lead
    const isDash = bytes[content] === DASH && bytes[content + 1] === SPACE
    let key = content
    if (isDash) while (key < to && (key === content || bytes[key] === SPACE)) key++
    const isVersion = isKey(bytes, key, to, 'apiVersion')
    const isKind = isKey(bytes, key, to, 'kind')
    const isItems = !isDash && isKey(bytes, key, to, 'items')
    const isBrace = lead.isMarked && !isDash && (bytes[key] === 123 || bytes[key] === 91)
    if (!isVersion && !isKind && !isItems && !isBrace) return 'none'
    // `apiVersion: 'v1',` is source code.
    if (!isBrace && bytes[to - 1] === COMMA) return 'none'
    if (isOwned(lead, isDash, bytes[from] === PLUS, line)) return 'none'
    const prefix = prefixOf(bytes, from, lead)
    if (isBrace) {
      const json = isJson(bytes, content, final)
      return json === 'wait' ? 'wait' : json ? prefix : 'none'
    }
    // A blank may be the mark of a diff whose next lines have others.
    const isNarrow = content === from + 1 && bytes[from] === SPACE
    const looked: LinePrefix = isNarrow ? { ...prefix, octets: new Uint8Array(0), diff: true } : prefix
    const behind = lineBehind(bytes, looked, to, final)
    if (typeof behind === 'string') return behind
    const found = prefixLength(looked, bytes, behind[0], behind[1])
    let next = behind[0] + found
    if (found <= 0 || (isDash ? bytes[next] !== SPACE : !mayGoOn(bytes, next, behind[1]))) return 'none'
    while (bytes[next] === SPACE) next++
    if (isKind && !isKey(bytes, next, behind[1], 'apiVersion') && !isKey(bytes, next, behind[1], 'metadata')) return 'none'
    return isItems && bytes[next] !== DASH ? 'none' : prefix
  }

  return {
    see: (bytes, from, to, line, final) => {
      const lead = leadOf(bytes, from, to)
      if (!lead) return 'none'
      const mark = from + hunk.indent
      if (line === hunk.line + 1 && line > passed && mark <= lead.content && ' +-'.includes(String.fromCharCode(bytes[mark] as number)))
        return { octets: bytes.slice(from, mark), mark: undefined, diff: true }
      if (lead.content > from && line > passed) {
        const found = begins(bytes, from, to, lead, line, final)
        if (found !== 'none') return found
      }
      note(bytes, from, lead, to, line)
      return 'none'
    },
    reset: () => {
      owner = undefined
      isDiff = false
    },
    passOver: (line) => void (passed = line),
  }
}
