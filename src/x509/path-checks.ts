import { append } from '../base/append.ts'
import { formatInstant } from '../base/instant.ts'
import type { CertificateProblem, X509Certificate } from './certificate.ts'
import { certificateProblemKind } from './certificate-problem.ts'
import { isKeyOnCurve } from './elliptic-curve.ts'
import { isPoliciesWellFormed } from './path-policies.ts'
import { malformedSubtree } from './name-constraints.ts'
import type { PathPurpose } from './path.ts'
import type { PathReason, PathReasonCode } from './path-rejection.ts'
import type { PeerName } from './peer-name.ts'
import { checkPeerName } from './peer-name.ts'
import { weakDigest } from './path-weak-digest.ts'

/** What is asked of a path. */
export interface PathRules {
  /** Epoch milliseconds; compared in whole seconds (RFC 5280 4.1.2.5 has nothing finer). */
  readonly at: number
  readonly purpose?: PathPurpose
  readonly peer?: PeerName
  /** Largest number of intermediates; self-issued ones are not counted, as with pathLenConstraint. */
  readonly maxDepth?: number
}

const ANY_PURPOSE = '2.5.29.37.0'
const PURPOSES: Readonly<Record<PathPurpose, string>> = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' }

const SUBJECT_ALT_NAME = '2.5.29.17'
const NAME_CONSTRAINTS = '2.5.29.30'
const CERTIFICATE_POLICIES = '2.5.29.32'

/**
 * Extensions whose content is processed, so that they may be critical. certificatePolicies is among them: with the initial policy set
 * any-policy and no required explicit policy its content decides nothing (RFC 5280 6.1.5 g). policyConstraints, policyMappings and
 * inhibitAnyPolicy are not: they are refused where they are critical.
 */
const PROCESSED: ReadonlySet<string> = new Set([
  '2.5.29.19',
  '2.5.29.15',
  '2.5.29.37',
  SUBJECT_ALT_NAME,
  NAME_CONSTRAINTS,
  CERTIFICATE_POLICIES,
])

/**
 * Extensions that must be what their definition says. The key identifiers are only hints, and nothing is fetched from the locations of
 * CRLs and of the issuer; but Go refuses a certificate where they cannot be read, and OpenSSL all but the last.
 */
const WELL_FORMED: ReadonlySet<string> = new Set([...PROCESSED, '2.5.29.14', '2.5.29.35', '2.5.29.31', '1.3.6.1.5.5.7.1.1'])

/** Problems that are judged one by one below, and not by what the table of problems says of them. */
const JUDGED_HERE: ReadonlySet<string> = new Set([
  'extension-malformed',
  'critical-extension-unknown',
  'extended-key-usage-empty',
  'subject-alt-name-empty',
  'name-constraints-empty',
  'name-constraints-distance',
  'extensions-without-v3',
  'signature-unused-bits',
])

const isCutOff = ({ code }: CertificateProblem): boolean => code === 'names-over-limit'
const isFatal = ({ code }: CertificateProblem): boolean => !JUDGED_HERE.has(code) && certificateProblemKind(code)?.rejects === true

const reasonOf = (certificate: X509Certificate, code: PathReasonCode, detail?: string, against?: string): PathReason => ({
  code,
  certificate: certificate.fingerprint,
  subject: certificate.subject.text,
  ...(detail !== undefined && { detail }),
  ...(against !== undefined && { against }),
})

/** A reason about a certificate, with its fingerprint and subject filled in. */
export const pathReason = reasonOf

/** Subject and issuer are one name (RFC 5280 3.2): such a CA counts neither for path length nor, in between, for name constraints. */
export const isSelfIssued = (certificate: X509Certificate): boolean => certificate.subject.normalized === certificate.issuer.normalized

/** notBefore ≤ at ≤ notAfter, both ends included, in whole seconds. */
export const dateReason = (certificate: X509Certificate, at: number): PathReason | undefined => {
  const instant = Math.floor(at / 1000) * 1000
  if (instant > certificate.notAfter) return reasonOf(certificate, 'expired', formatInstant(certificate.notAfter))
  if (instant < certificate.notBefore) return reasonOf(certificate, 'not-yet-valid', formatInstant(certificate.notBefore))
  return undefined
}

const extensionReasons = (certificate: X509Certificate): PathReason[] => {
  const reasons: PathReason[] = []
  if (certificate.version !== 3 && certificate.rawExtensions.length > 0)
    reasons.push(reasonOf(certificate, 'encoding-invalid', 'extensions-without-v3'))
  for (const { oid, critical, malformed, value } of certificate.rawExtensions) {
    if (critical && !PROCESSED.has(oid)) reasons.push(reasonOf(certificate, 'critical-extension-unknown', oid))
    const policiesBroken = oid === CERTIFICATE_POLICIES && !isPoliciesWellFormed(value)
    if (policiesBroken || (malformed && WELL_FORMED.has(oid))) reasons.push(reasonOf(certificate, 'extension-malformed', oid))
  }
  const { nameConstraints } = certificate.extensions
  const malformed = nameConstraints && malformedSubtree(nameConstraints)
  if (malformed) reasons.push(reasonOf(certificate, malformed.code, malformed.subtree))
  return reasons
}

/** What holds for every certificate of a path, whatever its place: encoding, dates, critical extensions, the purpose where one is asked for. */
const commonReasons = (certificate: X509Certificate, rules: PathRules): PathReason[] => {
  const dates = dateReason(certificate, rules.at)
  const reasons = dates ? [dates] : []
  const purposes = certificate.extensions.extendedKeyUsage?.purposes
  if (rules.purpose && purposes && purposes.length > 0 && !purposes.includes(PURPOSES[rules.purpose]) && !purposes.includes(ANY_PURPOSE))
    reasons.push(reasonOf(certificate, 'purpose-not-allowed', rules.purpose))
  append(reasons, extensionReasons(certificate))
  const fatal = certificate.problems.find((problem) => isFatal(problem) && !isCutOff(problem)) ?? certificate.problems.find(isFatal)
  if (fatal) reasons.push(reasonOf(certificate, 'encoding-invalid', fatal.code))
  return reasons
}

/**
 * What speaks against a certificate because of its own signature: MD5, SHA-1 and older, which Go, OpenSSL and rustls refuse in everything
 * that an anchor vouches for, and a signature that is no whole octets.
 */
const ownSignatureReasons = (certificate: X509Certificate): PathReason[] => {
  const digest = weakDigest(certificate.signatureAlgorithm)
  const reasons = digest === undefined ? [] : [reasonOf(certificate, 'weak-signature', digest)]
  const unused = certificate.problems.find(({ code }) => code === 'signature-unused-bits')
  if (unused) reasons.push(reasonOf(certificate, 'encoding-invalid', unused.code))
  return reasons
}

/** Everything that speaks against a certificate as the target, apart from its path. `trusted`: it is itself an anchor. */
export const targetReasons = (certificate: X509Certificate, rules: PathRules, trusted: boolean): readonly PathReason[] => {
  const reasons = commonReasons(certificate, rules)
  if (!trusted) append(reasons, ownSignatureReasons(certificate))
  // The key of an issuer need not be looked at: with one that is no point no signature verifies.
  if (!isKeyOnCurve(certificate.publicKey)) reasons.push(reasonOf(certificate, 'encoding-invalid', 'key-malformed'))
  const { peer } = rules
  const mismatch = peer && checkPeerName(certificate, peer)
  // Among names that were not looked at may be the one that was asked for.
  if (mismatch && (mismatch === 'peer-name-malformed' || !certificate.problems.some(isCutOff)))
    reasons.push(reasonOf(certificate, mismatch, peer.dns ?? peer.ip))
  return reasons
}

/**
 * Everything that speaks against a certificate as an issuer, apart from its place in a path. An anchor is held to the same, but for its
 * own signature: its dates, path length, key usage, name constraints and critical extensions count.
 */
export const issuerReasons = (certificate: X509Certificate, rules: PathRules, anchor: boolean): readonly PathReason[] => {
  const reasons = commonReasons(certificate, rules)
  const { basicConstraints, keyUsage } = certificate.extensions
  if (certificate.version !== 3 || !basicConstraints?.ca) reasons.push(reasonOf(certificate, 'not-a-ca'))
  if (keyUsage && !keyUsage.usages.includes('keyCertSign')) reasons.push(reasonOf(certificate, 'key-usage-forbids-signing'))
  if (!anchor) append(reasons, ownSignatureReasons(certificate))
  return reasons
}
