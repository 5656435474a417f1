import type { Missing } from '../../base/verdict.ts'
import type { CertificateRequestResource } from '../../inventory/certificate-request.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import type { Name } from '../../x509/name.ts'
import type { PublicKey } from '../../x509/public-key.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { Behaviours } from '../behaviours.ts'
import type { CertificateNames } from '../certificate-names.ts'
import type { Outcome } from '../controller-verdict.ts'
import type { detailsAnnotations } from '../details-annotations.ts'
import type { ManagedFields } from '../managed-fields.ts'
import type { RenewalTime } from '../renewal-time.ts'

/** The private key of a Secret as Go reads it. `hidden`: there is one, its value is not in the dump. */
export type KeyReading =
  | { readonly status: 'read'; readonly key: PublicKey }
  | { readonly status: 'unreadable'; readonly why: string }
  | { readonly status: 'hidden' | 'unknown' }

/** tls.crt as cert-manager reads it: its first certificate, or nothing at all. */
export type CertificateReading =
  | { readonly status: 'read'; readonly certificate: X509Certificate; readonly names: CertificateNames }
  | { readonly status: 'unreadable'; readonly why: string }
  | { readonly status: 'hidden' | 'unknown' }

export type CsrReading =
  | { readonly status: 'read'; readonly key: PublicKey; readonly subject: Name; readonly names: CertificateNames }
  | { readonly status: 'unreadable'; readonly why: string }
  | { readonly status: 'hidden' }

/** What several policies ask of one Secret, worked out once. */
export interface SecretFacts {
  readonly secret: SecretResource
  /** The Secret has no data at all. */
  readonly hasNoData: boolean
  readonly keyIsEmpty: boolean | undefined
  readonly certificateIsEmpty: boolean | undefined
  readonly key: KeyReading
  readonly certificate: CertificateReading
  /** The annotations that cert-manager would derive from the certificate; undefined where it cannot be read. */
  readonly details: () => ReturnType<typeof detailsAnnotations> | undefined
  /** Without any where the dump does not show them; see managedFieldsShown. */
  readonly managedFields: () => ManagedFields
  readonly managedFieldsShown: boolean
}

/** Everything the policies see of one Certificate. */
export interface PolicyInput {
  readonly at: number
  readonly behaviours: Behaviours
  readonly ownerReferencesEnabled: boolean
  readonly certificate: CertificateResource
  readonly facts?: SecretFacts
  /** Set where the Secret is not in the dump and that proves nothing. */
  readonly secretUnknown?: readonly Missing[]
  readonly current?: CertificateRequestResource
  readonly csrOf: (request: CertificateRequestResource) => CsrReading
  /** Set where no request is in the dump and that proves nothing. */
  readonly requestsUnknown?: readonly Missing[]
  /** Renewal time of the readable first certificate. */
  readonly renewal: RenewalTime
}

/** One policy; it is only asked where the Secret is there, except for the first one. */
export type Policy = (input: PolicyInput, facts: SecretFacts) => Outcome

export const OK: Outcome = Object.freeze({ violated: false })
export const PANICS: Outcome = Object.freeze({ panics: true })

/** An outcome that is violated, in cert-manager's reason and words. */
export const violation = (reason: string, message: string): Outcome => ({ violated: true, reason, message })

const SINGLE = ['secret', 'secret-data', 'private-key', 'annotations', 'managed-fields', 'certificate-requests'] as const
const known = new Map<string, Outcome>(SINGLE.map((missing) => [missing, Object.freeze({ unknown: Object.freeze([missing]) })]))
/** The same where the dump shows nothing wrong. */
const knownFine = new Map<string, Outcome>(
  SINGLE.map((missing) => [missing, Object.freeze({ unknown: Object.freeze([missing]), violated: false })]),
)

/** Unknown for want of these; `asShown` is the outcome if the dump showed all there is. */
export const unknownFor = (missing: readonly Missing[], asShown?: Outcome): Outcome => {
  if (!asShown || asShown.panics) return (missing.length === 1 && known.get(missing[0] as string)) || { unknown: missing }
  if (asShown.violated === undefined) return { unknown: missing }
  const fine = asShown === OK && missing.length === 1 ? knownFine.get(missing[0] as string) : undefined
  if (fine) return fine
  return {
    unknown: missing,
    violated: asShown.violated,
    ...(asShown.reason !== undefined && { reason: asShown.reason }),
    ...(asShown.message !== undefined && { message: asShown.message }),
  }
}

/** A list as Go prints a slice of strings. */
export const goList = (items: Iterable<string>): string => `[${[...items].join(' ')}]`
