import type { IssuedCertificate } from './certificate-builder.ts'
import { instantOf } from './certificate-builder.ts'
import type { ClusterState } from './cluster-state.ts'
import type { KeyPool } from './key-pair.ts'
import { createKeyPool } from './key-pair.ts'

export interface ClusterOptions {
  /** The clock's first instant. */
  readonly now: Date | string
  /** Default `v1.21.1`. It decides on key identifiers, key rotation, kept requests and annotations. */
  readonly certManagerVersion?: string
  /** Where objects go that name no namespace. Default `default`. */
  readonly namespace?: string
  readonly clusterResourceNamespace?: string
  /** Share one between clusters to make few keys; then give each its own `firstKeyIndex`, or the same index for the same keys. */
  readonly keys?: KeyPool
  readonly firstKeyIndex?: number
}

/** Which object a step is about: its namespace, and the instant to which the clock is set before. */
export interface StepOptions {
  readonly namespace?: string
  readonly at?: Date | string
}

/** A certificate authority outside of the cluster. Without `chain` a root and an intermediate are made. */
export interface OutsideIssuerOptions extends StepOptions {
  readonly chain?: readonly IssuedCertificate[]
  /** Its Ready condition; default: ready. */
  readonly ready?: { readonly status: string; readonly reason: string; readonly message?: string }
  readonly kind?: 'Issuer' | 'ClusterIssuer'
}

/** The state of a cluster in which nothing has happened. */
export function emptyCluster(options: ClusterOptions): ClusterState {
  return {
    clock: instantOf(options.now),
    version: options.certManagerVersion ?? 'v1.21.1',
    namespace: options.namespace ?? 'default',
    clusterResourceNamespace: options.clusterResourceNamespace ?? 'cert-manager',
    keys: options.keys ?? createKeyPool(),
    keyIndex: new Map(),
    objects: new Map(),
    certificates: new Map(),
    privateKeys: new Map(),
    outside: new Map(),
    history: new Map(),
    pending: [],
    counter: 100,
    firstKeyIndex: options.firstKeyIndex ?? 0,
  }
}
