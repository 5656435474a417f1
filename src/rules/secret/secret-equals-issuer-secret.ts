import { say } from '../../base/phrase.ts'
import { edit } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of model.inventory.certificates) {
    const node = issuerOverwrittenBy(model, certificate)
    if (!node) continue
    const guess = node.secretNamespaceFrom === 'default' || node.secretNamespaceFrom === 'inferred'
    yield finding({
      severity: guess ? 'warning' : 'error',
      subject: certificate.ref,
      related: [node.ref, ...(node.caSecret ? [node.caSecret.ref] : [])],
      message: say`${sayRef(certificate.ref)} is issued into Secret ${certificate.spec.secretName ?? ''}, which is the CA of its own issuer ${sayRef(node.ref)}`,
      evidence: [
        { label: 'effect', text: say`each issuance overwrites the CA with a certificate that the CA signed` },
        ...(guess ? [{ label: 'a guess', text: say`the namespace of a ClusterIssuer's Secrets is not in the dump` }] : []),
      ],
      places: [certificate.placeOf(['spec', 'secretName']), node.resource.placeOf(['spec', 'ca', 'secretName'])],
      remedy: {
        text: say`Give the Certificate another secretName and restore the CA; a CA's own Certificate needs a SelfSigned issuer or a CA above it`,
        commands: edit(certificate.ref),
      },
    })
  }
}

export const secretEqualsIssuerSecret: Rule = {
  id: 'secret-equals-issuer-secret',
  group: 'secret',
  severity: 'error',
  title: "A Certificate writes into its own issuer's CA Secret",
  means: 'secretName of the Certificate is the Secret that its CA issuer signs with.',
  matters: 'The CA is overwritten by what it signed; from then on the issuer signs with the wrong certificate, or fails.',
  mend: 'Use another secretName; restore the CA.',
  silent: 'Silent when the two Secrets differ.',
  sources: [{ document: 'cert-manager', at: 'issues/7002' }],
  needs: ['certificate-resource', 'issuer'],
  check,
}
