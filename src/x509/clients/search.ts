import { equalBytes } from '../../base/bytes.ts'
import type { ClientPurpose, Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import type { PathRole } from './path-checks.ts'
import { checkCertificate, checkWholePath } from './path-checks.ts'
import { checkKey, checkScheme, keyFits, schemeOf } from './signature-habits.ts'

/** Whether the issuer's key verifies the child's signature; asked beforehand, looked up here. */
export type SignatureOracle = (child: ClientView['certificate'], issuer: ClientView['certificate']) => 'good' | 'bad' | 'unknown'

/** One client's question: its view of the sent list (leaf first, unread ones left out) and of the anchors. */
export interface PathQuestion {
  readonly leaf: ClientView
  readonly sent: readonly ClientView[]
  /** Every sent certificate can be read and stands in `sent` in the order sent. */
  readonly anchors: readonly ClientView[]
  readonly purpose: ClientPurpose
  readonly at: number
  readonly signed: SignatureOracle
}

/** undefined where a path was found that passes; else the most telling refusal. */
export type SearchResult = Refusal | undefined

const same = (a: ClientView, b: ClientView): boolean => a === b || a.certificate.identity === b.certificate.identity

const sameKey = (a: ClientView, b: ClientView): boolean => a.certificate.keyIdentity === b.certificate.keyIdentity

const issuedBy = (child: ClientView, issuer: ClientView, habits: ClientHabits): boolean =>
  child.certificate.issuer.key(habits.names) === issuer.certificate.subject.key(habits.names)

const altNames = (view: ClientView): Uint8Array | undefined => view.certificate.extensions.find(({ oid }) => oid === '2.5.29.17')?.value

const repeats = (candidate: ClientView, member: ClientView, habits: ClientHabits): boolean => {
  if (habits.search.repeats === 'identical') return same(candidate, member)
  if (candidate.certificate.subject.key(habits.names) !== member.certificate.subject.key(habits.names) || !sameKey(candidate, member))
    return false
  if (habits.search.repeats === 'subject-key') return true
  const [a, b] = [altNames(candidate), altNames(member)]
  return a === undefined || b === undefined ? a === b : equalBytes(a, b)
}

/** OpenSSL's X509_check_akid, with `issuer` in the place of the issuer. */
const keyIdentifiersAgree = (child: ClientView, issuer: ClientView): boolean => {
  const aki = child.authorityKeyIdentifier
  if (!aki) return true
  if (aki.id && issuer.subjectKeyIdentifier && !equalBytes(aki.id, issuer.subjectKeyIdentifier.id)) return false
  if (aki.serial && !equalBytes(aki.serial, issuer.certificate.serial)) return false
  return !aki.issuer || aki.issuer.key('openssl') === issuer.certificate.issuer.key('openssl')
}

/** How one link of a path fails to verify; undefined where it verifies. */
const checkSignature = (child: ClientView, issuer: ClientView, habits: ClientHabits, signed: SignatureOracle): Refusal | undefined => {
  const family = habits.family
  const refusal = checkScheme(child.certificate, family) ?? checkKey(issuer.certificate.key, family)
  if (refusal) return refusal
  if (!keyFits(issuer.certificate.key, schemeOf(child.certificate.algorithm))) return refuse('signature', 'key of another type')
  if (family === 'rustls' && issuer.certificate.flaws.some(({ code }) => code === 'key-rsa-parameters' || code === 'key-parameters'))
    return refuse('unsupported-key', 'parameters of the key')
  if (child.signatureNever !== undefined) return refuse('signature', child.signatureNever)
  const verdict = signed(child.certificate, issuer.certificate)
  return verdict === 'good' ? undefined : verdict === 'bad' ? refuse('signature') : unsure('a signature that cannot be verified here')
}

/** Keeps what speaks most of the cause: anything before `no-path`, the longer path first, an unknown before all. */
class Findings {
  private best: Refusal | undefined
  private depth = -1
  private open: Refusal | undefined

  add(refusal: Refusal, depth: number): void {
    if (refusal.code === 'unknown') this.open ??= refusal
    else if (depth > this.depth) {
      this.best = refusal
      this.depth = depth
    }
  }

  result(): Refusal {
    return this.open ?? this.best ?? refuse('no-path')
  }
}

/** Checks a finished path, certificate by certificate, then as a whole, then its signatures where that was not done on the way. */
const checkPath = (
  path: readonly ClientView[],
  anchored: boolean,
  habits: ClientHabits,
  question: PathQuestion,
  verify: boolean,
): Refusal | undefined => {
  const last = path.length - 1
  let open: Refusal | undefined
  const settle = (refusal: Refusal | undefined): Refusal | undefined => {
    if (refusal?.code !== 'unknown') return refusal
    open ??= refusal
    return undefined
  }
  for (let i = 0; i <= last; i++) {
    const role: PathRole = i === 0 ? 'leaf' : i === last && (anchored || habits.family === 'openssl') ? 'anchor' : 'intermediate'
    const refusal = settle(checkCertificate(path[i] as ClientView, role, path, i, habits, question.purpose, question.at))
    if (refusal) return refusal
  }
  if (verify)
    for (let i = last - 1; i >= 0; i--) {
      const refusal = settle(checkSignature(path[i] as ClientView, path[i + 1] as ClientView, habits, question.signed))
      if (refusal) return refusal
    }
  if (habits.family === 'java')
    for (let i = 0; i < last; i++) {
      const refusal = settle(checkKey((path[i] as ClientView).certificate.key, 'java'))
      if (refusal?.code === 'weak-key') return refusal
    }
  return settle(checkWholePath(path, anchored, habits)) ?? open
}

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
const depthFirst = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const findings = new Findings()
  const { leaf, anchors, sent, signed } = question
  let looked = 0
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
      if (looked > habits.search.budget) return false
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
const firstFit = (question: PathQuestion, habits: ClientHabits): SearchResult => {
  const { leaf, anchors, at } = question
  const path: ClientView[] = [leaf]
  let untrusted = 1
  let pool: readonly ClientView[] = [leaf, ...question.sent]
  let searchSent = true
  let trusted = false
  let openKey: Refusal | undefined
  for (const view of [...anchors, ...pool]) if (view.unsure !== undefined && issuedBy(leaf, view, habits)) openKey = unsure(view.unsure)
  while (!trusted && path.length <= habits.search.maxIntermediates + 1) {
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
  let ended: Refusal | 'accepted' | undefined
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
      if (ended || ++looked > habits.search.budget) return
      if (path.some((member) => same(member, candidate) || repeats(candidate, member, habits))) continue
      const longer = [...path, candidate]
      if (trusts(candidate)) {
        const refusal = checkPath(longer, true, habits, question, true)
        if (!refusal) ended = 'accepted'
        else if (refusal.code === 'anchor-not-a-ca') ended = refusal
        else findings.add(refusal, depth)
        continue
      }
      const refusal = checkCertificate(candidate, 'intermediate', longer, depth, habits, purpose, at)
      if (refusal) {
        findings.add(refusal, depth)
        continue
      }
      if (depth > 1 && child.certificate.selfIssued.java && candidate.certificate.selfIssued.java) return
      extend(longer)
    }
  }
  const own = checkCertificate(leaf, 'leaf', [leaf], 0, { ...habits, leafKeyUsage: undefined as never }, purpose, at)
  if (own && own.code !== 'extended-key-usage' && own.code !== 'key-usage') return own
  extend([leaf])
  if (ended) return ended === 'accepted' ? undefined : ended
  return looked > habits.search.budget ? unsure('more candidates than are tried here') : findings.result()
}

const inJavaTime = (view: ClientView, at: number): boolean => at >= view.certificate.notBefore.ms && at <= view.certificate.notAfter.ms

/** Java's PKIXValidator: a trusted leaf is taken as it is; a list in order is validated as sent; any other list goes to the builder. */
const sentOrder = (question: PathQuestion, habits: ClientHabits): SearchResult => {
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

const strategies = { 'depth-first': depthFirst, 'first-fit': firstFit, 'sent-order': sentOrder }

/** Looks for a path that the client accepts. */
export const searchPath = (question: PathQuestion, habits: ClientHabits): SearchResult =>
  strategies[habits.search.strategy](question, habits)
