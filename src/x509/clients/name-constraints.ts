import { equalBytes, toLatin1 } from '../../base/bytes.ts'
import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientGeneralName, ClientNameConstraints, ClientSubtree } from './client-extensions.ts'
import type { ClientName } from './client-name.ts'
import { directoryText } from './client-name.ts'
import { javaDnsValid, maskValid } from './general-name-flaws.ts'
import type { ClientFamily, ClientHabits } from './habits.ts'
import type { SubtreeMatch } from './name-matching.ts'
import {
  javaDnsMatch,
  javaEmailMatch,
  javaIpMatch,
  looksLikeIpv4,
  rustlsDnsMatch,
  underDomain,
  underMask,
  unmapped,
  withinDirectory,
} from './name-matching.ts'
import {
  domainBehindFirstLabel,
  goDomainValidOf,
  goMailboxOf,
  hasAtSign,
  hostOf,
  javaLowerOf,
  lowerOf,
  opensslHostOf,
  opensslMailboxOf,
  rustlsConstraintValid,
  rustlsPresentedValid,
} from './name-texts.ts'
import { oids } from './oids.ts'

/** What name constraints need of one certificate of a path. */
export interface ConstrainedCertificate {
  readonly subject: ClientName
  readonly selfIssued: { readonly openssl: boolean; readonly java: boolean }
  readonly names: readonly ClientGeneralName[] | undefined
  readonly constraints: ClientNameConstraints | undefined
}

/** What the name constraints of all paths of one prediction may cost. Mutable: {@link checkNameConstraints} takes away from it. */
export interface ConstraintBudget {
  /** Names by subtrees. */
  comparisons: number
  /** Octets that comparing may have to look at. */
  octets: number
}

/** Comparisons after which nothing is known; Go and webpki stop at 250,000, OpenSSL at 2^20. */
const MAX_COMPARISONS = 250_000

/** A host name has 253 octets at most (RFC 1035 2.3.4): whoever is within the comparisons with such names is within the octets. */
const MAX_OCTETS = MAX_COMPARISONS * 256

/** What one prediction begins with. */
export const newConstraintBudget = (): ConstraintBudget => ({ comparisons: MAX_COMPARISONS, octets: MAX_OCTETS })

const isUsedUp = ({ comparisons, octets }: ConstraintBudget): boolean => comparisons < 0 || octets < 0

/** Each name is read once, and a comparison ends with the shorter of name and base. */
const spend = (budget: ConstraintBudget, names: readonly ClientGeneralName[], bases: readonly ClientGeneralName[]): void => {
  const sum = (list: readonly ClientGeneralName[]): number => list.reduce((octets, { bytes }) => octets + bytes.length + 1, 0)
  const [a, b] = [sum(names), sum(bases)]
  budget.octets -= a + b + Math.min(a * bases.length, b * names.length)
}

const violated = refuse('name-constraints')
const usedUp = unsure('too many names and constraints')
/** webpki counts as it compares and then gives up the whole search (MaximumNameConstraintComparisons). */
const rustlsUsedUp = refuse('name-constraints', 'more comparisons than the client makes')
const EMAIL = 1
const DNS = 2
const DIRECTORY = 4
const URI = 6
const IP = 7

type Matcher = (name: ClientGeneralName, base: ClientGeneralName, excluded: boolean) => SubtreeMatch

const sameKind = (name: ClientGeneralName, base: ClientGeneralName): boolean =>
  name.type === base.type && (name.type !== 0 || name.oid === base.oid)

/** OpenSSL's nc_match: permitted subtrees of the same form must hold the name, excluded ones must not; an error refuses. */
const matchSubtrees = (name: ClientGeneralName, constraints: ClientNameConstraints, match: Matcher): Refusal | undefined => {
  const inside = (subtree: ClientSubtree, excluded: boolean): SubtreeMatch =>
    subtree.limited ? 'error' : match(name, subtree.base, excluded)
  const permitted = constraints.permitted.filter(({ base }) => sameKind(name, base))
  let held = permitted.length === 0
  for (const subtree of permitted) {
    const result = held ? (subtree.limited ? 'error' : 'inside') : inside(subtree, false)
    if (result === 'error') return refuse('name-constraints', 'a subtree that cannot be compared')
    if (result === 'inside') held = true
  }
  if (!held) return refuse('name-constraints', 'outside of the permitted subtrees')
  for (const subtree of constraints.excluded) {
    if (!sameKind(name, subtree.base)) continue
    const result = inside(subtree, true)
    if (result !== 'outside') return refuse('name-constraints', 'within an excluded subtree')
  }
  return undefined
}

const isLongerUnder = (name: string, suffix: string): SubtreeMatch =>
  name.length > suffix.length && name.endsWith(suffix) ? 'inside' : 'outside'

const opensslMatch: Matcher = (name, base) => {
  switch (name.type) {
    case DNS:
      return underDomain(lowerOf(name), lowerOf(base)) ? 'inside' : 'outside'
    case EMAIL: {
      const [box, wanted] = [opensslMailboxOf(name), opensslMailboxOf(base)]
      if (box.at < 0) return 'error'
      if (wanted.at < 0 && lowerOf(base).startsWith('.')) return isLongerUnder(lowerOf(name), lowerOf(base))
      if (wanted.at > 0 && wanted.local !== box.local) return 'outside'
      return wanted.domain === box.domain ? 'inside' : 'outside'
    }
    case URI: {
      const host = opensslHostOf(name)
      if (host === undefined) return 'error'
      const domain = lowerOf(base)
      if (domain.startsWith('.')) return isLongerUnder(host, domain)
      return host === domain ? 'inside' : 'outside'
    }
    case IP:
      if ((name.bytes.length !== 4 && name.bytes.length !== 16) || (base.bytes.length !== 8 && base.bytes.length !== 32)) return 'error'
      return name.bytes.length * 2 === base.bytes.length && underMask(name.bytes, base.bytes) ? 'inside' : 'outside'
    case DIRECTORY:
      return name.directory && base.directory && withinDirectory(name.directory, base.directory, 'openssl') ? 'inside' : 'outside'
    default:
      return 'error'
  }
}

const javaMatch: Matcher = (name, base) => {
  switch (name.type) {
    case DNS:
      return javaDnsMatch(javaLowerOf(name), javaLowerOf(base))
    case EMAIL:
      return javaEmailMatch(javaLowerOf(name), javaLowerOf(base))
    case URI: {
      const host = hostOf(name)
      if (host.bracketed) return 'outside'
      if (!host.javaValid) return 'error'
      const against = javaLowerOf(base)
      if (host.lower === against) return 'inside'
      if (!against.startsWith('.') || host.ipv4) return 'outside'
      const result = javaDnsMatch(host.lower, against.slice(1))
      return result === 'inside' && host.lower === against.slice(1) ? 'outside' : result
    }
    case IP:
      return javaIpMatch(name.bytes, base.bytes)
    case DIRECTORY:
      return name.directory && base.directory && withinDirectory(name.directory, base.directory, 'java') ? 'inside' : 'outside'
    case 8:
      return equalBytes(name.bytes, base.bytes) ? 'inside' : 'error'
    default:
      return 'error'
  }
}

/** What looks like a host name in a CN, as OpenSSL's cn2dnsid sees it; undefined where it does not, null for a NUL inside. */
const opensslCommonNameHost = (text: string): string | undefined | null => {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  const name = text.slice(0, end)
  if (name.includes('\0')) return null
  let dotted = false
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i)
    if ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || (char >= '0' && char <= '9') || char === '_') continue
    if (i === 0 || i === name.length - 1) return undefined
    if (char === '-') continue
    if (char !== '.' || '.-'.includes(name.charAt(i + 1)) || name.charAt(i - 1) === '-') return undefined
    dotted = true
  }
  return dotted ? name : undefined
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff)

const opensslNames = (certificate: ConstrainedCertificate, leaf: boolean, habits: ClientHabits): ClientGeneralName[] | Refusal => {
  const names: ClientGeneralName[] = []
  if (!certificate.subject.empty) {
    names.push({ type: DIRECTORY, bytes: certificate.subject.der, directory: certificate.subject })
    for (const attribute of certificate.subject.attributes(oids.emailAddress)) {
      if (attribute.tag !== 0x16) return refuse('name-constraints', 'emailAddress that is no IA5String')
      names.push({ type: EMAIL, bytes: attribute.bytes })
    }
  }
  for (const name of certificate.names ?? []) {
    if (name.oid === oids.smtpUtf8Mailbox) return unsure('SmtpUTF8Mailbox under name constraints')
    names.push(name)
  }
  if (leaf && habits.nameConstraints.commonName && !certificate.names?.some(({ type }) => type === DNS))
    for (const attribute of certificate.subject.attributes(oids.commonName)) {
      const host = opensslCommonNameHost(directoryText(attribute) ?? '')
      if (host === null) return refuse('name-constraints', 'CN with a NUL')
      if (host !== undefined) names.push({ type: DNS, bytes: bytesOf(host) })
    }
  return names
}

const javaNames = (certificate: ConstrainedCertificate): ClientGeneralName[] => {
  const { subject } = certificate
  const names: ClientGeneralName[] = subject.empty ? [] : [{ type: DIRECTORY, bytes: subject.der, directory: subject }]
  const alternative: ClientGeneralName[] = [...(certificate.names ?? [])]
  if (!certificate.names)
    for (const attribute of subject.attributes(oids.emailAddress)) {
      const text = toLatin1(attribute.bytes)
      if (text !== '' && !text.endsWith('@')) alternative.push({ type: EMAIL, bytes: attribute.bytes })
    }
  const attribute = subject.attributes(oids.commonName).at(-1)
  const cn = attribute && directoryText(attribute)
  if (cn !== undefined) {
    const type = looksLikeIpv4(cn) ? IP : DNS
    if (!alternative.some((name) => name.type === type)) {
      if (type === IP) alternative.push({ type, bytes: Uint8Array.from(cn.split('.'), Number) })
      else if (javaDnsValid(cn)) alternative.push({ type, bytes: bytesOf(cn) })
    }
  }
  return [...names, ...alternative]
}

/** Among addresses of one length Go compares IPv4-mapped ones as IPv4 (net.IPNet). */
const unmappedRange = (range: Uint8Array): Uint8Array =>
  range.length === 32 && unmapped(range.subarray(0, 16)).length === 4
    ? Uint8Array.from([...range.subarray(12, 16), ...range.subarray(28, 32)])
    : range

const goCheck = (names: readonly ClientGeneralName[], { permitted, excluded }: ClientNameConstraints): boolean => {
  const inside = (name: ClientGeneralName, base: ClientGeneralName, wild: boolean): boolean => {
    if (name.type === IP) {
      const [address, range] = [unmapped(name.bytes), unmappedRange(base.bytes)]
      return name.bytes.length * 2 === base.bytes.length && address.length * 2 === range.length && underMask(address, range)
    }
    if (name.type === EMAIL) {
      const box = goMailboxOf(name)
      if (!box) return false
      if (!hasAtSign(base)) return underDomain(box.domain, lowerOf(base))
      const wanted = goMailboxOf(base)
      return wanted !== undefined && wanted.local === box.local && wanted.domain === box.domain
    }
    const host = name.type === URI ? hostOf(name).lower : lowerOf(name)
    if (underDomain(host, lowerOf(base))) return true
    if (!wild || !host.startsWith('*')) return false
    const domain = domainBehindFirstLabel(base)
    return domain !== '' && (name.type === URI ? hostOf(name).behind : domainBehindFirstLabel(name)) === domain
  }
  for (const name of names) {
    if (![EMAIL, DNS, URI, IP].includes(name.type)) continue
    if (name.type === DNS && !goDomainValidOf(name)) return false
    if (name.type === EMAIL && !goMailboxOf(name)) return false
    if (name.type === URI && (hostOf(name).lower === '' || hostOf(name).ipv4 || hostOf(name).bracketed)) return false
    const forms = permitted.filter(({ base }) => base.type === name.type)
    if (forms.length > 0 && !forms.some(({ base }) => inside(name, base, false))) return false
    if (excluded.some(({ base }) => base.type === name.type && inside(name, base, true))) return false
  }
  return true
}

const rustlsCheck = (
  names: readonly ClientGeneralName[],
  { permitted, excluded }: ClientNameConstraints,
  budget: ConstraintBudget,
): Refusal | undefined => {
  const match = (name: ClientGeneralName, base: ClientGeneralName, isExcluded: boolean): SubtreeMatch => {
    if (name.type === DNS) {
      if (!rustlsPresentedValid(name) || !rustlsConstraintValid(base)) return 'error'
      return rustlsDnsMatch(lowerOf(name), lowerOf(base), isExcluded)
    }
    if (name.type === DIRECTORY || name.type === URI) return isExcluded ? 'inside' : 'outside'
    if (name.type !== IP) return 'error'
    const length = name.bytes.length
    if (length !== 4 && length !== 16) return 'error'
    if (base.bytes.length !== 8 && base.bytes.length !== 32) return 'error'
    if (base.bytes.length !== length * 2) return 'outside'
    if (!underMask(name.bytes, base.bytes)) return maskValid(base.bytes.subarray(length)) ? 'outside' : 'error'
    return maskValid(base.bytes.subarray(length)) ? 'inside' : 'error'
  }
  if ([...permitted, ...excluded].some((subtree) => subtree.written)) return violated
  for (const name of [...names, { type: DIRECTORY, bytes: new Uint8Array(0) }]) {
    if (name.type < 0) return violated
    let [held, missed] = [false, false]
    for (const { base } of permitted) {
      if (--budget.comparisons < 0) return rustlsUsedUp
      if (base.type !== name.type) continue
      const result = match(name, base, false)
      if (result === 'error') return violated
      if (result === 'inside') held = true
      else missed = true
    }
    if (missed && !held) return violated
    for (const { base } of excluded) {
      if (--budget.comparisons < 0) return rustlsUsedUp
      if (base.type === name.type && match(name, base, true) !== 'outside') return violated
    }
  }
  return undefined
}

/** Java merges the constraints of successive CAs; where that leaves nothing in common of a form but directory names, it throws. */
const javaMerge = (found: readonly ClientNameConstraints[], budget: ConstraintBudget): Refusal | undefined => {
  const subtrees = found.flatMap(({ permitted, excluded }) => [...permitted, ...excluded])
  if (subtrees.some(({ base }) => base.type !== DNS && base.type !== IP && base.type !== EMAIL))
    return unsure('constraints of two CAs on several forms')
  for (const [index, upper] of found.entries())
    for (const lower of found.slice(index + 1)) {
      const [permitted, excluded] = [
        [...upper.permitted, ...lower.permitted],
        [...upper.excluded, ...lower.excluded],
      ]
      const bases = [...permitted, ...excluded].map(({ base }) => base)
      spend(budget, bases, bases)
      budget.comparisons -= upper.permitted.length * lower.permitted.length + permitted.length * excluded.length
      if (isUsedUp(budget)) return usedUp
      for (const type of [EMAIL, DNS, URI, IP]) {
        const [a, b] = [upper, lower].map((each) => each.permitted.filter(({ base }) => base.type === type))
        if (!a?.length || !b?.length) continue
        const touches =
          type === IP
            ? undefined
            : a.some((x) => b.some((y) => javaMatch(x.base, y.base, false) === 'inside' || javaMatch(y.base, x.base, false) === 'inside'))
        if (touches === undefined || type === URI) return unsure('constraints of two CAs on one form')
        if (!touches) return refuse('name-constraints', 'the constraints of two CAs have nothing in common')
      }
      const covered = excluded.some((out) =>
        permitted.some((within) => sameKind(within.base, out.base) && javaMatch(within.base, out.base, true) === 'inside'),
      )
      if (covered) return unsure('an excluded subtree around a permitted one')
    }
  return undefined
}

/**
 * Name constraints along a path, leaf first, the anchor last, as one client applies them.
 * @returns undefined where they are obeyed.
 */
export const checkNameConstraints = (
  path: readonly ConstrainedCertificate[],
  habits: ClientHabits,
  budget: ConstraintBudget,
): Refusal | undefined => {
  const family: ClientFamily = habits.family
  if (isUsedUp(budget)) return family === 'rustls' && budget.octets >= 0 ? rustlsUsedUp : usedUp
  const last = path.length - 1
  const top = habits.anchor.nameConstraints ? last : last - 1
  const above: ClientNameConstraints[] = []
  for (let j = top; j > 0; j--) {
    const constraints = path[j]?.constraints
    if (constraints) above.push(constraints)
  }
  if (above.length === 0) return undefined
  if (family === 'java' && above.length > 1) {
    const merged = javaMerge(above, budget)
    if (merged) return merged
  }
  for (let i = top - 1; i >= 0; i--) {
    const certificate = path[i] as ConstrainedCertificate
    if (i > 0 && habits.nameConstraints.selfIssuedExempt && certificate.selfIssued[family === 'java' ? 'java' : 'openssl']) continue
    const names =
      family === 'openssl'
        ? opensslNames(certificate, i === 0, habits)
        : family === 'java'
          ? javaNames(certificate)
          : (certificate.names ?? [])
    for (let j = top; j > i; j--) {
      const constraints = path[j]?.constraints
      if (!constraints) continue
      if (!Array.isArray(names)) return names as Refusal
      const list = names as readonly ClientGeneralName[]
      const subtrees = [...constraints.permitted, ...constraints.excluded]
      spend(
        budget,
        list,
        subtrees.map(({ base }) => base),
      )
      if (budget.octets < 0) return usedUp
      if (family === 'rustls') {
        const refusal = rustlsCheck(list, constraints, budget)
        if (refusal) return refusal
        continue
      }
      budget.comparisons -= (list.length + 1) * subtrees.length
      if (budget.comparisons < 0) return usedUp
      if (family === 'go' && certificate.names && !goCheck(list, constraints)) return violated
      if (family === 'java' && subtrees.some(({ limited }) => limited)) return violated
      if (family === 'go') continue
      for (const name of list) {
        const refusal = family === 'java' ? javaVerify(name, constraints) : matchSubtrees(name, constraints, opensslMatch)
        if (refusal) return refusal
      }
    }
  }
  return undefined
}

/** Java looks at the excluded subtrees first and stops at the first permitted one that holds the name. */
const javaVerify = (name: ClientGeneralName, { permitted, excluded }: ClientNameConstraints): Refusal | undefined => {
  const same = (base: ClientGeneralName): boolean => base.type === name.type
  for (const { base } of excluded)
    if (same(base) && javaMatch(name, base, true) !== 'outside') return refuse('name-constraints', 'within an excluded subtree')
  let seen = false
  for (const { base } of permitted) {
    if (!same(base)) continue
    seen = true
    const result = javaMatch(name, base, false)
    if (result === 'inside') return undefined
    if (result === 'error') return violated
  }
  return seen ? refuse('name-constraints', 'outside of the permitted subtrees') : undefined
}
