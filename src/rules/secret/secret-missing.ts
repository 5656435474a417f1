import { say } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { Model } from '../../model/model.ts'
import { describe } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayRef } from '../wording.ts'

/** cert-manager itself wrote that the Secret is not there: proof for the time of that transition. */
const toldByCondition = (certificate: CertificateResource): boolean =>
  certificate.status?.conditions.some(
    (condition) => condition.type === 'Ready' && condition.status === 'False' && condition.reason === 'DoesNotExist',
  ) ?? false

/** The controller fills a Secret within seconds; one that was never filled is given this long. */
const GRACE = 5 * 60_000

/** Just created and never issued yet: its Secret is still to come. */
const isYoung = ({ metadata, status }: CertificateResource, at: number): boolean =>
  status?.revision === undefined &&
  status?.notAfter === undefined &&
  metadata.creationTimestamp !== undefined &&
  at >= metadata.creationTimestamp &&
  at - metadata.creationTimestamp < GRACE

const elsewhere = (model: Model, certificate: CertificateResource): readonly string[] =>
  model
    .secretsNamed(certificate.spec.secretName ?? '')
    .slice(0, 3)
    .map((secret) => sayRef(secret.ref))

const secretKey = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { at, causes, model } = context
  const missingCas = new Set(
    model.issuers
      .filter((issuer) => !issuer.caSecret && causes.issuerFault(issuer) === 'ca-secret-missing')
      .map((issuer) => secretKey(issuer.secretNamespace, issuer.resource.caSecretName ?? '')),
  )
  const held = new Set(model.inventory.secrets.map(({ ref }) => ref.namespace))
  const isHeld = (namespace: string | undefined): boolean => held.has(namespace)
  for (const certificate of model.inventory.certificates) {
    const { secretName } = certificate.spec
    if (secretName === undefined || secretName === '' || model.secret(certificate.ref.namespace, secretName)) continue
    if (isYoung(certificate, at) || certificate.metadata.deletionTimestamp !== undefined) continue
    // Whoever waits for an issuer, an approval or a failed request has no Secret yet: that is told, not this.
    if (causes.issuerFaultOf(certificate) || causes.blockingRequest(certificate)) continue
    // The Secret of a CA that an issuer signs with is told by ca-secret-missing, with this Certificate.
    if (missingCas.has(secretKey(certificate.ref.namespace, secretName))) continue
    const secret = {
      kind: 'Secret',
      ...(certificate.ref.namespace !== undefined && { namespace: certificate.ref.namespace }),
      name: secretName,
    }
    if (!model.isAbsenceKnown('Secret', certificate.ref.namespace, secretName)) {
      yield notEvaluable(['secret'], certificate.ref)
      continue
    }
    const others = elsewhere(model, certificate)
    const told = toldByCondition(certificate)
    const ready = certificate.status?.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
    yield finding({
      subject: certificate.ref,
      related: [secret],
      message: say`Secret ${secretName} of ${sayRef(certificate.ref)} is not in this dump, which ${isHeld(certificate.ref.namespace) ? 'holds other' : 'lists the'} Secrets of that namespace`,
      evidence: [
        ...(told ? [{ label: 'cert-manager', text: say`says so too: reason DoesNotExist` }] : []),
        ...(ready ? [{ label: 'READY says True', text: say`as it was when the condition was written` }] : []),
        ...(others.length > 0 ? [{ label: 'of that name elsewhere', text: say`${others.join(', ')}` }] : []),
      ],
      places: [certificate.placeOf(['spec', 'secretName'])],
      remedy: {
        text: say`While its controller runs, cert-manager issues it anew by itself; see why it does not`,
        commands: describe(certificate.ref),
      },
    })
  }
}

export const secretMissing: Rule = {
  id: 'secret-missing',
  group: 'secret',
  severity: 'error',
  title: 'The Secret of a Certificate is missing',
  means: 'The Certificate names a Secret that is not in the dump, although the dump holds the Secrets of that namespace.',
  matters: 'Whatever mounts the Secret does not start, or runs with a certificate that nobody can see any more.',
  mend: 'Let cert-manager issue it anew, or restore it.',
  silent:
    'Silent in the first five minutes of a Certificate that was never issued, while it is being deleted, where the issuer or the request explains why it was never made, and for the Secret of a CA issuer (that is ca-secret-missing). Not evaluable where the dump cannot know absence: no Secrets of that namespace, filtered, or cut off.',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretDoesNotExist' }],
  needs: ['secret', 'certificate-resource'],
  check,
}
