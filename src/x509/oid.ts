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

/** 2.5.4.x and 2.5.29.x: most of what a certificate holds. One text for each, however often it stands in a dump. */
const IN_2_5 = new Map([4, 29].map((branch) => [branch, Array.from({ length: 128 }, (_, last) => `2.5.${branch}.${last}`)]))

/** What else stands in nearly every certificate: algorithms, curves, purposes, authorityInfoAccess. */
const FREQUENT: ReadonlyMap<number, readonly (readonly [text: string, content: Uint8Array])[]> = new Map(
  Object.entries({
    8: [
      '2a8648ce3d030107',
      '2a8648ce3d040302',
      '2a8648ce3d040303',
      '2a8648ce3d040304',
      '2b06010505070301',
      '2b06010505070302',
      '2b06010505070101',
    ],
    9: ['2a864886f70d010101', '2a864886f70d01010b', '2a864886f70d01010c', '2a864886f70d01010d'],
    7: ['2a8648ce3d0201'],
    5: ['2b81040022', '2b81040023'],
    3: ['2b6570'],
  }).map(([length, contents]) => [
    Number(length),
    contents.map((hex) => {
      const content = Uint8Array.from({ length: Number(length) }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16))
      return [writeArcs(content, 0, content.length) ?? '', content] as const
    }),
  ]),
)

const frequentText = (bytes: Uint8Array, from: number, length: number): string | undefined => {
  for (const [text, content] of FREQUENT.get(length) ?? []) {
    let i = length - 1
    while (i >= 0 && bytes[from + i] === content[i]) i--
    if (i < 0) return text
  }
  return undefined
}

/** Reads an OBJECT IDENTIFIER's content as dotted text (X.690 8.19); refuses padded and absurdly long arcs. */
export const oidText = (cursor: DerCursor, element: DerElement): string => {
  const { bytes } = cursor
  const length = element.to - element.from
  const frequent =
    length === 3 && bytes[element.from] === 0x55
      ? IN_2_5.get(bytes[element.from + 1] as number)?.[bytes[element.from + 2] as number]
      : frequentText(bytes, element.from, length)
  if (frequent !== undefined) return frequent
  if (length === 0 || length > OID_OCTETS) throw new DerError('oid-invalid', element.start)
  const text = writeArcs(bytes, element.from, element.to)
  if (text === undefined) throw new DerError('oid-invalid', element.start)
  return text
}

/** Reads one OBJECT IDENTIFIER. `what` names the field in the failure. Throws DerError. */
export const readOid = (cursor: DerCursor, what: string): string => oidText(cursor, expectElement(cursor, tags.oid, what))
