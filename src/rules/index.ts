import { akiMismatch } from './chain/aki-mismatch.ts'
import { anchorNotSelfSigned } from './chain/anchor-not-self-signed.ts'
import { caBundleOrder } from './chain/ca-bundle-order.ts'
import { caCrtStaleExpiring } from './chain/ca-crt-stale-expiring.ts'
import { caCrtUnrelated } from './chain/ca-crt-unrelated.ts'
import { caNamespaceDivergence } from './chain/ca-namespace-divergence.ts'
import { caReissuedSameKey } from './chain/ca-reissued-same-key.ts'
import { caRekeyed } from './chain/ca-rekeyed.ts'
import { caSkiChanged } from './chain/ca-ski-changed.ts'
import { chainIncomplete } from './chain/chain-incomplete.ts'
import { chainOrder } from './chain/chain-order.ts'
import { issuerDnMismatch } from './chain/issuer-dn-mismatch.ts'
import { oldCaSentAlong } from './chain/old-ca-sent-along.ts'
import { refusedByClients } from './chain/refused-by-clients.ts'
import { sameDnLeafCa } from './chain/same-dn-leaf-ca.ts'
import { signatureInvalid } from './chain/signature-invalid.ts'
import { emptyIssuerDn } from './content/empty-issuer-dn.ts'
import { nameConstraintViolation } from './content/name-constraint-violation.ts'
import { pathLengthExceeded } from './content/path-length-exceeded.ts'
import { inputUnreadable } from './input/input-unreadable.ts'
import { objectConflict } from './input/object-conflict.ts'
import { caKeyMismatch } from './issuer/ca-key-mismatch.ts'
import { caNotCa } from './issuer/ca-not-ca.ts'
import { caRotationPolicy } from './issuer/ca-rotation-policy.ts'
import { caSecretMissing } from './issuer/ca-secret-missing.ts'
import { incorrectIssuer } from './issuer/incorrect-issuer.ts'
import { issuerKindInvalid } from './issuer/issuer-kind-invalid.ts'
import { issuerNotFound } from './issuer/issuer-not-found.ts'
import { issuerNotReady } from './issuer/issuer-not-ready.ts'
import { requestDenied } from './request/request-denied.ts'
import { requestFailed } from './request/request-failed.ts'
import { requestNotApproved } from './request/request-not-approved.ts'
import { stuckIssuing } from './request/stuck-issuing.ts'
import type { Rule } from './rule.ts'
import { certUnreadable } from './secret/cert-unreadable.ts'
import { duplicateSecretName } from './secret/duplicate-secret-name.ts'
import { keyMismatch } from './secret/key-mismatch.ts'
import { keyNotRotatable } from './secret/key-not-rotatable.ts'
import { keySpecMismatch } from './secret/key-spec-mismatch.ts'
import { keyUnreadable } from './secret/key-unreadable.ts'
import { secretDataMissing } from './secret/secret-data-missing.ts'
import { secretEqualsIssuerSecret } from './secret/secret-equals-issuer-secret.ts'
import { secretMissing } from './secret/secret-missing.ts'
import { wrongCertificateAnnotation } from './secret/wrong-certificate-annotation.ts'
import { caExpired } from './validity/ca-expired.ts'
import { expired } from './validity/expired.ts'
import { intermediateExpired } from './validity/intermediate-expired.ts'
import { leafOutlivesCa } from './validity/leaf-outlives-ca.ts'
import { notYetValid } from './validity/not-yet-valid.ts'
import { renewLoop } from './validity/renew-loop.ts'
import { renewalOverdue } from './validity/renewal-overdue.ts'
import { renewalStatusStale } from './validity/renewal-status-stale.ts'

/** Every rule, in the order in which causes are told: what is wrong with a CA before what is wrong with one certificate. */
export const rules: readonly Rule[] = [
  caRekeyed,
  caExpired,
  caSkiChanged,
  caNamespaceDivergence,
  caKeyMismatch,
  caNotCa,
  caSecretMissing,
  issuerNotFound,
  issuerKindInvalid,
  issuerNotReady,
  secretEqualsIssuerSecret,
  emptyIssuerDn,
  notYetValid,
  expired,
  intermediateExpired,
  chainOrder,
  chainIncomplete,
  signatureInvalid,
  issuerDnMismatch,
  incorrectIssuer,
  akiMismatch,
  caCrtUnrelated,
  sameDnLeafCa,
  caBundleOrder,
  pathLengthExceeded,
  nameConstraintViolation,
  keyMismatch,
  keyUnreadable,
  certUnreadable,
  secretMissing,
  secretDataMissing,
  duplicateSecretName,
  wrongCertificateAnnotation,
  keyNotRotatable,
  requestDenied,
  requestFailed,
  requestNotApproved,
  stuckIssuing,
  renewLoop,
  renewalOverdue,
  caReissuedSameKey,
  caCrtStaleExpiring,
  // What no error before has explained.
  refusedByClients,
  leafOutlivesCa,
  oldCaSentAlong,
  anchorNotSelfSigned,
  caRotationPolicy,
  keySpecMismatch,
  renewalStatusStale,
  inputUnreadable,
  objectConflict,
]
