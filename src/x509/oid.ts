import type { DerCursor, DerElement } from './der.ts'
import { DerError, tags, expectElement } from './der.ts'

/** Octets of one arc: 19 hold the 128 bits of a UUID (X.667), the longest that is in use. */
const ARC_OCTETS = 20
/** Octets of a whole OID; the longest registered ones have less than 40. */
const OID_OCTETS = 128

const writeArcs = (bytes: Uint8Array, from: number, to: number): string | undefined => {
  let out = ''
  let value = 0
  let big: bigint | undefined
  let start = from
  for (let at = from; at < to; at++) {
    const octet = bytes[at] as number
    if (at === start && octet === 0x80) return undefined
    if (at - start >= ARC_OCTETS) return undefined
    if (big !== undefined) big = (big << 7n) | BigInt(octet & 0x7f)
    else if (value > 0x3ffffffffff) big = (BigInt(value) << 7n) | BigInt(octet & 0x7f)
    else value = value * 128 + (octet & 0x7f)
    if (octet >= 0x80) continue
    if (start === from) {
      const first = big !== undefined || value >= 80 ? 2 : value >= 40 ? 1 : 0
      out = `${first}.${big !== undefined ? (big - 80n).toString() : value - first * 40}`
    } else out += `.${big !== undefined ? big.toString() : value}`
    value = 0
    big = undefined
    start = at + 1
  }
  return start === to ? out : undefined
}

/** Reads an OBJECT IDENTIFIER's content as dotted text (X.690 8.19); refuses padded and absurdly long arcs. */
export const oidText = (cursor: DerCursor, element: DerElement): string => {
  const { bytes } = cursor
  const length = element.to - element.from
  // The attribute types 2.5.4.x and the extensions 2.5.29.x are most of what a certificate holds.
  if (length === 3 && bytes[element.from] === 0x55) {
    const [branch, last] = [bytes[element.from + 1] as number, bytes[element.from + 2] as number]
    if (branch < 0x80 && last < 0x80) return `2.5.${branch}.${last}`
  }
  if (length === 0 || length > OID_OCTETS) throw new DerError('oid-invalid', element.start)
  const text = writeArcs(bytes, element.from, element.to)
  if (text === undefined) throw new DerError('oid-invalid', element.start)
  return text
}

/** Reads one OBJECT IDENTIFIER. `what` names the field in the failure. Throws DerError. */
export const readOid = (cursor: DerCursor, what: string): string => oidText(cursor, expectElement(cursor, tags.oid, what))
