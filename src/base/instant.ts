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

/**
 * Reads an RFC 3339 date-time (section 5.6): calendar-valid, with `Z` or a numeric offset.
 * @returns epoch milliseconds (fractions below a millisecond are cut), or undefined for anything else.
 */
export const parseInstant = (text: string): number | undefined => {
  if (text.length < 20 || text.length > 64) return undefined
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)]
  const [hour, minute, second] = [digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)]
  const separators = text[4] === '-' && text[7] === '-' && 'Tt '.includes(text[10] ?? '#') && text[13] === ':' && text[16] === ':'
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
    const [hours, minutes] = [digits(text, at + 1, 2), digits(text, at + 4, 2)]
    if (Number.isNaN(hours + minutes) || text[at + 3] !== ':' || hours > 23 || minutes > 59) return undefined
    offset = (hours * 60 + minutes) * (zone === '+' ? 1 : -1)
    at += 6
  } else return undefined
  if (at !== text.length) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, fraction)
  const calendarValid = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return calendarValid ? date.getTime() - offset * 60_000 : undefined
}

/** RFC 3339 in UTC with second precision, as Kubernetes writes times: `2027-01-05T10:00:00Z`. */
export const formatInstant = (at: number): string => {
  const floor = Math.floor(at / 1000) * 1000
  const date = new Date(floor)
  return Number.isNaN(date.getTime()) ? 'invalid' : date.toISOString().replace('.000Z', 'Z')
}
