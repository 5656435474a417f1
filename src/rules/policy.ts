import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { PolicyVerdict } from '../replay/controller-verdict.ts'
import type { RuleContext } from './rule.ts'

/** What one of cert-manager's own policies says of a Certificate; the names changed over its versions, so several may be given. */
export const policyOf = (context: RuleContext, certificate: CertificateResource, names: readonly string[]): PolicyVerdict | undefined =>
  context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.policies.find((policy) => names.includes(policy.policy))

export const isViolated = (
  context: RuleContext,
  certificate: CertificateResource,
  names: readonly string[],
  reason: string,
): PolicyVerdict | undefined => {
  const policy = policyOf(context, certificate, names)
  return policy?.violated === true && policy.reason === reason ? policy : undefined
}

/** The Secret was issued by another issuer than the one that issuerRef names now, says its annotation. */
export const isIncorrectIssuer = (context: RuleContext, certificate: CertificateResource): boolean =>
  isViolated(context, certificate, ['SecretIssuerAnnotationsMismatch', 'SecretIssuerAnnotationsNotUpToDate'], 'IncorrectIssuer') !==
  undefined
