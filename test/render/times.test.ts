import { describe, expect, it } from 'vitest'
import { ageAt, dayNear } from '../../src/render/times.ts'

const BORN = '2026-11-24T04:00:00Z'
const later = (seconds: number): string => new Date(Date.parse(BORN) + seconds * 1000).toISOString()
const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('ageAt', () => {
  it.each([
    [-3600, '<invalid>'],
    [-2, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [2 * MINUTE, '2m'],
    [2 * MINUTE + 5, '2m5s'],
    [10 * MINUTE + 5, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR, '3h'],
    [3 * HOUR + 20 * MINUTE, '3h20m'],
    [8 * HOUR + 20 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY, '2d'],
    [3 * DAY + 5 * HOUR, '3d5h'],
    [8 * DAY + 5 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [3 * 365 * DAY, '3y'],
    [3 * 365 * DAY + 7 * DAY, '3y7d'],
    [9 * 365 * DAY + 7 * DAY, '9y'],
  ])('%i seconds are %s, as kubectl prints AGE', (seconds, expected) => {
    expect(ageAt(BORN, later(seconds))).toBe(expected)
  })
})

describe('dayNear', () => {
  it('gives the minute of an instant that is near, and the day of one that is not', () => {
    expect(dayNear('2026-11-24T05:22:10Z', BORN)).toBe('2026-11-24 05:22')
    expect(dayNear('2026-11-23T05:22:10Z', BORN)).toBe('2026-11-23 05:22')
    expect(dayNear('2028-11-24T05:22:10Z', BORN)).toBe('2028-11-24')
  })
})
