import { toHex, toLatin1 } from '../../base/bytes.ts'
import { MAX_FOLDED } from '../decode-name.ts'
import type { BerElement } from './ber.ts'
import { hasLargeArc, readChildren, readElement, readOid } from './ber.ts'

/** One attribute as it stands. `tag` is the identifier octet of its value, `raw` the value's whole element. */
export interface ClientAttribute {
  readonly oid: string
  readonly tag: number
  readonly bytes: Uint8Array
  readonly raw: Uint8Array
}

/** How clients compare names: by bytes (Go, rustls), by OpenSSL's canonical encoding, by Java's canonical RFC 2253 text. */
export type NameComparison = 'bytes' | 'openssl' | 'java'

/** A distinguished name with the three keys under which clients call two names equal, computed on first use. */
export class ClientName {
  readonly der: Uint8Array
  readonly rdns: readonly (readonly ClientAttribute[])[]
  private keys: Partial<Record<NameComparison, string>> = {}
  private paths: Partial<Record<NameComparison, readonly string[]>> = {}

  constructor(der: Uint8Array, rdns: readonly (readonly ClientAttribute[])[]) {
    this.der = der
    this.rdns = rdns
  }

  /** True where no RDN holds an attribute (an empty SET counts as nothing). */
  get empty(): boolean {
    return this.rdns.every((rdn) => rdn.length === 0)
  }

  key(comparison: NameComparison): string {
    return (this.keys[comparison] ??= comparison === 'bytes' ? toLatin1(this.der) : this.canonicalRdns(comparison).join('\u0001'))
  }

  /** The canonical RDNs in order: one name is within another's subtree when the other's are a prefix of its own. */
  canonicalRdns(comparison: 'openssl' | 'java'): readonly string[] {
    return (this.paths[comparison] ??=
      comparison === 'java'
        ? this.rdns.map((rdn) => rdn.map(javaAttribute).sort().join('+'))
        : this.rdns.filter((rdn) => rdn.length > 0).map((rdn) => rdn.map(opensslAttribute).sort().join('\u0002')))
  }

  /** Values of one attribute type in encoded order. */
  attributes(oid: string): ClientAttribute[] {
    return this.rdns.flat().filter((attribute) => attribute.oid === oid)
  }
}

const UTF8_STRING = 0x0c
const PRINTABLE_STRING = 0x13
const T61_STRING = 0x14
const IA5_STRING = 0x16
const VISIBLE_STRING = 0x1a
const UNIVERSAL_STRING = 0x1c
const BMP_STRING = 0x1e

const strictUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const wide = (bytes: Uint8Array, width: 2 | 4): string | undefined => {
  if (bytes.length % width !== 0) return undefined
  let out = ''
  for (let i = 0; i < bytes.length; i += width) {
    let code = 0
    for (let j = 0; j < width; j++) code = code * 256 + (bytes[i + j] as number)
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
    out += String.fromCodePoint(code)
  }
  return out
}

/** Text of a directory string by its tag; undefined for another type or content that its type does not allow. */
export const directoryText = (attribute: Pick<ClientAttribute, 'tag' | 'bytes'>): string | undefined => {
  switch (attribute.tag) {
    case UTF8_STRING:
      return strictUtf8(attribute.bytes)
    case PRINTABLE_STRING:
    case T61_STRING:
    case IA5_STRING:
    case VISIBLE_STRING:
      return toLatin1(attribute.bytes)
    case BMP_STRING:
      return wide(attribute.bytes, 2)
    case UNIVERSAL_STRING:
      return wide(attribute.bytes, 4)
    default:
      return undefined
  }
}

/** Has it no character beyond ASCII? */
export const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}

const isBlank = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d)

/** OpenSSL folds ASCII case and white space of every string type (crypto/x509/x_name.c, asn1_string_canon). */
const opensslAttribute = (attribute: ClientAttribute): string => {
  const text = directoryText(attribute)
  if (text === undefined) return `${attribute.oid}=#${toHex(attribute.raw)}`
  let out = ''
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (isBlank(code)) {
      if (!isBlank(text.charCodeAt(i - 1))) out += ' '
    } else out += code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 0x20) : text.charAt(i)
  }
  return `${attribute.oid}=${out}`
}

/** Attribute types with a keyword in RFC 2253: Java compares the text of these alone, others by their bytes. */
const RFC2253 = new Set([
  '2.5.4.3',
  '2.5.4.7',
  '2.5.4.8',
  '2.5.4.10',
  '2.5.4.11',
  '2.5.4.6',
  '2.5.4.9',
  '0.9.2342.19200300.100.1.25',
  '0.9.2342.19200300.100.1.1',
])

const trimControls = (text: string): string => {
  let from = 0
  let to = text.length
  while (from < to && text.charCodeAt(from) <= 0x20) from++
  while (to > from && text.charCodeAt(to - 1) <= 0x20) to--
  return text.slice(from, to)
}

/**
 * Java's X500Principal equality (sun.security.x509.AVA): UTF8String and PrintableString by folded text, anything else by bytes, and so
 * what is too long to be folded here.
 */
const javaAttribute = (attribute: ClientAttribute): string => {
  const plain = attribute.tag === UTF8_STRING || attribute.tag === PRINTABLE_STRING
  if (!plain || !RFC2253.has(attribute.oid)) return `${attribute.oid}=#${toHex(attribute.raw)}`
  const text =
    attribute.tag === UTF8_STRING ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(attribute.bytes) : toLatin1(attribute.bytes)
  if (text.length > MAX_FOLDED && !isAscii(text)) return `${attribute.oid}=#${toHex(attribute.raw)}`
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === ' ' && out.endsWith(' ')) continue
    if (',+<>;"\\'.includes(char) || (i === 0 && char === '#')) out += '\\'
    out += char
  }
  return `${attribute.oid}=${trimControls(out)}`.toUpperCase().toLowerCase().normalize('NFKD')
}

/** Deviations of a name's strings that make a client refuse the certificate. */
export type NameFlaw =
  | 'name-printable-character'
  | 'name-utf8-invalid'
  | 'name-bmp-invalid'
  | 'name-bmp-noncharacter'
  | 'name-ia5-invalid'
  | 'name-numeric-invalid'
  | 'name-string-type'
  | 'name-value-type'
  | 'oid-arc-large'

const printable = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x27 && code <= 0x29) ||
  (code >= 0x2b && code <= 0x2f) ||
  [0x20, 0x3a, 0x3d, 0x3f, 0x2a, 0x26].includes(code)

/** Code points of the Basic Multilingual Plane that will never be characters (Unicode 23.7); Go refuses them in a BMPString. */
const hasNoncharacter = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)) return true
  }
  return false
}

const flawOf = (attribute: ClientAttribute): NameFlaw | undefined => {
  const { tag, bytes } = attribute
  switch (tag) {
    case UTF8_STRING:
      return strictUtf8(bytes) === undefined ? 'name-utf8-invalid' : undefined
    case PRINTABLE_STRING:
      return bytes.every(printable) ? undefined : 'name-printable-character'
    case IA5_STRING:
      return bytes.every((byte) => byte < 0x80) ? undefined : 'name-ia5-invalid'
    case 0x12:
      return bytes.every((byte) => (byte >= 0x30 && byte <= 0x39) || byte === 0x20) ? undefined : 'name-numeric-invalid'
    case BMP_STRING: {
      const text = wide(bytes, 2)
      return text === undefined ? 'name-bmp-invalid' : hasNoncharacter(text) ? 'name-bmp-noncharacter' : undefined
    }
    case T61_STRING:
      return undefined
    case UNIVERSAL_STRING:
    case 0x03:
    case 0x30:
      return 'name-string-type'
    default:
      return 'name-value-type'
  }
}

/**
 * Reads a Name leniently.
 * @returns undefined where it is not a SEQUENCE of SETs of type-value pairs (all clients but rustls refuse that).
 */
export const readName = (bytes: Uint8Array, element: BerElement, note: (flaw: NameFlaw) => void): ClientName | undefined => {
  const sets = element.tag === 0x30 ? readChildren(bytes, element) : undefined
  if (!sets) return undefined
  const rdns: ClientAttribute[][] = []
  for (const set of sets) {
    const pairs = set.tag === 0x31 ? readChildren(bytes, set) : undefined
    if (!pairs) return undefined
    const rdn: ClientAttribute[] = []
    for (const pair of pairs) {
      const type = pair.tag === 0x30 ? readElement(bytes, pair.contentStart, pair.contentEnd) : undefined
      const value = type && type.tag === 0x06 ? readElement(bytes, type.end, pair.contentEnd) : undefined
      const oid = type && readOid(bytes, type.contentStart, type.contentEnd)
      if (!type || !value || oid === undefined || value.end !== pair.contentEnd) return undefined
      const attribute = {
        oid,
        tag: value.tag,
        bytes: bytes.subarray(value.contentStart, value.contentEnd),
        raw: bytes.subarray(value.start, value.end),
      }
      const flaw = flawOf(attribute)
      if (flaw) note(flaw)
      if (hasLargeArc(oid)) note('oid-arc-large')
      rdn.push(attribute)
    }
    rdns.push(rdn)
  }
  return new ClientName(bytes.subarray(element.contentStart, element.contentEnd), rdns)
}
