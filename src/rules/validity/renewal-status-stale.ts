import { say } from '../../base/phrase.ts'
import { describe } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of context.model.inventory.certificates) {
    const { status } = certificate
    const chain = context.model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (!status || !chain || chain.certificate !== certificate || chain.order.kind === 'leaf-not-first') continue
    if (status.notAfter === undefined || status.notAfter === chain.leaf.notAfter) continue
    const issuing = status.conditions.some((condition) => condition.type === 'Issuing' && condition.status === 'True')
    if (issuing || issuerOverwrittenBy(context.model, certificate)) continue
    yield finding({
      subject: certificate.ref,
      related: [chain.secret.ref],
      message: say`The status of ${sayRef(certificate.ref)} speaks of another certificate than the one in its Secret`,
      evidence: [
        { label: 'status.notAfter', text: say`${sayInstant(status.notAfter)}` },
        { label: 'in the Secret', text: say`${sayInstant(chain.leaf.notAfter)}` },
      ],
      places: [certificate.placeOf(['status', 'notAfter'])],
      remedy: { text: say`See whether the controller runs, and what else writes the Secret`, commands: describe(chain.secret.ref) },
    })
  }
}

export const renewalStatusStale: Rule = {
  id: 'renewal-status-stale',
  group: 'validity',
  severity: 'warning',
  title: 'The status does not describe the certificate in the Secret',
  means: 'status.notAfter differs from the notAfter of the first certificate in the Secret.',
  matters: 'cert-manager plans the renewal from the status it wrote; it did not see the Secret change, or it does not run.',
  mend: 'See whether the controller runs; restart it.',
  silent: 'Silent while the Certificate is being issued. Not evaluable without status.',
  sources: [{ document: 'cert-manager', at: 'issues/7895' }],
  needs: ['certificate-resource', 'status', 'secret-data'],
  check,
}
