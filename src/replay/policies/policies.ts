import type { PolicyId } from '../behaviours.ts'
import { hasExpired, nearingExpiry } from './certificate-dates.ts'
import type { Policy } from './policy-input.ts'
import { OK } from './policy-input.ts'
import { currentRequestSpec } from './request-spec.ts'
import { certificateNameAnnotation, issuerAnnotations } from './secret-annotations.ts'
import { keystores, outputFormats, outputFormatsManagedFields, ownerReference, ownerReferenceManagedField } from './secret-contents.ts'
import { secretIsMissingData, secretPublicKeysDiffer } from './secret-data.ts'
import { privateKeySpec, publicKeyCurrentRequest } from './secret-key.ts'
import { baseLabels, detailsAnnotationsMismatch, managedMetadata, templateManagedFields, templateValues } from './secret-metadata.ts'

/** Every policy by its id; asked only where the Secret is in the dump. */
export const POLICIES: Readonly<Record<PolicyId, Policy>> = {
  'secret-does-not-exist': () => OK,
  'secret-is-missing-data': secretIsMissingData,
  'secret-public-keys-differ': secretPublicKeysDiffer,
  'issuer-annotations': issuerAnnotations,
  'certificate-name-annotation': certificateNameAnnotation,
  'private-key-spec': privateKeySpec,
  'public-key-current-request': publicKeyCurrentRequest,
  'current-request-spec': currentRequestSpec,
  'nearing-expiry': nearingExpiry,
  'has-expired': hasExpired,
  'base-labels': baseLabels,
  'details-annotations': detailsAnnotationsMismatch,
  'managed-metadata': managedMetadata,
  'template-values': templateValues,
  'template-managed-fields': templateManagedFields,
  'output-formats': outputFormats,
  'output-formats-managed-fields': outputFormatsManagedFields,
  'owner-reference': ownerReference,
  'owner-reference-managed-field': ownerReferenceManagedField,
  keystores,
}
