import { equalBytes } from '../base/bytes.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { Behaviours } from './behaviours.ts'

/** Was `child` signed with the key of `parent`? Asked beforehand, so that the builder is synchronous; only the signature counts. */
export type SignedBy = (child: X509Certificate, parent: X509Certificate) => boolean

/** A certificate of the line, or one that does not exist yet: the leaf that a CA would make. */
export type ChainMember = X509Certificate | { readonly signedBy: X509Certificate }

export type BuiltChain =
  /** `ca` is absent where the only certificate is not self-signed. */
  { readonly chain: readonly ChainMember[]; readonly ca?: X509Certificate } | { readonly error: string }

interface Node {
  readonly member: ChainMember
  issuer?: Node
}

const MAX_CERTIFICATES = 1000

const isNew = (member: ChainMember): member is { readonly signedBy: X509Certificate } => 'signedBy' in member

/** Go's rule for a parent (x509.CheckSignatureFrom): version 3 needs basicConstraints with cA, a key usage needs keyCertSign. */
const maySign = (parent: X509Certificate): boolean => {
  const { basicConstraints, keyUsage } = parent.extensions
  if (basicConstraints ? !basicConstraints.ca : parent.version === 3) return false
  return !keyUsage || keyUsage.usages.length === 0 || keyUsage.usages.includes('keyCertSign')
}

const compareDer = (a: X509Certificate, b: X509Certificate): number => {
  const shorter = Math.min(a.der.length, b.der.length)
  for (let i = 0; i < shorter; i++) if (a.der[i] !== b.der[i]) return (a.der[i] as number) - (b.der[i] as number)
  return a.der.length - b.der.length
}

const rootOf = (node: Node): Node => {
  let root = node
  while (root.issuer) root = root.issuer
  return root
}

/** Signed with its own key, whatever its issuer name says. */
const isSelfSigned = (certificate: X509Certificate, signedBy: SignedBy): boolean =>
  maySign(certificate) && signedBy(certificate, certificate)

/** Joins two lines, one on top of the other; undefined where neither signed the other's top. */
type Join = (a: Node, b: Node) => Node | undefined

/** Since v1.14: the last line is joined with the first one that it fits; one that fits none breaks the chain. */
const joinLast = (lines: Node[], join: Join): boolean => {
  while (lines.length > 1) {
    const last = lines.pop() as Node
    let joined = false
    for (let i = 0; i < lines.length && !joined; i++) {
      const line = join(last, lines[i] as Node)
      if (!line) continue
      lines[i] = line
      joined = true
    }
    if (!joined) return false
  }
  return lines.length === 1
}

/** Up to v1.13: every pair in turn, until a round joins nothing. A joined line takes the place of the left one, also where that has moved. */
const joinPairs = (lines: Node[], join: Join): boolean => {
  while (lines.length > 1) {
    const before = lines.length
    for (let i = 0; i < lines.length - 1; i++) {
      for (let j = 1; j < lines.length; j++) {
        const left = lines[i]
        if (i === j || !left) continue
        const line = join(left, lines[j] as Node)
        if (line) lines.splice(j, 1)
        if (i < lines.length) lines[i] = line ?? left
      }
    }
    if (lines.length === before) return false
  }
  return lines.length === 1
}

/**
 * Puts certificates into one line from leaf to top, as cert-manager does before it stores them (facts of cert-manager 4.3): names
 * compared by bytes, signatures checked; neither dates nor key identifiers nor path lengths. Self-signed ones are left out of the
 * chain; the top is the CA.
 * @param behaviours up to v1.13 certificates are not sorted, and names are not looked at
 * @param leaf a certificate still to be signed, where a CA issuer is asked what it would return
 */
export const buildCertificateChain = (
  certificates: readonly X509Certificate[],
  signedBy: SignedBy,
  behaviours: Pick<Behaviours, 'sortsChain'>,
  leaf?: { readonly signedBy: X509Certificate },
): BuiltChain => {
  const { sortsChain } = behaviours
  const unique = [...new Map(certificates.map((certificate) => [certificate.fingerprint, certificate])).values()]
  if (sortsChain) unique.sort(compareDer)
  if (unique.length + (leaf ? 1 : 0) > MAX_CERTIFICATES) {
    return { error: 'certificate chain is too long, must be less than 1000 certificates' }
  }
  const issued = (child: ChainMember, parent: ChainMember): boolean => {
    if (isNew(parent) || !maySign(parent)) return false
    const issuer = isNew(child) ? child.signedBy.subject : child.issuer
    if (sortsChain && !equalBytes(issuer.der, parent.subject.der)) return false
    return isNew(child) ? child.signedBy.publicKey.identity === parent.publicKey.identity : signedBy(child, parent)
  }
  const join: Join = (a, b) => {
    const bRoot = rootOf(b)
    if (issued(bRoot.member, a.member)) {
      bRoot.issuer = a
      return b
    }
    const aRoot = rootOf(a)
    if (!issued(aRoot.member, b.member)) return undefined
    aRoot.issuer = b
    return a
  }
  const lines: Node[] = [...unique, ...(leaf ? [leaf] : [])].map((member) => ({ member }))
  if (lines.length === 0) return { error: 'error decoding certificate PEM block: no valid certificates found' }
  const isWhole = sortsChain ? joinLast(lines, join) : joinPairs(lines, join)
  return isWhole ? collect(lines[0] as Node, signedBy) : { error: 'certificate chain is malformed or broken' }
}

const collect = (first: Node, signedBy: SignedBy): BuiltChain => {
  const below: ChainMember[] = []
  let node = first
  while (node.issuer) {
    below.push(node.member)
    node = node.issuer
  }
  const top = node.member
  const selfSigned = (member: ChainMember): boolean => !isNew(member) && isSelfSigned(member, signedBy)
  if (below.length === 0) return selfSigned(top) && !isNew(top) ? { chain: [top], ca: top } : { chain: [top] }
  const chain = [...below, top].filter((member) => !selfSigned(member))
  return isNew(top) ? { chain } : { chain, ca: top }
}
