import { equalBytes } from '../base/bytes.ts'
import type { CertificateProblem, X509Certificate } from './certificate.ts'
import type { CertificateProblemCode } from './certificate-problem.ts'
import { weakDigest } from './path-weak-digest.ts'

/** Bits below which a key is weak today: RSA 2048, elliptic curves 224 (NIST SP 800-131A revision 2). */
const MIN_RSA_BITS = 2048
const MIN_CURVE_BITS = 224

/**
 * Checks the decoded facts against RFC 5280's profile for issuers (section 4). All of it is synchronous: whether a certificate is
 * self-signed is taken from its names and key identifiers here, not from its signature.
 */
export const profileProblems = (certificate: X509Certificate): readonly CertificateProblem[] => {
  const out: CertificateProblem[] = []
  const note = (code: CertificateProblemCode, detail?: string): void => void out.push(detail === undefined ? { code } : { code, detail })
  const { extensions, rawExtensions, issuer, subject, publicKey, signatureAlgorithm } = certificate
  const { basicConstraints, keyUsage, subjectAltName, nameConstraints, subjectKeyIdentifier: ski, authorityKeyIdentifier: aki } = extensions
  const isCa = basicConstraints?.ca === true
  const certSign = keyUsage?.usages.includes('keyCertSign') === true

  if (certificate.version !== 3 && rawExtensions.length > 0) note('extensions-without-v3')
  if (issuer.rdns.length === 0) note('issuer-empty')
  if (subject.rdns.length === 0) {
    if (isCa) note('ca-subject-empty')
    if (!subjectAltName) note('subject-empty-without-san')
    else if (!subjectAltName.critical) note('san-not-critical')
  }
  if (certificate.notAfter < certificate.notBefore) note('validity-reversed')
  const digest = weakDigest(signatureAlgorithm)
  if (digest !== undefined) note(digest === 'SHA-1' ? 'signature-sha1' : 'signature-md5')
  const minimum = publicKey.algorithm === 'RSA' || publicKey.algorithm === 'RSASSA-PSS' ? MIN_RSA_BITS : MIN_CURVE_BITS
  if (publicKey.bits !== undefined && publicKey.bits < minimum) note('key-weak', String(publicKey.bits))

  if (isCa) {
    if (!basicConstraints.critical) note('basic-constraints-not-critical')
    if (!keyUsage) note('key-usage-missing-in-ca')
    if (!ski) note('ski-missing-in-ca')
  } else {
    if (certSign) note('key-cert-sign-without-ca')
    if (nameConstraints) note('name-constraints-in-non-ca')
  }
  if (basicConstraints?.pathLength !== undefined && (!isCa || (keyUsage && !certSign))) note('path-length-without-ca')
  if (nameConstraints && !nameConstraints.critical) note('name-constraints-not-critical')
  if (!aki?.keyIdentifier) {
    // RFC 5280 lets a self-signed CA certificate go without; only its names can say so here.
    if (!equalBytes(issuer.der, subject.der)) note('aki-missing')
  }
  return out
}
