import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCron } from '../../src/replay/cron.ts'
import { ZERO_TIME } from '../../src/replay/go-time.ts'
import { loadTimeZone, toLocal, UTC } from '../../src/replay/time-zone.ts'
import type { TimeZone } from '../../src/replay/time-zone.ts'

const seconds = (text: string): number => Date.parse(text) / 1000
const zoneOf = (name: string): TimeZone => loadTimeZone(name) ?? UTC
const next = (cron: string, zone: string, after: string): string => {
  const parsed = parseCron(cron, zoneOf(zone))
  if ('error' in parsed) return parsed.error
  const at = parsed.schedule.next(seconds(after))
  return at === ZERO_TIME ? 'never' : new Date(at * 1000).toISOString()
}

describe('the next start of a window', () => {
  it('is strictly after the instant', () => {
    expect(next('0 2 * * *', 'UTC', '2026-01-01T02:00:00Z')).toBe('2026-01-02T02:00:00.000Z')
    expect(next('0 2 * * *', 'UTC', '2026-01-01T01:59:59Z')).toBe('2026-01-01T02:00:00.000Z')
  })

  it('joins day of month and day of week by "or" where both are restricted', () => {
    expect(next('0 0 13 * 5', 'UTC', '2026-02-01T00:00:00Z')).toBe('2026-02-06T00:00:00.000Z')
    expect(next('0 0 13 * *', 'UTC', '2026-02-01T00:00:00Z')).toBe('2026-02-13T00:00:00.000Z')
  })

  it('is in the time of its zone, on both sides of a clock change', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:30:00.000Z')
    expect(next('0 12 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T10:00:00.000Z')
    expect(next('0 12 * * *', 'America/New_York', '2026-11-01T00:00:00Z')).toBe('2026-11-01T17:00:00.000Z')
  })

  it('is never for a day that no year has', () => {
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z')).toBe('never')
    expect(next('0 0 29 2 *', 'UTC', '2026-03-01T00:00:00Z')).toBe('2028-02-29T00:00:00.000Z')
  })

  it('knows names, descriptors and intervals', () => {
    expect(next('0 0 * JAN SUN', 'UTC', '2026-02-01T00:00:00Z')).toBe('2027-01-03T00:00:00.000Z')
    expect(next('@monthly', 'UTC', '2026-02-01T00:00:00Z')).toBe('2026-03-01T00:00:00.000Z')
    expect(next('@every 90m', 'UTC', '2026-02-01T00:00:00Z')).toBe('2026-02-01T01:30:00.000Z')
  })

  it("says in cert-manager's words what is wrong", () => {
    expect(next('61 * * * *', 'UTC', '2026-01-01T00:00:00Z')).toBe(
      "failed to parse cron spec '61 * * * *': end of range (61) above maximum (59): 61",
    )
    expect(next('bogus', 'UTC', '2026-01-01T00:00:00Z')).toBe(
      "failed to parse cron spec 'bogus': expected exactly 5 fields, found 1: [bogus]",
    )
  })

  it('fits every field and is the first that does', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe']
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom(...zones),
        (minute, hour, after, name) => {
          const zone = zoneOf(name)
          const parsed = parseCron(`${minute} ${hour} * * *`, zone)
          if ('error' in parsed) throw new Error(parsed.error)
          const at = parsed.schedule.next(after)
          const local = toLocal(zone, at)
          expect([local.minute, local.hour, local.second]).toEqual([minute, hour, 0])
          // A day may skip the hour, never two in a row.
          expect(at - after).toBeGreaterThan(0)
          expect(at - after).toBeLessThanOrEqual(49 * 3600)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never throws on what somebody may have written', () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void parseCron(text, UTC)))
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('*', '1-5', '/', '5/2', '?', ',', 'mon', '-', '99', '0'), { maxLength: 8 }),
        (parts) => void parseCron(parts.join(' '), UTC),
      ),
    )
  })
})

describe('time zones', () => {
  it('are known by their exact names only', () => {
    for (const name of ['Europe/Berlin', 'US/Eastern', 'Asia/Calcutta', 'CET', 'UTC', 'Etc/GMT+5', 'America/Port_of_Spain']) {
      expect(loadTimeZone(name), name).toBeDefined()
    }
    for (const name of ['europe/berlin', 'No/Such', '+01:00', '../UTC', '/etc/localtime', 'utc\\x', 'x'.repeat(100)]) {
      expect(loadTimeZone(name), name).toBeUndefined()
    }
  })
})
