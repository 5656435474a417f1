import { describe, expect, it } from 'vitest'
import { behavioursOf } from '../../src/replay/behaviours.ts'
import { createRenewalClock, renewalTimeOf } from '../../src/replay/renewal-time.ts'

const HOUR = 3600n * 1_000_000_000n
const YEAR = 365 * 86_400
const behaviours = behavioursOf([1, 21, 1])

describe('renewal windows in every zone', () => {
  const windows = Intl.supportedValuesOf('timeZone').map((timezone) => ({ cron: '0 0 30 2 *', timezone, duration: HOUR }))

  it('of a few Certificates are given up: what is asked about zones uses up the budget', () => {
    const clock = createRenewalClock()
    let result = {}
    for (let count = 0; count < 10; count++) {
      const from = Date.UTC(1950 + 12 * count, 0, 1) / 1000
      result = renewalTimeOf(from, from + YEAR, { renewal: { policy: 'RenewBefore', windows } }, behaviours, clock)
    }
    expect(result).toEqual({ budgetSpent: true })
  })

  it('of 10,000 Certificates in a few of them are within it', () => {
    const clock = createRenewalClock()
    const few = windows.slice(0, 10).map((window) => ({ ...window, cron: '0 3 * * 6' }))
    for (let count = 0; count < 10_000; count++) {
      const from = Date.UTC(2020, 0, 1) / 1000 + 7 * 3600 * count
      const one = few.slice(count % few.length, (count % few.length) + 1)
      const { at, budgetSpent } = renewalTimeOf(from, from + YEAR, { renewal: { policy: 'RenewBefore', windows: one } }, behaviours, clock)
      expect([at === undefined, budgetSpent]).toEqual([false, undefined])
    }
  })
})
