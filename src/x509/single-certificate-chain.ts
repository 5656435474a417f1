import { equalBytes } from '../base/bytes.ts'
import { signatureSchemes } from './algorithms.ts'
import type { X509Certificate } from './certificate.ts'
import { readPssParameters } from './rsa-pss.ts'
import type { SignatureVerifier } from './signature.ts'

/** What cert-manager makes of a pile of certificates: `chain` goes to tls.crt, `ca` to ca.crt. */
export type SingleCertificateChain =
  | { readonly chain: readonly X509Certificate[]; readonly ca?: X509Certificate }
  | { readonly error: 'empty' | 'too-many-certificates' | 'chain-broken' | 'not-verifiable' }

/** cert-manager pkg/util/pki/parse_certificate_chain.go refuses more. */
const MAX_CERTIFICATES = 1000

/** Go refuses to verify with smaller RSA keys (crypto/rsa since Go 1.24). */
const MIN_RSA_BITS = 1024

const WEAK_HASHES: ReadonlySet<string> = new Set(['SHA-1'])
const HASH_OCTETS: ReadonlyMap<string, number> = new Map([
  ['SHA-256', 32],
  ['SHA-384', 48],
  ['SHA-512', 64],
])

const compareDer = (a: X509Certificate, b: X509Certificate): number => {
  const shared = Math.min(a.der.length, b.der.length)
  for (let i = 0; i < shared; i++) if (a.der[i] !== b.der[i]) return (a.der[i] as number) - (b.der[i] as number)
  return a.der.length - b.der.length
}

/** May this certificate issue others in Go's eyes (crypto/x509 CheckSignatureFrom)? v1 and v2 certificates may. */
export const mayIssueInGo = (parent: X509Certificate): boolean => {
  const { basicConstraints, keyUsage } = parent.extensions
  if (basicConstraints ? !basicConstraints.ca : parent.version === 3) return false
  return !keyUsage || keyUsage.usages.length === 0 || keyUsage.usages.includes('keyCertSign')
}

/** Does Go verify this signature algorithm at all (crypto/x509, getSignatureAlgorithmFromAI and checkSignature)? */
const isKnownToGo = ({ signatureAlgorithm }: X509Certificate, { publicKey }: X509Certificate): boolean => {
  const scheme = signatureSchemes.get(signatureAlgorithm.oid)
  if (!scheme || scheme.key === 'Ed448' || publicKey.algorithm === 'RSASSA-PSS') return false
  if (scheme.key === 'RSA' && (publicKey.bits ?? 0) < MIN_RSA_BITS) return false
  if (scheme.key === 'Ed25519') return true
  if (!scheme.hashInParameters) return scheme.hash !== undefined && !WEAK_HASHES.has(scheme.hash)
  const pss = readPssParameters(signatureAlgorithm)
  return pss !== undefined && pss.hash === pss.maskHash && HASH_OCTETS.get(pss.hash) === pss.saltLength
}

/** A line of certificates, each signed by the next. */
type Line = readonly X509Certificate[]

/** A question that could not be verified here, met on the way. */
interface Doubt {
  met: boolean
}

const signs = async (parent: X509Certificate, child: X509Certificate, verifier: SignatureVerifier, doubt: Doubt): Promise<boolean> => {
  if (!mayIssueInGo(parent) || !isKnownToGo(child, parent)) return false
  const verdict = await verifier.verify(child, parent)
  if (verdict.status === 'unknown') doubt.met = true
  return verdict.status === 'verified'
}

/** Is the top of `lower` signed by the bottom of `upper`? Names are compared as bytes. */
const canJoin = (lower: Line, upper: Line, verifier: SignatureVerifier, doubt: Doubt): Promise<boolean> | false => {
  const [child, parent] = [lower[lower.length - 1] as X509Certificate, upper[0] as X509Certificate]
  return equalBytes(child.issuer.der, parent.subject.der) && signs(parent, child, verifier, doubt)
}

const join = async (a: Line, b: Line, verifier: SignatureVerifier, doubt: Doubt): Promise<Line | undefined> => {
  if (await canJoin(b, a, verifier, doubt)) return [...b, ...a]
  return (await canJoin(a, b, verifier, doubt)) ? [...a, ...b] : undefined
}

/** Signed with its own key; Go does not look at its names here. */
const isSelfSigned = (certificate: X509Certificate, verifier: SignatureVerifier, doubt: Doubt): Promise<boolean> =>
  signs(certificate, certificate, verifier, doubt)

/** The chain of a finished line: self-signed certificates are left out of it, unless nothing else is there. */
const split = async (line: Line, verifier: SignatureVerifier, doubt: Doubt): Promise<SingleCertificateChain> => {
  const top = line[line.length - 1] as X509Certificate
  if (line.length === 1) return { chain: line, ...((await isSelfSigned(top, verifier, doubt)) && { ca: top }) }
  const chain: X509Certificate[] = []
  for (const certificate of line) if (!(await isSelfSigned(certificate, verifier, doubt))) chain.push(certificate)
  return { chain, ca: top }
}

/** Since 1.14 (pull request 6561): sorted by DER; always the last line is joined with the first other that fits. */
const joinLastFirst = async (
  certificates: readonly X509Certificate[],
  verifier: SignatureVerifier,
  doubt: Doubt,
): Promise<Line | undefined> => {
  const lines: Line[] = [...certificates].sort(compareDer).map((certificate) => [certificate])
  while (lines.length > 1) {
    const last = lines.pop() as Line
    let joined = false
    for (let i = 0; i < lines.length && !joined; i++) {
      const line = await join(last, lines[i] as Line, verifier, doubt)
      if (!line) continue
      lines[i] = line
      joined = true
    }
    if (!joined) return undefined
  }
  return lines[0]
}

/** Up to 1.13: of three copies in a row one more than wanted is left, because taking one out moves the next under the index. */
const withoutSomeDuplicates = (certificates: readonly X509Certificate[]): readonly X509Certificate[] => {
  const out = [...certificates]
  for (let i = 0; i < out.length - 1; i++)
    for (let j = 1; j < out.length; j++) if (i !== j && out[i]?.fingerprint === out[j]?.fingerprint) out.splice(j, 1)
  return out
}

/**
 * Up to 1.13: in the order given, each line is tried with each other. A joined line is written back to the place where its first part
 * stood before the second was taken out of the list, so that a later line can be lost: good chains fail, and this is kept.
 */
const joinInPasses = async (
  certificates: readonly X509Certificate[],
  verifier: SignatureVerifier,
  doubt: Doubt,
): Promise<Line | undefined> => {
  const lines: Line[] = withoutSomeDuplicates(certificates).map((certificate) => [certificate])
  while (lines.length > 1) {
    const before = lines.length
    for (let i = 0; i < lines.length - 1; i++)
      for (let j = 1; j < lines.length; j++) {
        if (i === j) continue
        const line = await join(lines[i] as Line, lines[j] as Line, verifier, doubt)
        if (!line) continue
        lines.splice(j, 1)
        // There Go runs out of the list and panics.
        if (i >= lines.length) return undefined
        lines[i] = line
      }
    if (lines.length === before) return undefined
  }
  return lines[0]
}

/**
 * Orders certificates into the one line from leaf to top that they form, as cert-manager does before it writes a Secret
 * (pkg/util/pki/parse_certificate_chain.go, ParseSingleCertificateChain): duplicates are dropped, and lines are joined until one is
 * left. Dates, key identifiers, path lengths and constraints are not looked at. Whatever does not join makes the whole fail.
 * `not-verifiable`: it failed, and a signature on the way could not be verified here.
 * @param inPasses the way of cert-manager up to 1.13
 */
export const buildSingleCertificateChain = async (
  certificates: readonly X509Certificate[],
  verifier: SignatureVerifier,
  { inPasses = false }: { readonly inPasses?: boolean } = {},
): Promise<SingleCertificateChain> => {
  const unique = [...new Map(certificates.map((certificate) => [certificate.fingerprint, certificate])).values()]
  if (unique.length === 0) return { error: 'empty' }
  if (unique.length > MAX_CERTIFICATES && !inPasses) return { error: 'too-many-certificates' }
  const doubt: Doubt = { met: false }
  const line = await (inPasses ? joinInPasses(certificates, verifier, doubt) : joinLastFirst(unique, verifier, doubt))
  return line ? split(line, verifier, doubt) : { error: doubt.met ? 'not-verifiable' : 'chain-broken' }
}
