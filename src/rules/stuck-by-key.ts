import type { CertificateResource } from '../inventory/certificate-resource.ts'
import { isViolated } from './policy.ts'
import type { RuleContext } from './rule.ts'

/**
 * Is issuance stuck because the key may not be made anew? Issuing=True for SecretMismatch, no next key, rotationPolicy Never
 * (or unset, where that means Never), and a key that does not fit the spec (cert-manager issue 5183).
 */
export const isStuckByKey = (context: RuleContext, certificate: CertificateResource): boolean => {
  const issuing = certificate.status?.conditions.find((condition) => condition.type === 'Issuing')
  if (issuing?.status !== 'True' || (certificate.status?.nextPrivateKeySecretName ?? '') !== '') return false
  const policy = certificate.spec.privateKey?.rotationPolicy
  if (policy === 'Always') return false
  // Unset means Always since 1.18; that it is stuck without a next key shows which default ruled.
  if (policy !== 'Never' && issuing.reason !== 'SecretMismatch') return false
  return isViolated(context, certificate, ['SecretPrivateKeyMismatchesSpec', 'SecretPrivateKeyMatchesSpec'], 'SecretMismatch') !== undefined
}
