import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientPurpose } from './client.ts'
import type { ClientView } from './client-view.ts'
import type { ClientHabits } from './habits.ts'
import type { ConstraintBudget } from './name-constraints.ts'
import { checkNameConstraints } from './name-constraints.ts'
import { oids } from './oids.ts'
import { checkPolicies, checkPolicyQualifiers } from './policy-checks.ts'
import { checkKey } from './signature-habits.ts'
import { checkStrict } from './strict-checks.ts'

/** Where a certificate stands in the path that is checked. `anchor`: the trusted end of a path of two or more. */
export type PathRole = 'leaf' | 'intermediate' | 'anchor'

const KEY_CERT_SIGN = 32
/** OpenSSL follows these through the path where the leaf has them. */
const resources: readonly string[] = [oids.ipAddrBlocks, oids.autonomousSysIds]
/** Uses that Java counts as a use of the key at all: every bit but encipherOnly and decipherOnly. */
const ANY_USE = 0x7f

const selfIssued = (view: ClientView, habits: ClientHabits): boolean => view.certificate.selfIssued[habits.names]

const checkDates = (view: ClientView, habits: ClientHabits, at: number): Refusal | undefined => {
  if (view.badDate !== undefined) return refuse('invalid-date', view.badDate)
  const { notBefore, notAfter } = view.certificate
  if (Number.isNaN(notBefore.ms + notAfter.ms)) return refuse('invalid-date')
  if (habits.invertedDates === 'refused' && notBefore.ms > notAfter.ms) return refuse('invalid-date', 'notBefore after notAfter')
  if (at < notBefore.ms) return refuse('not-yet-valid')
  if (habits.notAfterInclusive ? at > notAfter.ms : at >= notAfter.ms) return refuse('expired')
  return undefined
}

/** Go counts a subjectAltName or name constraints that hold only forms it does not know as unprocessed. */
const goUnhandled = (view: ClientView, oid: string): boolean => {
  const known = [1, 2, 6, 7]
  if (oid === oids.subjectAltName) return !view.subjectAltName?.names.some(({ type }) => known.includes(type))
  if (oid !== oids.nameConstraints || !view.nameConstraints) return false
  return [...view.nameConstraints.permitted, ...view.nameConstraints.excluded].some(({ base }) => !known.includes(base.type))
}

const checkCritical = (view: ClientView, habits: ClientHabits): Refusal | undefined => {
  if (!view.hasExtensions) return undefined
  for (const { oid, critical } of view.certificate.extensions) {
    if (!critical) continue
    if (!habits.critical.includes(oid) || (habits.family === 'go' && goUnhandled(view, oid))) return refuse('critical-extension', oid)
  }
  return undefined
}

const checkAuthority = (view: ClientView, role: PathRole, index: number, last: number, habits: ClientHabits): Refusal | undefined => {
  const { basicConstraints, keyUsage, certificate } = view
  const habit = role === 'anchor' ? habits.anchor.basicConstraints : 'required'
  const ca = basicConstraints?.ca === true && !(habits.family === 'java' && (basicConstraints.pathLength ?? 0) < 0)
  const signs =
    keyUsage === undefined || (keyUsage.bits & KEY_CERT_SIGN) !== 0 || (habits.emptyKeyUsage === 'as-absent' && keyUsage.bits === 0)
  if (habit === 'tolerated-with-key-usage') {
    const version1 = certificate.version === 1 && selfIssued(view, habits)
    const legacy = ((view.netscapeCertType?.bits ?? 0) & 0xe0) !== 0
    const tolerated = basicConstraints ? ca : version1 || keyUsage !== undefined || legacy
    if (view.invalid !== undefined || !signs || !tolerated) return refuse('not-a-ca')
  } else if (habit === 'v3-required') {
    const exempt = certificate.version < 3 && basicConstraints === undefined
    if (!ca && !exempt) return refuse(role === 'anchor' ? 'anchor-not-a-ca' : 'not-a-ca')
  } else if (habit === 'required') {
    const exempt = habits.family === 'java' && certificate.version < 3 && index === last - 1 && selfIssued(view, habits)
    if ((!ca || (habits.family === 'java' && certificate.version < 3)) && !exempt) return refuse('not-a-ca')
    if (view.invalid !== undefined) return refuse('malformed-extension', view.invalid)
  }
  const asked = habits.caKeyUsage && (role !== 'anchor' || habits.anchor.keyUsage)
  return asked && !signs && !(habits.family === 'java' && role === 'anchor' && certificate.version < 3)
    ? refuse('key-usage', 'no keyCertSign')
    : undefined
}

const hasPurpose = (view: ClientView, habits: ClientHabits, purpose: ClientPurpose): boolean => {
  const list = view.extendedKeyUsage?.purposes
  if (!list) return true
  const habit = habits.extendedKeyUsage
  if (list.length === 0) return !habit.emptyRefused
  if (habit.any && list.includes(oids.anyExtendedKeyUsage)) return true
  if (purpose === 'client') return list.includes(oids.clientAuth)
  return (
    list.includes(oids.serverAuth) || (habit.serverGatedCrypto && (list.includes(oids.microsoftSgc) || list.includes(oids.netscapeSgc)))
  )
}

const checkLeafUses = (view: ClientView, habits: ClientHabits, purpose: ClientPurpose): Refusal | undefined => {
  if (!habits.leafMayBeCa && view.basicConstraints?.ca === true) return refuse('ca-as-leaf')
  const wanted = habits.leafKeyUsage?.[purpose]
  if (wanted !== undefined && view.keyUsage && (view.keyUsage.bits & wanted) === 0) return refuse('key-usage', 'of the leaf')
  if (habits.netscapeCertType && view.netscapeCertType && (view.netscapeCertType.bits & (purpose === 'server' ? 2 : 1)) === 0)
    return refuse('key-usage', 'Netscape certificate type')
  return undefined
}

/** Checks of one certificate of a path that do not depend on what is above it. `index` 0 is the leaf, `last` the path's top. */
export const checkCertificate = (
  view: ClientView,
  role: PathRole,
  path: readonly ClientView[],
  index: number,
  habits: ClientHabits,
  purpose: ClientPurpose,
  at: number,
): Refusal | undefined => {
  const isAnchor = role === 'anchor'
  if (view.unsure !== undefined) return unsure(view.unsure)
  if (view.unusable !== undefined && !isAnchor) return refuse('malformed-extension', view.unusable)
  if (!isAnchor || habits.anchor.dates) {
    const refusal = checkDates(view, habits, at)
    if (refusal) return refusal
  }
  if (!isAnchor || habits.anchor.criticalExtensions) {
    const refusal = checkCritical(view, habits)
    if (refusal) return refusal
  }
  // OpenSSL asks nothing of the purpose of a leaf whose extensions it could not read (X509_check_purpose returns -1).
  const purposeless = role === 'leaf' && view.invalid !== undefined
  const refusal =
    role !== 'leaf'
      ? checkAuthority(view, role, index, path.length - 1, habits)
      : purposeless
        ? undefined
        : checkLeafUses(view, habits, purpose)
  if (refusal) return refusal
  if (habits.family === 'java' && !isAnchor && view.keyUsage && (view.keyUsage.bits & ANY_USE) === 0)
    return refuse('key-usage', 'no use of the key')
  const scope = habits.extendedKeyUsage.scope
  const eku = role === 'leaf' || scope === 'path' || (scope === 'path-without-anchor' && !isAnchor)
  if (eku && !purposeless && !(isAnchor && !habits.anchor.extendedKeyUsage) && !hasPurpose(view, habits, purpose))
    return refuse('extended-key-usage')
  const length = view.basicConstraints?.pathLength
  if (role !== 'leaf' && length !== undefined && (!isAnchor || habits.anchor.pathLength)) {
    let below = 0
    for (let i = 1; i < index; i++) if (habits.pathLengthSkips === 'none' || !selfIssued(path[i] as ClientView, habits)) below++
    if (below > length) return refuse('path-length', `${below} intermediates under a pathLen of ${length}`)
  }
  return undefined
}

/** Checks of a whole path, leaf first; every certificate alone has been checked. `anchored`: its top is a trust anchor and no leaf. */
export const checkWholePath = (
  path: readonly ClientView[],
  anchored: boolean,
  habits: ClientHabits,
  budget: ConstraintBudget,
): Refusal | undefined => {
  const last = path.length - 1
  if (habits.family === 'openssl') {
    for (let i = 0; i <= last; i++) {
      const refusal = checkKey((path[i] as ClientView).certificate.key, 'openssl')
      if (refusal && !(last === 0 && refusal.detail === 'explicit curve parameters')) return refusal
    }
  }
  if (habits.family === 'openssl' && path[0]?.certificate.extensions.some(({ oid }) => resources.includes(oid)))
    return unsure('a leaf with addresses or numbers of RFC 3779')
  if (habits.strict) {
    const refusal = checkStrict(path)
    if (refusal) return refusal
  }
  if (habits.policies === 'processed' && last > 0) {
    const below = path.slice(0, anchored ? last : last + 1)
    const refusal = (habits.family === 'java' ? checkPolicyQualifiers(below) : undefined) ?? checkPolicies(below)
    if (refusal) return refusal
  }
  if (path.some((view, index) => index > 0 && view.constraintsBroken)) return refuse('name-constraints', 'malformed')
  if (!path.some((view) => view.nameConstraints)) return undefined
  return checkNameConstraints(
    path.map((view) => ({
      subject: view.certificate.subject,
      selfIssued: view.certificate.selfIssued,
      names: view.subjectAltName?.names,
      constraints: view.nameConstraints,
    })),
    habits,
    budget,
  )
}
