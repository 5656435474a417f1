const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** A span with its second unit beside it where that one is not zero: `5m`, `5m10s`. */
const twoUnits = (span: number, [large, largeName]: readonly [number, string], [small, smallName]: readonly [number, string]): string => {
  const rest = Math.floor((span % large) / small)
  return `${Math.floor(span / large)}${largeName}${rest === 0 ? '' : `${rest}${smallName}`}`
}

/** AGE as kubectl prints it (apimachinery, duration.HumanDuration). Instants are RFC 3339. */
export const ageAt = (created: string, at: string): string => {
  const span = Date.parse(at) - Date.parse(created)
  if (Number.isNaN(span)) return ''
  if (span <= -2 * SECOND) return '<invalid>'
  if (span < 2 * MINUTE) return `${Math.floor(Math.max(0, span) / SECOND)}s`
  if (span < 10 * MINUTE) return twoUnits(span, [MINUTE, 'm'], [SECOND, 's'])
  if (span < 3 * HOUR) return `${Math.floor(span / MINUTE)}m`
  if (span < 8 * HOUR) return twoUnits(span, [HOUR, 'h'], [MINUTE, 'm'])
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)}h`
  if (span < 8 * DAY) return twoUnits(span, [DAY, 'd'], [HOUR, 'h'])
  if (span < 2 * YEAR) return `${Math.floor(span / DAY)}d`
  if (span < 8 * YEAR) return twoUnits(span, [YEAR, 'y'], [DAY, 'd'])
  return `${Math.floor(span / YEAR)}y`
}

/** The day of an instant; the minute, too, where that is less than two days from `at`. */
export const dayNear = (instant: string, at: string): string =>
  Math.abs(Date.parse(instant) - Date.parse(at)) < 2 * DAY ? `${instant.slice(0, 10)} ${instant.slice(11, 16)}` : instant.slice(0, 10)

/** `2026-11-24 05:00 UTC`. */
export const minuteOf = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
