import { hostLabels, looksLikeIpv4 } from './names-dns.ts'
import { isBelowDomain } from './names-mailbox.ts'

/** `host`: that host alone. `domain`: hosts below it. `all`: the empty constraint. */
export type UriConstraint = { readonly kind: 'host' | 'domain'; readonly host: string } | { readonly kind: 'all' }

const hostKey = (text: string): string | undefined => {
  const labels = hostLabels(text)
  if (!labels || looksLikeIpv4(labels)) return undefined
  return labels.map((label) => `.${label}`).join('')
}

const isScheme = (text: string): boolean => /^[A-Za-z][A-Za-z0-9+.-]{0,63}$/.test(text)

/** The text between `//` and the path, query or fragment; undefined where there is none. */
const authorityOf = (uri: string): string | undefined => {
  for (let i = 0; i < uri.length; i++) {
    const code = uri.charCodeAt(i)
    // Readers disagree on what a backslash, a blank or a byte beyond ASCII in a URI means: no host can be told.
    if (code <= 0x20 || code > 0x7e || code === 0x5c) return undefined
  }
  const colon = uri.indexOf(':')
  if (colon < 1 || !isScheme(uri.slice(0, colon)) || !uri.startsWith('//', colon + 1)) return undefined
  const rest = uri.slice(colon + 3)
  let end = rest.length
  for (const mark of ['/', '?', '#']) {
    const at = rest.indexOf(mark)
    if (at >= 0 && at < end) end = at
  }
  return rest.slice(0, end)
}

/**
 * The host of a URI, labels top first, each behind a dot. undefined where the URI has no authority, or one whose host is not a host name
 * (an address, a percent-encoding): under a constraint such a URI is refused (RFC 5280 4.2.1.10).
 */
export const uriHost = (uri: string): string | undefined => {
  const authority = authorityOf(uri)
  if (authority === undefined) return undefined
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  const colon = host.indexOf(':')
  if (colon >= 0 && !/^[0-9]{0,5}$/.test(host.slice(colon + 1))) return undefined
  return hostKey(colon >= 0 ? host.slice(0, colon) : host)
}

/** Reads a uniformResourceIdentifier constraint: a host, or with a leading dot a domain. */
export const parseUriConstraint = (text: string): UriConstraint | undefined => {
  if (text === '') return { kind: 'all' }
  const domain = text.startsWith('.')
  const host = hostKey(domain ? text.slice(1) : text)
  return host === undefined ? undefined : { kind: domain ? 'domain' : 'host', host }
}

/** RFC 5280 4.2.1.10: a host stands for itself alone, a domain for the hosts below it. */
export const isUriHostInside = (host: string, constraint: UriConstraint): boolean =>
  constraint.kind === 'all' || (constraint.kind === 'host' ? host === constraint.host : isBelowDomain(host, constraint.host))
