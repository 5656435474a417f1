import { fromBase64, toLatin1 } from '../base/bytes.ts'
import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { CertificateFailure, X509Certificate } from './certificate.ts'
import { decodeCertificate } from './decode-certificate.ts'

/**
 * One PEM block (RFC 7468). `block` counts from 1 over all blocks that were begun; `offset` is that of its BEGIN line, in octets (in
 * characters, where the text was given as a string). A block has either `der`, or the reason why Go's encoding/pem, and cert-manager
 * with it, passes over it: those codes begin with `pem-`.
 */
export interface PemBlock {
  readonly block: number
  readonly label: string
  readonly offset: number
  readonly der?: Uint8Array
  readonly failure?: CertificateFailure
  /** There is a `Proc-Type: 4,ENCRYPTED` header (RFC 1421): what the base64 holds is encrypted. */
  readonly encrypted?: boolean
}

const BEGIN = '-----BEGIN '
const END = '\n-----END '
const DASHES = '-----'

/** The octets one to one as code units; whatever is beyond ASCII is never part of a block that can be read. */
const octets = new TextDecoder('latin1')

const toText = (input: string | Uint8Array): string => (typeof input === 'string' ? input : octets.decode(input))

interface Line {
  /** Without the line end and the blanks before it. */
  readonly text: string
  /** Offset behind the line end. */
  readonly next: number
}

const readLine = (text: string, from: number): Line => {
  const newline = text.indexOf('\n', from)
  let to = newline < 0 ? text.length : newline
  if (newline > from && text[to - 1] === '\r') to--
  while (to > from && (text[to - 1] === ' ' || text[to - 1] === '\t')) to--
  return { text: text.slice(from, to), next: newline < 0 ? text.length : newline + 1 }
}

type Attempt =
  { readonly der: Uint8Array; readonly label: string; readonly encrypted: boolean } | { readonly code: string; readonly label: string }

/** Reads the block whose BEGIN stands at `begin` and whose END line starts at the newline `end`. */
const readBlock = (text: string, begin: number, end: number, atLineStart: boolean): Attempt => {
  const typeLine = readLine(text, begin + BEGIN.length)
  const label = typeLine.text.endsWith(DASHES) ? typeLine.text.slice(0, -DASHES.length) : ''
  if (!atLineStart) return { code: 'pem-begin-not-at-line-start', label }
  if (!typeLine.text.endsWith(DASHES)) return { code: 'pem-begin-malformed', label: '' }
  let at = typeLine.next
  let headers = 0
  let encrypted = false
  for (;;) {
    if (at >= text.length) return { code: 'pem-no-end', label }
    const line = readLine(text, at)
    const colon = line.text.indexOf(':')
    if (colon < 0) break
    headers++
    if (line.text.slice(0, colon).trim() === 'Proc-Type' && line.text.includes('ENCRYPTED')) encrypted = true
    at = line.next
    if (at > end + 1) return { code: 'pem-header-over-end', label }
  }
  if (headers > 0 && at > end) return { code: 'pem-header-without-body', label }
  const trailer = label + DASHES
  const afterEnd = end + END.length
  if (!text.startsWith(trailer, afterEnd) || readLine(text, afterEnd + trailer.length).text !== '')
    return { code: 'pem-end-mismatch', label }
  const der = at >= end ? new Uint8Array(0) : fromBase64(text.slice(at, end))
  return der ? { der, label, encrypted } : { code: 'pem-base64', label }
}

const beginBytes = new TextEncoder().encode(BEGIN)
const isAt = (bytes: Uint8Array, at: number, expected: Uint8Array): boolean => {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}
const endBytes = new TextEncoder().encode('-----END ')

/** Labels are upper-case words; anything else is left to the general reader. */
const isLabelByte = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || byte === 0x20

const isDashes = (bytes: Uint8Array, at: number): boolean => {
  for (let i = 0; i < DASHES.length; i++) if (bytes[at + i] !== 0x2d) return false
  return true
}

/** The usual labels are one text each, however often they stand in a dump. */
const USUAL_LABELS = ['CERTIFICATE', 'PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY'].map(
  (label) => [label, new TextEncoder().encode(label)] as const,
)

const labelOf = (bytes: Uint8Array, from: number, to: number): string =>
  USUAL_LABELS.find(([label, octets]) => label.length === to - from && isAt(bytes, from, octets))?.[0] ?? toLatin1(bytes.subarray(from, to))

/** Overwrites what was decoded: any block may hold a private key. */
export const wipeBlocks = (blocks: Iterable<PemBlock>): void => {
  for (const { der } of blocks) der?.fill(0)
}

/** @returns whether all of it could be read so; `blocks` has what was read until then */
const readCanonicalBlocks = (bytes: Uint8Array, limits: Limits, blocks: PemBlock[]): boolean => {
  for (let at = 0; at < bytes.length;) {
    if (blocks.length >= limits.pemBlocks || !isAt(bytes, at, beginBytes)) return false
    const labelFrom = at + beginBytes.length
    let labelTo = labelFrom
    while (isLabelByte(bytes[labelTo] as number)) labelTo++
    const bodyFrom = labelTo + DASHES.length + 1
    if (labelTo === labelFrom || !isDashes(bytes, labelTo) || bytes[bodyFrom - 1] !== 0x0a) return false
    // Base64 has no dash: the next one begins the END line.
    const end = bytes.indexOf(0x2d, bodyFrom)
    const labelLength = labelTo - labelFrom
    const trailer = end + endBytes.length
    if (end <= bodyFrom || bytes[end - 1] !== 0x0a || !isAt(bytes, end, endBytes)) return false
    for (let i = 0; i < labelLength; i++) if (bytes[trailer + i] !== bytes[labelFrom + i]) return false
    const next = trailer + labelLength + DASHES.length
    if (!isDashes(bytes, next - DASHES.length) || (next < bytes.length && bytes[next] !== 0x0a)) return false
    const der = fromBase64(bytes.subarray(bodyFrom, end))
    if (!der) return false
    blocks.push({ block: blocks.length + 1, label: labelOf(bytes, labelFrom, labelTo), offset: at, der })
    at = next + 1
  }
  return true
}

/**
 * Nearly every value is what Go's pem.Encode writes: blocks one behind the other, without headers or anything between them. Those are
 * read from the octets as they are.
 * @returns undefined where anything is otherwise: then the general reader decides
 */
const readCanonicalPem = (bytes: Uint8Array, limits: Limits): PemBlock[] | undefined => {
  const blocks: PemBlock[] = []
  if (readCanonicalBlocks(bytes, limits, blocks)) return blocks
  wipeBlocks(blocks)
  return undefined
}

/**
 * Reads all PEM blocks of a text, in one pass: text before and between them is passed over, lines may end with CRLF and have any
 * length, and a block may have headers, exactly as Go's encoding/pem has it (since Go 1.25: the last BEGIN before an END counts).
 * Blocks that Go passes over are listed with the reason. After `limits.pemBlocks` blocks reading stops with one more that says so.
 */
export const readPem = (input: string | Uint8Array, limits: Limits = defaultLimits): PemBlock[] => {
  const canonical = typeof input === 'string' ? undefined : readCanonicalPem(input, limits)
  if (canonical) return canonical
  const text = toText(input)
  const blocks: PemBlock[] = []
  const fail = (offset: number, label: string, code: string): void =>
    void blocks.push({ block: blocks.length + 1, label, offset, failure: { code, offset } })
  // Blocks are told in their order, and any number of them may be begun on one line: its end is looked for once.
  let lineTo = 0
  let lineNext = 0
  const labelAt = (begin: number): string => {
    const from = begin + BEGIN.length
    if (from >= lineNext) {
      const line = readLine(text, from)
      lineTo = from + line.text.length
      lineNext = line.next
    }
    const rest = text.slice(from, lineTo)
    return rest.endsWith(DASHES) ? rest.slice(0, -DASHES.length) : ''
  }
  let at = 0
  let nextBegin = text.indexOf(BEGIN)
  for (;;) {
    if (blocks.length >= limits.pemBlocks) {
      if (nextBegin >= 0) fail(nextBegin, '', 'pem-too-many-blocks')
      return blocks
    }
    const end = text.indexOf(END, at)
    const stop = end < 0 ? text.length : end
    let begin = -1
    while (nextBegin >= 0 && nextBegin < at) nextBegin = text.indexOf(BEGIN, nextBegin + 1)
    while (nextBegin >= 0 && nextBegin + BEGIN.length <= stop && blocks.length < limits.pemBlocks) {
      if (begin >= 0) fail(begin, labelAt(begin), 'pem-no-end')
      begin = nextBegin
      nextBegin = text.indexOf(BEGIN, begin + BEGIN.length)
    }
    if (end < 0) {
      if (begin >= 0) fail(begin, labelAt(begin), 'pem-no-end')
      return blocks
    }
    if (begin < 0) {
      fail(end + 1, '', 'pem-no-begin')
      at = end + END.length
      continue
    }
    const attempt = readBlock(text, begin, end, begin === at || text[begin - 1] === '\n')
    if ('code' in attempt) {
      fail(begin, attempt.label, attempt.code)
      if (attempt.code === 'pem-header-over-end' || attempt.code === 'pem-no-end') return blocks
      at = end + END.length
      continue
    }
    const { der, label, encrypted } = attempt
    blocks.push({ block: blocks.length + 1, label, offset: begin, der, ...(encrypted && { encrypted }) })
    at = readLine(text, end + END.length).next
  }
}

/** The DER of the first block that can be read, of whatever type; undefined where there is none. Whoever asks wipes what may be private. */
export const firstPemBlockDer = (input: string | Uint8Array): Uint8Array | undefined => {
  const blocks = readPem(input)
  const first = blocks.find((block) => block.der)
  wipeBlocks(blocks.filter((block) => block !== first))
  return first?.der
}

export type CertificateBlock =
  | { readonly block: number; readonly label: string; readonly certificate: X509Certificate }
  | { readonly block: number; readonly label: string; readonly failure: CertificateFailure }

/** Why a block that is no certificate is none, by its label: the usual accidents have names of their own. */
const failureOf = (label: string, failure: CertificateFailure): CertificateFailure => {
  if (label.endsWith('PRIVATE KEY')) return { code: 'is-private-key', detail: label }
  if (label.endsWith('CERTIFICATE REQUEST')) return { code: 'is-certificate-request' }
  return failure
}

/**
 * Reads every block of a text as a certificate, whatever its label says, as cert-manager does. Failures whose code begins with `pem-`
 * are blocks that cert-manager passes over; any other failure makes the whole value unreadable to it.
 */
export const readCertificates = (input: string | Uint8Array, limits: Limits = defaultLimits): CertificateBlock[] =>
  readPem(input, limits).map(({ block, label, der, failure }): CertificateBlock => {
    if (!der) return { block, label, failure: failure ?? { code: 'pem-empty' } }
    const decoded = decodeCertificate(der, limits)
    if ('certificate' in decoded) return { block, label, certificate: decoded.certificate }
    der.fill(0)
    return { block, label, failure: failureOf(label, decoded.failure) }
  })
