import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { Missing, Verdict } from '../base/verdict.ts'
import type { X509Certificate } from './certificate.ts'
import type { ComparisonBudget, ConstrainedNames, NameConstraintViolation } from './name-constraints.ts'
import { checkNameConstraints, namesUnderConstraints } from './name-constraints.ts'
import type { PathRules } from './path-checks.ts'
import { pathReason } from './path-checks.ts'
import type { DeadFor } from './path-dead-ends.ts'
import { countedIntermediates, DeadEnds, narrower } from './path-dead-ends.ts'
import type { PathGraph, PathNode } from './path-graph.ts'
import { buildPathGraph } from './path-graph.ts'
import type { PathReason } from './path-rejection.ts'
import { isOverLimit } from './path-rejection.ts'
import { signatureCost } from './path-signature-cost.ts'
import type { SignatureQuestion } from './signature.ts'

/** A search that stops where it needs signatures: it yields questions, is given their verdicts in the same order, and goes on. */
export type SignatureDialogue<T> = Generator<readonly SignatureQuestion[], T, readonly Verdict[]>

/** What a search is asked. */
export interface PathQuestion {
  readonly target: X509Certificate
  /** Certificates that may stand between; in no order. */
  readonly pool: readonly X509Certificate[]
  /** What is trusted; the anchor's own dates, path length, key usage and name constraints count. */
  readonly anchors: readonly X509Certificate[]
  readonly rules: PathRules
  readonly limits?: Partial<Limits>
}

/** What a search found. */
export interface PathSearchResult {
  readonly path?: readonly PathNode[]
  readonly state: PathSearch
}

/** How many candidates' signatures are asked for at once: enough to keep WebCrypto busy, few enough not to waste the budget. */
const BATCH = 8

/** What one search may cost in all, as a multiple of what may be spent on one certificate. */
const SIGNATURE_COST_FACTOR = 5

/** Certificates of one path where the caller asks for a `maxDepth` beyond the limit; the other budgets bound the work. */
const PATH_LENGTH_ASKED = 64

/** Rejected candidates that are remembered. */
const REMEMBERED = 100

/** What a search has learnt and spent. Lives as long as the search; nothing of it is shared. */
export class PathSearch {
  readonly graph: PathGraph
  readonly rules: PathRules
  readonly limits: Limits
  /** Certificates of one path, anchor included. */
  readonly longest: number
  readonly rejected = new Map<string, PathReason>()
  omitted = 0
  candidates = 0
  signatures = 0
  /** What was left open on a way that might have led to an anchor: with it, finding no path proves nothing. */
  readonly open = new Set<Missing>()
  /** The budget that ran out, if one did. */
  exhausted: string | undefined
  readonly comparisons: ComparisonBudget
  private costLeft: number
  private readonly answers = new Map<string, Map<string, Verdict>>()
  private readonly names = new Map<string, ConstrainedNames>()
  private readonly violations = new Map<string, NameConstraintViolation | undefined>()

  constructor(question: PathQuestion) {
    this.rules = question.rules
    this.limits = { ...defaultLimits, ...question.limits }
    const { maxDepth } = question.rules
    this.longest = Math.max(this.limits.pathLength, maxDepth === undefined ? 0 : Math.min(maxDepth + 2, PATH_LENGTH_ASKED))
    this.graph = buildPathGraph(question.target, question.pool, question.anchors, question.rules)
    this.comparisons = { left: this.limits.nameComparisons }
    this.costLeft = this.limits.signaturesPerCertificate * SIGNATURE_COST_FACTOR
  }

  /** The verdict on a signature, if it was asked for. One key is asked once, whatever certificates bear it. */
  answer(certificate: X509Certificate, issuer: X509Certificate): Verdict | undefined {
    return this.answers.get(certificate.fingerprint)?.get(issuer.publicKey.identity)
  }

  /** Asks for the signatures of one certificate by these issuers, as far as they are not known and the budget goes. */
  *ask(certificate: X509Certificate, issuers: readonly PathNode[]): SignatureDialogue<void> {
    const known = this.answers.get(certificate.fingerprint) ?? new Map<string, Verdict>()
    this.answers.set(certificate.fingerprint, known)
    const open = new Map<string, X509Certificate>()
    for (const { certificate: issuer } of issuers) {
      const key = issuer.publicKey.identity
      if (known.has(key) || open.has(key)) continue
      const cost = signatureCost(issuer.publicKey)
      if (this.costLeft < cost) {
        this.exhausted ??= `${this.signatures} signatures`
        break
      }
      this.costLeft -= cost
      this.signatures++
      open.set(key, issuer)
    }
    if (open.size === 0) return
    const verdicts = yield [...open.values()].map((issuer) => ({ certificate, issuer }))
    let index = 0
    for (const key of open.keys()) known.set(key, verdicts[index++] ?? { status: 'unknown', missing: ['algorithm'] })
  }

  /** The first violation of a CA's name constraints by what stands below it; self-issued certificates in between are exempt. */
  nameConstraintReason(above: X509Certificate, below: readonly PathNode[]): PathReason | undefined {
    const constraints = above.extensions.nameConstraints
    if (!constraints) return undefined
    for (const [index, node] of below.entries()) {
      if (index > 0 && node.selfIssued) continue
      const violation = this.violationOf(above, node.certificate)
      if (violation)
        return {
          ...pathReason(node.certificate, violation.code, violation.name ?? violation.form, violation.subtree),
          by: above.subject.text,
        }
    }
    return undefined
  }

  /** Does the violation stand on every path through that CA, because the target itself is what it is about? */
  isViolationOfTarget(violation: PathReason): boolean {
    return violation.code !== 'name-comparisons-exceeded' && violation.certificate === this.graph.target.certificate.fingerprint
  }

  private violationOf(above: X509Certificate, certificate: X509Certificate): NameConstraintViolation | undefined {
    const key = `${above.fingerprint}/${certificate.fingerprint}`
    if (this.violations.has(key)) return this.violations.get(key)
    let names = this.names.get(certificate.fingerprint)
    if (!names) {
      names = namesUnderConstraints(certificate)
      this.names.set(certificate.fingerprint, names)
    }
    const constraints = above.extensions.nameConstraints
    const violation = constraints && checkNameConstraints(constraints, names, this.comparisons)
    this.violations.set(key, violation)
    return violation
  }

  /** Remembers why a candidate was not taken; the first reason for each place is kept. */
  reject(reason: PathReason, candidate: X509Certificate, issuerOf: X509Certificate): void {
    const key = `${candidate.fingerprint}/${issuerOf.fingerprint}/${reason.code}`
    if (this.rejected.has(key)) return
    if (this.rejected.size >= REMEMBERED) this.omitted++
    else this.rejected.set(key, { ...reason, candidate: candidate.fingerprint, issuerOf: issuerOf.fingerprint })
  }
}

/** What speaks against putting `candidate` on top of `path` because of the path's shape: its path length, and how deep it may go. */
export const shapeReason = (path: readonly PathNode[], candidate: PathNode, search: PathSearch): PathReason | undefined => {
  const { certificate } = candidate
  const below = countedIntermediates(path)
  const pathLength = certificate.extensions.basicConstraints?.pathLength
  if (pathLength !== undefined && below > pathLength)
    return pathReason(certificate, 'path-length-exceeded', String(pathLength), String(below))
  const { maxDepth } = search.rules
  const depth = below + (candidate.anchor || candidate.selfIssued ? 0 : 1)
  if (maxDepth !== undefined && depth > maxDepth) return pathReason(certificate, 'depth-exceeded', String(depth), String(maxDepth))
  const { longest } = search
  // An intermediate still needs an anchor above it.
  if (path.length + (candidate.anchor ? 1 : 2) > longest)
    return pathReason(certificate, 'depth-exceeded', String(path.length), String(longest - 2))
  return undefined
}

/** The outcome of trying everything above one certificate: a path, or for which paths there is none. */
type Attempt = { readonly found: readonly PathNode[] } | { readonly found?: undefined; readonly dead: DeadFor }

/** Candidates that could stand on top of `path`, all cheap checks done; `dead`: for which paths the others are out of the question. */
const usableCandidates = (
  search: PathSearch,
  path: readonly PathNode[],
  deadEnds: DeadEnds,
): { readonly usable: readonly PathNode[]; readonly dead: DeadFor } => {
  const { certificate: top } = path[path.length - 1] as PathNode
  const usable: PathNode[] = []
  let dead: DeadFor = 'all'
  const stop = (): ReturnType<typeof usableCandidates> => {
    search.exhausted ??= `${search.candidates} candidates`
    search.open.add('budget')
    return { usable, dead: 'this' }
  }
  const isUsedUp = (): boolean => search.candidates >= search.limits.pathCandidates
  if (isUsedUp() && search.graph.hasIssuers(top)) return stop()
  for (const candidate of search.graph.issuersOf(top)) {
    if (isUsedUp()) return stop()
    search.candidates++
    const { certificate, reasons } = candidate
    if (reasons[0]) {
      if (reasons.every(isOverLimit)) search.open.add('budget')
      search.reject(reasons[0], certificate, top)
      continue
    }
    if (!candidate.anchor && path.some((node) => node.identity === candidate.identity)) {
      if (path.every((node) => node.certificate.fingerprint !== certificate.fingerprint))
        search.reject(pathReason(certificate, 'no-path-to-anchor'), certificate, top)
      dead = 'this'
      continue
    }
    const known = search.graph.distance(candidate) === undefined ? 'all' : deadEnds.find(path, candidate)
    if (known) {
      search.reject(pathReason(certificate, 'no-path-to-anchor'), certificate, top)
      dead = narrower(dead, known)
      continue
    }
    const shape = shapeReason(path, candidate, search)
    if (shape) {
      search.reject(shape, certificate, top)
      dead = narrower(dead, 'longer')
      continue
    }
    usable.push(candidate)
  }
  return { usable, dead }
}

/** Depth first: signatures only of candidates that every cheap check lets through, then name constraints, then upward. */
function* climb(search: PathSearch, path: readonly PathNode[], deadEnds: DeadEnds): SignatureDialogue<Attempt> {
  const { certificate: top } = path[path.length - 1] as PathNode
  const { usable, dead: deadBefore } = usableCandidates(search, path, deadEnds)
  let dead = deadBefore
  for (let from = 0; from < usable.length; from += BATCH) {
    const batch = usable.slice(from, from + BATCH)
    yield* search.ask(top, batch)
    for (const candidate of batch) {
      const { certificate } = candidate
      const signature = search.answer(top, certificate)
      if (!signature) {
        search.open.add('budget')
        dead = 'this'
        continue
      }
      if (signature.status === 'unknown') search.open.add('algorithm')
      if (signature.status !== 'verified') {
        search.reject(signatureReason(top, certificate, signature), certificate, top)
        continue
      }
      const violation = search.nameConstraintReason(certificate, path)
      if (violation) {
        if (violation.code === 'name-comparisons-exceeded') search.open.add('budget')
        search.reject(violation, certificate, top)
        dead = narrower(dead, search.isViolationOfTarget(violation) ? 'all' : 'this')
        continue
      }
      const extended = [...path, candidate]
      if (candidate.anchor) return { found: extended }
      const above = yield* climb(search, extended, deadEnds)
      if (above.found) return above
      deadEnds.add(extended, above.dead)
      dead = narrower(dead, above.dead)
      search.reject(pathReason(certificate, 'no-path-to-anchor'), certificate, top)
    }
  }
  return { dead }
}

/** The reason in a signature's verdict. */
export const signatureReason = (certificate: X509Certificate, issuer: X509Certificate, verdict: Verdict): PathReason =>
  verdict.status === 'unknown'
    ? pathReason(certificate, 'signature-unverifiable', verdict.reason ?? certificate.signatureAlgorithm.oid, issuer.subject.text)
    : pathReason(issuer, 'signature-invalid')

/** The search itself: a path from the target to an anchor on which nothing but the target's own reasons can be wrong. */
export function* searchPath(question: PathQuestion): SignatureDialogue<PathSearchResult> {
  const search = new PathSearch(question)
  const { graph } = search
  if (graph.trusted) return { path: [graph.target], state: search }
  const attempt = yield* climb(search, [graph.target], new DeadEnds())
  return { ...(attempt.found && { path: attempt.found }), state: search }
}

/** Runs a search whose signatures are answered at once: over verdicts that were asked beforehand. */
export const runDialogue = <T>(
  dialogue: SignatureDialogue<T>,
  oracle: (issuer: X509Certificate, subject: X509Certificate) => Verdict,
): T => {
  let step = dialogue.next()
  while (!step.done) step = dialogue.next(step.value.map(({ certificate, issuer }) => oracle(issuer, certificate)))
  return step.value
}

/** Runs a search whose signatures are verified when it asks for them. */
export const runDialogueAsync = async <T>(
  dialogue: SignatureDialogue<T>,
  verifyBatch: (questions: readonly SignatureQuestion[]) => Promise<readonly Verdict[]>,
): Promise<T> => {
  let step = dialogue.next()
  while (!step.done) step = dialogue.next(await verifyBatch(step.value))
  return step.value
}
