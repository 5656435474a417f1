import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from '../../src/base/instant.ts'

describe('parseInstant', () => {
  it.each([
    ['2026-11-24T04:21:41Z', Date.UTC(2026, 10, 24, 4, 21, 41)],
    ['2026-11-24T05:21:41+01:00', Date.UTC(2026, 10, 24, 4, 21, 41)],
    ['2026-11-24T04:21:41.999999999Z', Date.UTC(2026, 10, 24, 4, 21, 41, 999)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0001-01-01T00:00:00Z', new Date(0).setUTCFullYear(1, 0, 1)],
  ])('reads %s', (text, expected) => {
    expect(parseInstant(text)).toBe(expected)
  })

  it.each([
    '2026-11-24',
    '2026-11-24T04:21:41',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00Z ',
    '٢٠٢٦-01-01T00:00:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it('reads what it writes, for every second of four millennia', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
        expect(parseInstant(formatInstant(seconds * 1000))).toBe(seconds * 1000)
      }),
    )
  })

  it('agrees with Date.parse wherever both read', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') }),
        (date) => {
          expect(parseInstant(date.toISOString())).toBe(date.getTime())
        },
      ),
    )
  })

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => parseInstant(text) === undefined || typeof parseInstant(text) === 'number'))
  })
})
