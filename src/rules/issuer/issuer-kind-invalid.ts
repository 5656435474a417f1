import { say } from '../../base/phrase.ts'
import { edit } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of model.inventory.certificates) {
    if (model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace).status !== 'invalid-kind') continue
    const ref = certificate.spec.issuerRef
    yield finding({
      subject: certificate.ref,
      message: say`issuerRef of ${sayRef(certificate.ref)} names kind ${ref?.kind ?? ''}, which cert-manager's own group does not have`,
      evidence: [
        { label: 'issuerRef', text: say`kind ${ref?.kind ?? ''}, name ${ref?.name ?? ''}, group ${ref?.written.group ?? '(none)'}` },
      ],
      places: [certificate.placeOf(['spec', 'issuerRef', 'kind'])],
      remedy: {
        text: say`Use kind Issuer or ClusterIssuer; an issuer of another project needs its group in issuerRef`,
        commands: edit(certificate.ref),
      },
    })
  }
}

export const issuerKindInvalid: Rule = {
  id: 'issuer-kind-invalid',
  group: 'issuer',
  severity: 'error',
  title: 'issuerRef names a kind that cert-manager does not have',
  means: 'The group is cert-manager.io, written or by default, and the kind is neither Issuer nor ClusterIssuer.',
  matters: 'The Certificate is never issued. Most often the group of an external issuer was forgotten.',
  mend: 'Set the group, or the right kind.',
  silent: 'Silent for Issuer and ClusterIssuer, and for any other group.',
  sources: [{ document: 'cert-manager', at: 'internal/apis/certmanager/validation/certificate.go' }],
  needs: ['certificate-resource'],
  check,
}
