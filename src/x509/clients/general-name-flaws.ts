import { toLatin1 } from '../../base/bytes.ts'
import { addressBytes } from './name-matching.ts'
import type { ClientGeneralName, ClientNameConstraints, ExtensionDetail } from './client-extensions.ts'
import { readableUri } from './uri-forms.ts'

const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

const ascii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

/** Go's domainNameValid: labels of printable ASCII, none empty, no dot at the end; a constraint may begin with one. The empty name is valid. */
export const goDomainValid = (name: string, constraint: boolean): boolean => {
  if (name === '') return true
  const labels = (constraint && name.startsWith('.') ? name.slice(1) : name).split('.')
  return labels.every((label) => label !== '' && [...label].every((char) => char.charCodeAt(0) >= 33 && char.charCodeAt(0) <= 126))
}

/** Java's DNSName: labels that begin with a letter or digit and hold letters, digits and hyphens. */
export const javaDnsValid = (name: string): boolean =>
  name !== '' &&
  name
    .split('.')
    .every((label) => label !== '' && ALNUM.includes(label.charAt(0)) && [...label].every((char) => ALNUM.includes(char) || char === '-'))

/** What single clients object to in the names of a subjectAltName. */
export const subjectAltNameFlaws = (names: readonly ClientGeneralName[], note: (code: ExtensionDetail) => void): void => {
  if (names.length === 0) note('san-empty')
  for (const { type, bytes } of names) {
    if ((type === 1 || type === 2 || type === 6) && !ascii(bytes)) note('san-not-ia5')
    if (type === 7 && bytes.length !== 4 && bytes.length !== 16)
      note(bytes.length === 8 || bytes.length === 32 ? 'san-ip-length' : 'san-ip-length-odd')
    if (type === 1 && (bytes.length === 0 || bytes.indexOf(0x40) === bytes.length - 1)) note('san-email-empty')
    if (type === 6) {
      const { go, java } = readableUri(toLatin1(bytes))
      if (go === undefined || java === undefined) note('san-uri-odd')
      if (go === false) note('san-uri-go')
      if (java === false) note('san-uri-java')
    }
  }
}

/** Contiguous ones, then zeroes. */
export const maskValid = (mask: Uint8Array): boolean => {
  let ended = false
  for (const byte of mask) {
    if (ended && byte !== 0) return false
    if (byte === 0xff) continue
    ended = true
    if ((~byte & 0xff & ((~byte & 0xff) + 1)) !== 0) return false
  }
  return true
}

const LOCAL = `${ALNUM}!#$%&'*+-/=?^_\`{|}~.`

/** The local part of a mailbox in quotes and where it ends; undefined where it is none (RFC 2821 4.1.2 as Go reads it). */
const quotedLocal = (text: string): { local: string; end: number } | undefined => {
  let local = ''
  for (let i = 1; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code === 0x22) return { local, end: i + 1 }
    if (code === 0x5c) code = text.charCodeAt(++i)
    if (!(code >= 1 && code <= 127) || code === 10 || code === 13) return undefined
    local += text.charAt(i)
  }
  return undefined
}

/** Go's parseRFC2821Mailbox; undefined where it is no mailbox. */
export const mailbox = (text: string): { local: string; domain: string } | undefined => {
  const quoted = text.startsWith('"') ? quotedLocal(text) : undefined
  if (text.startsWith('"') && !quoted) return undefined
  const at = quoted ? quoted.end : text.indexOf('@')
  if (at <= 0 || text.charAt(at) !== '@') return undefined
  const [local, domain] = [quoted ? quoted.local : text.slice(0, at), text.slice(at + 1)]
  const plain = [...local].every((char) => LOCAL.includes(char)) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..')
  return (quoted || plain) && goDomainValid(domain, false) ? { local, domain } : undefined
}

const goConstraintValid = ({ type, bytes }: ClientGeneralName): boolean => {
  const text = toLatin1(bytes)
  switch (type) {
    case 1:
      return ascii(bytes) && (text.includes('@') ? mailbox(text) !== undefined : goDomainValid(text, true))
    case 2:
      return ascii(bytes) && goDomainValid(text, true)
    case 6:
      return ascii(bytes) && !addressBytes(text) && goDomainValid(text, true)
    case 7:
      return (bytes.length === 8 || bytes.length === 32) && maskValid(bytes.subarray(bytes.length / 2))
    default:
      return true
  }
}

const javaConstraintValid = ({ type, bytes }: ClientGeneralName): boolean => {
  const text = toLatin1(bytes)
  switch (type) {
    case 1:
      return text !== '' && !text.endsWith('@') && text.slice(text.indexOf('@') + 1) !== '.'
    case 6:
      return !text.includes(':') && javaDnsValid(text.startsWith('.') ? text.slice(1) : text)
    case 7:
      return [4, 8, 16, 32].includes(bytes.length)
    default:
      return true
  }
}

/** What single clients object to in nameConstraints when they parse them. */
export const nameConstraintsFlaws = (constraints: ClientNameConstraints, note: (code: ExtensionDetail) => void): void => {
  const subtrees = [...constraints.permitted, ...constraints.excluded]
  if (subtrees.length === 0) note('nc-empty')
  if (!subtrees.every(({ base }) => goConstraintValid(base))) note('nc-go')
  if (!subtrees.every(({ base }) => javaConstraintValid(base))) note('nc-java')
}
