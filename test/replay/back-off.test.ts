import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffDelay, backOffUntil } from '../../src/replay/back-off.ts'

const HOUR = 3_600_000

describe('the retry back-off', () => {
  it('doubles from one hour to thirty-two', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((attempts) => backOffDelay(attempts, true) / HOUR)).toEqual([1, 2, 4, 8, 16, 32, 32, 32])
  })

  it('takes what is unset or not positive for the first failure, and was one hour before v1.8', () => {
    for (const attempts of [undefined, 0, -3]) expect(backOffDelay(attempts, true)).toBe(HOUR)
    expect(backOffDelay(6, false)).toBe(HOUR)
  })

  it('is over at the very instant', () => {
    expect(backOffUntil(HOUR - 1, 0, 1, true)).toBe(HOUR)
    expect(backOffUntil(HOUR, 0, 1, true)).toBeUndefined()
    expect(backOffUntil(5, undefined, 9, true)).toBeUndefined()
  })

  it('never shrinks with more failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5, max: 1000 }), (attempts) => {
        expect(backOffDelay(attempts + 1, true)).toBeGreaterThanOrEqual(backOffDelay(attempts, true))
      }),
    )
  })
})
