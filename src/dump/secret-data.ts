import { startsWithAt } from '../base/bytes.ts'
import type { FoundObject } from './found-object.ts'
import type { Json, JsonObject } from './raw-object.ts'
import { decodeText, findNewline } from './read-lines.ts'

/**
 * Takes the values of Secrets while their text is at hand, so that nothing but what it makes of them stays in memory: no key, and no
 * text of some kilobytes for each Secret.
 */
export interface SecretDataTaker {
  /** Does anybody ask for the values of a Secret of this type? Of others only keys and sizes are kept, in `hints.keysWithoutValue`. */
  readonly wants: (type: string) => boolean
  /**
   * @param data the base64 text of each value, in octets that are valid until it returns
   * @returns what is to stand in `RawObject.taken`; undefined where a value is not what it should be: then the Secret is read as any
   * other object is
   */
  readonly take: (data: ReadonlyMap<string, Uint8Array>) => unknown
}

/** Octets that a base64 text of this length stands for. */
const decodedSize = (length: number, padding: number): number => Math.max(0, Math.floor((length * 3) / 4) - padding)

const paddingOf = (text: string): number => (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

/** A Secret that nobody asks for without its values, and their sizes. */
export const dropData = (
  value: JsonObject,
): { readonly value: JsonObject; readonly keysWithoutValue: Readonly<Record<string, number | null>> | undefined } => {
  const data = value['data']
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { value, keysWithoutValue: undefined }
  const kept: [string, Json][] = []
  const dropped: [string, number][] = []
  for (const [key, item] of Object.entries(data as JsonObject)) {
    if (typeof item === 'string') dropped.push([key, decodedSize(item.length, paddingOf(item))])
    else kept.push([key, item])
  }
  if (dropped.length === 0) return { value, keysWithoutValue: undefined }
  return { value: { ...value, data: Object.fromEntries(kept) }, keysWithoutValue: Object.fromEntries(dropped) }
}

const NEWLINE = 10
const SPACE = 32
const COLON = 58
const EQUALS = 61

/** Letters, digits, `+`, `/`, and for keys `.`, `_` and `-`, as bits. */
const BASE64 = 1
const KEY = 2
const KINDS = new Uint8Array(256)
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') KINDS[char.charCodeAt(0)] = BASE64 | KEY
for (const char of '+/') KINDS[char.charCodeAt(0)] = BASE64
for (const char of '._-') KINDS[char.charCodeAt(0)] = KEY

/** Shorter plain text may be `true`, `null` or a number to YAML. */
const SHORTEST = 6

/**
 * Is this line's value base64 text and nothing else to YAML, which takes texts that begin with a digit or a sign for numbers?
 * Only its first octets and its last ones are looked at; whoever decodes it looks at all of them.
 */
const isBase64Line = (bytes: Uint8Array, from: number, to: number): boolean => {
  if (to - from < SHORTEST) return false
  const first = bytes[from] as number
  if (first < 65 || ((KINDS[first] as number) & BASE64) === 0) return false
  let last = to - 1
  if (bytes[last] === EQUALS) last--
  if (bytes[last] === EQUALS) last--
  return ((KINDS[bytes[last] as number] as number) & BASE64) !== 0
}

/** Texts that stand in thousands of Secrets: to compare octets is quicker than to decode them. */
const COMMON = ['tls.crt', 'tls.key', 'ca.crt', 'kubernetes.io/tls']

const shortText = (bytes: Uint8Array, from: number, to: number): string => {
  for (const text of COMMON) if (text.length === to - from && startsWithAt(bytes, from, text)) return text
  return decodeText(bytes.subarray(from, to))
}

/** A Secret's YAML in two parts: the values of its data, and the text without them, in which `data` does not stand. */
export interface SplitSecret {
  readonly type: string
  readonly rest: Uint8Array
  readonly data: ReadonlyMap<string, Uint8Array>
}

/**
 * Splits a Secret's YAML where all of its data are values in base64 on one line each, as kubectl prints them.
 * @returns undefined for anything else: then the whole text is read as any other object's
 */
export const splitSecret = ({ bytes, keys, indent }: FoundObject): SplitSecret | undefined => {
  const lineOf = (name: string): number => {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number
      if (startsWithAt(bytes, bytes[key] === SPACE ? key + indent : key, name)) return i
    }
    return -1
  }
  const [dataKey, typeKey] = [lineOf('data:'), lineOf('type:')]
  if (dataKey < 0 || typeKey < 0 || lineOf('stringData:') >= 0) return undefined
  const typeFrom = keys[typeKey] as number
  const typeAt = (bytes[typeFrom] === SPACE ? typeFrom + indent : typeFrom) + 'type:'.length
  const typeEnd = findNewline(bytes, typeAt)
  const type = typeEnd < 0 ? '' : shortText(bytes, bytes[typeAt] === SPACE ? typeAt + 1 : typeAt, typeEnd).trim()
  const from = keys[dataKey] as number
  const end = keys[dataKey + 1] ?? bytes.length
  const data = new Map<string, Uint8Array>()
  const first = findNewline(bytes, from) + 1
  const dataAt = bytes[from] === SPACE ? from + indent : from
  if (first !== dataAt + 'data:\n'.length) return undefined
  for (let pos = first; pos < end;) {
    const newline = bytes.indexOf(NEWLINE, pos)
    const start = pos + indent + 2
    if (newline < 0 || bytes[start - 1] !== SPACE) return undefined
    let colon = start
    while (((KINDS[bytes[colon] as number] as number) & KEY) !== 0) colon++
    if (colon === start || bytes[colon] !== COLON || bytes[colon + 1] !== SPACE || !isBase64Line(bytes, colon + 2, newline))
      return undefined
    for (let i = pos; i < start; i++) if (bytes[i] !== SPACE) return undefined
    const space = bytes.indexOf(SPACE, colon + 2)
    if (space >= 0 && space < newline) return undefined
    const key = shortText(bytes, start, colon)
    if (data.has(key) || key === '__proto__') return undefined
    data.set(key, bytes.subarray(colon + 2, newline))
    pos = newline + 1
  }
  if (data.size === 0) return undefined
  const rest = new Uint8Array(from + bytes.length - end)
  rest.set(bytes.subarray(0, from))
  rest.set(bytes.subarray(end), from)
  return { type, rest, data }
}

/** The sizes of values that nobody asks for. */
export const sizesOf = (data: ReadonlyMap<string, Uint8Array>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...data].map(([key, value]) => {
      const padding = value[value.length - 1] === EQUALS ? (value[value.length - 2] === EQUALS ? 2 : 1) : 0
      return [key, decodedSize(value.length, padding)]
    }),
  )
