import type { GeneralName } from './certificate.ts'
import type { Name } from './name.ts'
import { isInDirectorySubtree, isInExcludedDirectorySubtree } from './names-directory.ts'
import type { DnsConstraint, DnsName, SubtreeRelation } from './names-dns.ts'
import { compareDns, parseDnsConstraint, parseDnsName } from './names-dns.ts'
import type { IpConstraint } from './names-ip.ts'
import { isInIpBlock, mappedIpv4, parseIpConstraint } from './names-ip.ts'
import type { Mailbox, MailboxConstraint } from './names-mailbox.ts'
import { isMailboxInside, parseMailbox, parseMailboxConstraint } from './names-mailbox.ts'
import type { UriConstraint } from './names-uri.ts'
import { isUriHostInside, parseUriConstraint, uriHost } from './names-uri.ts'

/** The choices of GeneralName, as {@link GeneralName} names them. */
export type NameForm = GeneralName['type']

/** A name read for comparison. */
export type ParsedName =
  | { readonly form: 'dns'; readonly name: DnsName }
  | { readonly form: 'ip'; readonly bytes: Uint8Array }
  | { readonly form: 'email'; readonly mailbox: Mailbox }
  | { readonly form: 'uri'; readonly host: string }
  | { readonly form: 'directory'; readonly name: Name }

/** The base of a subtree read for comparison. */
export type ParsedSubtree =
  | { readonly form: 'dns'; readonly constraint: DnsConstraint }
  | { readonly form: 'ip'; readonly block: IpConstraint }
  | { readonly form: 'email'; readonly constraint: MailboxConstraint }
  | { readonly form: 'uri'; readonly constraint: UriConstraint }
  | { readonly form: 'directory'; readonly name: Name }

const JUDGED: ReadonlySet<NameForm> = new Set<NameForm>(['dns', 'ip', 'email', 'uri', 'directory'])

/** Is there a comparison for this form? For the others RFC 5280 gives none. */
export const isJudgedForm = (form: NameForm): boolean => JUDGED.has(form)

/** Reads a name of a certificate; undefined where it is malformed or of a form that is not judged. */
export const parseConstrainedName = (general: GeneralName): ParsedName | undefined => {
  switch (general.type) {
    case 'dns': {
      const name = parseDnsName(general.value)
      return name && { form: 'dns', name }
    }
    case 'ip':
      return general.bytes.length === 4 || general.bytes.length === 16 ? { form: 'ip', bytes: general.bytes } : undefined
    case 'email': {
      const mailbox = parseMailbox(general.value)
      return mailbox && { form: 'email', mailbox }
    }
    case 'uri': {
      const host = uriHost(general.value)
      return host === undefined ? undefined : { form: 'uri', host }
    }
    case 'directory':
      return { form: 'directory', name: general.name }
    default:
      return undefined
  }
}

/** Reads the base of a subtree; undefined where it is malformed or of a form that is not judged. */
export const parseSubtree = (base: GeneralName): ParsedSubtree | undefined => {
  switch (base.type) {
    case 'dns': {
      const constraint = parseDnsConstraint(base.value)
      return constraint && { form: 'dns', constraint }
    }
    case 'ip': {
      const block = parseIpConstraint(base.bytes)
      return block && { form: 'ip', block }
    }
    case 'email': {
      const constraint = parseMailboxConstraint(base.value)
      return constraint && { form: 'email', constraint }
    }
    case 'uri': {
      const constraint = parseUriConstraint(base.value)
      return constraint && { form: 'uri', constraint }
    }
    case 'directory':
      return { form: 'directory', name: base.name }
    default:
      return undefined
  }
}

const either = (inside: boolean): SubtreeRelation => (inside ? 'inside' : 'outside')

/**
 * How a name stands to a subtree of its own form (RFC 5280 4.2.1.10); names of different forms are `outside` of each other.
 * @param side an excluded IPv4 block also holds the IPv4-mapped IPv6 addresses of its hosts: they reach the same host; an excluded
 *   directory name also names that differ from it by their string types or by invisible characters alone
 */
export const relationOf = (name: ParsedName, subtree: ParsedSubtree, side: 'permitted' | 'excluded'): SubtreeRelation => {
  if (name.form === 'dns') return subtree.form === 'dns' ? compareDns(name.name, subtree.constraint) : 'outside'
  if (name.form === 'email') return either(subtree.form === 'email' && isMailboxInside(name.mailbox, subtree.constraint))
  if (name.form === 'uri') return either(subtree.form === 'uri' && isUriHostInside(name.host, subtree.constraint))
  if (name.form === 'directory') {
    const isInside = side === 'excluded' ? isInExcludedDirectorySubtree : isInDirectorySubtree
    return either(subtree.form === 'directory' && isInside(name.name, subtree.name))
  }
  if (subtree.form !== 'ip') return 'outside'
  if (isInIpBlock(name.bytes, subtree.block)) return 'inside'
  const mapped = side === 'excluded' ? mappedIpv4(name.bytes) : undefined
  return either(mapped !== undefined && isInIpBlock(mapped, subtree.block))
}
