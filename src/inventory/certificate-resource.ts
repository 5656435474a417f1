import type { JsonObject } from '../dump/raw-object.ts'
import type { Condition, IssuerRef, Resource } from './resource.ts'

/** spec of a Certificate, normalised to cert-manager.io/v1. Durations are milliseconds; only what is written is set. */
export interface CertificateSpec {
  readonly secretName?: string
  readonly issuerRef?: IssuerRef
  readonly commonName?: string
  readonly literalSubject?: string
  readonly subject?: {
    readonly organizations?: readonly string[]
    readonly countries?: readonly string[]
    readonly organizationalUnits?: readonly string[]
    readonly localities?: readonly string[]
    readonly provinces?: readonly string[]
    readonly streetAddresses?: readonly string[]
    readonly postalCodes?: readonly string[]
    readonly serialNumber?: string
  }
  readonly dnsNames?: readonly string[]
  readonly ipAddresses?: readonly string[]
  readonly uris?: readonly string[]
  readonly emailAddresses?: readonly string[]
  readonly otherNames?: readonly { readonly oid?: string; readonly utf8Value?: string }[]
  readonly duration?: number
  readonly renewBefore?: number
  readonly renewBeforePercentage?: number
  readonly renewal?: {
    readonly policy?: string
    readonly windows: readonly {
      readonly cron?: string
      readonly windowDuration?: number
      readonly windowDurationText?: string
      readonly timezone?: string
    }[]
  }
  readonly isCA?: boolean
  readonly usages?: readonly string[]
  readonly privateKey?: {
    readonly algorithm?: string
    readonly size?: number
    readonly encoding?: string
    readonly rotationPolicy?: string
  }
  readonly signatureAlgorithm?: string
  readonly encodeUsagesInRequest?: boolean
  readonly nameConstraints?: JsonObject
  readonly keystores?: JsonObject
  readonly additionalOutputFormats?: readonly string[]
  readonly secretTemplate?: { readonly annotations: Readonly<Record<string, string>>; readonly labels: Readonly<Record<string, string>> }
}

/** status of a Certificate; times are epoch milliseconds. */
export interface CertificateStatus {
  readonly conditions: readonly Condition[]
  readonly notBefore?: number
  readonly notAfter?: number
  readonly renewalTime?: number
  readonly revision?: number
  readonly nextPrivateKeySecretName?: string
  readonly lastFailureTime?: number
  readonly failedIssuanceAttempts?: number
  /** status.acme.ari as it stands. */
  readonly ari?: JsonObject
}

/** The Kubernetes kind Certificate; an X.509 certificate is `X509Certificate`. */
export interface CertificateResource extends Resource {
  readonly spec: CertificateSpec
  /** undefined when the object has no status at all. */
  readonly status?: CertificateStatus
  /** spec as it stands in the dump, before normalisation. */
  readonly rawSpec: JsonObject
}
