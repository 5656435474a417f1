import type { CertificateOptions } from './certificate-builder.ts'
import type { JsonValue } from './kubectl-yaml-printer.ts'

/** `metadata` as the API server keeps it. */
export type Metadata = {
  name: string
  namespace?: string
  uid: string
  creationTimestamp: string
  resourceVersion: string
  generation?: number
  generateName?: string
  annotations?: Record<string, string>
  labels?: Record<string, string>
  ownerReferences?: OwnerReference[]
}

export type OwnerReference = {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller: boolean
  blockOwnerDeletion: boolean
}

/** A condition of cert-manager's kinds. */
export type Condition = {
  type: string
  status: string
  reason: string
  message?: string
  lastTransitionTime: string
  observedGeneration?: number
}

/** `issuerRef`: kind and group may be left out, as in life. */
export type IssuerRef = { name: string; kind?: string; group?: string }

export type PrivateKeySpec = {
  algorithm?: 'RSA' | 'ECDSA' | 'Ed25519'
  size?: number
  encoding?: 'PKCS1' | 'PKCS8'
  rotationPolicy?: 'Always' | 'Never'
}

export type NameConstraintItem = { dnsDomains?: string[]; ipRanges?: string[]; emailAddresses?: string[]; uriDomains?: string[] }

/** `spec` of a Certificate (cert-manager.io/v1). */
export type CertificateSpec = {
  secretName: string
  issuerRef: IssuerRef
  commonName?: string
  subject?: {
    organizations?: string[]
    organizationalUnits?: string[]
    countries?: string[]
    localities?: string[]
    provinces?: string[]
    streetAddresses?: string[]
    postalCodes?: string[]
    serialNumber?: string
  }
  literalSubject?: string
  dnsNames?: string[]
  ipAddresses?: string[]
  uris?: string[]
  emailAddresses?: string[]
  otherNames?: { oid: string; utf8Value: string }[]
  duration?: string
  renewBefore?: string
  renewBeforePercentage?: number
  isCA?: boolean
  usages?: string[]
  privateKey?: PrivateKeySpec
  nameConstraints?: { critical?: boolean; permitted?: NameConstraintItem; excluded?: NameConstraintItem }
  secretTemplate?: { annotations?: Record<string, string>; labels?: Record<string, string> }
  additionalOutputFormats?: { type: 'CombinedPEM' | 'DER' }[]
  revisionHistoryLimit?: number
}

export type CertificateStatus = {
  conditions?: Condition[]
  notBefore?: string
  notAfter?: string
  renewalTime?: string
  revision?: number
  nextPrivateKeySecretName?: string
  lastFailureTime?: string
  failedIssuanceAttempts?: number
}

export type CertificateObject = {
  apiVersion: string
  kind: 'Certificate'
  metadata: Metadata
  spec: CertificateSpec
  status: CertificateStatus
}

export type CertificateRequestObject = {
  apiVersion: string
  kind: 'CertificateRequest'
  metadata: Metadata
  spec: { duration?: string; isCA?: boolean; issuerRef: IssuerRef; request: string; usages?: string[] }
  status: { ca?: string; certificate?: string; conditions?: Condition[]; failureTime?: string }
}

export type SecretObject = {
  apiVersion: string
  kind: 'Secret'
  metadata: Metadata
  type: string
  data?: Record<string, string>
}

export type IssuerObject = {
  apiVersion: string
  kind: string
  metadata: Metadata
  spec: {
    selfSigned?: { crlDistributionPoints?: string[] }
    ca?: { secretName: string; crlDistributionPoints?: string[]; ocspServers?: string[]; issuingCertificateURLs?: string[] }
    acme?: JsonValue
    vault?: JsonValue
    venafi?: JsonValue
  }
  status?: { acme?: JsonValue; conditions?: Condition[] }
}

export type KubernetesObject = CertificateObject | CertificateRequestObject | SecretObject | IssuerObject

/** What a Certificate of the simulation is made from: its spec, with `issuer` and a Secret's name by default, and what is to be wrong. */
export type CertificateInput = Omit<CertificateSpec, 'secretName' | 'issuerRef'> & {
  /** Name of an Issuer of the namespace, or a whole issuerRef. */
  readonly issuer: string | IssuerRef
  /** Default: the Certificate's name. */
  readonly secretName?: string
  readonly namespace?: string
  readonly annotations?: Record<string, string>
  readonly at?: Date | string
  /** What the issuer does otherwise than cert-manager would. */
  readonly overrides?: Partial<CertificateOptions>
}
