import { parseInstant } from '../base/instant.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { RuleContext } from './rule.ts'

/** Why the last issuance of a Certificate failed, in cert-manager's words (empty where it says nothing), and how long it waits since. */
export interface LastFailure {
  readonly message: string
  readonly nextAttempt: number | undefined
}

/** The last attempt to issue this Certificate, if it failed: by its Issuing condition, or by its back-off. */
export const lastFailureOf = (
  { ref, status }: CertificateResource,
  { controllerOf }: Pick<RuleContext, 'controllerOf'>,
): LastFailure | undefined => {
  const issuing = status?.conditions.find((condition) => condition.type === 'Issuing' && condition.status === 'False')
  // With the gate ServerSideApply a success leaves the condition behind.
  const failed = issuing?.reason === 'Issued' ? undefined : issuing
  const backoffUntil = controllerOf(ref.namespace, ref.name)?.backoffUntil
  if (!failed && backoffUntil === undefined) return undefined
  return {
    message: failed?.message ?? failed?.reason ?? '',
    nextAttempt: backoffUntil === undefined ? undefined : parseInstant(backoffUntil),
  }
}
