import { refuse, unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import { equalBytes } from '../../base/bytes.ts'
import { checkCertificate } from './path-checks.ts'
import type { PathQuestion, SearchResult } from './path-question.ts'
import { checkPath, checkSignature, Findings, issuedBy, repeats, same } from './path-question.ts'

const byKeyIdentifier = (child: ClientView, candidates: readonly ClientView[]): ClientView[] => {
  const id = child.authorityKeyIdentifier?.id
  const rank = (view: ClientView): number => {
    const own = view.subjectKeyIdentifier?.id
    if (id && own && equalBytes(id, own)) return 0
    return !id === !own ? (id ? 2 : 0) : 1
  }
  return candidates
    .map((view) => [rank(view), view] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, view]) => view)
}

/** Go and rustls: every candidate, anchors before sent ones, going back where a branch fails. */
export const depthFirst = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const findings = new Findings()
  const { leaf, anchors, sent, signed } = question
  let looked = 0
  // Once the comparisons of names are used up, webpki tries no other path, and of Go nothing is known.
  const mustStop = (): boolean => looked > habits.search.budget || question.constraints.comparisons < 0
  const issuersOf = (child: ClientView, pool: readonly ClientView[]): readonly ClientView[] => {
    const found = pool.filter((candidate) => issuedBy(child, candidate, habits))
    return habits.family === 'go' && found.length > 1 ? byKeyIdentifier(child, found) : found
  }
  const extend = (path: readonly ClientView[]): boolean => {
    const child = path[path.length - 1] as ClientView
    const depth = path.length
    for (const anchor of issuersOf(child, anchors)) {
      if (++looked > habits.search.budget) return false
      if (habits.family === 'go' && path.some((member) => repeats(anchor, member, habits))) continue
      const refusal = checkSignature(child, anchor, habits, signed) ?? checkPath([...path, anchor], true, habits, question, false)
      if (!refusal) return true
      findings.add(refusal, depth)
      if (mustStop()) return false
    }
    for (const candidate of issuersOf(child, sent)) {
      if (++looked > habits.search.budget) return false
      if (path.some((member) => repeats(candidate, member, habits))) continue
      if (depth > habits.search.maxIntermediates) {
        findings.add(refuse('too-many-intermediates'), depth)
        continue
      }
      const longer = [...path, candidate]
      const refusal =
        checkSignature(child, candidate, habits, signed) ??
        checkCertificate(candidate, 'intermediate', longer, depth, habits, question.purpose, question.at)
      if (refusal && refusal.code !== 'unknown') {
        findings.add(refusal, depth)
        continue
      }
      if (refusal) findings.add(refusal, depth)
      else if (extend(longer)) return true
      if (mustStop()) return false
    }
    return false
  }
  if (habits.anchor.leaf === 'taken' && anchors.some((anchor) => same(anchor, leaf)))
    return checkPath([leaf], true, habits, question, false)
  const own = checkCertificate(leaf, 'leaf', [leaf], 0, habits, question.purpose, question.at)
  if (own) return own
  if (extend([leaf])) return undefined
  return looked > habits.search.budget ? unsure('more candidates than the client would try') : findings.result()
}
