import type { KeyUsageName } from '../x509/certificate.ts'
import type { Bytes } from './der-writer.ts'
import {
  bitString,
  bytesToHex,
  concatBytes,
  contextConstructed,
  hexToBytes,
  integer,
  objectIdentifier,
  sequence,
  setOf,
  tagged,
  time,
} from './der-writer.ts'
import type { ExtensionInput, GeneralNameInput, NameConstraintsInput } from './extension-writer.ts'
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  crlDistributionPoints,
  encodeExtension,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
  subjectKeyIdentifier,
} from './extension-writer.ts'
import type { KeyPair } from './key-pair.ts'
import type { NameInput } from './name-writer.ts'
import { encodeName } from './name-writer.ts'
import { pem } from './pem-writer.ts'
import type { SignatureScheme } from './signing.ts'
import { algorithmIdentifier, schemeForKey, sign } from './signing.ts'

/** How a key identifier is made: SHA-1 of the key's bits (Go up to 1.24), the first 20 octets of their SHA-256 (Go from 1.25), or not at all. */
export type KeyIdentifierMethod = 'sha1' | 'sha256' | 'none'

/** A certificate made here, with what is needed to sign with it and to build chains from it. */
export interface IssuedCertificate {
  readonly der: Bytes
  readonly pem: string
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string
  readonly key: KeyPair
  /** `id` of the key that made the signature. */
  readonly signedBy: string
  /** False where the signature was spoilt on purpose. */
  readonly signatureHolds: boolean
  /** DER of the two names. */
  readonly subject: Bytes
  readonly issuer: Bytes
  /** Hex of the serial number's magnitude. */
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly ca: boolean
  /** May it sign certificates: no key usage, or one with keyCertSign. */
  readonly maySign: boolean
  readonly subjectKeyIdentifier?: Bytes
}

/** Everything that can be chosen about a certificate. What is left out is as cert-manager and Go do it. */
export interface CertificateOptions {
  readonly key: KeyPair
  readonly subject: NameInput
  /** The CA that signs; without it the certificate signs itself. */
  readonly issuer?: IssuedCertificate
  /** Another issuer name than the CA's subject. */
  readonly issuerName?: NameInput
  /** Another key than the CA's: a signature that does not fit the issuer. */
  readonly signWith?: KeyPair
  readonly signature?: SignatureScheme
  /** An algorithm in the outer field that differs from the one inside (RFC 5280 4.1.1.2 forbids it). */
  readonly outerSignature?: SignatureScheme
  /** Spoil the signature's last octet. */
  readonly breakSignature?: boolean
  /** Hex, or a number that may be zero or negative; 20 octets from the subject and its key where left out. */
  readonly serial?: string | bigint
  readonly notBefore: Date | string
  readonly notAfter: Date | string
  readonly timeForm?: 'auto' | 'generalized'
  readonly version?: 1 | 2 | 3
  readonly names?: readonly GeneralNameInput[]
  /** Default: critical only where the subject is empty (RFC 5280 4.2.1.6). */
  readonly namesCritical?: boolean
  /** Left out: no basic constraints at all. */
  readonly ca?: boolean
  readonly pathLength?: number
  readonly basicConstraintsCritical?: boolean
  readonly keyUsage?: readonly KeyUsageName[]
  /** Dotted OIDs. */
  readonly extendedKeyUsage?: readonly string[]
  readonly nameConstraints?: NameConstraintsInput
  /** Default: `sha256` for a CA, none else. Bytes for an arbitrary one. */
  readonly subjectKeyIdentifier?: KeyIdentifierMethod | Uint8Array
  /** `auto`: the issuer's SKI, and only where subject and issuer names differ, as Go does. `always`: also where they are equal. */
  readonly authorityKeyIdentifier?:
    'auto' | 'always' | 'none' | { keyIdentifier?: Uint8Array; issuer?: NameInput; serial?: Uint8Array; critical?: boolean }
  readonly crlDistributionPoints?: readonly string[]
  readonly ocspServers?: readonly string[]
  readonly caIssuers?: readonly string[]
  /** Behind the others. */
  readonly extraExtensions?: readonly ExtensionInput[]
  /** The last word on the list of extensions: order, doubles, omissions. */
  readonly extensions?: (made: readonly ExtensionInput[]) => readonly ExtensionInput[]
  /** Optional unique identifiers of version 2 (RFC 5280 4.1.2.8). */
  readonly uniqueIdentifiers?: { readonly issuer?: Uint8Array; readonly subject?: Uint8Array }
}

/** Makes and signs a certificate (RFC 5280 4.1). Throws where the options make no certificate; wrong but writable ones are written. */
export async function issueCertificate(options: CertificateOptions): Promise<IssuedCertificate> {
  const subject = encodeName(options.subject)
  const issuer = options.issuerName !== undefined ? encodeName(options.issuerName) : (options.issuer?.subject ?? subject)
  const signer = options.signWith ?? options.issuer?.key ?? options.key
  const scheme = options.signature ?? schemeForKey(signer)
  const notBefore = instantOf(options.notBefore)
  const notAfter = instantOf(options.notAfter)
  const ski = await subjectKeyIdentifierOf(options)
  const serial = await serialOf(options, subject)
  const made = madeExtensions(options, subject, issuer, ski)
  const extensions = options.extensions?.(made) ?? made
  const version = options.version ?? 3
  const unique = options.uniqueIdentifiers
  const tbs = sequence(
    ...(version === 1 ? [] : [contextConstructed(0, integer(version - 1))]),
    serial,
    algorithmIdentifier(scheme),
    issuer,
    sequence(time(notBefore, options.timeForm), time(notAfter, options.timeForm)),
    subject,
    options.key.spki,
    ...(unique?.issuer === undefined ? [] : [tagged(0x81, Uint8Array.of(0), unique.issuer)]),
    ...(unique?.subject === undefined ? [] : [tagged(0x82, Uint8Array.of(0), unique.subject)]),
    ...(extensions.length === 0 ? [] : [contextConstructed(3, sequence(...extensions.map(encodeExtension)))]),
  )
  const signature = await sign(scheme, signer, tbs)
  if (options.breakSignature) signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1
  const der = sequence(tbs, algorithmIdentifier(options.outerSignature ?? scheme), bitString(signature))
  return {
    der,
    pem: pem('CERTIFICATE', der),
    fingerprint: bytesToHex(await digest('SHA-256', der)),
    key: options.key,
    signedBy: signer.id,
    signatureHolds: !options.breakSignature,
    subject,
    issuer,
    serial: bytesToHex(serial.subarray(2)),
    notBefore,
    notAfter,
    ca: options.ca ?? false,
    maySign: options.keyUsage?.includes('keyCertSign') ?? true,
    ...(ski === undefined ? {} : { subjectKeyIdentifier: ski }),
  }
}

/** What a PKCS #10 request asks for. */
export interface RequestOptions {
  readonly key: KeyPair
  readonly subject: NameInput
  readonly extensions?: readonly ExtensionInput[]
  readonly signature?: SignatureScheme
}

/** A certificate signing request (RFC 2986) with its extensionRequest attribute, as PEM. */
export async function buildRequest(options: RequestOptions): Promise<string> {
  const scheme = options.signature ?? schemeForKey(options.key)
  const extensions = options.extensions ?? []
  const attribute = sequence(objectIdentifier('1.2.840.113549.1.9.14'), setOf(sequence(...extensions.map(encodeExtension))))
  const info = sequence(
    integer(0),
    encodeName(options.subject),
    options.key.spki,
    contextConstructed(0, ...(extensions.length === 0 ? [] : [attribute])),
  )
  return pem('CERTIFICATE REQUEST', sequence(info, algorithmIdentifier(scheme), bitString(await sign(scheme, options.key, info))))
}

/** The key identifier of a key by a method; undefined for `none`. */
export async function keyIdentifier(key: KeyPair, method: KeyIdentifierMethod): Promise<Bytes | undefined> {
  if (method === 'none') return undefined
  return new Uint8Array((await digest(method === 'sha1' ? 'SHA-1' : 'SHA-256', key.publicKeyBits)).slice(0, 20))
}

/** A hash over WebCrypto. */
export async function digest(hash: 'SHA-1' | 'SHA-256', data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(hash, data))
}

/** An instant from a Date or an RFC 3339 text, cut to the second. Throws on anything else. */
export function instantOf(value: Date | string): Date {
  const instant = new Date(value)
  if (Number.isNaN(instant.getTime())) throw new Error(`not an instant: ${JSON.stringify(value)}`)
  return new Date(Math.floor(instant.getTime() / 1000) * 1000)
}

async function subjectKeyIdentifierOf(options: CertificateOptions): Promise<Bytes | undefined> {
  const wanted = options.subjectKeyIdentifier ?? (options.ca ? 'sha256' : 'none')
  return typeof wanted === 'string' ? keyIdentifier(options.key, wanted) : new Uint8Array(wanted)
}

async function serialOf(options: CertificateOptions, subject: Bytes): Promise<Bytes> {
  if (typeof options.serial === 'bigint') return integer(options.serial)
  if (options.serial !== undefined) return integer(hexToBytes(options.serial))
  const instants = new TextEncoder().encode(`${instantOf(options.notBefore).toISOString()}/${instantOf(options.notAfter).toISOString()}`)
  const octets = (await digest('SHA-256', concatBytes(subject, options.key.publicKeyBits, instants))).slice(0, 20)
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return integer(octets)
}

/** In the order in which Go and cert-manager write them. */
function madeExtensions(options: CertificateOptions, subject: Bytes, issuer: Bytes, ski: Bytes | undefined): ExtensionInput[] {
  const emptySubject = subject.length === 2
  const aki = authorityKeyIdentifierOf(options, bytesToHex(subject) === bytesToHex(issuer), ski)
  return [
    ...(options.keyUsage === undefined ? [] : [keyUsage(options.keyUsage)]),
    ...(options.extendedKeyUsage === undefined ? [] : [extendedKeyUsage(options.extendedKeyUsage)]),
    ...(options.ca === undefined ? [] : [basicConstraints(options.ca, options.pathLength, options.basicConstraintsCritical)]),
    ...(ski === undefined ? [] : [subjectKeyIdentifier(ski)]),
    ...(aki === undefined ? [] : [aki]),
    ...(options.ocspServers?.length || options.caIssuers?.length
      ? [authorityInfoAccess(options.ocspServers ?? [], options.caIssuers ?? [])]
      : []),
    ...(options.names?.length ? [subjectAltName(options.names, options.namesCritical ?? emptySubject)] : []),
    ...(options.nameConstraints === undefined ? [] : [nameConstraints(options.nameConstraints)]),
    ...(options.crlDistributionPoints?.length ? [crlDistributionPoints(options.crlDistributionPoints)] : []),
    ...(options.extraExtensions ?? []),
  ]
}

function authorityKeyIdentifierOf(options: CertificateOptions, sameName: boolean, own: Bytes | undefined): ExtensionInput | undefined {
  const wanted = options.authorityKeyIdentifier ?? 'auto'
  if (typeof wanted === 'object') return authorityKeyIdentifier(wanted)
  const identifier = options.issuer === undefined ? own : options.issuer.subjectKeyIdentifier
  if (wanted === 'none' || identifier === undefined || (wanted === 'auto' && sameName)) return undefined
  return authorityKeyIdentifier({ keyIdentifier: identifier })
}
