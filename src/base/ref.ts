/**
 * Names one object. `kind` as Kubernetes writes it; no `namespace` for cluster-scoped kinds.
 * `{ kind: 'Source', name }` names an input.
 */
export interface Ref {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

/** `Kind/namespace/name`, with an empty namespace for cluster-scoped kinds: a stable key, and the order of reports. */
export const refKey = (ref: Ref): string => `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`
