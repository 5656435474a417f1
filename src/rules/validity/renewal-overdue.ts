import { smallest } from '../../base/order.ts'
import { parseInstant } from '../../base/instant.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import { describe, renew } from '../commands.ts'
import type { LastFailure } from '../last-failure.ts'
import { lastFailureOf } from '../last-failure.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs, saySpan } from '../wording.ts'

/** The controller acts within seconds; a dump taken in that very moment is no fault. */
const GRACE = 10 * 60_000

interface Overdue {
  readonly certificate: CertificateResource
  readonly since: number
  readonly failure?: LastFailure
}

const findOverdue = (context: RuleContext): readonly Overdue[] => {
  const { at, causes, model } = context
  return model.inventory.certificates.flatMap((certificate): readonly Overdue[] => {
    const verdict = context.controllerOf(certificate.ref.namespace, certificate.ref.name)
    const since = verdict?.renewalTime === undefined ? undefined : parseInstant(verdict.renewalTime)
    const chain = model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (since === undefined || since + GRACE > at || !chain || chain.leaf.notAfter < at || chain.certificate !== certificate) return []
    const issuing = certificate.status?.conditions.some((condition) => condition.type === 'Issuing' && condition.status === 'True')
    if (issuing || causes.blockingRequest(certificate) || causes.issuerFaultOf(certificate)) return []
    const failure = lastFailureOf(certificate, context)
    return [{ certificate, since, ...(failure && { failure }) }]
  })
}

/** Those that nobody tries to renew, for one reason, and those whose attempts failed, by what cert-manager says of it. */
const groupByFailure = (overdue: readonly Overdue[]): readonly (readonly Overdue[])[] => {
  const groups = new Map<string | undefined, Overdue[]>()
  for (const item of overdue) {
    const known = groups.get(item.failure?.message)
    if (known) known.push(item)
    else groups.set(item.failure?.message, [item])
  }
  return [...groups.values()]
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const group of groupByFailure(findOverdue(context))) {
    const [first] = group
    if (!first) continue
    const { failure } = first
    const refs = group.map((item) => item.certificate.ref)
    const earliest = smallest(group.map((item) => item.since))
    const ago = saySpan(context.at - earliest)
    const attempts = group.flatMap((item) => item.failure?.nextAttempt ?? [])
    const state = failure ? 'the last attempt failed' : 'no renewal is under way'
    yield finding({
      subject: first.certificate.ref,
      related: refs.slice(1),
      message:
        refs.length === 1
          ? say`${sayRef(first.certificate.ref)} should have been renewed on ${sayInstant(earliest)}, ${ago} ago, and ${state}`
          : say`${refs.length} certificates should have been renewed, the first on ${sayInstant(earliest)}, ${ago} ago; ${state}`,
      evidence: [
        ...(refs.length === 1 ? [] : [{ label: 'overdue', text: sayList(sayRefs(refs)) }]),
        ...(failure
          ? []
          : [{ label: 'likely (a guess)', text: say`cert-manager's controller is not running, or does not see these Certificates` }]),
        ...(failure && failure.message !== '' ? [{ label: 'cert-manager', text: say`${failure.message}` }] : []),
        ...(attempts.length > 0 ? [{ label: 'next attempt', text: say`not before ${sayInstant(smallest(attempts))}` }] : []),
      ],
      places: group.slice(0, 10).map(({ certificate }) => certificate.placeOf(['status', failure ? 'conditions' : 'renewalTime'])),
      remedy: {
        text: failure
          ? say`Mend what the message names; cmctl renew tries at once, without waiting for the next attempt`
          : say`See whether the controller runs and what it says of the Certificate, then renew`,
        commands: [...describe(first.certificate.ref), ...renew(refs)],
      },
    })
  }
}

export const renewalOverdue: Rule = {
  id: 'renewal-overdue',
  group: 'validity',
  severity: 'warning',
  title: 'The renewal is overdue',
  means: 'The renewal time that cert-manager computes for the certificate has passed, and it is not being issued.',
  matters:
    'It still works, and nobody renews it: it will expire. Where the last attempt failed, the Certificate says why; several at once without a failure mean that the controller does not run.',
  mend: 'Mend what the last attempt failed for, or see why the controller does nothing, then renew.',
  silent:
    'Silent while it is issuing (then stuck-issuing speaks), once it has expired (expired), and where its issuer or request explains it.',
  sources: [{ document: 'cert-manager', at: 'pkg/util/pki/renewaltime.go' }],
  needs: ['certificate-resource', 'secret-data'],
  check,
}
