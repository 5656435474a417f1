import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import type { Behaviours } from './behaviours.ts'
import type { CronResult, CronSchedule } from './cron.ts'
import { parseCron } from './cron.ts'
import { SECOND, ZERO_TIME, floorSeconds, formatDuration, formatGoTime, parseDurationNanoseconds, subtract } from './go-time.ts'
import type { StepBudget, TimeZone } from './time-zone.ts'
import { loadTimeZone } from './time-zone.ts'

export interface RenewalWindow {
  readonly cron: string
  readonly timezone: string
  /** Nanoseconds; undefined where it is not written. */
  readonly duration?: bigint
}

/** What of a Certificate's spec decides when it is renewed. Durations are nanoseconds. */
export interface RenewalSpec {
  readonly renewBefore?: bigint
  readonly renewBeforePercentage?: number
  readonly renewal?: { readonly policy: string; readonly windows: readonly RenewalWindow[] }
}

/**
 * When a certificate is to be renewed, in seconds since 1970. `error` without `at`: cert-manager computes no time at all and the
 * nearing-expiry check panics; `error` with `at`: no renewal window fits. Neither: renewal is disabled.
 */
export interface RenewalTime {
  readonly at?: number
  readonly error?: string
  /** The search for a window was given up: too many of them in this dump. */
  readonly budgetSpent?: true
}

/** What the renewal times of one analysis share: time zones and schedules read so far, and steps left for all searches. */
export interface RenewalClock {
  readonly zones: Map<string, TimeZone | undefined>
  readonly schedules: Map<string, CronResult>
  readonly budget: StepBudget
}

/** Enough for the windows of 10,000 Certificates and more; a second or two of work. */
const STEPS = 5_000_000

/** A clock for one analysis, with all of its steps left. */
export const createRenewalClock = (): RenewalClock => ({ zones: new Map(), schedules: new Map(), budget: { left: STEPS } })

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

/** Takes the renewal fields from a spec as it stands, to the nanosecond. */
export const readRenewalSpec = (rawSpec: JsonObject): RenewalSpec => {
  const before = text(rawSpec['renewBefore'])
  const renewBefore = before === undefined ? undefined : parseDurationNanoseconds(before)
  const percentage = rawSpec['renewBeforePercentage']
  const renewal = isJsonObject(rawSpec['renewal']) ? rawSpec['renewal'] : undefined
  const windows = renewal && Array.isArray(renewal['windows']) ? (renewal['windows'] as readonly Json[]).filter(isJsonObject) : []
  return {
    ...(renewBefore !== undefined && { renewBefore }),
    ...(typeof percentage === 'number' && { renewBeforePercentage: percentage }),
    ...(renewal && {
      renewal: {
        policy: text(renewal['policy']) ?? '',
        windows: windows.map((window) => {
          const duration = parseDurationNanoseconds(text(window['windowDuration']) ?? '')
          return {
            cron: text(window['cron']) ?? '',
            timezone: text(window['timezone']) ?? '',
            ...(duration !== undefined && { duration }),
          }
        }),
      },
    }),
  }
}

/** Does a spec set anything that `readRenewalSpec` would read? Most do not, and share one answer. */
export const hasRenewalFields = (spec: CertificateSpec): boolean =>
  spec.renewBefore !== undefined || spec.renewBeforePercentage !== undefined || spec.renewal !== undefined

const percentageOf = (lifetime: bigint, percentage: number, behaviours: Behaviours): bigint => {
  const share = BigInt(Math.trunc(percentage))
  switch (behaviours.renewBeforePercentage) {
    case 'exact':
      return BigInt(Math.trunc((Number(lifetime) * percentage) / 100))
    case 'inverted':
      return BigInt.asIntN(64, lifetime * (100n - share)) / 100n
    default:
      // The product is taken in 64 bits and wraps for long lifetimes: v1.17–v1.20 (facts of cert-manager 3.4).
      return BigInt.asIntN(64, lifetime * share) / 100n
  }
}

const THIRTY_DAYS = 30n * 86_400n * SECOND

const renewBeforeOf = (lifetime: bigint, spec: RenewalSpec, behaviours: Behaviours): bigint => {
  const { renewBefore, renewBeforePercentage: percentage } = spec
  if (renewBefore !== undefined && renewBefore < lifetime && (behaviours.renewBefore === 'any' || renewBefore > 0n)) return renewBefore
  if (behaviours.renewBeforePercentage !== 'none' && percentage !== undefined && percentage > 0 && percentage < 100) {
    return percentageOf(lifetime, percentage, behaviours)
  }
  if (behaviours.thirtyDaysDefault && renewBefore === undefined && THIRTY_DAYS < lifetime) return THIRTY_DAYS
  return lifetime / 3n
}

interface Window {
  readonly schedule: CronSchedule
  readonly duration: bigint
}

const ofSeconds = (seconds: number): bigint => BigInt(seconds) * SECOND

/** Halves the span as cert-manager does: for `@every` the outcome depends on the way. */
const latestStartByHalving = (schedule: CronSchedule, from: bigint, to: bigint): number | undefined => {
  const startsBy = (start: number): boolean => ofSeconds(start) <= to
  if (from >= to || !startsBy(schedule.next(floorSeconds(from - SECOND)))) return undefined
  let [low, high] = [from, to]
  while (high - low > SECOND) {
    const middle = low + (high - low) / 2n
    if (startsBy(schedule.next(floorSeconds(middle)))) low = middle
    else high = middle
  }
  const last = schedule.next(floorSeconds(low - SECOND))
  return startsBy(last) ? last : undefined
}

/** The latest start in [from, to]: looked for in spans before `to` that double, so that near ones are found soon. */
const latestStart = (schedule: CronSchedule, from: bigint, to: bigint): number | undefined => {
  if (!schedule.isCalendar) return latestStartByHalving(schedule, from, to)
  if (from >= to) return undefined
  const [first, last] = [floorSeconds(from - SECOND), floorSeconds(to)]
  for (let span = 3600; ; span *= 2) {
    const begin = Math.max(first, last - span)
    let start = schedule.next(begin)
    if (start === ZERO_TIME) return undefined
    if (start > last) {
      if (begin === first) return undefined
      continue
    }
    for (let after = schedule.next(start); after !== ZERO_TIME && after <= last; after = schedule.next(start)) start = after
    return start
  }
}

/**
 * Applies the renewal windows to a desired time (nanoseconds): inside a window it stays, else the first start after it.
 * As in cert-manager, a window that has no start in reach makes it forget what the windows before it offered.
 */
const fitWindows = (windows: readonly Window[], notBefore: bigint, notAfter: bigint, desired: bigint): bigint | undefined => {
  let inWindow: bigint | undefined
  let after: bigint | undefined
  for (const { schedule, duration } of windows) {
    const [from, to] = [notBefore - duration, notAfter + duration]
    if (desired >= from) {
      const start = latestStart(schedule, from, desired < to ? desired : to)
      if (start !== undefined) {
        const end = ofSeconds(start) + duration
        const candidate = desired >= ofSeconds(start) && desired < end ? desired : end
        if (candidate >= desired && (inWindow === undefined || candidate > inWindow)) inWindow = candidate
      }
    } else inWindow = undefined
    const start = schedule.next(floorSeconds((desired > from ? desired : from) - SECOND))
    if (ofSeconds(start) > to) after = undefined
    if (ofSeconds(start) > to || start === ZERO_TIME) continue
    const begin = ofSeconds(start)
    const candidate = desired < begin ? begin : desired < begin + duration ? desired : undefined
    if (candidate !== undefined && (after === undefined || candidate < after)) after = candidate
  }
  return inWindow ?? after
}

const zoneOf = (name: string, { zones, budget }: RenewalClock): TimeZone | undefined => {
  if (!zones.has(name)) zones.set(name, loadTimeZone(name, budget))
  return zones.get(name)
}

const scheduleOf = (cron: string, zone: TimeZone, { schedules, budget }: RenewalClock): CronResult => {
  const key = `${zone.name} ${cron}`
  let known = schedules.get(key)
  if (!known) schedules.set(key, (known = parseCron(cron, zone, budget)))
  return known
}

/** How Go prints the window inside its error. */
const printWindow = ({ cron, timezone, duration }: RenewalWindow): string =>
  `{${timezone} ${duration === undefined ? 'nil' : `&Duration{Duration:${formatDuration(duration)},}`} ${cron}}`

const readWindows = (
  windows: readonly RenewalWindow[],
  clock: RenewalClock,
): { readonly windows: readonly Window[] } | { readonly error: string } => {
  const out: Window[] = []
  for (const window of windows) {
    const zone = zoneOf(window.timezone, clock)
    if (!zone) {
      const isName = !window.timezone.includes('..') && !/^[/\\]/.test(window.timezone)
      return {
        error: `error parsing timezone in window ${isName ? `unknown time zone ${window.timezone}` : 'time: invalid location name'}`,
      }
    }
    const cron = scheduleOf(window.cron, zone, clock)
    if ('error' in cron) return { error: `error parsing cron in window ${cron.error}` }
    if (window.duration === undefined || window.duration <= 0n) {
      return { error: `windowDuration must be a positive duration in window ${printWindow(window)}` }
    }
    out.push({ schedule: cron.schedule, duration: window.duration })
  }
  return { windows: out }
}

/**
 * Computes the renewal time of a certificate (facts of cert-manager 3.4).
 * @param notBefore @param notAfter seconds since 1970
 * @param clock what one analysis shares
 */
export const renewalTimeOf = (
  notBefore: number,
  notAfter: number,
  spec: RenewalSpec,
  behaviours: Behaviours,
  clock: RenewalClock = createRenewalClock(),
): RenewalTime => {
  const [from, to] = [ofSeconds(notBefore), ofSeconds(notAfter)]
  const at = floorSeconds(to - renewBeforeOf(subtract(to, from), spec, behaviours))
  const { renewal } = spec
  if (!behaviours.renewalWindows || !renewal) return { at }
  if (renewal.policy === 'Disabled') return {}
  if (renewal.policy !== 'RenewBefore') return { error: `unsupported renewal policy: ${renewal.policy}` }
  if (renewal.windows.length === 0) return { at }
  const read = readWindows(renewal.windows, clock)
  if ('error' in read) return { error: read.error }
  const fitted = fitWindows(read.windows, from, to, ofSeconds(at))
  if (clock.budget.left <= 0) return { budgetSpent: true }
  if (fitted !== undefined) return { at: floorSeconds(fitted) }
  const [start, end, desired] = [notBefore, notAfter, at].map(formatGoTime)
  return { at, error: `cannot find a time with the given windows between ${start} and ${end} for: ${desired}` }
}
