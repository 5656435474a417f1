import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Model } from '../model/model.ts'

/** How it is known that the issuer a Certificate names is not there. */
export type MissingIssuer = 'told-by-request' | 'not-listed' | 'is-cluster-issuer'

/**
 * Does the dump know that the issuer which a Certificate names does not exist? cert-manager wrote so into a request for it, which needs
 * no listing; else a complete listing is without it. That it merely does not stand in the dump says nothing, unless a ClusterIssuer has
 * its name and the Certificate is not ready: then `kind` was left out.
 */
export const missingIssuer = (model: Model, certificate: CertificateResource): MissingIssuer | undefined => {
  const { issuerRef } = certificate.spec
  const { namespace } = certificate.ref
  if (issuerRef === undefined || model.resolveIssuer(issuerRef, namespace).status !== 'not-found') return undefined
  const isTold = model
    .requestsOf(certificate)
    .some(({ conditions }) =>
      conditions.some(
        ({ type, status, message = '' }) =>
          type === 'Ready' && status !== 'True' && message.startsWith('Referenced "') && message.includes(`"${issuerRef.name}" not found`),
      ),
    )
  if (isTold) return 'told-by-request'
  const kind = issuerRef.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer'
  if (model.isAbsenceKnown(kind, namespace, issuerRef.name)) return 'not-listed'
  const ready = certificate.status?.conditions.find(({ type }) => type === 'Ready')?.status
  const { truncated } = model.inventory.coverage
  return kind === 'Issuer' &&
    ready === 'False' &&
    !truncated &&
    model.issuersNamed(issuerRef.name).some(({ ref }) => ref.kind === 'ClusterIssuer')
    ? 'is-cluster-issuer'
    : undefined
}
