/**
 * URLs as Go's net/url reads and prints them: cert-manager compares the URI names of a certificate after that round trip.
 * Texts are byte strings (code units 0–255); the URI names of certificates are ASCII.
 */

import { parseIp } from './go-ip.ts'

type Mode = 'path' | 'user' | 'host' | 'zone' | 'fragment'

const isAlphanumeric = (char: string): boolean =>
  (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || (char >= '0' && char <= '9')

const HOST_CHARS = new Set([...'!$&\'()*+,;=:[]<>"'])
const RESERVED = new Set([...'$&+,/:;=?@'])
const USERINFO_CHARS = new Set([..."-._:~!$&'()*+,;=%@"])
const ENCODED_CHARS = new Set([..."!$&'()*+,;=:@[]%"])

const mustEscape = (char: string, mode: Mode): boolean => {
  if (isAlphanumeric(char)) return false
  if ((mode === 'host' || mode === 'zone') && HOST_CHARS.has(char)) return false
  if ('-_.~'.includes(char)) return false
  if (RESERVED.has(char)) {
    if (mode === 'path') return char === '?'
    if (mode === 'user') return '@/?:'.includes(char)
    return mode !== 'fragment'
  }
  return !(mode === 'fragment' && '!()*'.includes(char))
}

const escape = (text: string, mode: Mode): string => {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    out += mustEscape(char, mode) ? `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : char
  }
  return out
}

const hexDigit = (char: string | undefined): number => {
  const value = char === undefined ? -1 : '0123456789abcdef'.indexOf(char.toLowerCase())
  return value
}

const unescape = (text: string, mode: Mode): string | undefined => {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (char !== '%') {
      if ((mode === 'host' || mode === 'zone') && char.charCodeAt(0) < 0x80 && mustEscape(char, mode)) return undefined
      out += char
      continue
    }
    const [high, low] = [hexDigit(text[i + 1]), hexDigit(text[i + 2])]
    if (high < 0 || low < 0) return undefined
    const decoded = String.fromCharCode(high * 16 + low)
    const isPercent = high === 2 && low === 5
    if (mode === 'host' && high < 8 && !isPercent) return undefined
    if (mode === 'zone' && !isPercent && decoded !== ' ' && mustEscape(decoded, 'host')) return undefined
    out += decoded
    i += 2
  }
  return out
}

const isEncoded = (text: string, mode: Mode): boolean => {
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (!ENCODED_CHARS.has(char) && mustEscape(char, mode)) return false
  }
  return true
}

/** The part as it was written where that is a valid encoding, else encoded anew. */
const keepOrEscape = (written: string, decoded: string, mode: Mode): string => {
  const canonical = escape(decoded, mode)
  return written === canonical || isEncoded(written, mode) ? written : canonical
}

const isPort = (text: string): boolean => {
  if (text === '') return true
  if (text[0] !== ':') return false
  for (let i = 1; i < text.length; i++) if ((text[i] as string) < '0' || (text[i] as string) > '9') return false
  return true
}

const parseHost = (written: string): string | undefined => {
  const open = written.lastIndexOf('[')
  if (open < 0) {
    const colon = written.lastIndexOf(':')
    return colon >= 0 && !isPort(written.slice(colon)) ? undefined : unescape(written, 'host')
  }
  const close = written.lastIndexOf(']')
  if (open > 0 || close < 0 || !isPort(written.slice(close + 1))) return undefined
  const zoneAt = written.slice(0, close).indexOf('%25')
  // Only an IPv6 address may stand in brackets.
  const address = written.slice(1, zoneAt < 0 ? close : zoneAt)
  if (!address.includes(':') || parseIp(address) === undefined) return undefined
  if (zoneAt < 0) return unescape(written, 'host')
  const parts = [
    unescape(written.slice(0, zoneAt), 'host'),
    unescape(written.slice(zoneAt, close), 'zone'),
    unescape(written.slice(close), 'host'),
  ]
  return parts.some((part) => part === undefined) ? undefined : parts.join('')
}

const parseUser = (written: string): string | undefined => {
  for (let i = 0; i < written.length; i++) {
    const char = written[i] as string
    if (!isAlphanumeric(char) && !USERINFO_CHARS.has(char)) return undefined
  }
  const colon = written.indexOf(':')
  const parts = (colon < 0 ? [written] : [written.slice(0, colon), written.slice(colon + 1)]).map((part) => unescape(part, 'user'))
  return parts.some((part) => part === undefined) ? undefined : parts.map((part) => escape(part as string, 'user')).join(':')
}

/** Index of the colon behind a scheme; -1 for no scheme, undefined for an empty one. */
const schemeEnd = (text: string): number | undefined => {
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    if (char === ':') return i === 0 ? undefined : i
    const isLetter = isAlphanumeric(char) && !(char >= '0' && char <= '9')
    if (!isLetter && (i === 0 || !(isAlphanumeric(char) || '+-.'.includes(char)))) return -1
  }
  return -1
}

interface Authority {
  readonly user?: string
  readonly host: string
}

const parseAuthority = (written: string): Authority | undefined => {
  const at = written.lastIndexOf('@')
  const host = parseHost(written.slice(at + 1))
  if (host === undefined) return undefined
  if (at < 0) return { host }
  const user = parseUser(written.slice(0, at))
  return user === undefined ? undefined : { user, host }
}

const hasControlByte = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 || text.charCodeAt(i) === 0x7f) return true
  return false
}

const printHierarchy = (scheme: string, written: string): { readonly text: string; readonly host: string } | undefined => {
  let rest = written
  let authority: Authority | undefined
  let emptyHostLeftOut = false
  if ((scheme !== '' || !rest.startsWith('///')) && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2)
    const end = slash < 0 ? rest.length : slash
    authority = parseAuthority(rest.slice(2, end))
    if (!authority) return undefined
    rest = rest.slice(end)
  } else if (scheme !== '' && rest.startsWith('/')) emptyHostLeftOut = true
  const path = unescape(rest, 'path')
  if (path === undefined) return undefined
  const host = authority?.host ?? ''
  const user = authority?.user
  let out = ''
  if ((scheme !== '' || host !== '' || user !== undefined) && !(emptyHostLeftOut && host === '' && user === undefined)) {
    if (host !== '' || path !== '' || user !== undefined) out += '//'
    if (user !== undefined) out += `${user}@`
    out += escape(host, 'host')
  }
  const shown = rest === '*' ? '*' : keepOrEscape(rest, path, 'path')
  if (shown !== '' && shown[0] !== '/' && host !== '') out += '/'
  if (scheme === '' && out === '' && (shown.split('/')[0] as string).includes(':')) out += './'
  return { text: out + shown, host }
}

/**
 * Reads a URL and prints it again, as Go's url.Parse and URL.String do.
 * @returns undefined for what Go cannot parse; `host` for the checks that follow.
 */
export const roundTripUrl = (written: string): { readonly text: string; readonly host: string } | undefined => {
  const hash = written.indexOf('#')
  const [body, fragmentText] = hash < 0 ? [written, ''] : [written.slice(0, hash), written.slice(hash + 1)]
  const fragment = unescape(fragmentText, 'fragment')
  if (hasControlByte(body) || fragment === undefined) return undefined
  const shownFragment = fragment === '' ? '' : `#${keepOrEscape(fragmentText, fragment, 'fragment')}`
  if (body === '*') return { text: `*${shownFragment}`, host: '' }
  const end = schemeEnd(body)
  if (end === undefined) return undefined
  const scheme = end < 0 ? '' : body.slice(0, end).toLowerCase()
  const afterScheme = end < 0 ? body : body.slice(end + 1)
  const question = afterScheme.indexOf('?')
  const rest = question < 0 ? afterScheme : afterScheme.slice(0, question)
  // A lone question mark at the end stays.
  const query = question < 0 ? '' : afterScheme.slice(question) === '?' ? '?' : afterScheme.slice(question)
  const prefix = scheme === '' ? '' : `${scheme}:`
  if (!rest.startsWith('/')) {
    if (scheme !== '' && rest !== '') return { text: prefix + rest + query + shownFragment, host: '' }
    if (scheme === '' && (rest.split('/')[0] as string).includes(':')) return undefined
  }
  const hierarchy = printHierarchy(scheme, rest)
  return hierarchy && { text: prefix + hierarchy.text + query + shownFragment, host: hierarchy.host }
}

/** The host of a URI name must be made of labels (crypto/x509): 1–63 printable characters each, no dot at the end. */
export const isUrlHost = (host: string): boolean => {
  if (host.length > 253 || host.endsWith('.')) return false
  for (let i = 0; i < host.length; i++) if (host.charCodeAt(i) < 33 || host.charCodeAt(i) > 126) return false
  return host.split('.').every((label) => label.length > 0 && label.length <= 63)
}
