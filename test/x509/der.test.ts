import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '../../src/base/bytes.ts'
import { createDerNotes, derCursor, DerError, expectElement, readElement, smallInteger, tags } from '../../src/x509/der.ts'
import { encodeDer, encodeUnsigned } from '../../src/x509/encode-der.ts'
import { readOid } from '../../src/x509/oid.ts'
import { serialText } from '../../src/x509/serial.ts'
import { readTime } from '../../src/x509/time.ts'
import { ascii, concat, der, hex, integer, oid, time } from '../helpers/der-writer.ts'

const codeOf = (read: () => unknown): string => {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof DerError ? error.code : 'threw'
  }
}

describe('DER reader', () => {
  it('reads back every element, of any length', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x04, 0x30, 0x86, 0xa3), fc.integer({ min: 0, max: 70_000 }), (tag, length) => {
        const bytes = encodeDer(tag, new Uint8Array(length))
        expect(equalBytes(bytes, der(tag, new Uint8Array(length)))).toBe(true)
        const cursor = derCursor(bytes)
        expect(readElement(cursor)).toMatchObject({ tag, start: 0, end: bytes.length, to: bytes.length, from: bytes.length - length })
        expect(Object.values(cursor.notes)).not.toContain(true)
      }),
    )
  })

  it('reads integers and OIDs back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 46), max: 2 ** 46 }),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n }), { maxLength: 5 }),
        (value, arcs) => {
          const cursor = derCursor(integer(value))
          expect(smallInteger(cursor, expectElement(cursor, tags.integer, 'x'), 'x')).toBe(value)
          const dotted = ['2', '999', ...arcs.map(String)].join('.')
          expect(readOid(derCursor(oid(dotted)), 'x')).toBe(dotted)
        },
      ),
    )
    for (const dotted of ['0.0', '0.39', '1.0', '1.39.5', '2.0', '2.5.4.3', '2.5.4.300', '2.39.1', '2.47', '2.48', '2.999.3'])
      expect(readOid(derCursor(oid(dotted)), 'x')).toBe(dotted)
  })

  it('refuses what names nothing', () => {
    for (const bytes of ['0600', '06018001', '060255', '06025580', `0615${'ff'.repeat(20)}7f`, '0602'])
      expect(codeOf(() => readOid(derCursor(hex(bytes)), 'x'))).not.toBe('read')
    for (const bytes of ['', '30', '3081', '308201', '3005', '1f0100', '0480', '30ff', '30850100000000'])
      expect(codeOf(() => readElement(derCursor(hex(bytes))))).toMatch(/truncated|unsupported/)
  })

  it('notes lengths that are not minimal or indefinite', () => {
    const notesOf = (bytes: string) => {
      const notes = createDerNotes()
      return { element: readElement(derCursor(hex(bytes), notes)), notes }
    }
    expect(notesOf('30810105').notes.lengthNotMinimal).toBe(true)
    expect(notesOf('3082000105').notes.lengthNotMinimal).toBe(true)
    expect(notesOf('308005000000')).toMatchObject({ element: { from: 2, to: 4, end: 6 }, notes: { lengthIndefinite: true } })
    expect(notesOf('3080308000000000')).toMatchObject({ element: { from: 2, to: 6, end: 8 } })
  })

  it('never reads outside of its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const cursor = derCursor(bytes)
        const code = codeOf(() => {
          while (cursor.at < cursor.end) {
            const { from, to, end } = readElement(cursor)
            expect(from <= to && to <= end && end <= bytes.length).toBe(true)
          }
        })
        expect(code).toMatch(/^(read|truncated|tag-unsupported|length-unsupported)$/)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('serialText', () => {
  it('is the number in hex, however it is encoded', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), fc.nat(3), (value, padding) => {
        const content = integer(value).subarray(2)
        const padded = concat(new Uint8Array(padding).fill(value < 0n ? 0xff : 0), content)
        const digits = (value < 0n ? -value : value).toString(16)
        expect(serialText(padded)).toBe(`${value < 0n ? '-' : ''}${digits.length % 2 ? '0' : ''}${digits}`)
      }),
    )
  })
})

describe('encodeUnsigned', () => {
  it('writes the INTEGER of a magnitude', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (magnitude) => {
        expect(encodeUnsigned(magnitude)).toEqual(integer(BigInt(`0x0${toHex(magnitude)}`)))
      }),
    )
  })
})

describe('readTime', () => {
  it('reads every second from 1950 to 9999 back', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 }), (second) => {
        expect(readTime(derCursor(time(second * 1000)), 'x')).toEqual({ at: second * 1000, flaws: [] })
      }),
    )
  })

  it('knows years before 100, leap days and offsets', () => {
    const general = (text: string) => readTime(derCursor(der(0x18, ascii(text))), 'x').at
    expect(general('00010101000000Z')).toBe(Date.parse('0001-01-01T00:00:00Z'))
    expect(general('00960229120000Z')).toBe(Date.parse('0096-02-29T12:00:00Z'))
    expect(general('20000229000000Z')).toBe(Date.UTC(2000, 1, 29))
    expect(codeOf(() => general('19000229000000Z'))).toBe('time-invalid')
    expect(general('20510101000000+0130')).toBe(Date.UTC(2050, 11, 31, 22, 30))
    expect(readTime(derCursor(der(0x17, ascii('260101000000-0500'))), 'x')).toEqual({ at: Date.UTC(2026, 0, 1, 5), flaws: ['offset'] })
    for (const text of ['20510101000000', '20510101000000.Z', '2051010100Z', '20510101000000+24', '20510101000000+2400', '205101010000.5Z'])
      expect(codeOf(() => general(text))).toBe('time-invalid')
  })
})
