import { append } from '../base/append.ts'
import { equalBytes } from '../base/bytes.ts'
import type { Name } from '../x509/name.ts'
import type { Behaviours } from './behaviours.ts'
import { encodeOid, encodeSequence, encodeSet, encodeText } from './der-writer.ts'
import { goQuote } from './go-quote.ts'

/** One attribute of a literal subject: the type as written, and the value's bytes (UTF-8, unless escapes made something else). */
interface Attribute {
  readonly type: string
  readonly value: Uint8Array
}

export type LiteralSubject = { readonly rdns: readonly (readonly Attribute[])[] } | { readonly error: string }
export type LiteralSubjectDer = { readonly der: Uint8Array } | { readonly error: string }

/** The only keys cert-manager knows, case-sensitive. */
const KEYS: Readonly<Record<string, string>> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
}

const [SPACE, HASH, PLUS, COMMA, SEMICOLON, EQUALS, BACKSLASH] = [0x20, 0x23, 0x2b, 0x2c, 0x3b, 0x3d, 0x5c]
const ESCAPABLE = new Set([...' "#+,;<=>\\'].map((char) => char.charCodeAt(0)))

/** Thrown inside this file only, and turned into `error` at its edge. */
class SubjectSyntax extends Error {}

const hexValue = (byte: number | undefined): number => {
  const value = byte === undefined ? NaN : parseInt(String.fromCharCode(byte), 16)
  if (Number.isNaN(value)) {
    throw new SubjectSyntax(`failed to decode escaped character: encoding/hex: invalid byte: ${describeByte(byte)}`)
  }
  return value
}

const describeByte = (byte: number | undefined): string => {
  if (byte === undefined) return 'end of text'
  const code = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`
  return byte >= 0x20 && byte < 0x7f ? `${code} '${String.fromCharCode(byte)}'` : code
}

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const textOf = (bytes: readonly number[]): string => decodeUtf8(Uint8Array.from(bytes)) ?? ''

/** A value given as `#` and hexadecimal BER: the content of its first element. */
const decodeBerValue = (digits: readonly number[]): number[] => {
  const bytes: number[] = []
  if (digits.length % 2 !== 0) throw new SubjectSyntax('failed to decode BER encoding: encoding/hex: odd length hex string')
  for (let i = 0; i < digits.length; i += 2) bytes.push(hexValue(digits[i]) * 16 + hexValue(digits[i + 1]))
  const cut = (): never => {
    throw new SubjectSyntax('failed to decode BER encoding: unexpected EOF')
  }
  let at = 1
  if (((bytes[0] ?? cut()) & 0x1f) === 0x1f) {
    while (((bytes[at] ?? cut()) & 0x80) !== 0) at++
    at++
  }
  let length = bytes[at++] ?? cut()
  if (length === 0x80) cut()
  if (length > 0x80) {
    const count = length & 0x7f
    if (count > 4) cut()
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? cut())
  }
  if (at + length > bytes.length) cut()
  return bytes.slice(at, at + length)
}

const trimmed = (bytes: readonly number[]): readonly number[] => {
  let [from, to] = [0, bytes.length]
  while (from < to && bytes[from] === SPACE) from++
  while (to > from && bytes[to - 1] === SPACE) to--
  // A blank behind a backslash is taken for an escaped one, even where that backslash is itself escaped.
  if (to > from && bytes[to - 1] === BACKSLASH && bytes[bytes.length - 1] === SPACE) return [...bytes.slice(from, to), SPACE]
  return bytes.slice(from, to)
}

const unescape = (written: readonly number[]): number[] => {
  const bytes = trimmed(written)
  const out: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    const following = bytes[i + 1]
    if (byte !== BACKSLASH) out.push(byte)
    else if (following === undefined) throw new SubjectSyntax(`got corrupted escaped character: '${textOf(bytes)}'`)
    else if (ESCAPABLE.has(following)) {
      out.push(following)
      i++
    } else {
      out.push(hexValue(following) * 16 + hexValue(bytes[i + 2]))
      i += 2
    }
  }
  return out
}

const decodeValue = (written: readonly number[]): Uint8Array =>
  Uint8Array.from(written[0] === HASH ? decodeBerValue(written.slice(1)) : unescape(written))

const INCOMPLETE = 'incomplete type, value pair'

/** The reading of go-ldap since v3.4.7 (cert-manager v1.15). */
const parseCurrent = (bytes: readonly number[]): Attribute[][] => {
  const rdns: Attribute[][] = []
  if (textOf(bytes).trim() === '') return rdns
  let rdn: Attribute[] = []
  let type = ''
  let start = 0
  const push = (end: number): void => {
    rdn.push({ type, value: decodeValue(bytes.slice(start, end)) })
    type = ''
    start = end + 1
  }
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === BACKSLASH) i++
    else if (byte === EQUALS && type === '') {
      type = textOf(unescape(bytes.slice(start, i)))
      start = i + 1
    } else if (byte === COMMA || byte === PLUS || byte === SEMICOLON) {
      if (type === '') throw new SubjectSyntax(INCOMPLETE)
      push(i)
      if (byte === PLUS) continue
      rdns.push(rdn)
      rdn = []
    }
  }
  if (type === '') throw new SubjectSyntax(`DN ended with ${INCOMPLETE}`)
  push(bytes.length)
  return [...rdns, rdn]
}

/** The reading of go-ldap up to v3.4.6: one pass; an empty last value is lost; `everyEquals` starts a type at each `=`. */
const parseOlder = (bytes: readonly number[], everyEquals: boolean): Attribute[][] => {
  const rdns: Attribute[][] = []
  let rdn: Attribute[] = []
  let type = ''
  let buffer: number[] = []
  let trailingBlanks = 0
  const take = (): number[] => {
    const taken = buffer.slice(0, buffer.length - trailingBlanks)
    buffer = []
    trailingBlanks = 0
    return taken
  }
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte === BACKSLASH) {
      trailingBlanks = 0
      const following = bytes[++i]
      if (following === undefined) break
      if (ESCAPABLE.has(following)) buffer.push(following)
      else if (i + 1 === bytes.length) throw new SubjectSyntax('got corrupted escaped character')
      else buffer.push(hexValue(following) * 16 + hexValue(bytes[++i]))
    } else if (byte === EQUALS && (everyEquals || type === '')) {
      type = textOf(take())
      if (bytes[i + 1] !== HASH) continue
      const from = i + 2
      let to = from
      while (to < bytes.length && bytes[to] !== COMMA && bytes[to] !== PLUS) to++
      append(buffer, decodeBerValue(bytes.slice(from, to)))
      i = to - 1
    } else if (byte === COMMA || byte === PLUS || byte === SEMICOLON) {
      if (type === '') throw new SubjectSyntax(INCOMPLETE)
      rdn.push({ type, value: Uint8Array.from(take()) })
      type = ''
      if (byte === PLUS) continue
      rdns.push(rdn)
      rdn = []
    } else if (byte !== SPACE) {
      trailingBlanks = 0
      buffer.push(byte)
    } else if (buffer.length > 0) {
      trailingBlanks++
      buffer.push(byte)
    }
  }
  if (buffer.length === 0) return rdns
  if (type === '') throw new SubjectSyntax(`DN ended with ${INCOMPLETE}`)
  rdn.push({ type, value: Uint8Array.from(take()) })
  return [...rdns, rdn]
}

const isDottedNumber = (type: string): boolean => type.length < 200 && type.split('.').every((part) => /^[+-]?\d{1,18}$/.test(part))

/** The OID of a key; undefined for what cert-manager does not know: encoding it then fails. Numbers are read since v1.15. */
const oidOf = (type: string, behaviours: Behaviours): string | undefined => {
  if (Object.hasOwn(KEYS, type)) return KEYS[type]
  return behaviours.literalSubjectByDer && isDottedNumber(type) ? type : undefined
}

/**
 * Reads spec.literalSubject as a release of cert-manager does (RFC 4514, with its reader's own ideas). The RDNs come in the
 * order in which they are encoded: the text has the last one first.
 */
export const parseLiteralSubject = (text: string, behaviours: Behaviours): LiteralSubject => {
  if (behaviours.literalSubjectRefusesHex && text.includes('=#')) {
    const quoted = goQuote(text)
    return {
      error: `unsupported distinguished name (DN) ${quoted}: notation does not support x509.subject identities containing "=#"`,
    }
  }
  const bytes = [...new TextEncoder().encode(text.slice(0, 64 * 1024))]
  try {
    const rdns =
      behaviours.literalSubjectSyntax === '1.15'
        ? parseCurrent(bytes)
        : parseOlder(bytes, behaviours.literalSubjectSyntax === 'before-1.13')
    return { rdns: rdns.reverse() }
  } catch (error) {
    if (error instanceof SubjectSyntax) return { error: error.message }
    throw error
  }
}

/** The DER of the subject that cert-manager makes of a literal subject. */
export const encodeLiteralSubject = (text: string, behaviours: Behaviours): LiteralSubjectDer => {
  const parsed = parseLiteralSubject(text, behaviours)
  if ('error' in parsed) return parsed
  const rdns: Uint8Array[] = []
  for (const rdn of parsed.rdns) {
    const attributes: Uint8Array[] = []
    for (const { type, value } of rdn) {
      const oid = oidOf(type, behaviours)
      const encodedOid = oid === undefined ? undefined : encodeOid(oid)
      if (!encodedOid) return { error: 'marshal: asn1: structure error: invalid object identifier' }
      const written = decodeUtf8(value)
      if (written === undefined) return { error: 'marshal: asn1: string not valid UTF-8' }
      attributes.push(encodeSequence([encodedOid, encodeText(written)]))
    }
    rdns.push(encodeSet(attributes))
  }
  return { der: encodeSequence(rdns) }
}

/**
 * Is a CSR's subject the one that a literal subject asks for? Since v1.15 the encodings are compared; before, types and values
 * one by one in their order, so that a multi-valued RDN that DER sorted differs.
 * @returns undefined where the literal subject cannot be read: the whole comparison is then passed over.
 */
export const literalSubjectMatches = (subject: Name, text: string, behaviours: Behaviours): boolean | undefined => {
  if (behaviours.literalSubjectByDer) {
    const encoded = encodeLiteralSubject(text, behaviours)
    return 'error' in encoded ? undefined : equalBytes(encoded.der, subject.der)
  }
  const parsed = parseLiteralSubject(text, behaviours)
  if ('error' in parsed) return undefined
  const utf8 = new TextEncoder()
  return (
    parsed.rdns.length === subject.rdns.length &&
    parsed.rdns.every((rdn, index) => {
      const other = subject.rdns[index] ?? []
      return (
        rdn.length === other.length &&
        rdn.every(({ type, value }, place) => {
          const attribute = other[place]
          return attribute !== undefined && oidOf(type, behaviours) === attribute.oid && equalBytes(value, utf8.encode(attribute.value))
        })
      )
    })
  )
}
