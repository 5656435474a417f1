import type { BerElement } from './ber.ts'

/** A validity time as the most lenient client reads it, with what a stricter one would object to. */
export interface ClientTime {
  /** Epoch milliseconds; NaN where no client can read it. */
  readonly ms: number
  readonly flaws: readonly TimeFlaw[]
}

/** Deviations from RFC 5280 4.1.2.5. `unreadable`: none of the clients reads it; `day-of-month`: 30 February and the like. */
export type TimeFlaw =
  | 'time-unreadable'
  | 'time-type'
  | 'time-out-of-range'
  | 'time-day-of-month'
  | 'time-no-seconds'
  | 'time-no-seconds-offset'
  | 'time-generalized-no-seconds'
  | 'time-fraction'
  | 'time-no-zone'
  | 'time-offset-zero'
  | 'time-offset'
  | 'time-offset-24'
  | 'time-before-1970'

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

const daysIn = (year: number, month: number): number =>
  month === 2 ? (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

const twoDigits = (bytes: Uint8Array, at: number, limit: number): number => {
  if (at + 2 > limit) return NaN
  const [high, low] = [(bytes[at] as number) - 48, (bytes[at + 1] as number) - 48]
  return high < 0 || high > 9 || low < 0 || low > 9 ? NaN : high * 10 + low
}

const unreadable: ClientTime = { ms: NaN, flaws: ['time-unreadable'] }

/** Reads a UTCTime or GeneralizedTime; never throws. */
export const readTime = (bytes: Uint8Array, element: BerElement): ClientTime => {
  const flaws: TimeFlaw[] = []
  const limit = element.contentEnd
  let at = element.contentStart
  const take = (): number => {
    const value = twoDigits(bytes, at, limit)
    at += 2
    return value
  }
  let year: number
  if (element.tag === UTC_TIME) {
    const short = take()
    year = short + (short >= 50 ? 1900 : 2000)
  } else if (element.tag === GENERALIZED_TIME) year = take() * 100 + take()
  else return { ms: NaN, flaws: ['time-type'] }
  const [month, day, hour, minute] = [take(), take(), take(), take()]
  let second = 0
  let fraction = 0
  if (!Number.isNaN(twoDigits(bytes, at, limit))) second = take()
  else flaws.push(element.tag === UTC_TIME ? 'time-no-seconds' : 'time-generalized-no-seconds')
  if (Number.isNaN(year + month + day + hour + minute)) return unreadable
  if (element.tag === GENERALIZED_TIME && (bytes[at] === 0x2e || bytes[at] === 0x2c) && at < limit) {
    const from = ++at
    while (at < limit && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57) {
      if (at - from < 3) fraction += ((bytes[at] as number) - 48) * 10 ** (2 - (at - from))
      at++
    }
    if (at === from) return unreadable
    flaws.push('time-fraction')
  }
  let offset = 0
  const zone = at < limit ? bytes[at] : undefined
  if (zone === 0x5a && at + 1 === limit) at++
  else if (zone === undefined) flaws.push('time-no-zone')
  else if ((zone === 0x2b || zone === 0x2d) && at + 5 === limit) {
    const [hours, minutes] = [twoDigits(bytes, at + 1, limit), twoDigits(bytes, at + 3, limit)]
    if (!(hours <= 24 && minutes < 60)) return unreadable
    if (hours === 24) flaws.push('time-offset-24')
    offset = (hours * 60 + minutes) * (zone === 0x2b ? 1 : -1)
    flaws.push(offset === 0 ? 'time-offset-zero' : 'time-offset')
    if (flaws.includes('time-no-seconds')) flaws.push('time-no-seconds-offset')
  } else return unreadable
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60)) flaws.push('time-out-of-range')
  else if (day > daysIn(year, month)) flaws.push('time-day-of-month')
  if (year < 1970) flaws.push('time-before-1970')
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, fraction)
  return { ms: date.getTime() - offset * 60_000, flaws }
}
