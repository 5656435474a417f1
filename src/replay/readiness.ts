import type { Missing } from '../base/verdict.ts'
import type { Condition } from '../inventory/resource.ts'
import type { Outcome, ReadyCondition } from './controller-verdict.ts'
import type { RenewalTime } from './renewal-time.ts'

export const READY: ReadyCondition = Object.freeze({
  status: 'True',
  reason: 'Ready',
  message: 'Certificate is up to date and has not expired',
})

const NOTHING_WRITTEN: ReadyCondition = Object.freeze({ status: 'Unknown', reason: '', message: '' })

/** The condition that stays where the readiness controller does not come to a decision. */
export const readyAsWritten = (written: Condition | undefined): ReadyCondition =>
  written ? { status: written.status, reason: written.reason ?? '', message: written.message ?? '' } : NOTHING_WRITTEN

/** The Ready condition that the readiness controller writes: the chain's result, unless there is no renewal time to be had. */
export const readyCondition = (readiness: Outcome, renewal: RenewalTime | undefined): ReadyCondition => {
  const missing: readonly Missing[] | undefined = renewal?.budgetSpent ? ['budget'] : readiness.unknown
  const unknown = missing && { unknown: missing }
  if (renewal?.error !== undefined) {
    return { status: 'False', reason: 'WindowError', message: `Could not calculate renewal time: ${renewal.error}` }
  }
  if (unknown && readiness.violated === undefined) return { ...NOTHING_WRITTEN, ...unknown }
  if (!readiness.violated) return unknown ? { ...READY, ...unknown } : READY
  return { status: 'False', reason: readiness.reason ?? '', message: readiness.message ?? '', ...unknown }
}
