import { withoutKeyText } from '../base/key-text.ts'
import type { Writable } from '../base/writable.ts'
import type { ControllerVerdict, Outcome, PolicyOutcome } from '../replay/controller-verdict.ts'
import { toMessage } from './message.ts'
import type { ChainEntry, ControllerEntry, PolicyEntry } from './report.ts'

/** Is it told as it is? The contract has three forms: decided, unknown with what is missing, panics. What would hold if nothing were missing stays inside. */
const isTold = ({ unknown, violated, message }: Outcome): boolean =>
  !(unknown && violated !== undefined) && (message === undefined || withoutKeyText(message) === message)

const toChainEntry = (outcome: Outcome): ChainEntry => {
  if (outcome.panics || isTold(outcome)) return outcome
  if (outcome.unknown) return { unknown: outcome.unknown }
  return {
    violated: outcome.violated,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
    ...(outcome.message !== undefined && { message: withoutKeyText(outcome.message) }),
  }
}

const toPolicyEntry = (outcome: PolicyOutcome): PolicyEntry => {
  const { unknown, violated, reason, message } = toChainEntry(outcome)
  return {
    policy: outcome.policy,
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

const toEntry = (verdict: ControllerVerdict, policies: readonly PolicyEntry[]): ControllerEntry => {
  const { backoffUntil, notBefore, notAfter, renewalTime, currentRequest, nextRequest } = verdict
  // Put in one by one: a spread of what may be absent makes an object for each of them.
  const entry: Writable<Omit<ControllerEntry, 'secretOwner' | 'agreesWithStatus' | 'next'>> = {
    certificate: verdict.certificate,
    policies,
    trigger: toChainEntry(verdict.trigger),
    readiness: toChainEntry(verdict.readiness),
    temporaryCertificate: toChainEntry(verdict.temporaryCertificate),
    postIssuance: toChainEntry(verdict.postIssuance),
    ready: toldReady(verdict.ready),
    triggered: verdict.triggered,
  }
  if (backoffUntil !== undefined) entry.backoffUntil = backoffUntil
  if (notBefore !== undefined) entry.notBefore = notBefore
  if (notAfter !== undefined) entry.notAfter = notAfter
  if (renewalTime !== undefined) entry.renewalTime = renewalTime
  if (currentRequest) entry.currentRequest = currentRequest
  if (nextRequest) entry.nextRequest = nextRequest
  const { at, sentence } = verdict.next
  const { text } = toMessage(sentence)
  return Object.assign(entry, {
    secretOwner: verdict.secretOwner,
    agreesWithStatus: toldAgreement(verdict.agreesWithStatus),
    next: at === undefined ? { sentence: text } : { at, sentence: text },
  })
}

/** What the replay decided, as the report has it. */
export function* toControllerEntries(verdicts: readonly ControllerVerdict[]): Generator<ControllerEntry> {
  const policy = share(toPolicyEntry)
  const policies = share((list: readonly PolicyOutcome[]): readonly PolicyEntry[] =>
    list.map((item) => (item.panics || isTold(item) ? (item as PolicyEntry) : policy(item))),
  )
  for (const verdict of verdicts) yield toEntry(verdict, policies(verdict.policies))
}
