/** Instants and durations as Go has them: 64-bit nanoseconds. Seconds count from 1970; JavaScript numbers hold them exactly. */

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

export const SECOND = 1_000_000_000n
export const MAX_DURATION = 2n ** 63n - 1n
const MIN_DURATION = -(2n ** 63n)

/** Go's zero time, 0001-01-01T00:00:00Z, in seconds. */
export const ZERO_TIME = -62_135_596_800

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9'

/**
 * Reads a Go duration to the nanosecond (time.ParseDuration): `2160h0m0s`, `1.5h`, `-30s`, `0`.
 * @returns undefined for what Go refuses.
 */
export const parseDurationNanoseconds = (text: string): bigint | undefined => {
  if (text.length === 0 || text.length > 100) return undefined
  const negative = text[0] === '-'
  let at = negative || text[0] === '+' ? 1 : 0
  if (text.slice(at) === '0') return 0n
  if (at === text.length) return undefined
  let total = 0n
  while (at < text.length) {
    const start = at
    while (isDigit(text[at])) at++
    const whole = text.slice(start, at)
    let fraction = ''
    if (text[at] === '.') {
      const from = ++at
      while (isDigit(text[at])) at++
      fraction = text.slice(from, at)
    }
    if (whole === '' && fraction === '') return undefined
    const unitStart = at
    while (at < text.length && text[at] !== '.' && !isDigit(text[at])) at++
    const name = text.slice(unitStart, at)
    const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
    if (unit === undefined) return undefined
    total += BigInt(whole || '0') * unit
    if (fraction !== '') total += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length)
    if (total > MAX_DURATION + (negative ? 1n : 0n)) return undefined
  }
  return negative ? -total : total
}

/** time.Time.Sub: the difference, held at the largest duration (about 292 years). */
export const subtract = (a: bigint, b: bigint): bigint => {
  const difference = a - b
  return difference > MAX_DURATION ? MAX_DURATION : difference < MIN_DURATION ? MIN_DURATION : difference
}

/** Cuts to whole seconds towards the past, as time.Time.Truncate does. */
export const floorSeconds = (nanoseconds: bigint): number => {
  const seconds = nanoseconds / SECOND
  return Number(nanoseconds < 0n && seconds * SECOND !== nanoseconds ? seconds - 1n : seconds)
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** time.Time.String of an instant in UTC: `2026-01-26 18:48:55 +0000 UTC`. */
export const formatGoTime = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return 'invalid'
  return `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())} +0000 UTC`
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Go's time.RFC1123 in UTC: `Mon, 26 Jan 2026 18:48:55 UTC`. */
export const formatRfc1123 = (seconds: number): string => {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return 'invalid'
  return `${WEEKDAYS[date.getUTCDay()]}, ${pad(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${pad(date.getUTCFullYear(), 4)} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())} UTC`
}

/** time.Duration.String: `1h30m0s`, `0s`, `-1h0m0s`, `1.5s`, `100ns`. */
export const formatDuration = (nanoseconds: bigint): string => {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const decimal = (amount: bigint, unit: bigint): string => {
    const fraction = String(amount % unit).padStart(String(unit).length - 1, '0')
    let end = unit === 1n ? 0 : fraction.length
    while (end > 0 && fraction[end - 1] === '0') end--
    const digits = fraction.slice(0, end)
    return `${amount / unit}${digits === '' ? '' : `.${digits}`}`
  }
  if (value < 1_000n) return `${sign}${value}ns`
  if (value < 1_000_000n) return `${sign}${decimal(value, 1_000n)}µs`
  if (value < SECOND) return `${sign}${decimal(value, 1_000_000n)}ms`
  const minutes = value / (60n * SECOND)
  const rest = `${decimal(value % (60n * SECOND), SECOND)}s`
  if (minutes === 0n) return sign + rest
  return minutes < 60n ? `${sign}${minutes}m${rest}` : `${sign}${minutes / 60n}h${minutes % 60n}m${rest}`
}
