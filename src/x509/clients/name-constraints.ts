import { toLatin1 } from '../../base/bytes.ts'
import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientGeneralName, ClientNameConstraints, ClientSubtree } from './client-extensions.ts'
import type { ClientName } from './client-name.ts'
import { directoryText } from './client-name.ts'
import { goDomainValid, javaDnsValid, mailbox, maskValid } from './general-name-flaws.ts'
import type { ClientFamily, ClientHabits } from './habits.ts'
import type { SubtreeMatch } from './name-matching.ts'
import {
  asciiLower,
  javaDnsMatch,
  javaEmailMatch,
  javaIpMatch,
  looksLikeIpv4,
  opensslUriHost,
  rustlsDnsMatch,
  underDomain,
  underMask,
  unmapped,
  uriHost,
  withinDirectory,
} from './name-matching.ts'
import { oids } from './oids.ts'

/** What name constraints need of one certificate of a path. */
export interface ConstrainedCertificate {
  readonly subject: ClientName
  readonly selfIssued: { readonly openssl: boolean; readonly java: boolean }
  readonly names: readonly ClientGeneralName[] | undefined
  readonly constraints: ClientNameConstraints | undefined
}

/** Comparisons of one path after which nothing is known; Go and webpki stop at 250,000, OpenSSL at 2^20. */
const MAX_COMPARISONS = 250_000

const violated = refuse('name-constraints')
const EMAIL = 1
const DNS = 2
const DIRECTORY = 4
const URI = 6
const IP = 7

type Matcher = (name: ClientGeneralName, base: ClientGeneralName, excluded: boolean) => SubtreeMatch

const sameKind = (name: ClientGeneralName, base: ClientGeneralName): boolean =>
  name.type === base.type && (name.type !== 0 || name.oid === base.oid)

/** OpenSSL's nc_match: permitted subtrees of the same form must hold the name, excluded ones must not; an error refuses. */
const matchSubtrees = (
  name: ClientGeneralName,
  constraints: ClientNameConstraints,
  match: Matcher,
  limits: 'refused' | 'ignored',
): Refusal | undefined => {
  const inside = (subtree: ClientSubtree, excluded: boolean): SubtreeMatch =>
    limits === 'refused' && subtree.limited ? 'error' : match(name, subtree.base, excluded)
  const permitted = constraints.permitted.filter(({ base }) => sameKind(name, base))
  let held = permitted.length === 0
  for (const subtree of permitted) {
    const result = held ? (subtree.limited && limits === 'refused' ? 'error' : 'inside') : inside(subtree, false)
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

const opensslMatch: Matcher = (name, base) => {
  const [text, against] = [toLatin1(name.bytes), toLatin1(base.bytes)]
  switch (name.type) {
    case DNS:
      return underDomain(text, against) ? 'inside' : 'outside'
    case EMAIL: {
      const at = text.lastIndexOf('@')
      if (at < 0) return 'error'
      const baseAt = against.lastIndexOf('@')
      if (baseAt < 0 && against.startsWith('.'))
        return text.length > against.length && asciiLower(text).endsWith(asciiLower(against)) ? 'inside' : 'outside'
      if (baseAt > 0 && against.slice(0, baseAt) !== text.slice(0, at)) return 'outside'
      return asciiLower(against.slice(baseAt + 1)) === asciiLower(text.slice(at + 1)) ? 'inside' : 'outside'
    }
    case URI: {
      const host = opensslUriHost(text)
      if (host === undefined) return 'error'
      if (against.startsWith('.'))
        return host.length > against.length && asciiLower(host).endsWith(asciiLower(against)) ? 'inside' : 'outside'
      return asciiLower(host) === asciiLower(against) ? 'inside' : 'outside'
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
  const [text, against] = [toLatin1(name.bytes), toLatin1(base.bytes)]
  switch (name.type) {
    case DNS:
      return javaDnsMatch(text, against)
    case EMAIL:
      return javaEmailMatch(text, against)
    case URI: {
      const host = uriHost(text)
      if (host.startsWith('[')) return 'outside'
      if (host === '' || !javaDnsValid(host)) return 'error'
      const domain = against.startsWith('.')
      if (host.toLowerCase() === against.toLowerCase()) return 'inside'
      if (!domain || looksLikeIpv4(host)) return 'outside'
      const result = javaDnsMatch(host, against.slice(1))
      return result === 'inside' && host.toLowerCase() === against.slice(1).toLowerCase() ? 'outside' : result
    }
    case IP:
      return javaIpMatch(name.bytes, base.bytes)
    case DIRECTORY:
      return name.directory && base.directory && withinDirectory(name.directory, base.directory, 'java') ? 'inside' : 'outside'
    case 8:
      return text === against ? 'inside' : 'error'
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
    const [text, against] = [toLatin1(name.bytes), toLatin1(base.bytes)]
    if (name.type === IP) {
      const [address, range] = [unmapped(name.bytes), unmappedRange(base.bytes)]
      return name.bytes.length * 2 === base.bytes.length && address.length * 2 === range.length && underMask(address, range)
    }
    if (name.type === EMAIL) {
      const box = mailbox(text)
      if (!box) return false
      if (!against.includes('@')) return underDomain(box.domain, against)
      const wanted = mailbox(against)
      return wanted !== undefined && wanted.local === box.local && asciiLower(wanted.domain) === asciiLower(box.domain)
    }
    const host = name.type === URI ? uriHost(text) : text
    if (underDomain(host, against)) return true
    if (!wild || !host.startsWith('*')) return false
    const from = (value: string): string => (value.includes('.') ? value.slice(value.indexOf('.')) : '')
    return from(against) !== '' && asciiLower(from(host)) === asciiLower(from(against))
  }
  for (const name of names) {
    if (![EMAIL, DNS, URI, IP].includes(name.type)) continue
    const text = toLatin1(name.bytes)
    if (name.type === DNS && !goDomainValid(text, false)) return false
    if (name.type === EMAIL && !mailbox(text)) return false
    if (name.type === URI && (uriHost(text) === '' || looksLikeIpv4(uriHost(text)) || uriHost(text).startsWith('['))) return false
    const forms = permitted.filter(({ base }) => base.type === name.type)
    if (forms.length > 0 && !forms.some(({ base }) => inside(name, base, false))) return false
    if (excluded.some(({ base }) => base.type === name.type && inside(name, base, true))) return false
  }
  return true
}

const rustlsCheck = (names: readonly ClientGeneralName[], { permitted, excluded }: ClientNameConstraints): boolean => {
  const match = (name: ClientGeneralName, base: ClientGeneralName, isExcluded: boolean): SubtreeMatch => {
    if (name.type === DNS) return rustlsDnsMatch(toLatin1(name.bytes), toLatin1(base.bytes), isExcluded)
    if (name.type === DIRECTORY || name.type === URI) return isExcluded ? 'inside' : 'outside'
    if (name.type !== IP) return 'error'
    const length = name.bytes.length
    if (length !== 4 && length !== 16) return 'error'
    if (base.bytes.length !== 8 && base.bytes.length !== 32) return 'error'
    if (base.bytes.length !== length * 2) return 'outside'
    if (!underMask(name.bytes, base.bytes)) return maskValid(base.bytes.subarray(length)) ? 'outside' : 'error'
    return maskValid(base.bytes.subarray(length)) ? 'inside' : 'error'
  }
  if ([...permitted, ...excluded].some((subtree) => subtree.written)) return false
  for (const name of [...names, { type: DIRECTORY, bytes: new Uint8Array(0) }]) {
    if (name.type < 0) return false
    let [held, missed] = [false, false]
    for (const { base } of permitted) {
      if (base.type !== name.type) continue
      const result = match(name, base, false)
      if (result === 'error') return false
      if (result === 'inside') held = true
      else missed = true
    }
    if (missed && !held) return false
    for (const { base } of excluded) if (base.type === name.type && match(name, base, true) !== 'outside') return false
  }
  return true
}

/** Java merges the constraints of successive CAs; where that leaves nothing in common of a form but directory names, it throws. */
const javaMerge = (found: readonly ClientNameConstraints[]): Refusal | undefined => {
  const subtrees = found.flatMap(({ permitted, excluded }) => [...permitted, ...excluded])
  if (subtrees.some(({ base }) => base.type !== DNS && base.type !== IP && base.type !== EMAIL))
    return unsure('constraints of two CAs on several forms')
  for (const [index, upper] of found.entries())
    for (const lower of found.slice(index + 1)) {
      for (const type of [EMAIL, DNS, URI, IP]) {
        const [a, b] = [upper, lower].map(({ permitted }) => permitted.filter(({ base }) => base.type === type))
        if (!a?.length || !b?.length) continue
        const touches =
          type === IP
            ? undefined
            : a.some((x) => b.some((y) => javaMatch(x.base, y.base, false) === 'inside' || javaMatch(y.base, x.base, false) === 'inside'))
        if (touches === undefined || type === URI) return unsure('constraints of two CAs on one form')
        if (!touches) return refuse('name-constraints', 'the constraints of two CAs have nothing in common')
      }
      const covered = [...upper.excluded, ...lower.excluded].some((out) =>
        [...upper.permitted, ...lower.permitted].some(
          (within) => sameKind(within.base, out.base) && javaMatch(within.base, out.base, true) === 'inside',
        ),
      )
      if (covered) return unsure('an excluded subtree around a permitted one')
    }
  return undefined
}

/**
 * Name constraints along a path, leaf first, the anchor last, as one client applies them.
 * @returns undefined where they are obeyed.
 */
export const checkNameConstraints = (path: readonly ConstrainedCertificate[], habits: ClientHabits): Refusal | undefined => {
  const family: ClientFamily = habits.family
  const last = path.length - 1
  const top = habits.anchor.nameConstraints ? last : last - 1
  let comparisons = 0
  const above: ClientNameConstraints[] = []
  for (let j = top; j > 0; j--) {
    const constraints = path[j]?.constraints
    if (constraints) above.push(constraints)
  }
  if (above.length === 0) return undefined
  if (family === 'java' && above.length > 1) {
    const merged = javaMerge(above)
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
      comparisons += (list.length + 1) * (constraints.permitted.length + constraints.excluded.length)
      if (comparisons > MAX_COMPARISONS) return unsure('too many names and constraints')
      if (family === 'go' && certificate.names && !goCheck(list, constraints)) return violated
      if (family === 'rustls' && !rustlsCheck(list, constraints)) return violated
      if (family === 'java' && [...constraints.permitted, ...constraints.excluded].some(({ limited }) => limited)) return violated
      if (family === 'go' || family === 'rustls') continue
      for (const name of list) {
        const refusal = family === 'java' ? javaVerify(name, constraints) : matchSubtrees(name, constraints, opensslMatch, 'refused')
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
