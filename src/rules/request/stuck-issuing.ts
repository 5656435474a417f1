import { say } from '../../base/phrase.ts'
import { describe, remove } from '../commands.ts'
import { isTemporary } from '../../model/build-chain.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { isStuckByKey } from '../stuck-by-key.ts'
import { sayInstant, sayRef, saySpan } from '../wording.ts'

const PATIENCE = 60 * 60_000

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { at, causes, model } = context
  for (const certificate of model.inventory.certificates) {
    const issuing = certificate.status?.conditions.find((condition) => condition.type === 'Issuing' && condition.status === 'True')
    const since = issuing?.lastTransitionTime
    if (!issuing || since === undefined || at - since < PATIENCE) continue
    const blocking = causes.blockingRequest(certificate)
    if (causes.issuerFaultOf(certificate) || isStuckByKey(context, certificate) || (blocking && blocking.state !== 'pending')) continue
    const chain = model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    const works = chain !== undefined && chain.leaf.notAfter >= at && !isTemporary(chain.leaf)
    yield finding({
      severity: works ? 'warning' : 'error',
      subject: certificate.ref,
      related: blocking ? [blocking.request.ref] : [],
      message: say`${sayRef(certificate.ref)} has been issuing for ${saySpan(at - since)} without an end`,
      evidence: [
        { label: 'Issuing since', text: say`${sayInstant(since)}, ${issuing.reason ?? ''}` },
        { label: 'next key', text: say`${certificate.status?.nextPrivateKeySecretName ?? 'none made'}` },
        ...(blocking?.condition?.message === undefined ? [] : [{ label: 'request', text: say`${blocking.condition.message}` }]),
        ...(blocking || !model.inventory.coverage.notCollected.has('CertificateRequest')
          ? []
          : [{ label: 'request', text: say`not collected` }]),
      ],
      places: [certificate.placeOf(['status', 'conditions'])],
      remedy: {
        text: say`See what the request waits for; deleting it makes cert-manager start this issuance again`,
        commands: [...describe(blocking?.request.ref ?? certificate.ref), ...(blocking ? remove(blocking.request.ref) : [])],
      },
    })
  }
}

export const stuckIssuing: Rule = {
  id: 'stuck-issuing',
  group: 'request',
  severity: 'error',
  title: 'Issuance does not come to an end',
  means: 'Issuing has been True for more than an hour, and neither issuer, approval, a failure nor the key explains it.',
  matters: 'The certificate is not issued or not renewed. A warning while the Secret still holds a valid one.',
  mend: 'See what the request waits for.',
  silent: 'Silent within the first hour and where another rule names the cause.',
  sources: [{ document: 'cert-manager', at: 'issues/2636' }],
  needs: ['certificate-resource', 'status'],
  check,
}
