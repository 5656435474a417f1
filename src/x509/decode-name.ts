import { toHex } from '../base/bytes.ts'
import type { DerCursor, DerElement } from './der.ts'
import { atEnd, contentOf, encodingOf, enter, expectElement, noteRest, readEach, readElement, tags } from './der.ts'
import { encodeDer } from './encode-der.ts'
import type { Name, NameAttribute } from './name.ts'
import { readOid } from './oid.ts'
import { decodeString, isInCharacterSet } from './string-types.ts'

/** Short names: the table of RFC 4514 section 3, then descriptors of the IANA LDAP registry (RFC 4519) that certificates use. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.6', 'C'],
  ['2.5.4.9', 'STREET'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.12', 'title'],
  ['2.5.4.13', 'description'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'givenName'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.46', 'dnQualifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['1.2.840.113549.1.9.1', 'emailAddress'],
])

const DOMAIN_COMPONENT = '0.9.2342.19200300.100.1.25'

const hexEscape = (octet: number): string => `\\${octet.toString(16).padStart(2, '0')}`

const needsEscape = (value: string): boolean => {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code < 0x24 || code === 0x2b || code === 0x2c || code === 0x5c || (code >= 0x3b && code <= 0x3e)) return true
    if (code >= 0x7f && code < 0xa0) return true
  }
  return false
}

/** RFC 4514 2.4: special characters by a backslash, control characters by the hex of their UTF-8 octets. */
const escapeValue = (value: string): string => {
  if (!needsEscape(value)) return value
  let out = ''
  for (let i = 0; i < value.length; i++) {
    const char = value[i] as string
    const code = value.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) out += hexEscape(code)
    else if (code >= 0x80 && code < 0xa0) out += hexEscape(0xc2) + hexEscape(code)
    else if ('"+,;<>\\'.includes(char)) out += `\\${char}`
    else if ((char === ' ' && (i === 0 || i === value.length - 1)) || (char === '#' && i === 0)) out += `\\${char}`
    else out += char
  }
  return out
}

/** The text of a value; one that is no text is shown as a hash sign and hexadecimal. */
const textOf = (attribute: NameAttribute): string | undefined =>
  attribute.value.startsWith('#') ? decodeString(attribute.tag, attribute.bytes) : attribute.value

/** Types without a short name, and values that are no text, are written as the hex of their DER (RFC 4514 2.3, 2.4). */
const attributeText = (attribute: NameAttribute): string => {
  const shortName = SHORT_NAMES.get(attribute.oid)
  const text = shortName === undefined ? undefined : textOf(attribute)
  return `${shortName ?? attribute.oid}=${text === undefined ? `#${toHex(encodeDer(attribute.tag, attribute.bytes))}` : escapeValue(text)}`
}

/** Case and width folded without any locale (RFC 4518 2.2, 2.3), the two letters apart that toLowerCase leaves. */
const foldUnicode = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFKC')

/**
 * Characters beyond ASCII that are folded in one value: putting combining marks in order takes time by the square of their number, and
 * RFC 5280's bounds for names of people and organizations (A.1) are far below. Longer values are compared by their octets.
 */
export const MAX_FOLDED = 1024

const isSpace = (code: number): boolean =>
  code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029

const hasBlank = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (isSpace(text.charCodeAt(i))) return true
  return false
}

/**
 * caseIgnoreMatch (RFC 4518): outer blanks dropped, inner ones one, case folded. Control characters stay: RFC 4518 would drop them,
 * and then `my\u0001root` were the same name as `myroot`.
 * @returns undefined where the text is too long to be folded
 */
export const foldText = (text: string): string | undefined => {
  let ascii = true
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) ascii = false
  if (!ascii && text.length > MAX_FOLDED) return undefined
  const folded = ascii ? text.toLowerCase() : foldUnicode(text)
  // What has no blank in it stays as it is: a text that is put together again letter by letter is many times as large.
  if (!hasBlank(folded)) return folded
  let out = ''
  let pending = false
  for (let i = 0; i < folded.length; i++) {
    if (isSpace(folded.charCodeAt(i))) pending = out !== ''
    else {
      if (pending) out += ' '
      pending = false
      out += folded[i] as string
    }
  }
  return out
}

const normalizedAttribute = (attribute: NameAttribute): string => {
  const { oid, tag } = attribute
  // RFC 5280 7.1; 7.3 for the IA5String of a domainComponent.
  const folds = tag === tags.printableString || tag === tags.utf8String || (tag === tags.ia5String && oid === DOMAIN_COMPONENT)
  const text = folds ? textOf(attribute) : undefined
  const folded = text === undefined ? undefined : foldText(text)
  if (folded === undefined) return `${oid}#${tag}:${toHex(attribute.bytes)}`
  return [oid, '=', folded.length, ':', folded].join('')
}

/** An attribute whose octets are a place in the certificate until somebody asks for them. */
class PlacedAttribute implements NameAttribute {
  readonly oid: string
  readonly tag: number
  readonly value: string
  readonly #bytes: Uint8Array
  readonly #from: number
  readonly #to: number

  constructor(oid: string, value: string, bytes: Uint8Array, element: DerElement) {
    this.oid = oid
    this.tag = element.tag
    this.value = value
    this.#bytes = bytes
    this.#from = element.from
    this.#to = element.to
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#to)
  }
}

/** The one attribute of a name that has no other: what most names in a cluster are. */
const onlyAttribute = (rdns: Name['rdns']): NameAttribute | undefined =>
  rdns.length === 1 && rdns[0]?.length === 1 ? rdns[0][0] : undefined

class DecodedName implements Name {
  readonly der: Uint8Array
  readonly rdns: readonly (readonly NameAttribute[])[]
  #text: string | undefined
  #normalized: string | undefined

  constructor(der: Uint8Array, rdns: readonly (readonly NameAttribute[])[]) {
    this.der = der
    this.rdns = rdns
  }

  get text(): string {
    if (this.#text === undefined) {
      const only = onlyAttribute(this.rdns)
      this.#text = only
        ? attributeText(only)
        : this.rdns
            .map((rdn) => rdn.map(attributeText).join('+'))
            .reverse()
            .join(',')
    }
    return this.#text
  }

  get normalized(): string {
    if (this.#normalized === undefined) {
      const only = onlyAttribute(this.rdns)
      this.#normalized = only ? normalizedAttribute(only) : this.rdns.map((rdn) => rdn.map(normalizedAttribute).sort().join('+')).join(',')
    }
    return this.#normalized
  }
}

/** What is odd in a name although it could be read. */
export type NameFlaw = 'name-string-invalid' | 'name-string-encoding' | 'name-string-type' | 'name-empty-rdn' | 'name-set-order'

const isSetOrdered = (encodings: readonly Uint8Array[]): boolean => {
  for (let i = 1; i < encodings.length; i++) {
    const [before, after] = [encodings[i - 1] as Uint8Array, encodings[i] as Uint8Array]
    const shared = Math.min(before.length, after.length)
    let at = 0
    while (at < shared && before[at] === after[at]) at++
    if (at < shared ? (before[at] as number) > (after[at] as number) : before.length > after.length) return false
  }
  return true
}

/** Of the types whose octets encode characters, what encodes none is no text; of the others it is a character too many. */
const stringFlaw = (tag: number): NameFlaw => {
  if (tag === tags.utf8String || tag === tags.bmpString || tag === tags.universalString) return 'name-string-encoding'
  return STRING_TAGS.has(tag) ? 'name-string-invalid' : 'name-string-type'
}

const readAttribute = (set: DerCursor, note: (flaw: NameFlaw) => void): NameAttribute => {
  const pair = enter(set, expectElement(set, tags.sequence, 'attribute'))
  const oid = readOid(pair, 'attribute type')
  const element = readElement(pair)
  noteRest(pair)
  const bytes = contentOf(pair, element)
  const value = decodeString(element.tag, bytes)
  if (!isInCharacterSet(element.tag, bytes)) note(stringFlaw(element.tag))
  return new PlacedAttribute(oid, value ?? `#${toHex(encodingOf(pair, element))}`, pair.bytes, element)
}

const STRING_TAGS: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.printableString,
  tags.numericString,
  tags.ia5String,
  tags.visibleString,
  tags.teletexString,
  tags.bmpString,
  tags.universalString,
])

const readRdn = (cursor: DerCursor, note: (flaw: NameFlaw) => void): readonly NameAttribute[] => {
  const set = enter(cursor, expectElement(cursor, tags.set, 'relative distinguished name'))
  if (atEnd(set)) note('name-empty-rdn')
  const starts: number[] = []
  const attributes = readEach(set, () => {
    starts.push(set.at)
    return readAttribute(set, note)
  })
  if (attributes.length > 1 && !isSetOrdered(starts.map((start, i) => set.bytes.subarray(start, starts[i + 1] ?? set.end))))
    note('name-set-order')
  return attributes
}

/** Reads the RDNSequence that `element` is (RFC 5280 4.1.2.4). Throws DerError; oddities go to `note`. */
export const nameFrom = (cursor: DerCursor, element: DerElement, note: (flaw: NameFlaw) => void): Name => {
  const inside = enter(cursor, element)
  const rdns = readEach(inside, () => readRdn(inside, note))
  return new DecodedName(encodingOf(cursor, element), rdns)
}

/** Reads one Name. `what` names the field in the failure. Throws DerError; oddities go to `note`. */
export const readName = (cursor: DerCursor, what: string, note: (flaw: NameFlaw) => void): Name =>
  nameFrom(cursor, expectElement(cursor, tags.sequence, what), note)
