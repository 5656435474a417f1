import { say } from '../../base/phrase.ts'
import { approve } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, saySpan } from '../wording.ts'

/** The approver of cert-manager acts within seconds. */
const GRACE = 5 * 60_000

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of model.inventory.certificates) {
    const blocking = causes.blockingRequest(certificate)
    if (blocking?.state !== 'not-approved') continue
    const created = blocking.request.metadata.creationTimestamp
    if (created === undefined || at - created < GRACE) continue
    const group = blocking.request.issuerRef?.group
    yield finding({
      subject: certificate.ref,
      related: [blocking.request.ref],
      message: say`The request of ${sayRef(certificate.ref)} has been waiting for approval for ${saySpan(at - created)}`,
      evidence:
        group === undefined || group === 'cert-manager.io'
          ? []
          : [{ label: 'issuer', text: say`group ${group}: cert-manager needs RBAC to approve for it` }],
      places: [blocking.request.place],
      remedy: {
        text: say`Approve it, or see why no approver does: the built-in one may be switched off, or may lack the right to approve for this issuer`,
        commands: approve(blocking.request.ref),
      },
    })
  }
}

export const requestNotApproved: Rule = {
  id: 'request-not-approved',
  group: 'request',
  severity: 'warning',
  title: 'Nobody approves the CertificateRequest',
  means: 'The request has neither Approved nor Denied and is older than five minutes.',
  matters: 'It waits without end.',
  mend: 'Approve it, or repair the approver.',
  silent: 'Silent in the first five minutes. Not evaluable where requests were not collected.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificaterequests/approver' }],
  needs: ['certificate-requests'],
  check,
}
