import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientView } from './client-view.ts'
import { oids } from './oids.ts'

/** Java refuses critical policies with qualifiers, as long as every CA above has policies (PKIXParameters, policyQualifiersRejected). */
export const checkPolicyQualifiers = (path: readonly ClientView[]): Refusal | undefined => {
  for (let i = path.length - 1; i >= 0 && path[i]?.policies; i--)
    if (path[i]?.policies?.critical && path[i]?.policies?.qualified) return refuse('policy', 'critical policy qualifiers')
  return undefined
}

/**
 * RFC 5280 6.1 policy processing with the initial set anyPolicy, as Go and Java run it over a path without its anchor, leaf first.
 * Policy mappings under a required policy are not followed: unknown.
 */
export const checkPolicies = (path: readonly ClientView[]): Refusal | undefined => {
  if (!path.some((view) => view.policyConstraints?.requireExplicit !== undefined)) return undefined
  const count = path.length
  let explicit = count + 1
  let inhibitAny = count + 1
  let valid: ReadonlySet<string> | 'any' | undefined = 'any'
  for (let i = count - 1; i >= 0; i--) {
    const view = path[i] as ClientView
    const selfIssued = view.certificate.selfIssued.bytes
    const own: readonly string[] = view.policies?.oids ?? []
    if (valid !== undefined) {
      const any = own.includes(oids.anyPolicy) && (inhibitAny > 0 || (i > 0 && selfIssued))
      const before: ReadonlySet<string> | 'any' = valid
      const kept: string[] = own.filter((oid) => oid !== oids.anyPolicy && (before === 'any' || before.has(oid)))
      if (any) valid = before === 'any' ? 'any' : new Set([...kept, ...before])
      else valid = kept.length > 0 ? new Set(kept) : undefined
    }
    if (explicit === 0 && valid === undefined) return refuse('policy')
    if (view.policyMappings) return unsure('policy mappings under a required policy')
    if (i === 0) break
    if (!selfIssued) {
      if (explicit > 0) explicit--
      if (inhibitAny > 0) inhibitAny--
    }
    if (view.policyConstraints?.requireExplicit !== undefined) explicit = Math.min(explicit, view.policyConstraints.requireExplicit)
    if (view.inhibitAnyPolicy !== undefined) inhibitAny = Math.min(inhibitAny, view.inhibitAnyPolicy)
  }
  if (explicit > 0) explicit--
  if (path[0]?.policyConstraints?.requireExplicit === 0) explicit = 0
  return explicit === 0 && valid === undefined ? refuse('policy') : undefined
}
