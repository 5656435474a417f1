import type { Place } from '../base/place.ts'
import type { Ref } from '../base/ref.ts'
import type { JsonObject, RawObject } from '../dump/raw-object.ts'

/** metadata of any object; times are epoch milliseconds. */
export interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly creationTimestamp?: number
  /** Set while the object is being deleted. */
  readonly deletionTimestamp?: number
  readonly generation?: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly ownerReferences: readonly OwnerReference[]
  /** As the dump has it; undefined when the dump does not show managed fields. */
  readonly managedFields?: readonly JsonObject[]
}

export interface OwnerReference {
  readonly apiVersion?: string
  readonly kind?: string
  readonly name?: string
  readonly uid?: string
  readonly controller?: boolean
  readonly blockOwnerDeletion?: boolean
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  readonly lastTransitionTime?: number
  readonly observedGeneration?: number
}

/** What every typed resource has. */
export interface Resource {
  readonly ref: Ref
  readonly apiVersion: string
  readonly metadata: Metadata
  readonly place: Place
  readonly placeOf: RawObject['placeOf']
}

/** issuerRef with its defaults filled in (`Issuer`, `cert-manager.io`); `written` keeps what stands in the object. */
export interface IssuerRef {
  readonly name: string
  readonly kind: string
  readonly group: string
  readonly written: { readonly name?: string; readonly kind?: string; readonly group?: string }
}
