import { startsWithAt } from '../base/bytes.ts'
import type { FoundObject } from './found-object.ts'
import { decodeText, findNewline } from './read-lines.ts'

/** What can be told of an object without reading it. A field is undefined where it is absent, and `unsure` where it is not written plainly. */
export interface ObjectHead {
  readonly apiVersion?: string
  readonly kind?: string
  /** metadata.name and metadata.namespace as they are written, without quotes and comments: good for telling objects apart. */
  readonly name?: string
  readonly namespace?: string
  /** What its first keys say is not certain (a key in quotes, twice, or with an escape): the whole object has to be read. */
  readonly unsure: boolean
}

const NEWLINE = 10
const COLON = 58

const isPlainByte = (byte: number): boolean =>
  (byte >= 97 && byte <= 122) ||
  (byte >= 65 && byte <= 90) ||
  (byte >= 48 && byte <= 57) ||
  byte === 46 ||
  byte === 47 ||
  byte === 45 ||
  byte === 95

const latin = (bytes: Uint8Array, from: number, to: number): string => {
  let out = ''
  for (let i = from; i < to; i++) out += String.fromCharCode(bytes[i] as number)
  return out
}

/** The plain scalar behind `key: ` up to the end of its line; undefined for anything else. */
const plainValue = (bytes: Uint8Array, from: number): string | undefined => {
  if (bytes[from] !== 32) return undefined
  let to = from + 1
  while (to < bytes.length && isPlainByte(bytes[to] as number)) to++
  return to > from + 1 && (to === bytes.length || bytes[to] === NEWLINE) ? latin(bytes, from + 1, to) : undefined
}

/**
 * A name as it stands behind `name:`: without quotes, comment, anchor and tag.
 * @returns undefined for what is no name: a text with blanks in it is damage, or the value of something else
 */
const rawName = (bytes: Uint8Array, from: number): string | undefined => {
  const newline = findNewline(bytes, from)
  let text = decodeText(bytes.subarray(from, Math.min(newline < 0 ? bytes.length : newline, from + 300))).trim()
  while (text.startsWith('&') || text.startsWith('!')) text = text.includes(' ') ? text.slice(text.indexOf(' ')).trim() : ''
  const quote = text[0] === '"' || text[0] === "'" ? text[0] : undefined
  const end = quote === undefined ? text.search(/[ \t]#/) : text.indexOf(quote, 1)
  const name = text.slice(quote === undefined ? 0 : 1, end < 0 ? text.length : end).trim()
  return name === '' || '#*|>{['.includes(name[0] as string) || /\s/.test(name) ? undefined : name
}

const readYamlMetadata = (bytes: Uint8Array, from: number, indent: number): { name?: string; namespace?: string } => {
  const out: { name?: string; namespace?: string } = {}
  let pos = findNewline(bytes, from) + 1
  let childIndent = -1
  while (pos > 0 && pos < bytes.length) {
    let i = pos
    while (bytes[i] === 32) i++
    const column = i - pos
    if (bytes[i] !== NEWLINE) {
      if (column <= indent) break
      if (childIndent < 0) childIndent = column
      if (column === childIndent && bytes[i] === 110) {
        const key = startsWithAt(bytes, i, 'name:') ? 'name' : startsWithAt(bytes, i, 'namespace:') ? 'namespace' : undefined
        const value = key && rawName(bytes, i + key.length + 1)
        if (key && value !== undefined) out[key] = value
      }
    }
    pos = findNewline(bytes, i) + 1
  }
  return out
}

const readYamlHead = ({ bytes, keys, indent }: FoundObject, withName: boolean): ObjectHead => {
  const head: { apiVersion?: string; kind?: string; name?: string; namespace?: string; unsure: boolean } = { unsure: keys.length === 0 }
  for (const key of keys) {
    let i = key
    while (bytes[i] === 32) i++
    const first = bytes[i]
    if (first === 97 && startsWithAt(bytes, i, 'apiVersion:')) {
      head.unsure ||= head.apiVersion !== undefined
      head.apiVersion = plainValue(bytes, i + 11)
      head.unsure ||= head.apiVersion === undefined
    } else if (first === 107 && startsWithAt(bytes, i, 'kind:')) {
      head.unsure ||= head.kind !== undefined
      head.kind = plainValue(bytes, i + 5)
      head.unsure ||= head.kind === undefined
    } else if (first === 109 && withName && startsWithAt(bytes, i, 'metadata:')) {
      Object.assign(head, readYamlMetadata(bytes, i + 9, indent))
    } else if (first === 34 || first === 39 || first === 63 || first === 123 || first === 38 || first === 33) head.unsure = true
  }
  return head
}

const blanks = (bytes: Uint8Array, from: number): number => {
  let i = from
  while (bytes[i] === 32 || bytes[i] === NEWLINE || bytes[i] === 9 || bytes[i] === 13) i++
  return i
}

/** End (behind the closing quote) of the JSON string that begins at `from`. */
const stringEnd = (bytes: Uint8Array, from: number): number => {
  let i = from + 1
  while (i < bytes.length && bytes[i] !== 34) i += bytes[i] === 92 ? 2 : 1
  return i + 1
}

const jsonText = (bytes: Uint8Array, from: number): string | undefined => {
  if (bytes[from] !== 34) return undefined
  const text = decodeText(bytes.subarray(from + 1, stringEnd(bytes, from) - 1))
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return undefined
  }
}

const readJsonMetadata = (bytes: Uint8Array, from: number): { name?: string; namespace?: string } => {
  const out: { name?: string; namespace?: string } = {}
  if (bytes[from] !== 123) return out
  let depth = 0
  for (let i = from; i < bytes.length;) {
    const byte = bytes[i]
    if (byte === 34) {
      const end = stringEnd(bytes, i)
      if (depth === 1) {
        const colon = blanks(bytes, end)
        if (bytes[colon] === COLON) {
          const value = jsonText(bytes, blanks(bytes, colon + 1))
          if (value !== undefined && startsWithAt(bytes, i, '"name"')) out.name = value
          else if (value !== undefined && startsWithAt(bytes, i, '"namespace"')) out.namespace = value
        }
      }
      i = end
      continue
    }
    if (byte === 123 || byte === 91) depth++
    else if ((byte === 125 || byte === 93) && --depth === 0) break
    i++
  }
  return out
}

const readJsonHead = ({ bytes, keys }: FoundObject, withName: boolean): ObjectHead => {
  const head: { apiVersion?: string; kind?: string; name?: string; namespace?: string; unsure: boolean } = { unsure: keys.length === 0 }
  for (const key of keys) {
    const end = stringEnd(bytes, key)
    const colon = blanks(bytes, end)
    if (bytes[colon] !== COLON) continue
    const value = blanks(bytes, colon + 1)
    if (startsWithAt(bytes, key, '"apiVersion"')) {
      head.unsure ||= head.apiVersion !== undefined
      head.apiVersion = jsonText(bytes, value)
      head.unsure ||= head.apiVersion === undefined
    } else if (startsWithAt(bytes, key, '"kind"')) {
      head.unsure ||= head.kind !== undefined
      head.kind = jsonText(bytes, value)
      head.unsure ||= head.kind === undefined
    } else if (withName && startsWithAt(bytes, key, '"metadata"')) Object.assign(head, readJsonMetadata(bytes, value))
  }
  return head
}

/** @param withName also look for metadata.name and metadata.namespace, which costs a walk through metadata */
export const readObjectHead = (found: FoundObject, withName: boolean): ObjectHead =>
  found.syntax === 'yaml' ? readYamlHead(found, withName) : readJsonHead(found, withName)

const OURS = new Set(['Issuer', 'ClusterIssuer', 'Certificate', 'CertificateRequest'])

/** Secret of the core API, and cert-manager's four kinds in either of its two groups; the same kind of another group is none of ours. */
export const isOurKind = (apiVersion: string | undefined, kind: string | undefined): boolean => {
  if (kind === undefined) return false
  if (kind === 'Secret') return apiVersion === undefined || apiVersion === 'v1'
  return (
    OURS.has(kind) &&
    (apiVersion === undefined || apiVersion.startsWith('cert-manager.io/') || apiVersion.startsWith('certmanager.k8s.io/'))
  )
}
