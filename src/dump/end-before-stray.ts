import type { FoundObject } from './found-object.ts'
import { classifyLine, decodeText, findKeyEnd, findNewline, keyName, STARTERS } from './read-lines.ts'
import { readObject } from './read-object.ts'
import type { Json } from './raw-object.ts'
import { isObject } from './raw-object.ts'
import { nameOf } from './object-name.ts'
import { concatBytes } from '../base/bytes.ts'

const SPACE = 32
const DASH = 45

/** A line without its line feed. */
interface Line {
  readonly from: number
  readonly to: number
}

function* linesFrom(bytes: Uint8Array, from: number): Generator<Line> {
  for (let at = from; at < bytes.length;) {
    const newline = findNewline(bytes, at)
    const to = newline < 0 ? bytes.length : newline
    yield { from: at, to }
    at = to + 1
  }
}

/** The first character of what a line says, behind its blanks and a dash. */
const contentOf = (bytes: Uint8Array, { from, to }: Line): number => {
  let at = from
  while (at < to && bytes[at] === SPACE) at++
  if (bytes[at] === DASH && bytes[at + 1] === SPACE) at += 2
  while (at < to && bytes[at] === SPACE) at++
  return at
}

/** `Data:`, `Issuer Ref:`: what openssl and `kubectl describe` print, and no field of an object. */
const isTitle = (bytes: Uint8Array, line: Line): boolean => {
  const at = contentOf(bytes, line)
  const first = bytes[at] as number
  return first >= 65 && first <= 90 && bytes.subarray(at, line.to).includes(58)
}

const isField = (bytes: Uint8Array, line: Line): boolean => findKeyEnd(bytes, contentOf(bytes, line), line.to) >= 0

/** Has it a kind and a name, and nothing at its top that no object of ours has? */
const isWhole = (value: Json): boolean => {
  if (!isObject(value)) return false
  const { kind, name } = nameOf(value)
  return kind !== undefined && name !== undefined && Object.keys(value).every((key) => STARTERS.has(key))
}

/** Offset of the first key at the top that no object of ours has (`panic: …`), if it stands before `to`. */
const foreignKey = ({ bytes, keys }: FoundObject, to: number): number => {
  for (const from of keys) {
    if (from >= to) return to
    const newline = findNewline(bytes, from)
    const colon = findKeyEnd(bytes, from, newline < 0 ? bytes.length : newline)
    if (colon >= 0 && !STARTERS.has(keyName(bytes, from, colon))) return from
  }
  return to
}

/** Shorter values were never folded by kubectl. */
const FOLDED = 60
const LAST_LINES = 400

/** Would this line of text be the rest of a plain value that the line before it ends with? What follows an object may be set in. */
const foldsValue = (bytes: Uint8Array, before: number, line: Line): boolean => {
  if (isField(bytes, line) || bytes[contentOf(bytes, line) - 2] === DASH) return false
  const text = decodeText(bytes.subarray(Math.max(0, before - LAST_LINES), before)).trimEnd()
  const last = text.slice(text.lastIndexOf('\n') + 1)
  return last.includes(': ') && last.length < FOLDED
}

/**
 * Where a document ends that foreign lines stand in, if what follows them is certainly no part of it: prose, a description, a command's
 * output. The part before them must be an object by itself, and with none of what follows may it be one: else the foreign lines may
 * stand in the middle of it.
 * @param stray offset of the first foreign line
 * @returns the offset at which it ends; undefined where the object may go on behind the foreign lines
 */
export const endBeforeStray = (found: FoundObject, stray: number, depth: number): number | undefined => {
  const { bytes } = found
  const read = (text: Uint8Array): ReturnType<typeof readObject> => readObject({ syntax: 'yaml', bytes: text, indent: found.indent }, depth)
  const end = foreignKey(found, stray)
  const before = bytes.subarray(0, end)
  const whole = read(before)
  if (!whole.ok || whole.remarks.length > 0 || !isWhole(whole.value)) return undefined
  const own: Uint8Array[] = [before]
  let first: Line | undefined
  let firstField: Line | undefined
  for (const line of linesFrom(bytes, end)) {
    const { from, to } = line
    const kind = classifyLine(bytes, from, to)
    if (kind === 'key' && STARTERS.has(keyName(bytes, from, findKeyEnd(bytes, from, to)))) return undefined
    if (kind !== 'indented' && kind !== 'dash') continue
    own.push(bytes.subarray(from, to + 1))
    first ??= line
    if (kind === 'indented' && isField(bytes, line)) firstField ??= line
  }
  if (firstField && read(concatBytes([before, bytes.subarray(firstField.from)])).ok) return undefined
  const isText = first === undefined || isTitle(bytes, first) || foldsValue(bytes, end, first)
  return isText || !read(concatBytes(own)).ok ? end : undefined
}
