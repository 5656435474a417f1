import { say } from '../../base/phrase.ts'
import { parseInstant } from '../../base/instant.ts'
import { describe, renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { causes, model } = context
  for (const certificate of model.inventory.certificates) {
    const blocking = causes.blockingRequest(certificate)
    if (blocking?.state !== 'failed' || causes.issuerFaultOf(certificate)) continue
    const { request, condition } = blocking
    const backoff = context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.backoffUntil
    const next = backoff === undefined ? undefined : parseInstant(backoff)
    const chain = model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    const works = chain !== undefined && chain.leaf.notAfter >= context.at
    const attempts = certificate.status?.failedIssuanceAttempts
    yield finding({
      severity: works ? 'warning' : 'error',
      subject: certificate.ref,
      related: [request.ref],
      message: say`The last request of ${sayRef(certificate.ref)} failed: ${condition?.reason ?? 'Failed'}`,
      evidence: [
        ...(condition?.message === undefined ? [] : [{ label: 'cert-manager', text: say`${condition.message}` }]),
        ...(attempts === undefined ? [] : [{ label: 'attempts', text: say`${attempts}` }]),
        ...(next === undefined ? [] : [{ label: 'next attempt', text: say`not before ${sayInstant(next)}` }]),
        ...(works
          ? [{ label: 'meanwhile', text: say`the certificate in the Secret is valid until ${sayInstant(chain.leaf.notAfter)}` }]
          : []),
      ],
      places: [request.placeOf(['status', 'conditions'])],
      remedy: {
        text: say`Mend what the message names; cmctl renew tries at once, without waiting for the next attempt`,
        commands: [...describe(request.ref), ...renew([certificate.ref])],
      },
    })
  }
}

export const requestFailed: Rule = {
  id: 'request-failed',
  group: 'request',
  severity: 'error',
  title: 'The CertificateRequest failed',
  means: 'The newest request of a Certificate, not yet overtaken by a success, ended in Failed or InvalidRequest.',
  matters:
    'Nothing is issued until the next attempt, and each failure doubles the wait up to 32 hours. A warning while the Secret still holds a valid certificate.',
  mend: 'Mend the cause, then renew.',
  silent: 'Silent for requests of revisions that were issued since. Not evaluable where requests were not collected.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificates/issuing/issuing_controller.go' }],
  needs: ['certificate-requests'],
  check,
}
