import { equalBytes } from '../../base/bytes.ts'
import type { ClientPurpose, Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import type { ConstraintBudget } from './name-constraints.ts'
import type { PathRole } from './path-checks.ts'
import { checkCertificate, checkWholePath } from './path-checks.ts'
import { checkKey, checkScheme, keyFits, schemeOf } from './signature-habits.ts'

/** Whether the issuer's key verifies the child's signature; asked beforehand, looked up here. */
export type SignatureOracle = (child: ClientView['certificate'], issuer: ClientView['certificate']) => 'good' | 'bad' | 'unknown'

/** One client's question: its view of the leaf, of what was sent besides, and of the anchors. */
export interface PathQuestion {
  readonly leaf: ClientView
  /** In the order sent, without the leaf and what the client cannot read. */
  readonly sent: readonly ClientView[]
  readonly anchors: readonly ClientView[]
  readonly purpose: ClientPurpose
  readonly at: number
  readonly signed: SignatureOracle
  /** One for all the paths that are tried. */
  readonly constraints: ConstraintBudget
}

/** undefined where a path was found that passes; else the most telling refusal. */
export type SearchResult = Refusal | undefined

/** The same certificate, byte for byte. */
export const same = (a: ClientView, b: ClientView): boolean => a === b || a.certificate.identity === b.certificate.identity

/** Two certificates of one public key. */
export const sameKey = (a: ClientView, b: ClientView): boolean => a.certificate.keyIdentity === b.certificate.keyIdentity

/** Whether the issuer that the child names is the other’s subject, compared as the client compares names. */
export const issuedBy = (child: ClientView, issuer: ClientView, habits: ClientHabits): boolean =>
  child.certificate.issuer.key(habits.names) === issuer.certificate.subject.key(habits.names)

const altNames = (view: ClientView): Uint8Array | undefined => view.certificate.extensions.find(({ oid }) => oid === '2.5.29.17')?.value

/** Whether a candidate counts as one that the path already has; each client compares something else. */
export const repeats = (candidate: ClientView, member: ClientView, habits: ClientHabits): boolean => {
  if (habits.search.repeats === 'identical') return same(candidate, member)
  if (candidate.certificate.subject.key(habits.names) !== member.certificate.subject.key(habits.names) || !sameKey(candidate, member))
    return false
  if (habits.search.repeats === 'subject-key') return true
  const [a, b] = [altNames(candidate), altNames(member)]
  return a === undefined || b === undefined ? a === b : equalBytes(a, b)
}

/** OpenSSL's X509_check_akid, with `issuer` in the place of the issuer. */
export const keyIdentifiersAgree = (child: ClientView, issuer: ClientView): boolean => {
  const aki = child.authorityKeyIdentifier
  if (!aki) return true
  if (aki.id && issuer.subjectKeyIdentifier && !equalBytes(aki.id, issuer.subjectKeyIdentifier.id)) return false
  if (aki.serial && !equalBytes(aki.serial, issuer.certificate.serial)) return false
  return !aki.issuer || aki.issuer.key('openssl') === issuer.certificate.issuer.key('openssl')
}

/** How one link of a path fails to verify; undefined where it verifies. */
export const checkSignature = (
  child: ClientView,
  issuer: ClientView,
  habits: ClientHabits,
  signed: SignatureOracle,
): Refusal | undefined => {
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
export class Findings {
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
export const checkPath = (
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
  return settle(checkWholePath(path, anchored, habits, question.constraints)) ?? open
}
