import { equalBytes, toHex } from '../base/bytes.ts'
import type { Missing, Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { PublicKey } from '../x509/public-key.ts'
import { isSameKey } from '../x509/public-key.ts'
import type { CaRelation, ChainOrder, IssuerNode, IssuerResolution, OwnAnchor } from './model.ts'
import type { SignatureOracle } from './signature-questions.ts'
import { keyIdentifiersAgree, namesChain } from './signature-questions.ts'

/** Names itself as its issuer and verifies under its own key. */
export const isSelfSigned = (certificate: X509Certificate, oracle: SignatureOracle): boolean =>
  certificate.subject.normalized === certificate.issuer.normalized && oracle.signs(certificate, certificate).status === 'verified'

const signedBy = (subject: X509Certificate, issuer: X509Certificate, oracle: SignatureOracle): boolean =>
  namesChain(subject, issuer) && oracle.signs(issuer, subject).status === 'verified'

const sameKey = (a: X509Certificate, b: X509Certificate): boolean =>
  a.subject.normalized === b.subject.normalized && isSameKey(a.publicKey, b.publicKey)

/**
 * Which certificate of tls.crt is the end-entity one? The one whose key is tls.key; without a key, the one that signed none of the others
 * and is signed within the list. The first one wherever nothing speaks against it.
 */
const leafPosition = (sent: readonly X509Certificate[], key: PublicKey | undefined, oracle: SignatureOracle): number => {
  if (sent.length < 2) return 0
  const first = sent[0] as X509Certificate
  if (key !== undefined) {
    const own = sent.findIndex((certificate) => isSameKey(certificate.publicKey, key))
    return own > 0 ? own : 0
  }
  const signsAnother = sent.some((other, index) => index > 0 && signedBy(other, first, oracle))
  if (!signsAnother) return 0
  const leaf = sent.findIndex((candidate) => !sent.some((other) => other !== candidate && signedBy(other, candidate, oracle)))
  return Math.max(leaf, 0)
}

/** Is tls.crt one line from the end-entity certificate upward, each signed by the next (RFC 8446 4.4.2, RFC 5246 7.4.2)? */
export const readChainOrder = (sent: readonly X509Certificate[], key: PublicKey | undefined, oracle: SignatureOracle): ChainOrder => {
  const leaf = leafPosition(sent, key, oracle)
  if (leaf > 0) return { kind: 'leaf-not-first', leafPosition: leaf }
  for (let position = 1; position < sent.length; position++) {
    const [below, above] = [sent[position - 1] as X509Certificate, sent[position] as X509Certificate]
    if (!namesChain(below, above) || oracle.signs(above, below).status === 'failed') return { kind: 'not-a-line', position }
  }
  return { kind: 'ordered' }
}

/**
 * A path by names and signatures from `leaf` to one of `anchors` (by subject and key) over `pool`; breadth first, each certificate once.
 * @returns `too-long` where there may be one of more than `pathLength` certificates
 */
export const findSignedPath = (
  leaf: X509Certificate,
  pool: (certificate: X509Certificate) => readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  oracle: SignatureOracle,
  pathLength: number,
): readonly X509Certificate[] | 'none' | 'too-long' => {
  const anchored = (certificate: X509Certificate): X509Certificate | undefined =>
    anchors.find((anchor) => signedBy(certificate, anchor, oracle))
  if (anchors.some((anchor) => anchor.fingerprint === leaf.fingerprint)) return [leaf]
  // Most paths are one step long.
  const direct = pathLength > 1 ? anchored(leaf) : undefined
  if (direct) return [leaf, direct]
  const seen = new Set([leaf.fingerprint])
  let front: (readonly X509Certificate[])[] = [[leaf]]
  for (let length = 1; length < pathLength && front.length > 0; length++) {
    const next: (readonly X509Certificate[])[] = []
    for (const path of front) {
      const top = path[path.length - 1] as X509Certificate
      const anchor = anchored(top)
      if (anchor) return [...path, anchor]
      if (path.length > 1 && anchors.some((item) => sameKey(item, top))) return path
      for (const candidate of pool(top)) {
        if (seen.has(candidate.fingerprint) || !signedBy(top, candidate, oracle)) continue
        seen.add(candidate.fingerprint)
        next.push([...path, candidate])
      }
    }
    front = next
  }
  return front.length > 0 ? 'too-long' : 'none'
}

const REACHED: OwnAnchor = { kind: 'reached' }

const BEYOND_BUDGET = { kind: 'unknown', missing: ['budget'] } as const

/**
 * Does tls.crt lead to the Secret's own ca.crt, and if not, would other certificates of the dump complete the path?
 * @param inForce anchors in force; where tls.crt does not lead to them they stand in for a ca.crt that is not there
 */
export const readOwnAnchor = (
  leaf: X509Certificate,
  secret: SecretResource,
  oracle: SignatureOracle,
  pathLength: number,
  inForce: readonly X509Certificate[],
  isInForceReached: boolean,
): OwnAnchor => {
  const { caCrt, tlsCrt } = secret
  const [own] = caCrt.certificates
  // Most have one anchor, and it is the one in force.
  if (isInForceReached && own && own === inForce[0] && caCrt.certificates.length === 1 && inForce.length === 1) return REACHED
  const unreached = isInForceReached ? [] : inForce
  if (caCrt.status === 'masked' || caCrt.status === 'unknown') return { kind: 'unknown', missing: ['secret-data'] }
  if (caCrt.certificates.length === 0) {
    const whole =
      unreached.length > 0 ? findSignedPath(leaf, (certificate) => oracle.signersOf(certificate), unreached, oracle, pathLength) : 'none'
    return typeof whole === 'string'
      ? { kind: 'absent' }
      : { kind: 'incomplete', through: whole.filter((item) => !tlsCrt.certificates.includes(item) && !unreached.includes(item)) }
  }
  const sent = tlsCrt.certificates
  const overSent = findSignedPath(leaf, () => sent, caCrt.certificates, oracle, pathLength)
  if (typeof overSent !== 'string') return { kind: 'reached', path: overSent }
  const around = [...sent, ...caCrt.certificates]
  const whole = findSignedPath(leaf, (certificate) => oracle.signersOf(certificate), caCrt.certificates, oracle, pathLength)
  if (typeof whole !== 'string') return { kind: 'incomplete', through: whole.filter((certificate) => !around.includes(certificate)) }
  if (overSent === 'too-long' || whole === 'too-long' || oracle.isGivenUp(leaf)) return BEYOND_BUDGET
  // A signature that cannot be verified here says nothing about where the path leads.
  const open = around.some((above) => namesChain(leaf, above) && oracle.signs(above, leaf).status === 'unknown')
  return open ? { kind: 'unknown', missing: ['algorithm'] } : { kind: 'unrelated' }
}

/** Both identifiers are hashes of one key, by two methods: what changed is the method, not the key (facts of cert-manager 6.1). */
export const isOtherMethod = (subject: X509Certificate, ca: X509Certificate): boolean => {
  const aki = subject.extensions.authorityKeyIdentifier?.keyIdentifier
  const ski = ca.extensions.subjectKeyIdentifier?.keyIdentifier
  if (!aki || !ski) return false
  const methods = [ca.publicKey.sha1KeyIdentifier, ca.publicKey.sha256KeyIdentifier]
  return methods.includes(toHex(aki)) && methods.includes(toHex(ski))
}

/** The throw-away CA of cert-manager's temporary certificates (cert-manager pkg/util/pki/temporarycertificate.go). */
const TEMPORARY_CA = 'CN=cert-manager.local'

/** Written into the Secret while a request is pending, signed by a CA that nobody keeps. */
export const isTemporary = (certificate: X509Certificate): boolean => certificate.issuer.text === TEMPORARY_CA

const CURRENT: CaRelation = { kind: 'current' }

/** How a certificate stands to the CA that its issuer signs with now: one cause, the four findings kept apart. */
export const readCaRelation = (
  leaf: X509Certificate,
  secret: SecretResource,
  issuer: IssuerResolution,
  oracle: SignatureOracle,
): CaRelation => {
  if (issuer.status !== 'found') return { kind: 'not-applicable' }
  const node: IssuerNode = issuer.issuer
  if (!node.resource.types.includes('ca')) return { kind: 'not-applicable' }
  if (!node.ca) {
    const missing: Missing = node.caSecret ? 'secret-data' : 'secret'
    return { kind: 'unknown', missing: [missing] }
  }
  const ca = node.ca
  // A CA whose Certificate names its own issuer: the CA in force is this very certificate.
  if (ca.fingerprint === leaf.fingerprint) return { kind: 'not-applicable' }
  const signers = oracle.signersOf(leaf)
  if (!namesChain(leaf, ca)) {
    if (isTemporary(leaf) && signers.length === 0) return { kind: 'not-applicable' }
    const signer = signers[0]
    return { kind: 'other-name', ...(signer && { signer }) }
  }
  const signature = oracle.signs(ca, leaf)
  if (signature.status === 'unknown') return { kind: 'unknown', missing: signature.missing }
  if (signature.status === 'verified') {
    const known = secret.caCrt.certificates
    const stale = known.some((anchor) => anchor.fingerprint === ca.fingerprint) ? undefined : known.find((anchor) => sameKey(anchor, ca))
    const agree = keyIdentifiersAgree(leaf, ca)
    if (agree === false) return { kind: 'key-identifier-differs', ...(stale && { staleAnchor: stale }) }
    return stale ? { kind: 'current', staleAnchor: stale } : CURRENT
  }
  const local = [...secret.tlsCrt.certificates.slice(1), ...secret.caCrt.certificates]
  const former = signers.find((signer) => local.some((item) => equalBytes(item.der, signer.der))) ?? signers[0]
  if (!former) return oracle.isGivenUp(leaf) ? BEYOND_BUDGET : { kind: 'signature-invalid' }
  return { kind: 'rekeyed', former }
}

/** Does tls.key belong to the end-entity certificate? By public key; the private one is not here any more. */
export const readKeyMatch = (secret: SecretResource, leaf: X509Certificate): Verdict => {
  const { status, facts } = secret.tlsKey
  if (status !== 'present' || !facts) return unknown([status === 'absent' || status === 'empty' ? 'secret-data' : 'private-key'])
  if (facts.status === 'unreadable') return unknown(['private-key'], facts.code)
  return isSameKey(facts.publicKey, leaf.publicKey) ? verified : failed('key-differs')
}
