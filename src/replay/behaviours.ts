import type { CertManagerVersion } from './cert-manager-version.ts'
import { isSince } from './cert-manager-version.ts'

/** Every policy function of every release, under one name each; `Behaviours.names` has what a release calls it. */
export type PolicyId =
  | 'secret-does-not-exist'
  | 'secret-is-missing-data'
  | 'secret-public-keys-differ'
  | 'issuer-annotations'
  | 'certificate-name-annotation'
  | 'private-key-spec'
  | 'public-key-current-request'
  | 'current-request-spec'
  | 'nearing-expiry'
  | 'has-expired'
  | 'base-labels'
  | 'details-annotations'
  | 'managed-metadata'
  | 'template-values'
  | 'template-managed-fields'
  | 'output-formats'
  | 'output-formats-managed-fields'
  | 'owner-reference'
  | 'owner-reference-managed-field'
  | 'keystores'

export interface Chains {
  readonly trigger: readonly PolicyId[]
  readonly readiness: readonly PolicyId[]
  readonly temporaryCertificate: readonly PolicyId[]
  readonly postIssuance: readonly PolicyId[]
}

const EXISTENCE: readonly PolicyId[] = ['secret-does-not-exist', 'secret-is-missing-data', 'secret-public-keys-differ']

const CHAINS_0_16: Chains = {
  trigger: [...EXISTENCE, 'private-key-spec', 'issuer-annotations', 'current-request-spec', 'nearing-expiry'],
  readiness: [...EXISTENCE, 'current-request-spec', 'has-expired'],
  temporaryCertificate: EXISTENCE,
  postIssuance: [
    'template-values',
    'template-managed-fields',
    'output-formats',
    'output-formats-managed-fields',
    'owner-reference-managed-field',
    'owner-reference',
  ],
}
const CHAINS_1_11: Chains = { ...CHAINS_0_16, postIssuance: [...CHAINS_0_16.postIssuance, 'keystores', 'base-labels'] }
const SPEC_CHECKS: readonly PolicyId[] = ['private-key-spec', 'public-key-current-request', 'current-request-spec']
const CHAINS_1_13: Chains = {
  trigger: [...EXISTENCE, 'issuer-annotations', ...SPEC_CHECKS, 'nearing-expiry'],
  readiness: [...EXISTENCE, 'issuer-annotations', ...SPEC_CHECKS, 'has-expired'],
  temporaryCertificate: EXISTENCE,
  postIssuance: [
    'base-labels',
    'details-annotations',
    'managed-metadata',
    'template-values',
    'template-managed-fields',
    'output-formats',
    'output-formats-managed-fields',
    'owner-reference',
    'owner-reference-managed-field',
    'keystores',
  ],
}
const ANNOTATION_CHECKS: readonly PolicyId[] = ['issuer-annotations', 'certificate-name-annotation']
const CHAINS_1_13_2: Chains = {
  ...CHAINS_1_13,
  trigger: [...EXISTENCE, ...ANNOTATION_CHECKS, ...SPEC_CHECKS, 'nearing-expiry'],
  readiness: [...EXISTENCE, ...ANNOTATION_CHECKS, ...SPEC_CHECKS, 'has-expired'],
}

/** cert-manager's function names since v1.13. */
const NAMES: Readonly<Record<PolicyId, string>> = {
  'secret-does-not-exist': 'SecretDoesNotExist',
  'secret-is-missing-data': 'SecretIsMissingData',
  'secret-public-keys-differ': 'SecretPublicKeysDiffer',
  'issuer-annotations': 'SecretIssuerAnnotationsMismatch',
  'certificate-name-annotation': 'SecretCertificateNameAnnotationsMismatch',
  'private-key-spec': 'SecretPrivateKeyMismatchesSpec',
  'public-key-current-request': 'SecretPublicKeyDiffersFromCurrentCertificateRequest',
  'current-request-spec': 'CurrentCertificateRequestMismatchesSpec',
  'nearing-expiry': 'CurrentCertificateNearingExpiry',
  'has-expired': 'CurrentCertificateHasExpired',
  'base-labels': 'SecretBaseLabelsMismatch',
  'details-annotations': 'SecretCertificateDetailsAnnotationsMismatch',
  'managed-metadata': 'SecretManagedLabelsAndAnnotationsManagedFieldsMismatch',
  'template-values': 'SecretSecretTemplateMismatch',
  'template-managed-fields': 'SecretSecretTemplateManagedFieldsMismatch',
  'output-formats': 'SecretAdditionalOutputFormatsMismatch',
  'output-formats-managed-fields': 'SecretAdditionalOutputFormatsManagedFieldsMismatch',
  'owner-reference': 'SecretOwnerReferenceMismatch',
  'owner-reference-managed-field': 'SecretOwnerReferenceManagedFieldMismatch',
  keystores: 'SecretKeystoreFormatMismatch',
}

/** … and up to v1.12, where they were called otherwise. */
const NAMES_BEFORE_1_13: Readonly<Record<PolicyId, string>> = {
  ...NAMES,
  'private-key-spec': 'SecretPrivateKeyMatchesSpec',
  'issuer-annotations': 'SecretIssuerAnnotationsNotUpToDate',
  'current-request-spec': 'CurrentCertificateRequestNotValidForSpec',
  'base-labels': 'SecretBaseLabelsAreMissing',
  'template-values': 'SecretTemplateMismatchesSecret',
  'template-managed-fields': 'SecretTemplateMismatchesSecretManagedFields',
  'output-formats': 'SecretAdditionalOutputFormatsDataMismatch',
  'output-formats-managed-fields': 'SecretAdditionalOutputFormatsOwnerMismatch',
  'owner-reference': 'SecretOwnerReferenceValueMismatch',
  keystores: 'SecretKeystoreFormatMatchesSpec',
}

/** In what a release differs from others, as far as an offline replay can see it (facts of cert-manager 0.1, 3.4, 5). */
export interface Behaviours {
  readonly chains: Chains
  readonly names: Readonly<Record<PolicyId, string>>
  /** Key pair, key and base-label checks of v1.13 and later; before, Go's tls.X509KeyPair and other reasons and wordings. */
  readonly strictKeyPair: boolean
  /** Annotations without any issuer annotation are passed over (v1.13); before, a missing name was a mismatch. */
  readonly issuerAnnotationsOptional: boolean
  /** Certificates that share a Secret: only its owner is triggered (v1.13.2). */
  readonly secretOwnership: boolean
  /** Without a current request, an unreadable certificate is InvalidCertificate (v1.16); before, it passes. */
  readonly unreadableCertificateIsViolation: boolean
  /** An unknown privateKey.algorithm panics (v1.16); before, it is SecretMismatch. */
  readonly unknownAlgorithmPanics: boolean
  /** issuerRef of request and spec are compared with defaults filled in (v1.18.3, v1.19.1). */
  readonly issuerRefDefaulted: boolean
  /** A difference of provinces is called by its name (v1.20); before, `spec.subject.postCodes`. */
  readonly provincesNamed: boolean
  /** otherNames are compared at all (v1.14). */
  readonly otherNames: boolean
  /** literalSubject is compared by DER (v1.15); before, as parsed values in their order. */
  readonly literalSubjectByDer: boolean
  readonly literalSubjectSyntax: 'before-1.13' | '1.13' | '1.15'
  /** Values with `=#` are refused: the later patch releases of v1.12–v1.14, until go-ldap was mended. */
  readonly literalSubjectRefusesHex: boolean
  readonly detailsAnnotationReason: 'SecretManagedMetadataMismatch' | 'SecretTemplateMismatch'
  /** A template key that is not on the Secret is a mismatch here too (up to v1.15). */
  readonly templateKeyMustExist: boolean
  /** SAN annotations are CSV-quoted (v1.13); before, joined with plain commas. */
  readonly sanAnnotationsQuoted: boolean
  /** A keystore without truststore is fine where the issuer gives no CA (v1.12). */
  readonly truststoreNeedsCa: boolean
  readonly renewBefore: 'positive' | 'any'
  readonly renewBeforePercentage: 'none' | 'inverted' | 'wrapping' | 'exact'
  /** spec.renewal: policy and windows (v1.21). */
  readonly renewalWindows: boolean
  /** renewBefore unset means 30 days (v0.16–v1.3), else a third of the lifetime. */
  readonly thirtyDaysDefault: boolean
  /** Failed issuances back off 1, 2, 4 … 32 hours (v1.8); before, one hour. */
  readonly exponentialBackOff: boolean
  /** Objects that are being deleted are left alone (v1.18). */
  readonly skipsDeleted: boolean
  readonly rotationPolicyDefault: 'Always' | 'Never'
  /** The chain builder sorts its certificates and compares names (v1.14). */
  readonly sortsChain: boolean
  /** CSR: a keyUsage without any bit is encoded (up to v1.15). */
  readonly encodesEmptyKeyUsage: boolean
  /** CSR: keyUsage is critical, and subjectAltName where the subject is empty. */
  readonly criticalExtensions: boolean
  /** CSR: permitted URI domains of nameConstraints were written as excluded ones (v1.14.0–v1.17.3, v1.18.0, v1.18.1). */
  readonly permittedUrisExcluded: boolean
  /** spec.signatureAlgorithm (v1.18). */
  readonly signatureAlgorithm: boolean
}

const sinceEither = (version: CertManagerVersion, ...releases: readonly CertManagerVersion[]): boolean =>
  // A fix that was back-ported counts within its own minor release, and from the last one on for all later ones.
  releases.some((release, index) =>
    index === releases.length - 1
      ? isSince(version, release)
      : version[0] === release[0] && version[1] === release[1] && isSince(version, release),
  )

/** The one table of versions: what a release does where releases differ. */
export const behavioursOf = (version: CertManagerVersion): Behaviours => {
  const since = (...release: CertManagerVersion): boolean => isSince(version, release)
  const since113 = since(1, 13, 0)
  return {
    chains: since(1, 13, 2) ? CHAINS_1_13_2 : since113 ? CHAINS_1_13 : since(1, 11, 0) ? CHAINS_1_11 : CHAINS_0_16,
    names: since113 ? NAMES : NAMES_BEFORE_1_13,
    strictKeyPair: since113,
    issuerAnnotationsOptional: since113,
    secretOwnership: since(1, 13, 2),
    unreadableCertificateIsViolation: since(1, 16, 0),
    unknownAlgorithmPanics: since(1, 16, 0),
    issuerRefDefaulted: sinceEither(version, [1, 18, 3], [1, 19, 1]),
    provincesNamed: since(1, 20, 0),
    otherNames: since(1, 14, 0),
    literalSubjectByDer: since(1, 15, 0),
    literalSubjectSyntax: since(1, 15, 0) ? '1.15' : since113 ? '1.13' : 'before-1.13',
    literalSubjectRefusesHex: !since(1, 15, 0) && sinceEither(version, [1, 12, 8], [1, 13, 4], [1, 14, 3]),
    detailsAnnotationReason: since(1, 16, 0) ? 'SecretTemplateMismatch' : 'SecretManagedMetadataMismatch',
    templateKeyMustExist: !since(1, 16, 0),
    sanAnnotationsQuoted: since113,
    truststoreNeedsCa: since(1, 12, 0),
    renewBefore: since(1, 16, 0) ? 'positive' : 'any',
    renewBeforePercentage: since(1, 21, 0)
      ? 'exact'
      : sinceEither(version, [1, 16, 3], [1, 17, 0])
        ? 'wrapping'
        : since(1, 16, 0)
          ? 'inverted'
          : 'none',
    renewalWindows: since(1, 21, 0),
    thirtyDaysDefault: !since(1, 4, 0),
    exponentialBackOff: since(1, 8, 0),
    skipsDeleted: since(1, 18, 0),
    rotationPolicyDefault: since(1, 18, 0) ? 'Always' : 'Never',
    sortsChain: since(1, 14, 0),
    encodesEmptyKeyUsage: !since(1, 16, 0),
    criticalExtensions: since(1, 14, 0),
    permittedUrisExcluded: !sinceEither(version, [1, 17, 4], [1, 18, 2]),
    signatureAlgorithm: since(1, 18, 0),
  }
}
