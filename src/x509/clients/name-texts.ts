import { toLatin1 } from '../../base/bytes.ts'
import type { ClientGeneralName } from './client-extensions.ts'
import { goDomainValid, javaDnsValid, mailbox } from './general-name-flaws.ts'
import { asciiLower, looksLikeIpv4, opensslUriHost, rustlsDnsValid, uriHost } from './name-matching.ts'

/**
 * What matchers need of a name or of a subtree's base, made once for each: a name is held against thousands of subtrees, a subtree against
 * thousands of names, and each may have tens of thousands of octets.
 */
const once = <T>(make: (name: ClientGeneralName) => T): ((name: ClientGeneralName) => T) => {
  const made = new WeakMap<ClientGeneralName, { readonly value: T }>()
  return (name) => {
    let known = made.get(name)
    if (!known) made.set(name, (known = { value: make(name) }))
    return known.value
  }
}

export const textOf = once(({ bytes }) => toLatin1(bytes))
export const lowerOf = once((name) => asciiLower(textOf(name)))
export const javaLowerOf = once((name) => textOf(name).toLowerCase())

/** The two sides of the last at sign, the domain in lower case; `at` is negative where there is none. */
export const opensslMailboxOf = once((name) => {
  const text = textOf(name)
  const at = text.lastIndexOf('@')
  return { at, local: text.slice(0, Math.max(at, 0)), domain: asciiLower(text.slice(at + 1)) }
})

/** Go's reading of a mailbox, the domain in lower case; undefined where it is none. */
export const goMailboxOf = once((name) => {
  const box = mailbox(textOf(name))
  return box && { local: box.local, domain: asciiLower(box.domain) }
})

export const hasAtSign = once((name) => textOf(name).includes('@'))

/** The host of a URI in lower case as OpenSSL cuts it out; undefined where there is none. */
export const opensslHostOf = once((name) => {
  const host = opensslUriHost(textOf(name))
  return host === undefined ? undefined : asciiLower(host)
})

export const goDomainValidOf = once((name) => goDomainValid(textOf(name), false))

/** From the first dot on, in lower case: what stands behind a wildcard; empty where there is no dot. */
const behindFirstLabel = (lower: string): string => {
  const dot = lower.indexOf('.')
  return dot < 0 ? '' : lower.slice(dot)
}
/** The host of a URI as Go and Java cut it out, in lower case; empty where there is none. */
export const hostOf = once((name) => {
  const text = uriHost(textOf(name))
  const lower = asciiLower(text)
  const bracketed = text.startsWith('[')
  return { lower, behind: behindFirstLabel(lower), bracketed, ipv4: looksLikeIpv4(text), javaValid: javaDnsValid(text) }
})

export const domainBehindFirstLabel = once((name) => behindFirstLabel(lowerOf(name)))

export const rustlsPresentedValid = once((name) => rustlsDnsValid(textOf(name), 'presented', true))
export const rustlsConstraintValid = once((name) => rustlsDnsValid(textOf(name), 'constraint', false))
