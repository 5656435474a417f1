import type { Refusal } from './client.ts'
import { unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import { equalBytes } from '../../base/bytes.ts'
import { checkCertificate } from './path-checks.ts'
import type { PathQuestion, SearchResult } from './path-question.ts'
import { checkPath, Findings, issuedBy, repeats, same, sameKey } from './path-question.ts'

const javaKeyIdentifier = (anchor: ClientView, child: ClientView): boolean => {
  const aki = child.authorityKeyIdentifier
  if (!aki) return true
  if (aki.id) {
    const raw = anchor.certificate.extensions.find(({ oid }) => oid === '2.5.29.14')?.value
    if (raw) {
      const own = anchor.subjectKeyIdentifier?.id
      if (!own || !equalBytes(own, aki.id)) return false
    }
  }
  return !aki.serial || anchor.certificate.version < 3 || equalBytes(aki.serial, anchor.certificate.serial)
}

/** Java on a list whose names chain: only that list, up to the first certificate that is trusted, under every anchor that fits. */
const asSent = (path: readonly ClientView[], question: PathQuestion, habits: ClientHabits): SearchResult => {
  const findings = new Findings()
  const top = path[path.length - 1] as ClientView
  let accepted = 0
  let denied: Refusal | undefined
  for (const anchor of question.anchors) {
    if (!issuedBy(top, anchor, habits) || !javaKeyIdentifier(anchor, top)) continue
    const refusal = checkPath([...path, anchor], true, habits, question, true)
    if (!refusal) accepted++
    else if (
      refusal.code === 'anchor-not-a-ca' ||
      (refusal.code === 'key-usage' &&
        checkCertificate(anchor, 'anchor', [...path, anchor], path.length, habits, question.purpose, question.at))
    )
      denied = refusal
    else findings.add(refusal, path.length)
  }
  if (accepted > 0 && denied) return unsure('Java takes either of two anchors')
  return accepted > 0 ? undefined : (denied ?? findings.result())
}

/** Java's path builder, where the sent list is not in order: depth first over sent certificates and anchors, signatures last. */
const build = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const { leaf, anchors, at, purpose } = question
  const findings = new Findings()
  const pool = [leaf, ...question.sent].filter((view, index, all) => all.findIndex((other) => same(other, view)) === index)
  const trusts = (view: ClientView): boolean => anchors.some((anchor) => same(anchor, view))
  const anchorSubjects = new Set(anchors.map((anchor) => anchor.certificate.subject.key(habits.names)))
  let looked = 0
  // Which of two anchors Java comes to first depends on hash codes, so where one of them is no CA the search goes on for the other's answer.
  const shaky = anchors.some((anchor) => checkCertificate(anchor, 'anchor', [leaf, anchor], 1, habits, purpose, at) !== undefined)
  const outcome: { accepted?: true; denied?: Refusal } = {}
  const extend = (path: readonly ClientView[]): void => {
    const child = path[path.length - 1] as ClientView
    const depth = path.length
    const store =
      depth - 1 < habits.search.maxIntermediates
        ? pool.filter((view) => inJavaTime(view, at) && view.basicConstraints?.ca === true && !trusts(view))
        : []
    const rank = (view: ClientView): number => {
      const [id, own] = [child.authorityKeyIdentifier?.id, view.subjectKeyIdentifier?.id]
      return id && own && equalBytes(id, own) ? 0 : anchorSubjects.has(view.certificate.issuer.key(habits.names)) ? 1 : 2
    }
    const trusted = depth > 1 && habits.search.builderAnchorDates ? anchors.filter((view) => inJavaTime(view, at)) : anchors
    const candidates = [...store, ...trusted].filter((view) => issuedBy(child, view, habits)).map((view) => [rank(view), view] as const)
    candidates.sort((a, b) => a[0] - b[0])
    for (const [, candidate] of candidates) {
      if ((outcome.accepted && !shaky) || ++looked > habits.search.budget) return
      if (path.some((member) => same(member, candidate) || repeats(candidate, member, habits))) continue
      const longer = [...path, candidate]
      if (trusts(candidate)) {
        const refusal = checkPath(longer, true, habits, question, true)
        if (!refusal) outcome.accepted = true
        else if (refusal.code === 'anchor-not-a-ca' || (refusal.code === 'key-usage' && shaky)) outcome.denied = refusal
        else findings.add(refusal, depth)
        continue
      }
      const refusal = checkCertificate(candidate, 'intermediate', longer, depth, habits, purpose, at)
      if (refusal) {
        findings.add(refusal, depth)
        continue
      }
      if (child.certificate.selfIssued.java && candidate.certificate.selfIssued.java) return
      extend(longer)
    }
  }
  const own = checkCertificate(leaf, 'leaf', [leaf], 0, habits, purpose, at)
  if (own && own.code !== 'extended-key-usage' && own.code !== 'key-usage') return own
  extend([leaf])
  if (outcome.accepted && outcome.denied) return unsure('Java takes either of two anchors')
  if (outcome.accepted || outcome.denied) return outcome.denied
  return looked > habits.search.budget ? unsure('more candidates than are tried here') : findings.result()
}

const inJavaTime = (view: ClientView, at: number): boolean => at >= view.certificate.notBefore.ms && at <= view.certificate.notAfter.ms

/** Java's PKIXValidator: a trusted leaf is taken as it is; a list in order is validated as sent; any other list goes to the builder. */
export const sentOrder = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const { leaf, anchors } = question
  if (anchors.some((anchor) => same(anchor, leaf))) return undefined
  const list = [leaf, ...question.sent]
  for (let i = 1; i < list.length; i++) {
    const current = list[i] as ClientView
    if (!issuedBy(list[i - 1] as ClientView, current, habits)) return build(question, habits)
    const trusted = anchors.some(
      (anchor) =>
        same(anchor, current) ||
        (anchor.certificate.subject.key(habits.names) === current.certificate.subject.key(habits.names) && sameKey(anchor, current)),
    )
    if (trusted) return asSent(list.slice(0, i), question, habits)
  }
  const top = list[list.length - 1] as ClientView
  return anchors.some((anchor) => issuedBy(top, anchor, habits)) ? asSent(list, question, habits) : build(question, habits)
}
