import type { JsonObject } from '../dump/raw-object.ts'
import type { Condition, Resource } from './resource.ts'

export type IssuerType = 'selfSigned' | 'ca' | 'acme' | 'vault' | 'venafi'

/** Issuer or ClusterIssuer of cert-manager.io (ref.kind tells which). */
export interface IssuerResource extends Resource {
  /** The types set in spec, in the order in which the controller would look: acme, ca, vault, selfSigned, venafi. */
  readonly types: readonly IssuerType[]
  /** spec.ca.secretName */
  readonly caSecretName?: string
  readonly spec: JsonObject
  readonly conditions: readonly Condition[]
  /** false when the object has no status at all (never reconciled, or stripped). */
  readonly hasStatus: boolean
}
