import { equalBytes } from '../../base/bytes.ts'
import type { ClientName } from './client-name.ts'

/** How a name stands to a subtree: inside, outside, or a comparison that the client answers with an error. */
export type SubtreeMatch = 'inside' | 'outside' | 'error'

const lower = (text: string): string => {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    out += code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 0x20) : text.charAt(i)
  }
  return out
}
export const asciiLower = lower

/** A host under a domain by whole labels, both in lower case; a base with a leading dot takes only what is longer. Go and OpenSSL. */
export const underDomain = (name: string, base: string): boolean => {
  if (base === '') return true
  if (!name.endsWith(base)) return false
  return name.length === base.length || base.startsWith('.') || name.charAt(name.length - base.length - 1) === '.'
}

/** Bytes of an address against address and mask of the same family. */
export const underMask = (address: Uint8Array, base: Uint8Array): boolean => {
  for (let i = 0; i < address.length; i++) {
    const mask = base[address.length + i] as number
    if (((address[i] as number) & mask) !== ((base[i] as number) & mask)) return false
  }
  return true
}

/** The host of `scheme://host…` up to a colon or slash, as OpenSSL cuts it (nc_uri); undefined where there is none. */
export const opensslUriHost = (uri: string): string | undefined => {
  const colon = uri.indexOf(':')
  if (colon < 0 || !uri.startsWith('//', colon + 1)) return undefined
  const rest = uri.slice(colon + 3)
  const port = rest.indexOf(':')
  const slash = rest.indexOf('/')
  const end = port >= 0 ? port : slash >= 0 ? slash : rest.length
  return end === 0 ? undefined : rest.slice(0, end)
}

/** Authority's host as Go and Java read an ordinary URI, an IPv6 address with its brackets; empty where there is none. */
export const uriHost = (uri: string): string => {
  const colon = uri.indexOf(':')
  if (colon < 0 || !uri.startsWith('//', colon + 1)) return ''
  const authority = uri.slice(colon + 3).split(/[/?#]/, 1)[0] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '')
}

/** Dotted IPv4 text. */
export const looksLikeIpv4 = (text: string): boolean => {
  const parts = text.split('.')
  return (
    parts.length === 4 &&
    parts.every((part) => part !== '' && part.length <= 3 && [...part].every((c) => c >= '0' && c <= '9') && Number(part) < 256)
  )
}

/** Whether a name stands at or below a directory name constraint (RFC 5280 4.2.1.10), compared as the client compares names. */
export const withinDirectory = (name: ClientName, base: ClientName, comparison: 'openssl' | 'java'): boolean => {
  const [path, prefix] = [name.canonicalRdns(comparison), base.canonicalRdns(comparison)]
  return prefix.length <= path.length && prefix.every((rdn, index) => rdn === path[index])
}

const LABEL = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_'

/** webpki's is_valid_dns_id. */
export const rustlsDnsValid = (name: string, role: 'reference' | 'presented' | 'constraint', wildcards: boolean): boolean => {
  if (name.length > 253) return false
  if (name === '') return role === 'constraint'
  let text = name
  let wildcard = false
  if (wildcards && text.startsWith('*')) {
    if (!text.startsWith('*.') || text.length === 2) return false
    wildcard = true
    text = text.slice(2)
  } else if (role === 'constraint' && text.startsWith('.')) text = text.slice(1)
  const labels = text.split('.')
  const absolute = labels[labels.length - 1] === ''
  if (absolute) {
    if (role !== 'reference') return false
    labels.pop()
  }
  for (const label of labels) {
    if (label === '' || label.length > 63 || label.startsWith('-') || label.endsWith('-')) return false
    for (const char of label) if (!LABEL.includes(char) && char !== '-') return false
  }
  const last = labels[labels.length - 1] ?? ''
  if (!absolute && [...last].every((char) => char >= '0' && char <= '9')) return false
  return !wildcard || labels.length >= 2
}

/** webpki's presented_id_matches_reference_id for constraints; both valid and in lower case. */
export const rustlsDnsMatch = (presented: string, base: string, excluded: boolean): SubtreeMatch => {
  if (base === '') return 'inside'
  let name = presented
  let against = base
  if (name.length > base.length) {
    const skip = name.length - base.length - (base.startsWith('.') ? 0 : 1)
    if (!base.startsWith('.') && name.charAt(skip) !== '.') return 'outside'
    name = name.slice(name.length - base.length)
  }
  if (excluded && name.startsWith('*')) {
    const dot = against.indexOf('.', 1)
    if (dot < 0) return 'outside'
    against = against.slice(dot)
    name = name.slice(1)
  }
  return name === against ? 'inside' : 'outside'
}

/** Java's DNSName.constrains, from the constraint's side, both in lower case. An empty constraint or name makes it throw. */
export const javaDnsMatch = (n: string, b: string): SubtreeMatch => {
  if (n === b) return 'inside'
  if (n === '' || b === '') return 'error'
  if (b.endsWith(n) || !n.endsWith(b)) return 'outside'
  return (n.charAt(n.length - b.length - 1) === '.') !== b.startsWith('.') ? 'inside' : 'outside'
}

/** Java's RFC822Name.constrains, both in lower case. */
export const javaEmailMatch = (n: string, b: string): SubtreeMatch => {
  if (n === b) return 'inside'
  if (b.endsWith(n) || !n.endsWith(b) || b.includes('@')) return 'outside'
  return b.startsWith('.') || n.charAt(n.length - b.length - 1) === '@' ? 'inside' : 'outside'
}

/** An IPv4-mapped IPv6 address as IPv4 (RFC 4291 2.5.5.2), which Go and Java take for the same. */
export const unmapped = (address: Uint8Array): Uint8Array =>
  address.length === 16 && address.subarray(0, 10).every((byte) => byte === 0) && address[10] === 0xff && address[11] === 0xff
    ? address.subarray(12)
    : address

/** Java's IPAddressName.constrains: an address against address and mask; reading past the shorter one throws. */
export const javaIpMatch = (address: Uint8Array, base: Uint8Array): SubtreeMatch => {
  if (base.length !== 8 && base.length !== 32) return equalBytes(address, base) ? 'inside' : 'outside'
  const half = base.length / 2
  for (let i = 0; i < half; i++) {
    const byte = address[i]
    if (byte === undefined) return 'error'
    if ((byte & (base[half + i] as number)) !== base[i]) return 'outside'
  }
  return 'inside'
}

const hexGroup = (text: string): number =>
  text !== '' && text.length <= 4 && [...text].every((c) => '0123456789abcdefABCDEF'.includes(c)) ? parseInt(text, 16) : NaN

/** Bytes of an IPv4 or IPv6 address (RFC 4291 2.2); undefined for anything else. */
export const addressBytes = (text: string): Uint8Array | undefined => {
  if (looksLikeIpv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (!text.includes(':')) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const expand = (half: string): number[] =>
    half === ''
      ? []
      : half.split(':').flatMap((group, index, groups) => {
          if (index === groups.length - 1 && looksLikeIpv4(group)) {
            const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
            return [a * 256 + b, c * 256 + d]
          }
          return [hexGroup(group)]
        })
  const [head, tail] = [expand(halves[0] ?? ''), expand(halves[1] ?? '')]
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => 0), ...tail]
  if (groups.some(Number.isNaN)) return undefined
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}
