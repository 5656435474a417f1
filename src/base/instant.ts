const digits = (text: string, from: number, count: number): number => {
  if (from + count > text.length) return NaN
  let value = 0
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

const DAY = 86_400_000

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31

/** Days from 1970-01-01, in years that begin with March: the leap day is the last one. A Date for each of a dump's times would cost more. */
const daysFromCivil = (year: number, month: number, day: number): number => {
  const from = month > 2 ? year : year - 1
  const inYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return from * 365 + Math.floor(from / 4) - Math.floor(from / 100) + Math.floor(from / 400) + inYear - 719_468
}

/**
 * Reads an RFC 3339 date-time (section 5.6): calendar-valid, with `Z` or a numeric offset.
 * @returns epoch milliseconds (fractions below a millisecond are cut), or undefined for anything else.
 */
export const parseInstant = (text: string): number | undefined => {
  if (text.length < 20 || text.length > 64) return undefined
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const between = text[10]
  const separators =
    text[4] === '-' && text[7] === '-' && (between === 'T' || between === 't' || between === ' ') && text[13] === ':' && text[16] === ':'
  if (!separators || Number.isNaN(year + month + day + hour + minute + second)) return undefined
  let at = 19
  let fraction = 0
  if (text[at] === '.') {
    const start = ++at
    while (digits(text, at, 1) >= 0) at++
    if (at === start) return undefined
    fraction = Math.floor(Number(`0.${text.slice(start, at)}`) * 1000)
  }
  let offset = 0
  const zone = text[at]
  if (zone === 'Z' || zone === 'z') at++
  else if (zone === '+' || zone === '-') {
    const hours = digits(text, at + 1, 2)
    const minutes = digits(text, at + 4, 2)
    if (Number.isNaN(hours + minutes) || text[at + 3] !== ':' || hours > 23 || minutes > 59) return undefined
    offset = (hours * 60 + minutes) * (zone === '+' ? 1 : -1)
    at += 6
  } else return undefined
  if (at !== text.length || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  return daysFromCivil(year, month, day) * DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + fraction
}

/** The code of the last digit before the point. */
const digit = (value: number): number => 48 + (Math.floor(value) % 10)

/** RFC 3339 in UTC with second precision, as Kubernetes writes times: `2027-01-05T10:00:00Z`. */
export const formatInstant = (at: number): string => {
  const days = Math.floor(at / DAY)
  // Outside the years from 1970 to 9999, and for what is no number, the platform knows what to write.
  if (!(days >= 0 && days < 2_932_897)) {
    const date = new Date(Math.floor(at / 1000) * 1000)
    return Number.isNaN(date.getTime()) ? 'invalid' : date.toISOString().replace('.000Z', 'Z')
  }
  const seconds = Math.floor((at - days * DAY) / 1000)
  // The inverse of daysFromCivil: in years from March, in eras of 400 years.
  const fromMarch = days + 719_468
  const era = Math.floor(fromMarch / 146_097)
  const inEra = fromMarch - era * 146_097
  const yearOfEra = Math.floor((inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365)
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * inYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = era * 400 + yearOfEra + (month < 3 ? 1 : 0)
  const day = inYear - Math.floor((153 * shifted + 2) / 5) + 1
  const hour = Math.floor(seconds / 3600)
  const minute = Math.floor(seconds / 60) % 60
  const second = seconds % 60
  // Made at once: a text put together from pieces takes several times the memory, and a report has ten of these for each certificate.
  return String.fromCharCode(
    digit(year / 1000),
    digit(year / 100),
    digit(year / 10),
    digit(year),
    0x2d,
    digit(month / 10),
    digit(month),
    0x2d,
    digit(day / 10),
    digit(day),
    0x54,
    digit(hour / 10),
    digit(hour),
    0x3a,
    digit(minute / 10),
    digit(minute),
    0x3a,
    digit(second / 10),
    digit(second),
    0x5a,
  )
}
