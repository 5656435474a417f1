import type { JsonValue } from './kubectl-yaml-printer.ts'
import type { KubernetesObject } from './kubernetes-objects.ts'

const KINDS = ['Issuer', 'ClusterIssuer', 'Certificate', 'CertificateRequest', 'Secret']

/** Other kinds stand behind the ClusterIssuers. */
function rank(kind: string): number {
  const place = KINDS.indexOf(kind)
  return place < 0 ? 1.5 : place
}

/** Sorts objects as `kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A` prints them; returns the same array. */
export function inKubectlOrder(objects: KubernetesObject[]): KubernetesObject[] {
  const sortKey = ({ metadata: { namespace = '', name } }: KubernetesObject): string => `${namespace}/${name}`
  return objects.sort((left, right) => {
    const byKind = rank(left.kind) - rank(right.kind)
    return byKind !== 0 ? byKind : sortKey(left) < sortKey(right) ? -1 : 1
  })
}

/** The List that kubectl puts around several objects. */
export function listOf(items: readonly KubernetesObject[]): JsonValue {
  return { apiVersion: 'v1', items: items as unknown as readonly JsonValue[], kind: 'List', metadata: { resourceVersion: '' } }
}
