import { MAX_DURATION, SECOND, ZERO_TIME, parseDurationNanoseconds } from './go-time.ts'
import { goQuote } from './go-quote.ts'
import type { StepBudget, TimeZone } from './time-zone.ts'
import { fromLocal, toLocal } from './time-zone.ts'

/**
 * When a cron expression fires. `next` is the first time after an instant (both in seconds), or ZERO_TIME where there is none
 * within five years. The dialect is that of cert-manager's renewal windows (robfig/cron): five fields or a descriptor.
 */
export interface CronSchedule {
  readonly next: (after: number) => number
  /** Starts are fixed points of the calendar; those of `@every` depend on the instant that is asked about. */
  readonly isCalendar: boolean
}

export type CronResult = { readonly schedule: CronSchedule } | { readonly error: string }

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: Readonly<Record<string, number>>
}

interface Field {
  readonly values: ReadonlySet<number>
  /** The field is `*` or `?`, without a step. */
  readonly star: boolean
}

const named = (names: string, from: number): Readonly<Record<string, number>> =>
  Object.fromEntries(names.split(' ').map((name, index) => [name, index + from]))

const MINUTE: Bounds = { min: 0, max: 59 }
const HOUR: Bounds = { min: 0, max: 23 }
const DAY: Bounds = { min: 1, max: 31 }
const MONTH: Bounds = { min: 1, max: 12, names: named('jan feb mar apr may jun jul aug sep oct nov dec', 1) }
const WEEKDAY: Bounds = { min: 0, max: 6, names: named('sun mon tue wed thu fri sat', 0) }

/** Thrown inside this file only, and turned into `error` at its edge. */
class CronSyntax extends Error {}

const readInteger = (text: string): number => {
  if (!/^[+-]?\d+$/.test(text))
    throw new CronSyntax(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`)
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new CronSyntax(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: value out of range`)
  if (value < 0) throw new CronSyntax(`negative number (${value}) not allowed: ${text}`)
  return value
}

const readNumberOrName = (text: string, { names }: Bounds): number => {
  const name = text.toLowerCase()
  return names && Object.hasOwn(names, name) ? (names[name] as number) : readInteger(text)
}

/** `*`, `?`, `n`, `n-m`, each with `/step`; `n/step` runs to the field's end. */
const readRange = (
  text: string,
  bounds: Bounds,
): { readonly from: number; readonly to: number; readonly step: number; readonly star: boolean } => {
  const [range = '', stepText, ...moreSlashes] = text.split('/')
  const [low = '', high, ...moreHyphens] = range.split('-')
  let [from, to, star] = [bounds.min, bounds.max, true]
  if (low !== '*' && low !== '?') {
    star = false
    from = readNumberOrName(low, bounds)
    if (moreHyphens.length > 0) throw new CronSyntax(`too many hyphens: ${text}`)
    to = high === undefined ? from : readNumberOrName(high, bounds)
  }
  let step = 1
  if (moreSlashes.length > 0) throw new CronSyntax(`too many slashes: ${text}`)
  if (stepText !== undefined) {
    step = readInteger(stepText)
    if (high === undefined && moreHyphens.length === 0) to = bounds.max
    if (step > 1) star = false
  }
  if (from < bounds.min) throw new CronSyntax(`beginning of range (${from}) below minimum (${bounds.min}): ${text}`)
  if (to > bounds.max) throw new CronSyntax(`end of range (${to}) above maximum (${bounds.max}): ${text}`)
  if (from > to) throw new CronSyntax(`beginning of range (${from}) beyond end of range (${to}): ${text}`)
  if (step === 0) throw new CronSyntax(`step of range should be a positive number: ${text}`)
  return { from, to, step, star }
}

const readField = (text: string, bounds: Bounds): Field => {
  const values = new Set<number>()
  let star = false
  for (const part of text.split(',')) {
    if (part === '') continue
    const range = readRange(part, bounds)
    for (let value = range.from; value <= range.to; value += range.step) values.add(value)
    star ||= range.star
  }
  return { values, star }
}

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

const smallestFrom = ({ values }: Field, from: number, max: number): number | undefined => {
  for (let value = from; value <= max; value++) if (values.has(value)) return value
  return undefined
}

const scheduleOf = (fields: readonly string[], zone: TimeZone, budget: StepBudget): CronSchedule => {
  const [minute, hour, day, month, weekday] = [MINUTE, HOUR, DAY, MONTH, WEEKDAY].map((bounds, index) =>
    readField(fields[index] as string, bounds),
  ) as [Field, Field, Field, Field, Field]
  const isDay = (local: { readonly day: number; readonly weekday: number }): boolean => {
    const [onDay, onWeekday] = [day.values.has(local.day), weekday.values.has(local.weekday)]
    return day.star || weekday.star ? onDay && onWeekday : onDay || onWeekday
  }
  const next = (after: number): number => {
    let instant = after + 1
    let local = toLocal(zone, instant)
    const lastYear = local.year + 5
    // Once a field had to be moved on, all smaller ones start from their lowest value.
    let moved = false
    const go = (to: number): void => {
      budget.left--
      instant = to
      local = toLocal(zone, to)
    }
    /** Moves on by several units at once where the clock is not changed on the way, else by one. */
    const leap = (units: number, unit: number): void => {
      const target = instant + units * unit
      go(units > 1 && zone.offsetAt(target) === zone.offsetAt(instant) ? target : instant + unit)
    }
    search: while (local.year <= lastYear && budget.left > 0) {
      while (!month.values.has(local.month)) {
        if (!moved) {
          moved = true
          go(fromLocal(zone, local.year, local.month, 1))
        }
        go(fromLocal(zone, local.year, local.month + 1, local.day, local.hour, local.minute, local.second))
        if (local.month === 1) continue search
      }
      while (!isDay(local)) {
        if (!moved) {
          moved = true
          go(fromLocal(zone, local.year, local.month, local.day))
        }
        go(fromLocal(zone, local.year, local.month, local.day + 1, local.hour, local.minute, local.second))
        // Where midnight does not exist on that day, the nearest hour stands for it.
        if (local.hour !== 0) go(instant + (local.hour > 12 ? 24 - local.hour : -local.hour) * 3600)
        if (local.day === 1) continue search
      }
      while (!hour.values.has(local.hour)) {
        if (!moved) {
          moved = true
          go(fromLocal(zone, local.year, local.month, local.day, local.hour))
        }
        leap((smallestFrom(hour, local.hour, 23) ?? 24) - local.hour, 3600)
        if (local.hour === 0) continue search
      }
      while (!minute.values.has(local.minute)) {
        if (!moved) {
          moved = true
          go(instant - (((instant % 60) + 60) % 60))
        }
        leap((smallestFrom(minute, local.minute, 59) ?? 60) - local.minute, 60)
        if (local.minute === 0) continue search
      }
      while (local.second !== 0) {
        moved = true
        go(instant + 1)
        if (local.second === 0) continue search
      }
      return instant
    }
    return ZERO_TIME
  }
  return { next, isCalendar: true }
}

const every = (duration: bigint): CronSchedule => {
  const whole = duration < SECOND ? SECOND : duration - (duration % SECOND)
  const delay = Number(whole / SECOND)
  return { next: (after) => after + delay, isCalendar: false }
}

/** Reads a cron expression for a zone; `error` is worded as cert-manager words it. */
export const parseCron = (text: string, zone: TimeZone, budget: StepBudget = { left: Infinity }): CronResult => {
  const fail = (why: string): CronResult => ({ error: `failed to parse cron spec '${text}': ${why}` })
  const spec = text.slice(0, 1000).trim()
  try {
    if (spec.startsWith('@')) {
      if (Object.hasOwn(DESCRIPTORS, spec)) return { schedule: scheduleOf((DESCRIPTORS[spec] as string).split(' '), zone, budget) }
      if (!spec.startsWith('@every ')) return fail(`unrecognized descriptor: ${spec}`)
      const written = spec.slice('@every '.length)
      const duration = parseDurationNanoseconds(written)
      if (duration === undefined || duration > MAX_DURATION)
        return fail(`failed to parse duration ${spec}: time: invalid duration ${goQuote(written)}`)
      return { schedule: every(duration) }
    }
    const fields = spec.split(/\s+/).filter((field) => field !== '')
    if (fields.length !== 5) return fail(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
    return { schedule: scheduleOf(fields, zone, budget) }
  } catch (error) {
    if (error instanceof CronSyntax) return fail(error.message)
    throw error
  }
}
