import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGoDuration } from '../../src/inventory/go-duration.ts'

describe('parseGoDuration', () => {
  it.each([
    ['2160h0m0s', 2160 * 3_600_000],
    ['2160h', 2160 * 3_600_000],
    ['1.5h', 5_400_000],
    ['-30s', -30_000],
    ['+1m', 60_000],
    ['0', 0],
    ['1ms', 1],
    ['1h1ms', 3_600_001],
    ['.5s', 500],
    ['1.s', 1000],
  ])('reads %s', (text, expected) => {
    expect(parseGoDuration(text)).toBe(expected)
  })

  it.each(['', '90d', '1', 'h', '1h 2m', '1hh', '.s', '1..5h', '--1h', '9999999999999h', '1H'])('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeUndefined()
  })

  it('reads every whole number of seconds as Go prints it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000 }), (seconds) => {
        const text = `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`
        expect(parseGoDuration(text)).toBe(seconds * 1000)
      }),
    )
  })
})
