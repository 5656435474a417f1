import { append } from '../base/append.ts'
import type { PathNode } from './path-graph.ts'
import { identityOf, keyIdentifierMatches } from './path-graph.ts'
import { isSelfIssued, pathReason } from './path-checks.ts'
import type { PathReason } from './path-rejection.ts'
import { reasonRank } from './path-rejection.ts'
import type { PathSearch, SignatureDialogue } from './path-search.ts'
import { shapeReason, signatureReason } from './path-search.ts'

/** The path that came nearest to success, and everything that stands against it. */
export interface NearestPath {
  readonly nodes: readonly PathNode[]
  readonly reasons: readonly PathReason[]
}

/** Certificates that are looked at for an explanation, and candidates of one certificate whose signatures are asked for. */
const EXPLORED = 200
const CANDIDATES = 16

interface Visit {
  readonly node: PathNode
  readonly below: Visit | undefined
  readonly cost: number
  readonly depth: number
}

const pathOf = (visit: Visit): PathNode[] => {
  const out: PathNode[] = []
  for (let at: Visit | undefined = visit; at; at = at.below) out.push(at.node)
  return out.reverse()
}

const isIn = (visit: Visit, node: PathNode): boolean => {
  for (let at: Visit | undefined = visit; at; at = at.below) if (at.node.identity === node.identity) return true
  return false
}

/** The next visit: least against it, then highest up. Ties fall by order of discovery, which is the candidates' order. */
const takeCheapest = (open: Visit[]): Visit | undefined => {
  let best = 0
  for (let i = 1; i < open.length; i++) {
    const [a, b] = [open[i] as Visit, open[best] as Visit]
    if (a.cost < b.cost || (a.cost === b.cost && a.depth > b.depth)) best = i
  }
  return open.splice(best, 1)[0]
}

/** A fault in a certificate counts more than a step; a signature that could not be verified more than any fault. */
const costOf = (node: PathNode, open: boolean): number => 1 + node.reasons.length * 10 + (open ? 100 : 0)

/**
 * Searches again with the faults of certificates counted instead of forbidden, cheapest first; only a signature that fails ends a way.
 * Gives the cheapest way to an anchor, or, where there is none, the longest way up.
 */
function* explore(search: PathSearch): SignatureDialogue<Visit> {
  const start: Visit = { node: search.graph.target, below: undefined, cost: 0, depth: 0 }
  const open: Visit[] = [start]
  const seen = new Set<string>()
  let longest = start
  for (let visits = 0; visits < EXPLORED && open.length > 0; visits++) {
    const visit = takeCheapest(open) as Visit
    const { certificate } = visit.node
    if (seen.has(certificate.fingerprint)) continue
    seen.add(certificate.fingerprint)
    if (visit.node.anchor && visit.depth > 0) return visit
    if (visit.depth > longest.depth || (visit.depth === longest.depth && visit.cost < longest.cost)) longest = visit
    if (visit.depth + 1 >= search.longest) continue
    const candidates = search.graph
      .issuersOf(certificate)
      .filter((node) => node.anchor || !isIn(visit, node))
      .slice(0, CANDIDATES)
    yield* search.ask(certificate, candidates)
    for (const node of candidates) {
      const verdict = search.answer(certificate, node.certificate)
      if (verdict && verdict.status !== 'failed')
        open.push({ node, below: visit, cost: visit.cost + costOf(node, verdict.status === 'unknown'), depth: visit.depth + 1 })
    }
  }
  return longest
}

/** Everything against a whole path: its certificates' own reasons, its signatures, its shape and the name constraints on it. */
const reasonsOfPath = (search: PathSearch, nodes: readonly PathNode[]): PathReason[] => {
  const reasons: PathReason[] = []
  for (const [index, node] of nodes.entries()) {
    if (index === 0) continue
    const below = nodes.slice(0, index)
    const { certificate } = nodes[index - 1] as PathNode
    append(reasons, node.reasons)
    const signature = search.answer(certificate, node.certificate)
    if (signature && signature.status !== 'verified') reasons.push(signatureReason(certificate, node.certificate, signature))
    const shape = shapeReason(below, node, search)
    // One that is too deep is too deep for everything above it.
    if (shape && !(shape.code === 'depth-exceeded' && reasons.some(({ code }) => code === shape.code))) reasons.push(shape)
    const violation = search.nameConstraintReason(node.certificate, below)
    // Malformed constraints are already among the CA's own reasons.
    if (violation && violation.code !== 'name-constraints-malformed') reasons.push(violation)
  }
  return reasons
}

/** Why nothing stands above the top of a path: candidates that did not sign it, a root that is not trusted, or nobody of that name. */
function* missingLink(search: PathSearch, nodes: readonly PathNode[]): SignatureDialogue<readonly PathReason[]> {
  const { certificate: top } = nodes[nodes.length - 1] as PathNode
  if (isSelfIssued(top)) {
    yield* search.ask(top, [nodes[nodes.length - 1] as PathNode])
    if (search.answer(top, top)?.status === 'verified') return [pathReason(top, 'root-not-trusted')]
  }
  const named = search.graph.issuersOf(top).filter((node) => node.identity !== identityOf(top))
  if (nodes.length >= search.longest && named.length > 0) return []
  yield* search.ask(top, named.slice(0, CANDIDATES))
  // Somebody signed it, and nothing comes of it: a circle, or a way that is longer than is gone.
  if (named.some((node) => search.answer(top, node.certificate)?.status === 'verified')) return [pathReason(top, 'no-path-to-anchor')]
  const failing = named.filter((node) => search.answer(top, node.certificate)?.status === 'failed')
  if (failing.length > 0) return failing.slice(0, 4).map((node) => pathReason(node.certificate, 'signature-invalid'))
  if (named.length === 0) {
    // Perhaps somebody of another name signed it: those whose SKI is the AKI, or, where there are few, all.
    const others = search.graph.nodes.filter((node) => keyIdentifierMatches(top, node.certificate) === true)
    const asked = (others.length > 0 ? others : search.graph.nodes).slice(0, CANDIDATES)
    yield* search.ask(top, asked)
    const signer = asked.find((node) => search.answer(top, node.certificate)?.status === 'verified')
    if (signer) return [pathReason(signer.certificate, 'issuer-name-differs', top.issuer.text)]
  }
  return [pathReason(top, 'issuer-not-found', top.issuer.text)]
}

/** Finds what came nearest to a path after {@link searchPath} found none, and says what is wrong with it; reasons in order of rank. */
export function* findNearestPath(search: PathSearch): SignatureDialogue<NearestPath> {
  const nodes = pathOf(yield* explore(search))
  const reasons = reasonsOfPath(search, nodes)
  const top = nodes[nodes.length - 1] as PathNode
  if (!top.anchor || nodes.length === 1) append(reasons, yield* missingLink(search, nodes))
  if (search.exhausted !== undefined) reasons.push({ code: 'budget-exhausted', detail: search.exhausted })
  // A whole path without a fault would have been found: what is left is a way that leads over one CA twice.
  if (reasons.length === 0) reasons.push(pathReason(top.certificate, 'no-path-to-anchor'))
  return { nodes, reasons: [...reasons].sort((a, b) => reasonRank(a) - reasonRank(b)) }
}
