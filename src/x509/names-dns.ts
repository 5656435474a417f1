/** A dNSName, cut into labels, top label first; `wildcard` where its left-most label was a whole `*` (which is not among the labels). */
export interface DnsName {
  readonly labels: readonly string[]
  readonly wildcard: boolean
}

/** A dNSName constraint. `subdomainsOnly`: it was written with a leading dot, which RFC 5280 4.2.1.10 does not know but issuers use. */
export interface DnsConstraint {
  readonly labels: readonly string[]
  readonly subdomainsOnly: boolean
}

/** How a name stands to a subtree. A wildcard `overlaps` where some of the hosts that it stands for are inside and others may not be. */
export type SubtreeRelation = 'inside' | 'outside' | 'overlaps'

const MAX_NAME = 253
const MAX_LABEL = 63

const isLabelChar = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x2d || code === 0x5f

const DOT = 0x2e

/**
 * Labels of a host name in lower case, top label first. Letters, digits, `-` and, as hosts in clusters have it, `_`; no empty label,
 * so no trailing dot either; nothing beyond ASCII (RFC 5280 7.2 wants A-labels).
 */
export const hostLabels = (text: string): readonly string[] | undefined => {
  if (text.length === 0 || text.length > MAX_NAME) return undefined
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT
    if (code !== DOT) {
      if (!isLabelChar(code)) return undefined
      continue
    }
    if (i === start || i - start > MAX_LABEL) return undefined
    start = i + 1
  }
  return text.toLowerCase().split('.').reverse()
}

/** Four decimal numbers: an address, whatever field it stands in. */
export const looksLikeIpv4 = (labels: readonly string[]): boolean =>
  labels.length === 4 && labels.every((label) => /^[0-9]{1,3}$/.test(label) && Number(label) <= 255)

/** Reads a dNSName as it stands in a certificate; undefined where it is none. A `*` is read only as the whole left-most label. */
export const parseDnsName = (text: string): DnsName | undefined => {
  if (text === '*') return { labels: [], wildcard: true }
  const wildcard = text.startsWith('*.')
  const labels = hostLabels(wildcard ? text.slice(2) : text)
  return labels && { labels, wildcard }
}

/** Reads a dNSName constraint; the empty one holds every name. Wildcards and trailing dots are malformed. */
export const parseDnsConstraint = (text: string): DnsConstraint | undefined => {
  if (text === '') return { labels: [], subdomainsOnly: false }
  const subdomainsOnly = text.startsWith('.')
  const labels = hostLabels(subdomainsOnly ? text.slice(1) : text)
  return labels && { labels, subdomainsOnly }
}

const startsWith = (labels: readonly string[], prefix: readonly string[]): boolean => {
  if (labels.length < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (labels[i] !== prefix[i]) return false
  return true
}

/** RFC 5280 4.2.1.10: a subtree holds its own name and every name made from it by labels on the left. */
export const compareDns = (name: DnsName, constraint: DnsConstraint): SubtreeRelation => {
  const needed = constraint.labels.length + (constraint.subdomainsOnly ? 1 : 0)
  const length = name.labels.length + (name.wildcard ? 1 : 0)
  if (startsWith(name.labels, constraint.labels) && length >= needed) return 'inside'
  // `*.example.com` stands for `bar.example.com` too: one more label than the wildcard's parent, and nothing deeper.
  const oneBelow = name.wildcard && needed === name.labels.length + 1 && startsWith(constraint.labels, name.labels)
  return oneBelow ? 'overlaps' : 'outside'
}
