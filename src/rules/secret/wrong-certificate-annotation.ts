import { say } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import { renew } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import { isViolated, policyOf } from '../policy.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const POLICY = 'SecretCertificateNameAnnotationsMismatch'
const ANNOTATION = 'cert-manager.io/certificate-name'

const namesAnother = ({ metadata }: SecretResource, certificate: CertificateResource): boolean =>
  (metadata.annotations[ANNOTATION] ?? certificate.ref.name) !== certificate.ref.name

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model } = context
  for (const certificate of model.inventory.certificates) {
    const secret = model.secret(certificate.ref.namespace, certificate.spec.secretName)
    if (!secret) continue
    const isRefused = isViolated(context, certificate, [POLICY], 'IncorrectCertificate') !== undefined
    // Up to 1.13.1 the controller does not look; the next upgrade does.
    const isWaiting = policyOf(context, certificate, [POLICY]) === undefined && namesAnother(secret, certificate)
    if (!isRefused && !isWaiting) continue
    // Several Certificates of one Secret, or a CA's Secret taken for a Certificate below it, are the cause; the annotation only says whose it was.
    if (model.claimantsOf(certificate.ref.namespace, secret.ref.name).length > 1 || issuerOverwrittenBy(model, certificate)) continue
    const named = secret.metadata.annotations[ANNOTATION] ?? ''
    yield finding({
      severity: isRefused ? 'error' : 'warning',
      subject: certificate.ref,
      related: [secret.ref],
      message: say`Secret ${sayRef(secret.ref)} says that it belongs to Certificate ${named}, not to ${certificate.ref.name}`,
      evidence: [
        { label: ANNOTATION, text: say`${named}` },
        ...(isRefused
          ? []
          : [
              {
                label: 'cert-manager',
                text: say`before 1.13.2 does not look at it; after an upgrade it holds the Certificate for not ready`,
              },
            ]),
      ],
      places: [secret.placeOf(['metadata', 'annotations', ANNOTATION])],
      remedy: {
        text: say`Give the Certificate a secretName of its own, or issue it anew if the Secret was renamed or copied`,
        commands: renew([certificate.ref]),
      },
    })
  }
}

export const wrongCertificateAnnotation: Rule = {
  id: 'wrong-certificate-annotation',
  group: 'secret',
  severity: 'error',
  title: 'The Secret was written for another Certificate',
  means: 'The annotation certificate-name on the Secret names another Certificate than the one that uses it.',
  matters:
    'cert-manager holds the Certificate for not ready (IncorrectCertificate) and issues over the Secret. A warning where its release does not look at the annotation yet (before 1.13.2).',
  mend: 'Use a Secret of its own, or renew.',
  silent:
    'Silent without the annotation, and where several Certificates share the Secret (duplicate-secret-name). Not evaluable where annotations were not collected.',
  sources: [
    { document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretCertificateNameAnnotationsMismatch' },
  ],
  needs: ['annotations', 'certificate-resource'],
  check,
}
