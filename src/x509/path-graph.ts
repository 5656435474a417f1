import { append } from '../base/append.ts'
import { equalBytes } from '../base/bytes.ts'
import { compareBy } from '../base/order.ts'
import type { X509Certificate } from './certificate.ts'
import { isSelfIssued, issuerReasons } from './path-checks.ts'
import type { PathRules } from './path-checks.ts'
import type { PathReason } from './path-rejection.ts'

/** A certificate as a candidate issuer. */
export interface PathNode {
  readonly certificate: X509Certificate
  readonly anchor: boolean
  readonly selfIssued: boolean
  /** Subject and key: two nodes with one identity are the same CA (RFC 4158 2.4.1). */
  readonly identity: string
  /** What speaks against it as an issuer wherever it stands. */
  readonly reasons: readonly PathReason[]
}

/** The candidates for one target: what can be reached upward by names, and how far each name is from an anchor. */
export interface PathGraph {
  readonly target: PathNode
  /** The target is itself a trust anchor, byte for byte. */
  readonly trusted: boolean
  /** Candidate issuers by name, in the order in which they are to be tried: a hint from key identifiers, never a proof. */
  readonly issuersOf: (certificate: X509Certificate) => readonly PathNode[]
  /** Whether there is any, told without putting them in order. */
  readonly hasIssuers: (certificate: X509Certificate) => boolean
  /** Steps from a CA of this name up to an anchor over certificates that nothing speaks against; undefined where there is no way. */
  readonly distance: (node: PathNode) => number | undefined
  /** All certificates that were given, the target left out, without doubles; in the order of fingerprints. */
  readonly nodes: readonly PathNode[]
}

/** Key and subject as one text: what a CA is, apart from the certificates that say so. */
export const identityOf = (certificate: X509Certificate): string => `${certificate.publicKey.identity}/${certificate.subject.normalized}`

/** Does the AKI's key identifier name this certificate's SKI? undefined where one of the two is absent. */
export const keyIdentifierMatches = (subject: X509Certificate, issuer: X509Certificate): boolean | undefined => {
  const aki = subject.extensions.authorityKeyIdentifier?.keyIdentifier
  const ski = issuer.extensions.subjectKeyIdentifier?.keyIdentifier
  return aki && ski ? equalBytes(aki, ski) : undefined
}

/** Certificates by a name; a name that is worked out only when somebody asks. */
const groupBy = (nodes: readonly PathNode[], nameOf: (node: PathNode) => string): ReadonlyMap<string, readonly PathNode[]> => {
  const groups = new Map<string, PathNode[]>()
  for (const node of nodes) {
    const name = nameOf(node)
    const known = groups.get(name)
    if (known) known.push(node)
    else groups.set(name, [node])
  }
  return groups
}

/** Steps to an anchor by names, breadth first downward from the anchors; certificates with a reason against them are no way. */
const nameDistances = (nodes: readonly PathNode[]): ReadonlyMap<string, number> => {
  const sound = nodes.filter((node) => node.reasons.length === 0)
  const byIssuer = groupBy(
    sound.filter((node) => !node.anchor),
    (node) => node.certificate.issuer.normalized,
  )
  const distances = new Map<string, number>()
  const queue: string[] = []
  for (const node of sound) {
    const name = node.certificate.subject.normalized
    if (!node.anchor || distances.has(name)) continue
    distances.set(name, 0)
    queue.push(name)
  }
  for (let head = 0; head < queue.length; head++) {
    const issuer = queue[head] as string
    for (const node of byIssuer.get(issuer) ?? []) {
      const name = node.certificate.subject.normalized
      if (distances.has(name)) continue
      distances.set(name, (distances.get(issuer) ?? 0) + 1)
      queue.push(name)
    }
  }
  return distances
}

const lazyNode = (certificate: X509Certificate, anchor: boolean, rules: PathRules): PathNode => {
  let reasons: readonly PathReason[] | undefined
  let identity: string | undefined
  return {
    certificate,
    anchor,
    selfIssued: isSelfIssued(certificate),
    get identity() {
      return (identity ??= identityOf(certificate))
    },
    get reasons() {
      return (reasons ??= issuerReasons(certificate, rules, anchor))
    },
  }
}

/** What can be reached from the target upward by names alone, the target left out. */
const reachable = (target: X509Certificate, bySubject: ReadonlyMap<string, readonly PathNode[]>): readonly PathNode[] => {
  const names = new Set([target.issuer.normalized])
  const out: PathNode[] = []
  for (const name of names)
    for (const node of bySubject.get(name) ?? []) {
      out.push(node)
      if (!node.anchor) names.add(node.certificate.issuer.normalized)
    }
  return out
}

/** Among as many reasons those first whose key identifier the certificate names; otherwise the order stays. */
const hintedFirst = (certificate: X509Certificate, candidates: readonly PathNode[]): readonly PathNode[] => {
  const out: PathNode[] = []
  let others: PathNode[] = []
  let reasons = 0
  for (const node of candidates) {
    if (node.reasons.length !== reasons) {
      append(out, others)
      others = []
      reasons = node.reasons.length
    }
    if (keyIdentifierMatches(certificate, node.certificate) === true) out.push(node)
    else others.push(node)
  }
  append(out, others)
  return out
}

/**
 * Lays out the candidates. An anchor is taken for what it is trusted as, a subject with a key: a copy of it in the pool is one more
 * candidate, and no way around the anchor's own dates and limits.
 */
export const buildPathGraph = (
  target: X509Certificate,
  pool: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  rules: PathRules,
): PathGraph => {
  const byFingerprint = new Map<string, PathNode>()
  for (const anchor of anchors) byFingerprint.set(anchor.fingerprint, lazyNode(anchor, true, rules))
  const trusted = byFingerprint.has(target.fingerprint)
  for (const certificate of pool)
    if (certificate.fingerprint !== target.fingerprint && !byFingerprint.has(certificate.fingerprint))
      byFingerprint.set(certificate.fingerprint, lazyNode(certificate, false, rules))
  const nodes = [...byFingerprint.values()].sort(compareBy((node) => node.certificate.fingerprint))
  const bySubject = groupBy(nodes, (node) => node.certificate.subject.normalized)
  const distances = nameDistances(reachable(target, bySubject))
  const distance = (node: PathNode): number | undefined => {
    if (node.anchor) return 0
    const above = distances.get(node.certificate.issuer.normalized)
    return above === undefined ? undefined : above + 1
  }
  const namedInOrder = new Map<string, readonly PathNode[]>()
  /** All of one name in the order in which they are to be tried, but for the key identifiers that whoever looks for an issuer knows. */
  const named = (name: string): readonly PathNode[] => {
    const known = namedInOrder.get(name)
    if (known) return known
    const sorted = [...(bySubject.get(name) ?? [])].sort(
      compareBy<PathNode>(
        (node) => node.reasons.length,
        (node) => distance(node) ?? 1_000_000,
        (node) => -node.certificate.notBefore,
        (node) => node.certificate.fingerprint,
      ),
    )
    namedInOrder.set(name, sorted)
    return sorted
  }
  const ordered = new Map<string, readonly PathNode[]>()
  return {
    target: lazyNode(target, trusted, rules),
    trusted,
    nodes,
    distance,
    hasIssuers: (certificate) => bySubject.has(certificate.issuer.normalized),
    issuersOf: (certificate) => {
      const known = ordered.get(certificate.fingerprint)
      if (known) return known
      const candidates = hintedFirst(certificate, named(certificate.issuer.normalized))
      ordered.set(certificate.fingerprint, candidates)
      return candidates
    },
  }
}
