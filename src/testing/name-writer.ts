import type { Bytes } from './der-writer.ts'
import { objectIdentifier, sequence, setOf, tagged, utf8 } from './der-writer.ts'

/** One attribute of a distinguished name: a short name or dotted OID, its value, and the string type where Go's choice is not wanted. */
export interface AttributeInput {
  readonly type: string
  readonly value: string
  readonly encoding?: 'printable' | 'utf8' | 'ia5' | 'bmp' | 'teletex'
}

/**
 * A distinguished name to write. As text: `C=DE,O=Acme\, Inc.,CN=root`, in the order in which it is encoded (the reverse of RFC 4514), `+` joins
 * the attributes of one RDN, a backslash escapes. As a list: one entry an RDN. An empty text or list is the empty name.
 */
export type NameInput = string | readonly (AttributeInput | readonly AttributeInput[])[]

/** The fields of a Certificate's `spec.subject`, with its common name. */
export interface SubjectFields {
  readonly countries?: readonly string[]
  readonly organizations?: readonly string[]
  readonly organizationalUnits?: readonly string[]
  readonly localities?: readonly string[]
  readonly provinces?: readonly string[]
  readonly streetAddresses?: readonly string[]
  readonly postalCodes?: readonly string[]
  readonly commonName?: string
  readonly serialNumber?: string
}

const oids: Record<string, string> = {
  C: '2.5.4.6',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  POSTALCODE: '2.5.4.17',
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
}

/** The DER of a distinguished name (RFC 5280 4.1.2.4). Throws on an attribute type that it does not know. */
export function encodeName(input: NameInput): Bytes {
  const rdns = typeof input === 'string' ? parseNameText(input) : input
  return sequence(...rdns.map((rdn) => setOf(...('type' in rdn ? [rdn] : rdn).map(encodeAttribute))))
}

/** The name that Go's pkix.Name makes of these fields: types in Go's order, all values of a type in one RDN. */
export function nameOfSubject(fields: SubjectFields): NameInput {
  const lists: (readonly [string, readonly string[]])[] = [
    ['C', fields.countries ?? []],
    ['ST', fields.provinces ?? []],
    ['L', fields.localities ?? []],
    ['STREET', fields.streetAddresses ?? []],
    ['POSTALCODE', fields.postalCodes ?? []],
    ['O', fields.organizations ?? []],
    ['OU', fields.organizationalUnits ?? []],
    ['CN', fields.commonName ? [fields.commonName] : []],
    ['SERIALNUMBER', fields.serialNumber ? [fields.serialNumber] : []],
  ]
  return lists.filter(([, values]) => values.length > 0).map(([type, values]) => values.map((value) => ({ type, value })))
}

function encodeAttribute({ type, value, encoding }: AttributeInput): Bytes {
  const oid = /^\d/.test(type) ? type : oids[type.toUpperCase()]
  if (oid === undefined) throw new Error(`unknown attribute type ${JSON.stringify(type)}`)
  return sequence(objectIdentifier(oid), encodeString(value, encoding ?? defaultEncoding(oid, value)))
}

/** DC and e-mail are IA5String (RFC 4519, RFC 5280 4.1.2.6); the rest PrintableString where Go's encoding/asn1 takes it, else UTF8String. */
function defaultEncoding(oid: string, value: string): NonNullable<AttributeInput['encoding']> {
  if (oid === oids['DC'] || oid === oids['EMAILADDRESS']) return 'ia5'
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 'printable' : 'utf8'
}

function encodeString(value: string, encoding: NonNullable<AttributeInput['encoding']>): Bytes {
  switch (encoding) {
    case 'printable':
      return tagged(0x13, utf8(value))
    case 'utf8':
      return tagged(0x0c, utf8(value))
    case 'ia5':
      return tagged(0x16, utf8(value))
    case 'teletex':
      return tagged(
        0x14,
        Uint8Array.from(value, (char) => char.charCodeAt(0) & 0xff),
      )
    default:
      return tagged(0x1e, Uint8Array.from([...value].flatMap((char) => [char.charCodeAt(0) >> 8, char.charCodeAt(0) & 0xff])))
  }
}

/** Reads the text form of `NameInput`, one list an RDN. Throws on what is no attribute. */
export function parseNameText(text: string): AttributeInput[][] {
  if (text === '') return []
  return split(text, ',').map((rdn) =>
    split(rdn, '+').map((attribute) => {
      const equals = attribute.indexOf('=')
      if (equals < 1) throw new Error(`not an attribute of a name: ${JSON.stringify(attribute)}`)
      return { type: attribute.slice(0, equals).trim(), value: attribute.slice(equals + 1).replace(/\\(.)/g, '$1') }
    }),
  )
}

function split(text: string, separator: string): string[] {
  const parts: string[] = ['']
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index)
    const last = parts.length - 1
    if (char === separator) parts.push('')
    else if (char === '\\') parts[last] = `${parts[last] ?? ''}${char}${text.charAt(++index)}`
    else parts[last] = `${parts[last] ?? ''}${char}`
  }
  return parts
}
