import { equalBytes, toLatin1 } from '../../base/bytes.ts'
import { MAX_FOLDED } from '../decode-name.ts'
import type { ClientPeer, Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientGeneralName } from './client-extensions.ts'
import type { ClientName } from './client-name.ts'
import { directoryText, isAscii } from './client-name.ts'
import type { ClientHabits } from './habits.ts'
import { foldLabel, labelToUnicode } from './idn.ts'
import { addressBytes, asciiLower, rustlsDnsValid, unmapped } from './name-matching.ts'
import { oids } from './oids.ts'

/** Names of the leaf as the client sees them. */
export interface NamedCertificate {
  readonly subject: ClientName
  readonly names: readonly ClientGeneralName[] | undefined
}

/** The peer as asked for, read once. */
export interface PeerName {
  readonly host?: string
  readonly address?: Uint8Array
}

const DNS = 2
const IP = 7

/** Reads the peer once for all clients. */
export const readPeer = (peer: ClientPeer): PeerName => {
  if ('ip' in peer) {
    const address = addressBytes(peer.ip)
    return address ? { address } : {}
  }
  return { host: peer.dns }
}

const mismatch = refuse('name-mismatch')

const goHostValid = (host: string, pattern: boolean): boolean => {
  const name = pattern || !host.endsWith('.') ? host : host.slice(0, -1)
  if (name === '' || name === '*') return false
  return name.split('.').every((label, index) => {
    if (label === '') return false
    if (pattern && index === 0 && label === '*') return true
    return [...label].every(
      (c, at) => (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c === '-' && at !== 0) || c === '_',
    )
  })
}

const goMatches = (pattern: string, host: string): boolean => {
  if (!goHostValid(host, false) || !goHostValid(pattern, true))
    return host !== '' && host !== '.' && asciiLower(pattern) === asciiLower(host)
  const want = asciiLower(host.endsWith('.') ? host.slice(0, -1) : host).split('.')
  const have = asciiLower(pattern).split('.')
  return want.length === have.length && have.every((label, index) => (index === 0 && label === '*') || label === want[index])
}

/** OpenSSL's valid_star: index of the one wildcard at an end of the first label, with two dots behind it; -1 for none. */
const opensslStar = (pattern: string): number => {
  let star = -1
  let dots = 0
  let [start, hyphen, idna] = [true, false, false]
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i)
    if (c === '*') {
      const atEnd = i === pattern.length - 1 || pattern.charAt(i + 1) === '.'
      if (star >= 0 || idna || dots > 0 || (!start && !atEnd)) return -1
      star = i
      start = false
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      if (start && asciiLower(pattern.slice(i, i + 4)) === 'xn--') idna = true
      start = false
      hyphen = false
    } else if (c === '.') {
      if (hyphen || start) return -1
      ;[start, hyphen, idna] = [true, false, false]
      dots++
    } else if (c === '-') {
      if (start) return -1
      hyphen = true
    } else return -1
  }
  return start || hyphen || dots < 2 ? -1 : star
}

const opensslMatches = (pattern: string, host: string): boolean => {
  if (host.length > 1 && host.startsWith('.'))
    return pattern.length >= host.length && asciiLower(pattern).endsWith(asciiLower(host)) && !pattern.includes('\0')
  const star = opensslStar(pattern)
  if (star < 0) return !pattern.includes('\0') && asciiLower(pattern) === asciiLower(host)
  const [prefix, suffix] = [asciiLower(pattern.slice(0, star)), asciiLower(pattern.slice(star + 1))]
  const name = asciiLower(host)
  if (name.length < prefix.length + suffix.length || !name.startsWith(prefix) || !name.endsWith(suffix)) return false
  const middle = name.slice(prefix.length, name.length - suffix.length)
  const whole = prefix === '' && suffix.startsWith('.')
  if (whole && middle === '') return false
  if (!whole && name.startsWith('xn--')) return false
  return middle === '*' || [...middle].every((c) => (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c === '-')
}

/** Letters, digits and inner hyphens, labels of 1 to 63, no dot at the end: what Java's SNIHostName takes (IDN with STD3 rules). */
const javaHostValid = (host: string): boolean =>
  host !== '' &&
  host
    .split('.')
    .every(
      (label) =>
        label !== '' &&
        label.length <= 63 &&
        !label.startsWith('-') &&
        !label.endsWith('-') &&
        [...label].every((c) => asciiLower(c) !== c || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c === '-'),
    )

const javaLabelMatches = (label: string, pattern: string): boolean => {
  let rest = label
  let after = pattern
  let first = true
  for (let star = after.indexOf('*'); star >= 0; star = after.indexOf('*')) {
    const before = after.slice(0, star)
    after = after.slice(star + 1)
    const at = rest.indexOf(before)
    if (at < 0 || (first && at !== 0)) return false
    first = false
    rest = rest.slice(at + before.length)
  }
  return first ? label === pattern : rest.endsWith(after)
}

/** One to four numbers, the last of which fills the rest: an address to Java (IPAddressUtil). */
const javaNumericAddress = (host: string): Uint8Array | undefined => {
  const parts = host.split('.')
  if (parts.length > 4 || !parts.every((part) => part !== '' && part.length <= 10 && [...part].every((c) => c >= '0' && c <= '9')))
    return undefined
  const numbers = parts.map(Number)
  const last = numbers.pop() as number
  const rest = 4 - numbers.length
  if (numbers.some((number) => number > 255) || last >= 256 ** rest) return undefined
  return Uint8Array.from([...numbers, ...Array.from({ length: rest }, (_, index) => Math.floor(last / 256 ** (rest - 1 - index)) % 256)])
}

/** Java compares names as Unicode (IDN.toUnicode); a name beyond ASCII counts in a CN alone. */
const javaMatches = (pattern: string, host: string, fromCommonName: boolean): boolean => {
  // No host has as many characters as are folded at most.
  if (!isAscii(pattern) && (!fromCommonName || pattern.length > MAX_FOLDED || pattern.normalize('NFKC') !== pattern)) return false
  if (pattern === '*' || pattern === '*.') return false
  const last = pattern.lastIndexOf('*')
  if (last >= 0 && !pattern.slice(last).includes('.')) return false
  if (!javaHostValid([...pattern].map((char) => (char === '*' || !isAscii(char) ? 'z' : char)).join(''))) return false
  const split = (text: string): string[] =>
    text
      .split('.')
      .filter((label) => label !== '')
      .map((label) => (isAscii(label) ? asciiLower(labelToUnicode(label)) : foldLabel(label)))
  const [want, have] = [split(host), split(pattern)]
  return want.length === have.length && want.every((label, index) => javaLabelMatches(label, have[index] as string))
}

const rustlsMatches = (pattern: string, host: string): boolean => {
  if (!rustlsDnsValid(pattern, 'presented', true)) return false
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  const [want, have] = [asciiLower(name), asciiLower(pattern)]
  if (!have.startsWith('*.')) return want === have
  const dot = want.indexOf('.', 1)
  return dot >= 0 && want.slice(dot) === have.slice(1)
}

/** Tags of the strings whose text Java can tell (DerValue.getAsString): it fails over a CN of any other type. */
const JAVA_STRINGS: readonly number[] = [0x0c, 0x13, 0x14, 0x16, 0x1b, 0x1c, 0x1e]

const commonNames = ({ subject }: NamedCertificate, habit: ClientHabits['host']['commonName']): (string | undefined)[] => {
  if (habit === 'never') return []
  const all = subject.attributes(oids.commonName)
  if (habit === 'all') return all.map(directoryText)
  return all.slice(-1).map((attribute) => (JAVA_STRINGS.includes(attribute.tag) ? directoryText(attribute) : undefined))
}

const checkAddress = (leaf: NamedCertificate, address: Uint8Array, habits: ClientHabits): Refusal | undefined => {
  const fold = habits.family === 'go' || habits.family === 'java' ? unmapped : (bytes: Uint8Array): Uint8Array => bytes
  for (const { type, bytes } of leaf.names ?? []) if (type === IP && equalBytes(fold(bytes), fold(address))) return undefined
  return mismatch
}

/** Whether the leaf is good for the peer's name, as the client sees it; undefined where it is. */
export const checkPeer = (leaf: NamedCertificate, peer: PeerName, habits: ClientHabits): Refusal | undefined => {
  if (peer.address) return checkAddress(leaf, peer.address, habits)
  const asked = peer.host
  if (asked === undefined) return unsure('the peer is neither a host name nor an address')
  if (addressBytes(asked)) return unsure('an address asked for as a host name')
  if (!isAscii(asked)) return unsure('a host name that is not ASCII')
  const host = habits.family === 'java' && asked.endsWith('.') ? asked.slice(0, -1) : asked
  const numeric = habits.family === 'java' ? javaNumericAddress(host) : undefined
  if (numeric) return checkAddress(leaf, numeric, habits)
  if (habits.family === 'java' && !javaHostValid(host)) return refuse('name-mismatch', 'no host name to this client')
  if (habits.family === 'rustls' && !rustlsDnsValid(host, 'reference', false)) return refuse('name-mismatch', 'no host name to this client')
  const names = leaf.names ?? []
  // rustls stops at a name of a form that it does not know.
  const broken = habits.family === 'rustls' ? names.findIndex(({ type }) => type < 0) : -1
  const dns = (broken < 0 ? names : names.slice(0, broken)).filter(({ type }) => type === DNS)
  const matches: (pattern: string) => boolean =
    habits.family === 'go'
      ? (pattern) => goMatches(pattern, host)
      : habits.family === 'openssl'
        ? (pattern) => opensslMatches(pattern, host)
        : habits.family === 'java'
          ? (pattern) => javaMatches(pattern, host, dns.length === 0)
          : (pattern) => rustlsMatches(pattern, host)
  const patterns: (string | undefined)[] =
    dns.length > 0 ? dns.map(({ bytes }) => toLatin1(bytes)) : commonNames(leaf, habits.host.commonName)
  for (const pattern of patterns) {
    if (pattern === undefined) return mismatch
    if (matches(pattern)) return undefined
  }
  return mismatch
}
