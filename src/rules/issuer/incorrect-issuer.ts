import { say } from '../../base/phrase.ts'
import { renew } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import { isIncorrectIssuer, policyOf } from '../policy.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { causes, model } = context
  for (const certificate of model.inventory.certificates) {
    const secret = model.secret(certificate.ref.namespace, certificate.spec.secretName)
    if (!secret || !isIncorrectIssuer(context, certificate) || model.ownerOf(secret) !== certificate) continue
    // While the issuer it should have is not there, that is what keeps it.
    if (causes.issuerFaultOf(certificate) || issuerOverwrittenBy(model, certificate)) continue
    const ref = certificate.spec.issuerRef
    const annotations = secret.metadata.annotations
    const policy = policyOf(context, certificate, ['SecretIssuerAnnotationsMismatch', 'SecretIssuerAnnotationsNotUpToDate'])
    yield finding({
      subject: certificate.ref,
      related: [secret.ref],
      message: say`${sayRef(certificate.ref)} now names ${ref?.kind ?? 'Issuer'} ${ref?.name ?? ''}; its Secret was issued by ${annotations['cert-manager.io/issuer-kind'] || 'Issuer'} ${annotations['cert-manager.io/issuer-name'] ?? '(not written)'}`,
      evidence: policy?.message === undefined ? [] : [{ label: 'cert-manager', text: say`would say: ${policy.message}` }],
      places: [certificate.placeOf(['spec', 'issuerRef']), secret.placeOf(['metadata', 'annotations', 'cert-manager.io/issuer-name'])],
      remedy: {
        text: say`The controller issues it anew by itself while it runs; otherwise renew, or put the former issuerRef back`,
        commands: renew([certificate.ref]),
      },
    })
  }
}

export const incorrectIssuer: Rule = {
  id: 'incorrect-issuer',
  group: 'issuer',
  severity: 'error',
  title: 'The Secret was issued by another issuer than the one named now',
  means: 'The issuer annotations of the Secret and issuerRef of the Certificate differ.',
  matters:
    'Clients that trust the issuer named now refuse the certificate; cert-manager holds it for not ready (IncorrectIssuer) as soon as its controller runs.',
  mend: 'Renew, or put the issuerRef back.',
  silent:
    'Silent without issuer annotations, and while the issuer named now is missing. Not evaluable where annotations were not collected.',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretIssuerAnnotationsMismatch' }],
  needs: ['annotations', 'certificate-resource'],
  check,
}
