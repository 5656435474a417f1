import fc from 'fast-check'
import type { Attribute, Bytes } from './der-writer.ts'
import { ascii, bits, boolean, der, extension, integer, name, octets, oid, rdn, sequence, utf8 } from './der-writer.ts'

const printable = fc.string({ unit: fc.constantFrom(..."ABCXYZabcxyz0189 '()+,-./:=?"), minLength: 1, maxLength: 20 })
const text = fc.oneof(printable, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }))

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  fc.record({
    type: fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '2.5.4.7', '2.5.4.8', '2.5.4.5', '1.3.6.1.4.1.55738.1.70000'),
    value: text,
  }),
  fc.record({ type: fc.constantFrom('2.5.4.3', '2.5.4.6', '2.5.4.10'), value: printable, tag: fc.constant(0x13) }),
  fc.record({ type: fc.constantFrom('0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1'), value: printable, tag: fc.constant(0x16) }),
)

/** A name of up to four RDNs. */
export const arbitraryName: fc.Arbitrary<Bytes> = fc.array(fc.tuple(attribute), { maxLength: 4 }).map((rdns) => name(rdns))

/** A name with multi-valued RDNs, in any order. */
export const arbitraryMultiName: fc.Arbitrary<Bytes> = fc
  .array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 4 })
  .map((rdns) => sequence(...rdns.map((attributes) => rdn(...attributes))))

export const arbitrarySerial: fc.Arbitrary<Bytes> = fc.bigInt({ min: 1n, max: 2n ** 159n - 1n }).map(integer)

const label = fc.string({ unit: fc.constantFrom(...'abcxyz019-'), minLength: 1, maxLength: 8 })
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))

const generalName: fc.Arbitrary<Bytes> = fc.oneof(
  host.map((value) => der(0x82, ascii(value))),
  host.map((value) => der(0x81, ascii(`me@${value}`))),
  host.map((value) => der(0x86, ascii(`spiffe://${value}/ns/a`))),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((value) => der(0x87, value)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((value) => der(0x87, value)),
)

const otherName: fc.Arbitrary<Bytes> = fc.oneof(
  generalName,
  arbitraryName.map((value) => der(0xa4, value)),
  fc.constant(der(0x88, Uint8Array.of(0x2a, 0x03, 0x04))),
  text.map((value) => der(0xa0, oid('1.3.6.1.4.1.311.20.2.3'), der(0xa0, der(0x0c, utf8(value))))),
)

const PURPOSES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0', '1.3.6.1.4.1.55738.5']

const usage = fc.integer({ min: 1, max: 0x1ff }).map((flags) => {
  const octetsOf = [0, 0]
  let last = 0
  for (let bit = 0; bit < 9; bit++)
    if (flags & (1 << bit)) {
      octetsOf[bit >> 3] = (octetsOf[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
      last = bit
    }
  return bits(Uint8Array.from(octetsOf.slice(0, (last >> 3) + 1)), 7 - (last & 7))
})

const candidates: readonly fc.Arbitrary<Bytes>[] = [
  fc
    .tuple(fc.boolean(), fc.option(fc.nat(300)))
    .map(([critical, pathLength]) =>
      extension('2.5.29.19', critical, pathLength === null ? sequence(boolean(true)) : sequence(boolean(true), integer(pathLength))),
    ),
  fc.tuple(fc.boolean(), usage).map(([critical, value]) => extension('2.5.29.15', critical, value)),
  fc.subarray(PURPOSES, { minLength: 1 }).map((purposes) => extension('2.5.29.37', false, sequence(...purposes.map(oid)))),
  fc
    .tuple(fc.boolean(), fc.array(generalName, { minLength: 1, maxLength: 6 }))
    .map(([critical, names]) => extension('2.5.29.17', critical, sequence(...names))),
  fc.array(otherName, { minLength: 1, maxLength: 4 }).map((names) => extension('2.5.29.17', false, sequence(...names))),
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((id) => extension('2.5.29.14', false, octets(id))),
  fc.uint8Array({ minLength: 20, maxLength: 20 }).map((id) => extension('2.5.29.35', false, sequence(der(0x80, id)))),
  host.map((value) => extension('2.5.29.31', false, sequence(sequence(der(0xa0, der(0xa0, der(0x86, ascii(`http://${value}/crl`)))))))),
  host.map((value) =>
    extension('1.3.6.1.5.5.7.1.1', false, sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x86, ascii(`http://${value}`))))),
  ),
  host.map((value) => extension('2.5.29.30', true, sequence(der(0xa0, sequence(der(0x82, ascii(value))))))),
  fc.uint8Array({ maxLength: 20 }).map((value) => extension('1.3.6.1.4.1.55738.9', false, value)),
]

/** Extensions of every kind that is decoded, each at most once, well-formed. */
export const arbitraryExtensions: fc.Arbitrary<Bytes[]> = fc
  .array(fc.oneof(...candidates), { maxLength: 8 })
  .map((items) => items.filter((item, i) => items.findIndex((other) => keyOf(other) === keyOf(item)) === i))

/** The extension's OID as it is encoded: a SEQUENCE header of two to four octets stands before it. */
const keyOf = (bytes: Bytes): string => {
  const at = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f)
  return bytes.subarray(at, at + 2 + (bytes[at + 1] ?? 0)).join()
}
