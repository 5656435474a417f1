import type { DerCursor } from './der.ts'
import { DerError, readElement, tags } from './der.ts'

/** How a time's text departs from RFC 5280 4.1.2.5 although it names one instant. */
export type TimeFlaw = 'no-seconds' | 'fraction' | 'offset' | 'generalized-before-2050'

export interface DerTime {
  /** Epoch milliseconds, whole seconds. */
  readonly at: number
  readonly flaws: readonly TimeFlaw[]
}

const NO_FLAWS: readonly TimeFlaw[] = []

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] as number))

const pair = (bytes: Uint8Array, at: number, to: number): number => {
  if (at + 2 > to) return NaN
  const [tens, ones] = [(bytes[at] as number) - 48, (bytes[at + 1] as number) - 48]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/**
 * Reads a Time (RFC 5280 4.1.2.5): UTCTime with the pivot 1950, or GeneralizedTime. Read are also the other forms that X.680 allows and
 * that name an instant without doubt (no seconds, a fraction, an offset); they are noted as flaws. Local time, a date that no calendar
 * has and anything else is refused.
 */
export const readTime = (cursor: DerCursor, what: string): DerTime => {
  const { bytes } = cursor
  const element = readElement(cursor)
  const invalid = (): DerError => new DerError('time-invalid', element.start, what)
  if (element.tag !== tags.utcTime && element.tag !== tags.generalizedTime) throw new DerError('unexpected-tag', element.start, what)
  let { from: at } = element
  const { to } = element
  const generalized = element.tag === tags.generalizedTime
  let year = pair(bytes, at, to)
  at += 2
  if (generalized) {
    year = year * 100 + pair(bytes, at, to)
    at += 2
  } else year += year < 50 ? 2000 : 1900
  const [month, day, hour, minute] = [pair(bytes, at, to), pair(bytes, at + 2, to), pair(bytes, at + 4, to), pair(bytes, at + 6, to)]
  at += 8
  if (Number.isNaN(year + month + day + hour + minute)) throw invalid()
  let flaws = NO_FLAWS
  const note = (flaw: TimeFlaw): void => {
    flaws = [...flaws, flaw]
  }
  let second = pair(bytes, at, to)
  if (Number.isNaN(second)) {
    second = 0
    note('no-seconds')
  } else at += 2
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) throw invalid()
  if (generalized && (bytes[at] === 0x2e || bytes[at] === 0x2c) && at < to) {
    const start = ++at
    while (at < to && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++
    // A fraction of a minute or hour is legal in X.680, but no reader agrees with another about it.
    if (at === start || flaws.length > 0) throw invalid()
    note('fraction')
  }
  let offset = 0
  const zone = at < to ? (bytes[at] as number) : -1
  at++
  if (zone === 0x2b || zone === 0x2d) {
    const [hours, minutes] = [pair(bytes, at, to), pair(bytes, at + 2, to)]
    if (Number.isNaN(hours + minutes) || hours > 23 || minutes > 59) throw invalid()
    offset = (hours * 60 + minutes) * (zone === 0x2b ? 1 : -1)
    at += 4
    note('offset')
  } else if (zone !== 0x5a) throw invalid()
  if (at !== to) throw invalid()
  if (generalized && year < 2050) note('generalized-before-2050')
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const instant = Date.UTC(year < 100 ? year + 400 : year, month - 1, day, hour, minute, second) - (year < 100 ? 146_097 * 86_400_000 : 0)
  return { at: instant - offset * 60_000, flaws }
}
