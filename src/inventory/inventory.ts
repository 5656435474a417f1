import type { Place } from '../base/place.ts'
import type { Ref } from '../base/ref.ts'
import type { Coverage } from '../dump/dump.ts'
import type { DumpProblem } from '../dump/raw-object.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { CertificateRequestResource } from './certificate-request.ts'
import type { CertificateResource } from './certificate-resource.ts'
import type { IssuerResource } from './issuer.ts'
import type { SecretResource } from './secret.ts'

/** The dump's typed resources, normalised to cert-manager.io/v1, each distinct object once, sorted by namespace and name. */
export interface Inventory {
  readonly issuers: readonly IssuerResource[]
  readonly clusterIssuers: readonly IssuerResource[]
  readonly certificates: readonly CertificateResource[]
  readonly certificateRequests: readonly CertificateRequestResource[]
  readonly secrets: readonly SecretResource[]
  /** Every distinct X.509 certificate found anywhere in the dump, by fingerprint. */
  readonly x509: ReadonlyMap<string, X509Certificate>
  /** Objects that stand more than once with different contents: the fuller one was kept. */
  readonly conflicts: readonly { readonly ref: Ref; readonly places: readonly Place[] }[]
  /** Objects of the API group `certmanager.k8s.io` that stand in `cert-manager.io` too: these are passed over, those are kept. */
  readonly leftBehind: readonly Ref[]
  readonly others: number
  readonly coverage: Coverage
  /** What was wrong with the input itself. */
  readonly problems: readonly DumpProblem[]
}
