import type { Missing } from '../base/verdict.ts'
import type { SecretResource, ValueStatus } from '../inventory/secret.ts'
import type { Model } from '../model/model.ts'

const isOutOfSight = (status: ValueStatus): boolean => status === 'masked' || status === 'unknown'

const CERTIFICATE_NAME = 'cert-manager.io/certificate-name'

/** Notes what is out of sight in a Secret that a Certificate or an issuer names. */
const noteSecret = (secret: SecretResource, lacking: Set<Missing>): void => {
  if (isOutOfSight(secret.tlsCrt.status)) lacking.add('secret-data')
  if (isOutOfSight(secret.tlsKey.status)) lacking.add('private-key')
  if (!secret.metadataKnown) lacking.add('annotations')
}

const INSIDE_SECRETS: readonly Missing[] = ['secret-data', 'private-key']

/** What one rule needs and the dump lacks; where a Secret is missing, so is what is in it. */
export const unmetNeeds = (needs: readonly Missing[], lacking: ReadonlySet<Missing>): Set<Missing> =>
  new Set(
    needs.flatMap((need) => [
      ...(lacking.has(need) ? [need] : []),
      ...(INSIDE_SECRETS.includes(need) && lacking.has('secret') ? ['secret' as const] : []),
    ]),
  )

/**
 * What the dump lacks of the objects that it is about: for one of them at least, a rule that needs it could not look. A whole export of a
 * cluster lacks nothing; what is known not to exist is not lacking either.
 */
export const lackingIn = (model: Model): ReadonlySet<Missing> => {
  const { certificates, certificateRequests, secrets, coverage } = model.inventory
  const lacking = new Set<Missing>()
  const note = (missing: readonly Missing[]): void => {
    for (const each of missing) lacking.add(each)
  }
  for (const { ref, spec } of certificates) {
    const secret = model.secret(ref.namespace, spec.secretName)
    if (secret) noteSecret(secret, lacking)
    else if (spec.secretName !== undefined && !model.isAbsenceKnown('Secret', ref.namespace, spec.secretName)) note(['secret'])
    const issuer = model.resolveIssuer(spec.issuerRef, ref.namespace)
    const kind = spec.issuerRef?.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer'
    if (issuer.status === 'not-found' && !model.isAbsenceKnown(kind, ref.namespace, spec.issuerRef?.name ?? ''))
      note(kind === 'ClusterIssuer' ? ['issuer', 'cluster-issuers'] : ['issuer'])
  }
  for (const { resource, secretNamespace, caSecret } of model.issuers) {
    if (resource.caSecretName === undefined) continue
    if (caSecret) noteSecret(caSecret, lacking)
    else if (!model.isAbsenceKnown('Secret', secretNamespace, resource.caSecretName)) note(['secret'])
  }
  if (certificates.length === 0 && secrets.some((secret) => CERTIFICATE_NAME in secret.metadata.annotations)) note(['certificate-resource'])
  if (certificates.length > 0 && certificates.every((certificate) => certificate.status === undefined)) note(['status'])
  if (certificates.length > 0 && (certificateRequests.length === 0 || coverage.notCollected.has('CertificateRequest')))
    note(['certificate-requests'])
  return lacking
}
