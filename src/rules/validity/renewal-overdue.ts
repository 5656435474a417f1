import { smallest } from '../../base/order.ts'
import { parseInstant } from '../../base/instant.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import { describe, renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs, saySpan } from '../wording.ts'

/** The controller acts within seconds; a dump taken in that very moment is no fault. */
const GRACE = 10 * 60_000

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { at, causes, model } = context
  const overdue: { readonly certificate: CertificateResource; readonly since: number }[] = []
  for (const certificate of model.inventory.certificates) {
    const text = context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.renewalTime
    const since = text === undefined ? undefined : parseInstant(text)
    const chain = model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (since === undefined || since + GRACE > at || !chain || chain.leaf.notAfter < at || chain.certificate !== certificate) continue
    const issuing = certificate.status?.conditions.some((condition) => condition.type === 'Issuing' && condition.status === 'True')
    if (issuing || causes.blockingRequest(certificate) || causes.issuerFaultOf(certificate)) continue
    overdue.push({ certificate, since })
  }
  const [first, ...others] = overdue
  if (!first) return
  const refs = overdue.map((item) => item.certificate.ref)
  const earliest = smallest(overdue.map((item) => item.since))
  yield finding({
    subject: first.certificate.ref,
    related: others.map((item) => item.certificate.ref),
    message:
      others.length === 0
        ? say`${sayRef(first.certificate.ref)} should have been renewed on ${sayInstant(earliest)}, ${saySpan(at - earliest)} ago, and no renewal is under way`
        : say`${refs.length} certificates should have been renewed, the first on ${sayInstant(earliest)}, ${saySpan(at - earliest)} ago; no renewal is under way`,
    evidence: [
      ...(others.length === 0 ? [] : [{ label: 'overdue', text: sayList(sayRefs(refs)) }]),
      { label: 'likely (a guess)', text: say`cert-manager's controller is not running, or does not see these Certificates` },
    ],
    places: overdue.slice(0, 10).map((item) => item.certificate.placeOf(['status', 'renewalTime'])),
    remedy: {
      text: say`See whether the controller runs and what it says of the Certificate, then renew`,
      commands: [...describe(first.certificate.ref), ...renew(refs)],
    },
  })
}

export const renewalOverdue: Rule = {
  id: 'renewal-overdue',
  group: 'validity',
  severity: 'warning',
  title: 'The renewal is overdue',
  means: 'The renewal time that cert-manager computes for the certificate has passed, and it is not being issued.',
  matters: 'It still works, and nobody renews it: it will expire. Several at once mean that the controller does not run.',
  mend: 'See why the controller does nothing, then renew.',
  silent:
    'Silent while it is issuing (then stuck-issuing speaks), once it has expired (expired), and where its issuer or request explains it.',
  sources: [{ document: 'cert-manager', at: 'pkg/util/pki/renewaltime.go' }],
  needs: ['certificate-resource', 'secret-data'],
  check,
}
