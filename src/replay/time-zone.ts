/** Local time of an IANA zone by the platform's own time-zone database (Intl), with Go's rules for times that a change skips or repeats. */
export interface TimeZone {
  readonly name: string
  /** Seconds east of UTC at an instant (seconds since 1970). */
  readonly offsetAt: (instant: number) => number
}

/** Steps of the search that one analysis may take; at 0 the answers are no longer right, and the caller says so. */
export interface StepBudget {
  left: number
}

export const UTC: TimeZone = { name: 'UTC', offsetAt: () => 0 }

/** Steps of a search that take as long as one question to Intl. */
const STEPS_PER_SAMPLE = 50
/** The same of making a zone's format. */
const STEPS_PER_ZONE = 500

/** Sampled in steps shorter than any real zone's distance between two changes. */
const STEP = 7 * 86_400

const readOffset = (format: Intl.DateTimeFormat, instant: number): number => {
  let [year, month, day, hour, minute, second] = [0, 1, 1, 0, 0, 0]
  for (const part of format.formatToParts(new Date(instant * 1000))) {
    const value = Number(part.value)
    if (part.type === 'year') year = value
    else if (part.type === 'month') month = value
    else if (part.type === 'day') day = value
    else if (part.type === 'hour') hour = value
    else if (part.type === 'minute') minute = value
    else if (part.type === 'second') second = value
  }
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, day)
  local.setUTCHours(hour, minute, second)
  return local.getTime() / 1000 - instant
}

/** Go reads zone files by their exact names; Intl takes any case, and offsets. */
const isZoneName = (name: string, canonical: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false
  if (canonical.toLowerCase() === name.toLowerCase()) return canonical === name
  return name.split('/').every((part) => /^[A-Z]/.test(part) || /^(of|es|au|d)/.test(part))
}

/**
 * Finds a zone as Go's time.LoadLocation does: an empty name and `Local` (the controller's container) are UTC.
 * @param budget pays for what Intl is asked; once it is used up, every offset is 0
 * @returns undefined for a name that is no zone.
 */
export const loadTimeZone = (name: string, budget: StepBudget = { left: Infinity }): TimeZone | undefined => {
  if (name === '' || name === 'UTC' || name === 'Local') return name === '' ? UTC : { ...UTC, name }
  if (name.length > 64 || name.includes('..') || name.startsWith('/') || name.includes('\\')) return undefined
  let format: Intl.DateTimeFormat
  budget.left -= STEPS_PER_ZONE
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  if (!isZoneName(name, format.resolvedOptions().timeZone)) return undefined
  const ask = (instant: number): number => {
    if (budget.left <= 0) return 0
    budget.left -= STEPS_PER_SAMPLE
    return readOffset(format, instant)
  }
  const sampled = new Map<number, number>()
  const sample = (instant: number): number => {
    const known = sampled.get(instant)
    if (known !== undefined) return known
    const offset = ask(instant)
    sampled.set(instant, offset)
    return offset
  }
  const changes = new Map<number, number>()
  return {
    name,
    offsetAt: (instant) => {
      const step = Math.floor(instant / STEP)
      const [before, after] = [sample(step * STEP), sample((step + 1) * STEP)]
      if (before === after) return before
      let change = changes.get(step)
      if (change === undefined) {
        let [low, high] = [step * STEP, (step + 1) * STEP]
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2)
          if (ask(middle) === before) low = middle
          else high = middle
        }
        change = high
        changes.set(step, change)
      }
      return instant < change ? before : after
    },
  }
}

export interface LocalTime {
  readonly year: number
  /** 1–12 */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** 0 is Sunday. */
  readonly weekday: number
}

/** The local time of a zone at an instant (seconds since 1970). */
export const toLocal = (zone: TimeZone, instant: number): LocalTime => {
  const date = new Date((instant + zone.offsetAt(instant)) * 1000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  }
}

/** time.Date: fields may overflow (month 13); a local time that does not exist or exists twice is settled as Go settles it. */
export const fromLocal = (zone: TimeZone, year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number => {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second)
  const local = date.getTime() / 1000
  const first = zone.offsetAt(local)
  if (first === 0) return local
  return local - zone.offsetAt(local - first)
}
