import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import { compareStrings } from '../base/order.ts'

/** cert-manager orders by UTF-8 bytes; names are ASCII, so code units order alike. */
const byAge = (a: CertificateResource, b: CertificateResource): number =>
  (a.metadata.creationTimestamp ?? -Infinity) === (b.metadata.creationTimestamp ?? -Infinity)
    ? compareStrings(a.ref.name, b.ref.name)
    : (a.metadata.creationTimestamp ?? -Infinity) - (b.metadata.creationTimestamp ?? -Infinity)

/** The Certificates that name one Secret, oldest first, and whose it is. */
export interface SecretClaim {
  readonly claimants: readonly CertificateResource[]
  readonly owner: string
}

/**
 * Says which of the Certificates that name one Secret owns it (facts of cert-manager 4.6): the one that the Secret's annotation
 * names, where it is among them; else the oldest, ties by name.
 */
export const claimOf = (certificates: readonly CertificateResource[], secret: SecretResource | undefined): SecretClaim => {
  const claimants = certificates.length > 1 ? [...certificates].sort(byAge) : certificates
  const annotated = secret?.metadata.annotations['cert-manager.io/certificate-name']
  const owner =
    annotated !== undefined && claimants.some((claimant) => claimant.ref.name === annotated) ? annotated : (claimants[0]?.ref.name ?? '')
  return { claimants, owner }
}
