import { toHex } from '../../base/bytes.ts'

/**
 * A lenient reader of BER elements. Clients differ in what they take for a certificate (OpenSSL and Java read BER, Go and rustls only DER),
 * so the prediction needs to see what the strict reader refuses, and how it deviates. Source: ITU-T X.690 section 8.1.
 */
export interface BerElement {
  /** The identifier octet; tag numbers over 30 are not read (no client reads them in a certificate). */
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly contentEnd: number
  readonly end: number
  /** How the length is written: as DER wants, longer than needed, or indefinite. */
  readonly length: 'der' | 'redundant' | 'indefinite'
}

/** Nesting of indefinite lengths that is followed; a certificate needs less than ten. */
const MAX_DEPTH = 24

const findEnd = (bytes: Uint8Array, from: number, limit: number, depth: number): number | undefined => {
  let at = from
  while (at + 2 <= limit) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) return at
    const inner = readElement(bytes, at, limit, depth + 1)
    if (!inner) return undefined
    at = inner.end
  }
  return undefined
}

/**
 * Reads one element at `at`, not beyond `limit`.
 * @returns undefined where there is no complete element.
 */
export const readElement = (bytes: Uint8Array, at: number, limit: number, depth = 0): BerElement | undefined => {
  if (at + 2 > limit || depth > MAX_DEPTH) return undefined
  const tag = bytes[at] as number
  if ((tag & 0x1f) === 0x1f) return undefined
  const first = bytes[at + 1] as number
  if (first < 0x80) {
    const end = at + 2 + first
    return end > limit ? undefined : { tag, start: at, contentStart: at + 2, contentEnd: end, end, length: 'der' }
  }
  if (first === 0x80) {
    if ((tag & 0x20) === 0) return undefined
    const contentEnd = findEnd(bytes, at + 2, limit, depth)
    if (contentEnd === undefined) return undefined
    return { tag, start: at, contentStart: at + 2, contentEnd, end: contentEnd + 2, length: 'indefinite' }
  }
  const count = first & 0x7f
  if (count > 4 || at + 2 + count > limit) return undefined
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] as number)
  const contentStart = at + 2 + count
  const end = contentStart + length
  if (end > limit) return undefined
  const redundant = bytes[at + 2] === 0 || length < 0x80
  return { tag, start: at, contentStart, contentEnd: end, end, length: redundant ? 'redundant' : 'der' }
}

/** The elements inside of one; undefined where they do not fill it exactly. */
export const readChildren = (bytes: Uint8Array, parent: BerElement): BerElement[] | undefined => {
  const out: BerElement[] = []
  let at = parent.contentStart
  while (at < parent.contentEnd) {
    const child = readElement(bytes, at, parent.contentEnd)
    if (!child) return undefined
    out.push(child)
    at = child.end
  }
  return out
}

/** An element’s content, without its tag and length. */
export const contentOf = (bytes: Uint8Array, element: BerElement): Uint8Array => bytes.subarray(element.contentStart, element.contentEnd)

/** Decimal text of an arc; one beyond 2^53 is read again from its octets, in hexadecimal where it is out of all measure. */
const arcText = (bytes: Uint8Array, from: number, last: number, arc: number, less: number): string => {
  if (arc <= Number.MAX_SAFE_INTEGER) return String(arc - less)
  if (last - from > 40) return `0x${toHex(bytes.subarray(from, last + 1))}`
  let exact = 0n
  for (let i = from; i <= last; i++) exact = exact * 128n + BigInt((bytes[i] as number) & 0x7f)
  return String(exact - BigInt(less))
}

/** Dotted text of an OBJECT IDENTIFIER's content, arcs of any size (2.25 holds UUIDs); undefined where it is cut off or padded. */
export const readOid = (bytes: Uint8Array, from: number, to: number): string | undefined => {
  if (from >= to || ((bytes[to - 1] as number) & 0x80) !== 0) return undefined
  let text = ''
  let arc = 0
  let start = from
  let fresh = true
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (fresh && byte === 0x80) return undefined
    if (fresh) start = i
    fresh = false
    arc = arc * 128 + (byte & 0x7f)
    if ((byte & 0x80) !== 0) continue
    if (text === '') {
      const head = arc < 40 ? 0 : arc < 80 ? 1 : 2
      text = `${head}.${arcText(bytes, start, i, arc, head * 40)}`
    } else text += `.${arcText(bytes, start, i, arc, 0)}`
    arc = 0
    fresh = true
  }
  return text
}

/** Whether an arc is beyond the 31 bits that Go reads in the identifiers of extensions, purposes and attributes. */
export const hasLargeArc = (oid: string): boolean => oid.length > 10 && oid.split('.').some((arc) => Number(arc) > 0x7fffffff)
