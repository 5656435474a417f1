import type { ControllerVerdict, Outcome, PolicyOutcome } from '../replay/controller-verdict.ts'
import { toMessage } from './message.ts'
import type { ChainEntry, ControllerEntry, PolicyEntry } from './report.ts'

const entries = new WeakMap<Outcome, ChainEntry>()

/** The contract has three forms: decided, unknown with what is missing, panics. What would hold if nothing were missing stays inside. */
const toChainEntry = (outcome: Outcome): ChainEntry => {
  if (outcome.panics) return { panics: true }
  if (outcome.unknown) return { unknown: outcome.unknown }
  return {
    violated: outcome.violated,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
    ...(outcome.message !== undefined && { message: outcome.message }),
  }
}

const shared = (outcome: Outcome): ChainEntry => {
  const known = entries.get(outcome)
  if (known) return known
  const entry = toChainEntry(outcome)
  entries.set(outcome, entry)
  return entry
}

const toPolicyEntry = (policy: PolicyOutcome): PolicyEntry => ({ policy: policy.policy, ...shared(policy) })

const policyLists = new WeakMap<readonly PolicyOutcome[], readonly PolicyEntry[]>()

const toPolicies = (policies: readonly PolicyOutcome[]): readonly PolicyEntry[] => {
  const known = policyLists.get(policies)
  if (known) return known
  const list = policies.map(toPolicyEntry)
  policyLists.set(policies, list)
  return list
}

/** What the replay decided, as the report has it. */
export const toControllerEntry = (verdict: ControllerVerdict): ControllerEntry => ({
  certificate: verdict.certificate,
  policies: toPolicies(verdict.policies),
  trigger: shared(verdict.trigger),
  readiness: shared(verdict.readiness),
  temporaryCertificate: shared(verdict.temporaryCertificate),
  postIssuance: shared(verdict.postIssuance),
  ready: verdict.ready,
  triggered: verdict.triggered,
  ...(verdict.backoffUntil !== undefined && { backoffUntil: verdict.backoffUntil }),
  ...(verdict.notBefore !== undefined && { notBefore: verdict.notBefore }),
  ...(verdict.notAfter !== undefined && { notAfter: verdict.notAfter }),
  ...(verdict.renewalTime !== undefined && { renewalTime: verdict.renewalTime }),
  ...(verdict.currentRequest && { currentRequest: verdict.currentRequest }),
  ...(verdict.nextRequest && { nextRequest: verdict.nextRequest }),
  secretOwner: verdict.secretOwner,
  agreesWithStatus: verdict.agreesWithStatus,
  next: { ...(verdict.next.at !== undefined && { at: verdict.next.at }), sentence: toMessage(verdict.next.sentence).text },
})
