import { toHex } from '../base/bytes.ts'
import { formatInstant } from '../base/instant.ts'
import type { Phrase } from '../base/phrase.ts'
import { say } from '../base/phrase.ts'
import type { Ref } from '../base/ref.ts'
import type { decidingClients } from '../model/judge-chains.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { PublicKey } from '../x509/public-key.ts'

/** `2026-11-24 04:21 UTC`: as an administrator reads a time. */
export const sayInstant = (at: number): string => {
  const text = formatInstant(at)
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`
}

/** `RSA 2048`, `ECDSA P-256`, `Ed25519`; of another algorithm `key` and its OID. */
export const sayKey = (key: PublicKey): string => {
  switch (key.algorithm) {
    case 'RSA':
    case 'RSASSA-PSS':
      return `${key.algorithm} ${key.bits ?? '?'}`
    case 'ECDSA':
      return `ECDSA ${key.curve ?? '?'}`
    case 'other':
      return `key ${key.oid}`
    default:
      return key.algorithm
  }
}

/** As its own project writes it. */
export const sayClient = (client: (typeof decidingClients)[number]): string =>
  ({ go: 'Go', openssl: 'OpenSSL', java: 'Java', rustls: 'rustls' })[client]

/** The first four bytes of an identifier are enough to tell two keys apart by eye. */
const short = (bytes: Uint8Array): string => (toHex(bytes.subarray(0, 4)).match(/../g) ?? []).join(':')

/** Key, key identifier and start of a CA certificate: what tells two generations of one CA apart. */
export const sayCa = (ca: X509Certificate): Phrase => {
  const ski = ca.extensions.subjectKeyIdentifier?.keyIdentifier
  return say`${sayKey(ca.publicKey)}, ${ski ? `SKI ${short(ski)}…, ` : ''}from ${sayInstant(ca.notBefore)}, SHA-256 ${ca.fingerprint.slice(0, 12)}…`
}

/** `apic/abc-management-ca`, or the name alone for cluster-scoped objects. */
export const sayRef = (ref: Ref): string => (ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`)

/** Objects by name alone within `namespace`, with their own namespace outside it. */
export const sayRefs = (refs: readonly Ref[], namespace?: string): readonly string[] =>
  refs.map((ref) => (ref.namespace !== undefined && ref.namespace === namespace ? ref.name : sayRef(ref)))

/** A span of time in its largest two units. */
export const saySpan = (milliseconds: number): string => {
  if (milliseconds < 60_000) return `${Math.max(0, Math.round(milliseconds / 1000))} s`
  const minutes = Math.max(0, Math.round(milliseconds / 60_000))
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days >= 10) return `${days} days`
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`
}
