import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesToHex,
  compareBytes,
  hexToBytes,
  integer,
  namedBits,
  objectIdentifier,
  octetString,
  readChildren,
  readContent,
  sequence,
  setOf,
  time,
} from '../../src/testing/der-writer.ts'

describe('DER writer', () => {
  it('writes INTEGER in the fewest octets', () => {
    const examples: [bigint, string][] = [
      [0n, '020100'],
      [127n, '02017f'],
      [128n, '02020080'],
      [256n, '02020100'],
      [-1n, '0201ff'],
      [-128n, '020180'],
      [-129n, '0202ff7f'],
    ]
    for (const [value, hex] of examples) expect(bytesToHex(integer(value))).toBe(hex)
  })

  it('writes INTEGER so that two’s complement gives the number back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }), (value) => {
        const content = readContent(integer(value))
        expect(BigInt.asIntN(content.length * 8, BigInt(`0x${bytesToHex(content)}`))).toBe(value)
      }),
    )
  })

  it('writes OBJECT IDENTIFIER by X.690 8.19', () => {
    expect(bytesToHex(objectIdentifier('1.2.840.113549.1.1.11'))).toBe('06092a864886f70d01010b')
    expect(bytesToHex(objectIdentifier('2.999.3'))).toBe('0603883703')
    expect(() => objectIdentifier('1.2.x')).toThrow('not an object identifier')
  })

  it('writes named bits without trailing zeros', () => {
    expect(bytesToHex(namedBits([0, 2]))).toBe('030205a0')
    expect(bytesToHex(namedBits([8]))).toBe('0303070080')
    expect(bytesToHex(namedBits([]))).toBe('030100')
  })

  it('changes from UTCTime to GeneralizedTime at 2050', () => {
    expect(bytesToHex(time(new Date('2049-12-31T23:59:59Z')))).toBe(`170d${Buffer.from('491231235959Z').toString('hex')}`)
    expect(bytesToHex(time(new Date('2050-01-01T00:00:00Z')))).toBe(`180f${Buffer.from('20500101000000Z').toString('hex')}`)
  })

  it('gives contents of any length back', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }), (contents) => {
        const children = readChildren(sequence(...contents.map(octetString)))
        expect(children.map((child) => bytesToHex(readContent(child)))).toEqual(contents.map(bytesToHex))
      }),
    )
  })

  it('orders the elements of a SET OF', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 5 }), (contents) => {
        const children = readChildren(setOf(...contents.map(octetString)))
        expect(children).toEqual([...children].sort(compareBytes))
        expect(children).toHaveLength(contents.length)
      }),
    )
  })

  it('reads hex that it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...hexToBytes(bytesToHex(bytes))]).toEqual([...bytes])
      }),
    )
    expect(() => hexToBytes('0g')).toThrow('not hex')
  })
})
