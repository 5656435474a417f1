import { formatInstant } from '../base/instant.ts'
import type { Phrase } from '../base/phrase.ts'
import { say } from '../base/phrase.ts'
import type { Missing } from '../base/verdict.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { ControllerVerdict, Outcome } from './controller-verdict.ts'

type NextStep = ControllerVerdict['next']

/** What decides the next step; times are epoch milliseconds. */
export interface NextStepInput {
  readonly at: number
  readonly certificate: CertificateResource
  readonly isDeleted: boolean
  readonly gatherError?: string
  readonly isIssuing: boolean
  readonly nextRequest?: CertificateRequestResource
  /** The Certificate that owns the Secret, where it is another one. */
  readonly otherOwner?: string
  readonly backoffUntil?: number
  readonly trigger: Outcome
  readonly renewalTime?: number
  readonly renewalError?: string
  readonly notAfter?: number
  readonly isRenewalDisabled: boolean
}

const minute = (at: number): string => formatInstant(at).slice(0, 16).replace('T', ' ')

const [HOUR, DAY] = [3_600_000, 86_400_000]

const count = (amount: number, unit: string): string => `${amount} ${unit}${amount === 1 ? '' : 's'}`

const span = (milliseconds: number): string => {
  if (milliseconds >= 2 * DAY) return count(Math.floor(milliseconds / DAY), 'day')
  if (milliseconds >= 2 * HOUR) return count(Math.floor(milliseconds / HOUR), 'hour')
  return count(Math.max(0, Math.floor(milliseconds / 60_000)), 'minute')
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

const ordinal = (number: number): string => ORDINALS[number - 1] ?? `${number}th`

const WORDS: Readonly<Partial<Record<Missing, string>>> = {
  secret: 'its Secret',
  'secret-data': "its Secret's data",
  'private-key': 'the private key',
  annotations: "the Secret's annotations",
  'certificate-requests': 'its requests',
  'managed-fields': 'the managed fields',
}

const missingWords = (missing: readonly Missing[]): string => missing.map((item) => WORDS[item] ?? item).join(', ')

const issuingSentence = (request: CertificateRequestResource | undefined): Phrase => {
  if (!request) return say`is being issued; there is no request for it yet`
  const condition = (type: string) => request.conditions.find((item) => item.type === type)
  const ready = condition('Ready')
  if (condition('Denied')?.status === 'True') return say`is being issued; request ${request.ref.name} was denied`
  if (ready?.status === 'True') return say`is being issued; request ${request.ref.name} has its certificate`
  if (condition('Approved')?.status !== 'True') return say`is being issued; request ${request.ref.name} waits for approval`
  return ready?.reason === undefined
    ? say`is being issued; request ${request.ref.name} waits for its issuer`
    : say`is being issued; request ${request.ref.name} is ${ready.reason}`
}

const renewalSentence = (input: NextStepInput, renewalTime: number): Phrase => {
  const { notAfter } = input
  if (notAfter === undefined) return say`renews on ${minute(renewalTime)}`
  if (renewalTime > notAfter) return say`renews on ${minute(renewalTime)}, ${span(renewalTime - notAfter)} after it expires`
  return say`renews on ${minute(renewalTime)}, ${span(notAfter - renewalTime)} before it expires`
}

const triggerSentence = (input: NextStepInput): Phrase => {
  const { reason } = input.trigger
  if (reason === 'DoesNotExist') return say`is issued now: its Secret does not exist`
  if ((reason === 'Renewing' || reason === 'WindowError') && input.renewalTime !== undefined) {
    return say`is renewed now: its renewal time ${minute(input.renewalTime)} has come`
  }
  return say`is issued again now: ${reason ?? ''}`
}

/** What happens next to a Certificate and when, in one sentence without its subject and full stop. */
export const nextStep = (input: NextStepInput): NextStep => {
  const { renewalTime, notAfter } = input
  if (input.isDeleted) return { sentence: say`is being deleted; nothing is done for it` }
  if (input.gatherError !== undefined) return { sentence: say`stands still: ${input.gatherError}` }
  if (input.isIssuing) return { sentence: issuingSentence(input.nextRequest) }
  if (input.otherOwner !== undefined) {
    return { sentence: say`is left alone: its Secret belongs to Certificate ${input.otherOwner}` }
  }
  if (input.backoffUntil !== undefined) {
    const attempts = Math.max(1, Math.floor(input.certificate.status?.failedIssuanceAttempts ?? 1))
    const sentence = say`will not retry before ${minute(input.backoffUntil)}, ${ordinal(attempts)} failed attempt`
    return { at: formatInstant(input.backoffUntil), sentence }
  }
  if (input.trigger.panics) {
    return { sentence: say`makes the controller crash: ${input.renewalError ?? 'its spec has a value that cert-manager cannot handle'}` }
  }
  if (input.trigger.violated && !input.trigger.unknown) return { at: formatInstant(input.at), sentence: triggerSentence(input) }
  if (input.isRenewalDisabled) {
    return notAfter === undefined
      ? { sentence: say`is never renewed by itself` }
      : { at: formatInstant(notAfter), sentence: say`is never renewed by itself; it expires on ${minute(notAfter)}` }
  }
  const { unknown } = input.trigger
  if (renewalTime === undefined) return { sentence: say`cannot be told: ${missingWords(unknown ?? ['secret'])} not in this dump` }
  if (renewalTime <= input.at) return { at: formatInstant(input.at), sentence: say`is due for renewal since ${minute(renewalTime)}` }
  return { at: formatInstant(renewalTime), sentence: renewalSentence(input, renewalTime) }
}
