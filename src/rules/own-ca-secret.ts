import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { IssuerNode, Model } from '../model/model.ts'

/** The issuer whose own CA Secret this Certificate is issued into, where it does that. */
export const issuerOverwrittenBy = (model: Model, certificate: CertificateResource): IssuerNode | undefined => {
  const resolution = model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace)
  if (resolution.status !== 'found' || resolution.issuer.resource.caSecretName === undefined) return undefined
  const { issuer } = resolution
  return issuer.resource.caSecretName === certificate.spec.secretName && issuer.secretNamespace === certificate.ref.namespace
    ? issuer
    : undefined
}
