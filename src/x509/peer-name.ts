import { equalBytes } from '../base/bytes.ts'
import type { X509Certificate } from './certificate.ts'
import { compareDns, hostLabels, looksLikeIpv4, parseDnsName } from './names-dns.ts'
import { parseIpAddress } from './names-ip.ts'

/** Whom the caller means to talk to: a host name, or an address in text. */
export interface PeerName {
  readonly dns?: string
  readonly ip?: string
}

/** Why a certificate is not the peer's. */
export type PeerMismatch = 'peer-name-malformed' | 'peer-name-mismatch' | 'peer-name-absent'

/**
 * Labels of a host name that is asked for; one trailing dot (the root) is passed over. undefined for what is no host name: an address,
 * a wildcard, a name with characters beyond ASCII (the caller converts it to A-labels).
 */
export const referenceLabels = (dns: string): readonly string[] | undefined => {
  const labels = hostLabels(dns.endsWith('.') ? dns.slice(0, -1) : dns)
  return labels && !looksLikeIpv4(labels) ? labels : undefined
}

/**
 * Does a dNSName stand for this host (RFC 6125 6.4, RFC 9525 6.3)? A wildcard only as the whole left-most label, for one label, and not
 * directly above a single label (`*.com`, `*.local`).
 */
export const matchesHost = (presented: string, labels: readonly string[]): boolean => {
  const name = parseDnsName(presented)
  if (!name || labels.length !== name.labels.length + (name.wildcard ? 1 : 0)) return false
  if (name.wildcard) return name.labels.length >= 2 && name.labels.every((label, index) => labels[index] === label)
  return compareDns({ labels, wildcard: false }, { labels: name.labels, subdomainsOnly: false }) === 'inside'
}

/** Holds a certificate against the host name that was asked for: by its dNSNames alone, never by its common name. */
const checkHost = (certificate: X509Certificate, dns: string): PeerMismatch | undefined => {
  const labels = referenceLabels(dns)
  if (!labels) return 'peer-name-malformed'
  const names = certificate.extensions.subjectAltName?.names ?? []
  if (names.some((name) => name.type === 'dns' && matchesHost(name.value, labels))) return undefined
  return names.some((name) => name.type === 'dns' || name.type === 'ip') ? 'peer-name-mismatch' : 'peer-name-absent'
}

/** Holds a certificate against the address that was asked for: by the bytes of its iPAddresses. */
const checkAddress = (certificate: X509Certificate, ip: string): PeerMismatch | undefined => {
  const bytes = parseIpAddress(ip)
  if (!bytes) return 'peer-name-malformed'
  const names = certificate.extensions.subjectAltName?.names ?? []
  if (names.some((name) => name.type === 'ip' && equalBytes(name.bytes, bytes))) return undefined
  return names.some((name) => name.type === 'dns' || name.type === 'ip') ? 'peer-name-mismatch' : 'peer-name-absent'
}

/** Is the certificate the peer's? undefined where it is; where both a host and an address are asked for, both must stand in it. */
export const checkPeerName = (certificate: X509Certificate, peer: PeerName): PeerMismatch | undefined =>
  (peer.dns === undefined ? undefined : checkHost(certificate, peer.dns)) ??
  (peer.ip === undefined ? undefined : checkAddress(certificate, peer.ip))
