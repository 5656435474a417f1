import type { CertificateSigningRequest } from '../x509/certificate-signing-request.ts'
import type { Condition, IssuerRef, Resource } from './resource.ts'
import type { CertificateBundle } from './secret.ts'

/** CertificateRequest of cert-manager.io, normalised to v1. */
export interface CertificateRequestResource extends Resource {
  readonly issuerRef?: IssuerRef
  readonly duration?: number
  readonly isCA?: boolean
  readonly usages?: readonly string[]
  /** Annotation cert-manager.io/certificate-revision, a decimal string, as it stands. */
  readonly revision?: string
  /** The CSR in spec.request, or why it could not be read. */
  readonly csr:
    | { readonly status: 'read'; readonly value: CertificateSigningRequest }
    | { readonly status: 'absent' | 'masked' }
    | { readonly status: 'unreadable'; readonly code: string }
  /** status.certificate and status.ca */
  readonly certificate: CertificateBundle
  readonly ca: CertificateBundle
  readonly conditions: readonly Condition[]
}
