import { hostLabels } from './names-dns.ts'

/** A mailbox: the local part as it is meant (quoting taken off, case kept), the host's labels, top label first. */
export interface Mailbox {
  readonly local: string
  readonly host: string
}

/** `mailbox`: this very one. `host`: any mailbox on that host. `domain`: any mailbox on a host below it. `all`: the empty constraint. */
export type MailboxConstraint =
  | { readonly kind: 'mailbox'; readonly mailbox: Mailbox }
  | { readonly kind: 'host' | 'domain'; readonly host: string }
  | { readonly kind: 'all' }

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]$/

const readQuoted = (text: string): { local: string; next: number } | undefined => {
  let local = ''
  for (let i = 1; i < text.length; i++) {
    const char = text[i] as string
    if (char === '"') return { local, next: i + 1 }
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) return undefined
    if (char !== '\\') local += char
    else {
      i++
      const escaped = text.charCodeAt(i)
      if (!(escaped >= 0x20 && escaped <= 0x7e)) return undefined
      local += text.charAt(i)
    }
  }
  return undefined
}

const readDotAtom = (text: string): { local: string; next: number } | undefined => {
  const next = text.indexOf('@')
  const local = text.slice(0, next)
  if (next < 1 || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined
  for (const char of local) if (char !== '.' && !ATOM.test(char)) return undefined
  return { local, next }
}

/** The host in lower case, labels top first, each behind a dot: so a domain is a prefix of what is below it. */
const hostKey = (text: string): string | undefined => {
  const labels = hostLabels(text)
  return labels && labels.map((label) => `.${label}`).join('')
}

/** Reads an RFC 2821 mailbox (`local@host`, the local part a dot-atom or a quoted string); ASCII only. */
export const parseMailbox = (text: string): Mailbox | undefined => {
  if (text.length > 320) return undefined
  const head = text.startsWith('"') ? readQuoted(text) : readDotAtom(text)
  if (!head || head.local === '' || text[head.next] !== '@') return undefined
  const host = hostKey(text.slice(head.next + 1))
  return host === undefined ? undefined : { local: head.local, host }
}

/** Reads an rfc822Name constraint (RFC 5280 4.2.1.10). */
export const parseMailboxConstraint = (text: string): MailboxConstraint | undefined => {
  if (text === '') return { kind: 'all' }
  if (text.includes('@')) {
    const mailbox = parseMailbox(text)
    return mailbox && { kind: 'mailbox', mailbox }
  }
  const domain = text.startsWith('.')
  const host = hostKey(domain ? text.slice(1) : text)
  return host === undefined ? undefined : { kind: domain ? 'domain' : 'host', host }
}

/** Is `host` a host strictly below `domain`? Both as {@link Mailbox} has them. */
export const isBelowDomain = (host: string, domain: string): boolean => host.length > domain.length && host.startsWith(`${domain}.`)

/** RFC 5280 4.2.1.10 and 7.5: the local part by its octets, the host without regard to case. */
export const isMailboxInside = (mailbox: Mailbox, constraint: MailboxConstraint): boolean => {
  if (constraint.kind === 'all') return true
  if (constraint.kind === 'host') return mailbox.host === constraint.host
  if (constraint.kind === 'mailbox') return mailbox.host === constraint.mailbox.host && mailbox.local === constraint.mailbox.local
  return isBelowDomain(mailbox.host, constraint.host)
}
