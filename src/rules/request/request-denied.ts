import { say } from '../../base/phrase.ts'
import { describe } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of model.inventory.certificates) {
    const blocking = causes.blockingRequest(certificate)
    if (blocking?.state !== 'denied') continue
    const { request, condition } = blocking
    yield finding({
      subject: certificate.ref,
      related: [request.ref],
      message: say`The request of ${sayRef(certificate.ref)} was denied: ${condition?.reason ?? 'no reason given'}`,
      evidence:
        condition?.message === undefined || condition.message === '' ? [] : [{ label: 'approver', text: say`${condition.message}` }],
      places: [request.placeOf(['status', 'conditions'])],
      remedy: {
        text: say`Change the Certificate so that the policy allows it, or change the policy; a denied request is never taken up again`,
        commands: describe(request.ref),
      },
    })
  }
}

export const requestDenied: Rule = {
  id: 'request-denied',
  group: 'request',
  severity: 'error',
  title: 'The CertificateRequest was denied',
  means: 'An approver set Denied on the request.',
  matters: 'It is terminal: this request is never issued.',
  mend: 'Change policy or spec.',
  silent: 'Silent without the Denied condition. Not evaluable where requests were not collected.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificaterequests/sync.go' }],
  needs: ['certificate-requests'],
  check,
}
