import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { IssuerNode } from '../../model/model.ts'
import { edit } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef, sayRefs } from '../wording.ts'

/** The Secret says itself that this Certificate filled it, and what it holds was signed by another: it happened. */
const isOverwritten = (node: IssuerNode, certificate: CertificateResource): boolean =>
  node.caSecret?.metadata.annotations['cert-manager.io/certificate-name'] === certificate.ref.name &&
  node.ca?.extensions.basicConstraints?.ca !== true

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of model.inventory.certificates) {
    const node = issuerOverwrittenBy(model, certificate)
    if (!node) continue
    const overwritten = isOverwritten(node, certificate)
    const waiting = waitingFor({ causes, model }, node).filter((ref) => refKey(ref) !== refKey(certificate.ref))
    const guess = !overwritten && (node.secretNamespaceFrom === 'default' || node.secretNamespaceFrom === 'inferred')
    yield finding({
      severity: guess ? 'warning' : 'error',
      subject: certificate.ref,
      related: [node.ref, ...(node.caSecret ? [node.caSecret.ref] : []), ...waiting],
      message: say`${sayRef(certificate.ref)} is issued into Secret ${certificate.spec.secretName ?? ''}, which is the CA of its own issuer ${sayRef(node.ref)}`,
      evidence: [
        ...(overwritten
          ? [{ label: 'now', text: say`the Secret holds that certificate, which is no CA: nothing can be issued from it` }]
          : []),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, certificate.ref.namespace)) }] : []),
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
