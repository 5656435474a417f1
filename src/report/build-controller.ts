import { withoutKeyText } from '../base/key-text.ts'
import type { ControllerVerdict, Outcome, PolicyOutcome } from '../replay/controller-verdict.ts'
import { toMessage } from './message.ts'
import type { ChainEntry, ControllerEntry, PolicyEntry } from './report.ts'

/** The contract has three forms: decided, unknown with what is missing, panics. What would hold if nothing were missing stays inside. */
const toChainEntry = (outcome: Outcome): ChainEntry => {
  if (outcome.panics) return { panics: true }
  if (outcome.unknown) return { unknown: outcome.unknown }
  return {
    violated: outcome.violated,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
    ...(outcome.message !== undefined && { message: withoutKeyText(outcome.message) }),
  }
}

const toPolicyEntry = (policy: PolicyOutcome): PolicyEntry => {
  const { panics, unknown, violated, reason, message } = toChainEntry(policy)
  return {
    policy: policy.policy,
    ...(panics && { panics }),
    ...(unknown && { unknown }),
    ...(violated !== undefined && { violated }),
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  }
}

const toldReady = (ready: ControllerVerdict['ready']): ControllerEntry['ready'] => {
  const message = withoutKeyText(ready.message)
  if (message === ready.message) return ready
  const { status, reason, unknown } = ready
  return { status, reason, message, ...(unknown && { unknown }) }
}

const toldAgreement = (agrees: ControllerVerdict['agreesWithStatus']): ControllerEntry['agreesWithStatus'] =>
  agrees.differences.length === 0 ? agrees : { holds: agrees.holds, differences: agrees.differences.map(withoutKeyText) }

/** Outcomes that the replay shares between Certificates are frozen; what is made of them is shared, and frozen, too. */
const share = <From extends object, To extends object>(make: (from: From) => To): ((from: From) => To) => {
  const known = new Map<From, To>()
  return (from) => {
    if (!Object.isFrozen(from)) return make(from)
    let made = known.get(from)
    if (!made) known.set(from, (made = Object.freeze(make(from))))
    return made
  }
}

/** What the replay decided, as the report has it. */
export function* toControllerEntries(verdicts: readonly ControllerVerdict[]): Generator<ControllerEntry> {
  const chain = share(toChainEntry)
  const policy = share(toPolicyEntry)
  const policies = share((list: readonly PolicyOutcome[]): readonly PolicyEntry[] => list.map(policy))
  for (const verdict of verdicts)
    yield {
      certificate: verdict.certificate,
      policies: policies(verdict.policies),
      trigger: chain(verdict.trigger),
      readiness: chain(verdict.readiness),
      temporaryCertificate: chain(verdict.temporaryCertificate),
      postIssuance: chain(verdict.postIssuance),
      ready: toldReady(verdict.ready),
      triggered: verdict.triggered,
      ...(verdict.backoffUntil !== undefined && { backoffUntil: verdict.backoffUntil }),
      ...(verdict.notBefore !== undefined && { notBefore: verdict.notBefore }),
      ...(verdict.notAfter !== undefined && { notAfter: verdict.notAfter }),
      ...(verdict.renewalTime !== undefined && { renewalTime: verdict.renewalTime }),
      ...(verdict.currentRequest && { currentRequest: verdict.currentRequest }),
      ...(verdict.nextRequest && { nextRequest: verdict.nextRequest }),
      secretOwner: verdict.secretOwner,
      agreesWithStatus: toldAgreement(verdict.agreesWithStatus),
      next: { ...(verdict.next.at !== undefined && { at: verdict.next.at }), sentence: toMessage(verdict.next.sentence).text },
    }
}
