import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import type { PathQuestion, SearchResult } from './path-question.ts'
import { checkPath, issuedBy, keyIdentifiersAgree, same } from './path-question.ts'
import { keyFits, schemeOf } from './signature-habits.ts'

const likelyIssued = (child: ClientView, issuer: ClientView, habits: ClientHabits): boolean =>
  issuedBy(child, issuer, habits) &&
  issuer.invalid === undefined &&
  child.invalid === undefined &&
  keyIdentifiersAgree(child, issuer) &&
  keyFits(issuer.certificate.key, schemeOf(child.certificate.algorithm))

const selfSigned = (view: ClientView, habits: ClientHabits): boolean =>
  view.certificate.selfIssued.openssl && likelyIssued(view, view, habits)

const inTime = (view: ClientView, at: number): boolean => {
  const { notBefore, notAfter } = view.certificate
  return view.badDate === undefined && at >= notBefore.ms && at < notAfter.ms
}

/** OpenSSL: the first likely issuer that is in its dates, else the one that expires last. */
const bestIssuer = (
  child: ClientView,
  pool: readonly ClientView[],
  habits: ClientHabits,
  at: number,
  usable: (view: ClientView) => boolean,
): ClientView | undefined => {
  let best: ClientView | undefined
  for (const candidate of pool) {
    if (!likelyIssued(child, candidate, habits) || !usable(candidate)) continue
    if (inTime(candidate, at)) return candidate
    if (!best || candidate.certificate.notAfter.ms > best.certificate.notAfter.ms) best = candidate
  }
  return best
}

/** OpenSSL's build_chain: trusted issuers first, one choice at each step, no way back. */
export const firstFit = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const { leaf, anchors, at } = question
  const path: ClientView[] = [leaf]
  let untrusted = 1
  let pool: readonly ClientView[] = [leaf, ...question.sent]
  let searchSent = true
  let trusted = false
  let openKey: Refusal | undefined
  for (const view of [...anchors, ...pool]) if (view.unsure !== undefined && issuedBy(leaf, view, habits)) openKey = unsure(view.unsure)
  while (path.length <= habits.search.maxIntermediates + 1) {
    const current = path[path.length - 1] as ClientView
    if (current.invalid !== undefined && path.length > 1) break
    const anchor = bestIssuer(current, anchors, habits, at, () => true)
    if (anchor) {
      const own = selfSigned(current, habits)
      const taken = !own || same(current, anchor)
      if (taken && own) {
        untrusted--
        path[path.length - 1] = anchor
      } else if (taken) path.push(anchor)
      if (taken) {
        searchSent = false
        const ends = own || selfSigned(anchor, habits)
        trusted = habits.anchor.anyEnds || ends
        if (trusted || ends) break
        continue
      }
    }
    if (!searchSent) break
    const single = path.length === 1 && current.certificate.selfIssued.openssl
    const next = selfSigned(current, habits)
      ? undefined
      : bestIssuer(current, pool, habits, at, (view) => single || !path.some((member) => same(member, view)))
    if (!next) {
      searchSent = false
      continue
    }
    const at0 = pool.indexOf(next)
    pool = [...pool.slice(0, at0), ...pool.slice(at0 + 1)]
    path.push(next)
    untrusted++
  }
  const lastResort =
    !trusted && habits.anchor.leaf === 'last-resort' && untrusted === path.length && anchors.some((anchor) => same(anchor, leaf))
  if (!trusted && !lastResort) {
    if (openKey) return openKey
    const top = path[path.length - 1] as ClientView
    return untrusted < path.length
      ? refuse('anchor-not-self-signed', 'unable to get issuer certificate')
      : refuse('no-path', selfSigned(top, habits) ? 'self-signed certificate' : 'unable to get local issuer certificate')
  }
  const refusal = checkPath(path, true, habits, question, true)
  if (refusal) return refusal
  return undefined
}
