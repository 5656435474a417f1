import { formatInstant } from '../base/instant.ts'
import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { X509Certificate } from './certificate.ts'
import { dateReason } from './path-checks.ts'
import type { PathNode } from './path-graph.ts'
import { keyIdentifierMatches } from './path-graph.ts'
import type { PathCertificate, PathStep } from './path.ts'

/** Do the names chain (RFC 5280 6.1.3 a 4)? */
export const namesVerdict = (subject: X509Certificate, issuer: X509Certificate): Verdict =>
  subject.issuer.normalized === issuer.subject.normalized ? verified : failed('issuer-name-differs')

/**
 * Do the key identifiers agree (RFC 5280 4.2.1.1)? The AKI's key identifier with the issuer's SKI, or, where the AKI names the issuer's
 * certificate by its issuer and serial number, with those; unknown where nothing can be compared.
 */
export const keyIdentifierVerdict = (subject: X509Certificate, issuer: X509Certificate): Verdict => {
  const aki = subject.extensions.authorityKeyIdentifier
  const byKey = keyIdentifierMatches(subject, issuer)
  if (byKey === false) return failed('key-identifier-differs')
  const named = aki?.issuer?.flatMap((name) => (name.type === 'directory' ? [name.name.normalized] : []))
  if (aki?.serial !== undefined && named && named.length > 0) {
    const same = aki.serial === issuer.serial && named.includes(issuer.issuer.normalized)
    return same ? verified : failed('issuer-serial-differs')
  }
  if (byKey) return verified
  return unknown([], aki ? 'issuer-without-key-identifier' : 'no-authority-key-identifier')
}

/** Is the certificate valid at this instant? */
export const datesVerdict = (certificate: X509Certificate, at: number): Verdict => {
  const reason = dateReason(certificate, at)
  return reason ? failed(reason.code) : verified
}

/** The four findings of each certificate of a path, target first. `signature` answers for a pair of neighbours. */
export const describeSteps = (
  path: readonly X509Certificate[],
  at: number,
  signature: (subject: X509Certificate, issuer: X509Certificate) => Verdict | undefined,
): readonly PathStep[] =>
  path.map((certificate, index): PathStep => {
    const dates = datesVerdict(certificate, at)
    const issuer = path[index + 1]
    if (!issuer) return { certificate: certificate.fingerprint, dates }
    return {
      certificate: certificate.fingerprint,
      issuer: issuer.fingerprint,
      signature: signature(certificate, issuer) ?? unknown(['budget']),
      names: namesVerdict(certificate, issuer),
      keyIdentifiers: keyIdentifierVerdict(certificate, issuer),
      dates,
    }
  })

/** A path's certificates as plain data. */
export const describePath = (nodes: readonly PathNode[]): readonly PathCertificate[] =>
  nodes.map(({ certificate, anchor }, index): PathCertificate => ({
    fingerprint: certificate.fingerprint,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    notBefore: formatInstant(certificate.notBefore),
    notAfter: formatInstant(certificate.notAfter),
    role: anchor ? 'anchor' : index === 0 ? 'target' : 'intermediate',
  }))
