import type { KeyUsageName } from '../x509/certificate.ts'
import type { Bytes } from './der-writer.ts'
import {
  boolean,
  concatBytes,
  contextConstructed,
  contextPrimitive,
  integer,
  namedBits,
  objectIdentifier,
  objectIdentifierContent,
  octetString,
  sequence,
  tagged,
  utf8,
} from './der-writer.ts'
import type { NameInput } from './name-writer.ts'
import { encodeName } from './name-writer.ts'

/** A GeneralName to write (RFC 5280 4.2.1.6). In a name constraint `ip` is `ADDRESS/PREFIX`. */
export type GeneralNameInput =
  | { readonly dns: string }
  | { readonly email: string }
  | { readonly uri: string }
  | { readonly ip: string }
  | { readonly directory: NameInput }
  | { readonly other: { readonly oid: string; readonly utf8Value: string } }
  | { readonly registeredId: string }
  /** Bytes of a whole GeneralName, for what the others cannot say. */
  | { readonly raw: Uint8Array }

/** An extension: its OID, criticality, and the DER that goes into its OCTET STRING. */
export interface ExtensionInput {
  readonly oid: string
  readonly critical?: boolean
  readonly value: Uint8Array
}

/** Permitted and excluded subtrees (RFC 5280 4.2.1.10). */
export interface NameConstraintsInput {
  readonly critical?: boolean
  readonly permitted?: readonly GeneralNameInput[]
  readonly excluded?: readonly GeneralNameInput[]
}

/** OIDs of the extensions that this room writes (RFC 5280 4.2). */
export const extensionOids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const

const keyUsageBits: readonly KeyUsageName[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** An Extension (RFC 5280 4.1): DEFAULT FALSE is left out. */
export function encodeExtension({ oid, critical = false, value }: ExtensionInput): Bytes {
  return sequence(objectIdentifier(oid), ...(critical ? [boolean(true)] : []), octetString(value))
}

/** Key usage (RFC 5280 4.2.1.3). */
export function keyUsage(usages: readonly KeyUsageName[], critical = true): ExtensionInput {
  return { oid: extensionOids.keyUsage, critical, value: namedBits(usages.map((usage) => keyUsageBits.indexOf(usage))) }
}

/** Purposes as dotted OIDs, in the order given. */
export function extendedKeyUsage(purposes: readonly string[], critical = false): ExtensionInput {
  return { oid: extensionOids.extendedKeyUsage, critical, value: sequence(...purposes.map(objectIdentifier)) }
}

/** Basic constraints (RFC 5280 4.2.1.9); `pathLength` is the largest number of intermediates below. */
export function basicConstraints(ca: boolean, pathLength?: number, critical = true): ExtensionInput {
  const length = pathLength === undefined ? [] : [integer(pathLength)]
  return { oid: extensionOids.basicConstraints, critical, value: sequence(...(ca ? [boolean(true)] : []), ...length) }
}

/** Subject key identifier (RFC 5280 4.2.1.2). */
export function subjectKeyIdentifier(keyIdentifier: Uint8Array, critical = false): ExtensionInput {
  return { oid: extensionOids.subjectKeyIdentifier, critical, value: octetString(keyIdentifier) }
}

/** Key identifier, and the issuer's own issuer and serial where given (RFC 5280 4.2.1.1). */
export function authorityKeyIdentifier(fields: {
  readonly keyIdentifier?: Uint8Array
  readonly issuer?: NameInput
  readonly serial?: Uint8Array
  readonly critical?: boolean
}): ExtensionInput {
  const parts: Bytes[] = []
  if (fields.keyIdentifier !== undefined) parts.push(contextPrimitive(0, fields.keyIdentifier))
  if (fields.issuer !== undefined) parts.push(contextConstructed(1, encodeGeneralName({ directory: fields.issuer })))
  if (fields.serial !== undefined) parts.push(contextPrimitive(2, fields.serial))
  return { oid: extensionOids.authorityKeyIdentifier, critical: fields.critical ?? false, value: sequence(...parts) }
}

/** Subject alternative name (RFC 5280 4.2.1.6), the names in the order given. */
export function subjectAltName(names: readonly GeneralNameInput[], critical = false): ExtensionInput {
  return { oid: extensionOids.subjectAltName, critical, value: sequence(...names.map((name) => encodeGeneralName(name))) }
}

/** Name constraints (RFC 5280 4.2.1.10); a list that is empty or absent is left out. */
export function nameConstraints({ critical = true, permitted, excluded }: NameConstraintsInput): ExtensionInput {
  const subtrees = (number: number, names: readonly GeneralNameInput[] | undefined): Bytes[] =>
    names === undefined || names.length === 0
      ? []
      : [contextConstructed(number, ...names.map((name) => sequence(encodeGeneralName(name, true))))]
  return { oid: extensionOids.nameConstraints, critical, value: sequence(...subtrees(0, permitted), ...subtrees(1, excluded)) }
}

/** CRL distribution points (RFC 5280 4.2.1.13), one for each URI. */
export function crlDistributionPoints(uris: readonly string[]): ExtensionInput {
  const points = uris.map((uri) => sequence(contextConstructed(0, contextConstructed(0, encodeGeneralName({ uri })))))
  return { oid: extensionOids.crlDistributionPoints, value: sequence(...points) }
}

/** Authority information access (RFC 5280 4.2.2.1): responders, then places to fetch the issuer’s certificate from. */
export function authorityInfoAccess(ocsp: readonly string[], caIssuers: readonly string[]): ExtensionInput {
  const access = (method: string, uri: string): Bytes => sequence(objectIdentifier(method), encodeGeneralName({ uri }))
  const descriptions = [
    ...ocsp.map((uri) => access('1.3.6.1.5.5.7.48.1', uri)),
    ...caIssuers.map((uri) => access('1.3.6.1.5.5.7.48.2', uri)),
  ]
  return { oid: extensionOids.authorityInfoAccess, value: sequence(...descriptions) }
}

/** The DER of a GeneralName. `asConstraint` writes an IP network as address and mask. Throws on an address that it cannot read. */
export function encodeGeneralName(name: GeneralNameInput, asConstraint = false): Bytes {
  if ('dns' in name) return contextPrimitive(2, utf8(name.dns))
  if ('email' in name) return contextPrimitive(1, utf8(name.email))
  if ('uri' in name) return contextPrimitive(6, utf8(name.uri))
  if ('ip' in name) return contextPrimitive(7, asConstraint ? networkBytes(name.ip) : addressBytes(name.ip))
  if ('directory' in name) return contextConstructed(4, encodeName(name.directory))
  if ('registeredId' in name) return contextPrimitive(8, objectIdentifierContent(name.registeredId))
  if ('raw' in name) return new Uint8Array(name.raw)
  return contextConstructed(0, objectIdentifier(name.other.oid), contextConstructed(0, tagged(0x0c, utf8(name.other.utf8Value))))
}

function networkBytes(text: string): Bytes {
  const [address = '', prefix = ''] = text.split('/')
  const octets = addressBytes(address)
  const length = prefix === '' ? octets.length * 8 : Number(prefix)
  const mask = Uint8Array.from(octets, (_, index) => (0xff00 >> Math.min(8, Math.max(0, length - 8 * index))) & 0xff)
  return concatBytes(octets, mask)
}

/** An IPv4 or IPv6 address (RFC 4291 2.2) as 4 or 16 octets. */
function addressBytes(text: string): Bytes {
  if (/^\d+(\.\d+){3}$/.test(text)) return Uint8Array.from(text.split('.').map(Number))
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) throw new Error(`not an IP address: ${JSON.stringify(text)}`)
  const withoutDotted = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a: string, b: string, c: string, d: string) => {
    const high = Number(a) * 256 + Number(b)
    return `${high.toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`
  })
  const [head = '', tail] = withoutDotted.split('::')
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const front = groups(head)
  const back = groups(tail ?? '')
  const zeros = tail === undefined ? [] : new Array<number>(Math.max(0, 8 - front.length - back.length)).fill(0)
  const all = [...front, ...zeros, ...back]
  if (all.length !== 8) throw new Error(`not an IP address: ${JSON.stringify(text)}`)
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}
