import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { PolicyOutcome } from '../replay/controller-verdict.ts'
import type { RuleContext } from './rule.ts'

/** What one of cert-manager's own policies says of a Certificate; the names changed over its versions, so several may be given. */
export const policyOf = (context: RuleContext, certificate: CertificateResource, names: readonly string[]): PolicyOutcome | undefined => {
  for (const policy of context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.policies ?? [])
    for (const name of names) if (policy.policy === name) return policy
  return undefined
}

/** The policy, where it is certainly violated for this reason; an unknown outcome is none. */
export const isViolated = (
  context: RuleContext,
  certificate: CertificateResource,
  names: readonly string[],
  reason: string,
): (PolicyOutcome & { readonly violated: boolean }) | undefined => {
  const policy = policyOf(context, certificate, names)
  return policy && policy.unknown === undefined && policy.panics === undefined && policy.violated && policy.reason === reason
    ? policy
    : undefined
}

/** The Secret was issued by another issuer than the one that issuerRef names now, says its annotation. */
export const isIncorrectIssuer = (context: RuleContext, certificate: CertificateResource): boolean =>
  isViolated(context, certificate, ['SecretIssuerAnnotationsMismatch', 'SecretIssuerAnnotationsNotUpToDate'], 'IncorrectIssuer') !==
  undefined
