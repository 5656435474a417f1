import { formatInstant, parseInstant } from '../base/instant.ts'
import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { Missing, Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { X509Certificate } from './certificate.ts'
import { parseIpAddress } from './names-ip.ts'
import type { PathRules } from './path-checks.ts'
import { targetReasons } from './path-checks.ts'
import type { PathNode } from './path-graph.ts'
import { findingsOf } from './path-findings.ts'
import { findNearestPath } from './path-nearest.ts'
import type { PathReason } from './path-rejection.ts'
import { isOpenReason, isOverLimit, reasonRank } from './path-rejection.ts'
import type { PathQuestion, PathSearch, SignatureDialogue } from './path-search.ts'
import { runDialogue, runDialogueAsync, searchPath } from './path-search.ts'
import { describePath, describeSteps } from './path-steps.ts'
import type { PathPurpose, PathVerdict } from './path.ts'
import type { PeerName } from './peer-name.ts'
import { createSignatureVerifier } from './signature.ts'
import type { CertificateInput } from './trust-anchor.ts'
import { readCertificateList } from './trust-anchor.ts'

/** What {@link validatePath} is asked. */
export interface ValidatePathOptions {
  /** The target first, then whatever else was sent, in any order. */
  readonly chain: readonly CertificateInput[]
  /** What is trusted: roots, intermediates, or the target itself. */
  readonly anchors: readonly CertificateInput[]
  /** The host or address that the target must be a certificate for; not asked where left out. */
  readonly peer?: PeerName | null
  readonly purpose?: PathPurpose
  /** The instant, as a Date or in RFC 3339. */
  readonly at: Date | string
  /** Largest number of intermediates; self-issued ones are not counted (RFC 5280 6.1.4 l), as with a path length. */
  readonly maxDepth?: number
  readonly limits?: Partial<Limits>
}

/** Nothing here reads CRLs, OCSP responses or policies, and every verdict says so. */
const UNSUPPORTED = ['policies', 'revocation'] as const

/** Certificates whose findings are reported where no path was found. */
const MAX_DESCRIBED = 64

/**
 * No path proves nothing where a way that might have led to an anchor was left open; but what is wrong with the target itself no path
 * can mend.
 */
const overallVerdict = (own: readonly PathReason[], reasons: readonly PathReason[], open: ReadonlySet<Missing>): Verdict => {
  const [first] = reasons
  if (!first) return verified
  const missing = new Set<Missing>([...open, ...(own.some(isOverLimit) ? (['budget'] as const) : [])])
  // With a limit reached in the target alone, whatever speaks against the path above it is a no.
  const isOpen = own.every(isOpenReason) && (open.size > 0 || reasons.every(isOpenReason))
  if (isOpen && missing.size > 0) return unknown([...missing], reasons.find(isOpenReason)?.detail ?? first.code)
  return failed((reasons.find((reason) => !isOpenReason(reason)) ?? first).code)
}

const byRank = (a: PathReason, b: PathReason): number => reasonRank(a) - reasonRank(b)

/** Certificates that findings are about: those of the path, and where it led nowhere also the others that it might have gone through. */
const describedCertificates = (search: PathSearch, nodes: readonly PathNode[], valid: boolean): readonly X509Certificate[] => {
  const onPath = nodes.map((node) => node.certificate)
  if (valid) return onPath
  const names = new Set([search.graph.target.certificate.issuer.normalized, ...onPath.map((certificate) => certificate.issuer.normalized)])
  const around = search.graph.nodes.map((node) => node.certificate).filter((certificate) => names.has(certificate.subject.normalized))
  return [...new Set([...onPath, ...around])].slice(0, MAX_DESCRIBED)
}

/**
 * The whole question over decoded certificates, as a dialogue: it yields the signatures that it needs. `judgePath` and `validatePath` are
 * the two ways to hold it.
 */
export function* judgePathDialogue(question: PathQuestion): SignatureDialogue<PathVerdict> {
  const { target, rules } = question
  const { path, state: search } = yield* searchPath(question)
  const ownReasons = targetReasons(target, rules, search.graph.trusted)
  const nearest = path ? { nodes: path, reasons: [] } : yield* findNearestPath(search)
  const reasons = [...ownReasons, ...nearest.reasons].sort(byRank)
  const valid = path !== undefined && reasons.length === 0
  const described = describePath(nearest.nodes)
  const certificates = nearest.nodes.map((node) => node.certificate)
  return {
    valid,
    verdict: overallVerdict(ownReasons, reasons, search.open),
    at: formatInstant(rules.at),
    ...(valid ? { path: described } : { nearest: described }),
    steps: describeSteps(certificates, rules.at, (subject, issuer) => search.answer(subject, issuer)),
    reasons,
    rejectedCandidates: [...search.rejected.values()].sort(byRank),
    omittedCandidates: search.omitted,
    findings: findingsOf(describedCertificates(search, nearest.nodes, valid)),
    unsupported: UNSUPPORTED,
    spent: {
      candidates: search.candidates,
      signatures: search.signatures,
      nameComparisons: search.limits.nameComparisons - Math.max(search.comparisons.left, 0),
    },
  }
}

/**
 * Judges a path where the signatures are known already: the same search as {@link validatePath}, without waiting.
 * @param oracle was the second signed with the key of the first?
 */
export const judgePath = (question: PathQuestion, oracle: (issuer: X509Certificate, subject: X509Certificate) => Verdict): PathVerdict =>
  runDialogue(judgePathDialogue(question), oracle)

const wrong = (option: string, wanted: string): TypeError => new TypeError(`validatePath: ${option} must be ${wanted}`)

const readInstant = (at: unknown): number => {
  const instant = at instanceof Date ? at.getTime() : typeof at === 'string' ? parseInstant(at) : undefined
  if (instant === undefined || Number.isNaN(instant)) throw wrong('at', 'a Date or an RFC 3339 string')
  return instant
}

const isInput = (value: unknown): value is CertificateInput => typeof value === 'string' || value instanceof Uint8Array

const readInputs = (value: unknown, option: string): readonly CertificateInput[] => {
  if (!Array.isArray(value) || !value.every(isInput)) throw wrong(option, 'a list of PEM texts or DER bytes')
  return value
}

const readPeer = (peer: unknown): PeerName | undefined => {
  if (peer === undefined || peer === null) return undefined
  if (typeof peer !== 'object') throw wrong('peer', '{ dns } or { ip }')
  const { dns, ip } = peer as { readonly dns?: unknown; readonly ip?: unknown }
  if (dns === undefined && ip === undefined) throw wrong('peer', '{ dns } or { ip }')
  if (dns !== undefined && typeof dns !== 'string') throw wrong('peer.dns', 'a host name')
  if (ip !== undefined && (typeof ip !== 'string' || !parseIpAddress(ip))) throw wrong('peer.ip', 'an IP address')
  return { ...(typeof dns === 'string' && { dns }), ...(typeof ip === 'string' && { ip }) }
}

/** Callers without types can pass anything. */
type Unchecked = { readonly [K in keyof ValidatePathOptions]?: unknown }

const readRules = (options: Unchecked): PathRules => {
  const { purpose, maxDepth } = options
  const at = readInstant(options.at)
  const peer = readPeer(options.peer)
  if (purpose !== undefined && purpose !== 'server' && purpose !== 'client') throw wrong('purpose', "'server' or 'client'")
  if (maxDepth !== undefined && (typeof maxDepth !== 'number' || !Number.isInteger(maxDepth) || maxDepth < 0))
    throw wrong('maxDepth', 'a whole number that is not negative')
  return { at, ...(purpose && { purpose }), ...(peer && { peer }), ...(maxDepth !== undefined && { maxDepth }) }
}

/** Of a target that cannot be read: what else could not be read decides nothing. */
const targetVerdict = (reasons: readonly PathReason[]): Verdict => {
  const own = reasons.filter(({ code }) => code === 'target-unreadable')
  return overallVerdict(own, own, new Set())
}

const unjudged = (rules: PathRules, reasons: readonly PathReason[]): PathVerdict => ({
  valid: false,
  // What could not be read beside the target decides nothing.
  verdict: targetVerdict(reasons),
  at: formatInstant(rules.at),
  steps: [],
  reasons,
  rejectedCandidates: [],
  omittedCandidates: 0,
  findings: [],
  unsupported: UNSUPPORTED,
  spent: { candidates: 0, signatures: 0, nameComparisons: 0 },
})

/**
 * Finds and validates a path from a certificate to a trust anchor: RFC 5280 section 6 for a private PKI, without policies and revocation,
 * with the purpose and the peer's name where they are asked for. What cannot be read in `chain` and `anchors` becomes a reason; only a
 * call that asks nothing sensible throws.
 * @throws TypeError that names the option: no `at`, an empty chain, something that is neither text nor bytes
 */
export const validatePath = async (options: ValidatePathOptions): Promise<PathVerdict> => {
  const unchecked: unknown = options
  if (typeof unchecked !== 'object' || unchecked === null) throw new TypeError('validatePath: an object of options is needed')
  const inputs = readInputs(options.chain, 'chain')
  if (inputs.length === 0) throw wrong('chain', 'a list that begins with the certificate to validate')
  const trusted = readInputs(options.anchors, 'anchors')
  const rules = readRules(options)
  const limits = { ...defaultLimits, ...options.limits }
  const chain = readCertificateList(inputs, 'chain', limits)
  const anchors = readCertificateList(trusted, 'anchors', limits)
  const problems = [...chain.problems, ...anchors.problems]
  if (anchors.certificates.length === 0) problems.push({ code: 'no-anchors' })
  if (!chain.first) return unjudged(rules, [{ code: 'target-unreadable', detail: chain.firstFailure ?? 'empty' }, ...problems])
  const question: PathQuestion = {
    target: chain.first,
    pool: chain.certificates,
    anchors: anchors.certificates,
    rules,
    ...(options.limits && { limits: options.limits }),
  }
  const verdict = await runDialogueAsync(judgePathDialogue(question), createSignatureVerifier().verifyBatch)
  // An unreadable certificate beside a valid path broke nothing.
  if (verdict.valid) return verdict
  const cut = verdict.verdict.status === 'failed' ? problems.find(isOverLimit) : undefined
  const isOpen = cut && targetReasons(chain.first, rules, verdict.nearest?.[0]?.role === 'anchor').every(isOpenReason)
  return {
    ...verdict,
    ...(isOpen && { verdict: unknown(['budget'], cut.code === 'input-truncated' ? cut.code : cut.detail) }),
    reasons: [...verdict.reasons, ...problems].sort(byRank),
  }
}
