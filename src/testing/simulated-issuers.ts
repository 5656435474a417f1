import type { ClusterState } from './cluster-state.ts'
import { create, findSecret, knownCertificates, secretText, setCondition, touch } from './cluster-state.ts'
import type { Condition, IssuerObject } from './kubernetes-objects.ts'

/** Makes an Issuer or ClusterIssuer object; its status follows with `refreshIssuers`. */
export async function createIssuer(
  state: ClusterState,
  kind: string,
  name: string,
  spec: IssuerObject['spec'],
  options: { readonly namespace?: string; readonly group?: string; readonly version?: string } = {},
): Promise<IssuerObject> {
  const clusterScoped = kind.startsWith('Cluster')
  const apiVersion = `${options.group ?? 'cert-manager.io'}/${options.version ?? 'v1'}`
  const metadata = { name, ...(clusterScoped ? {} : { namespace: options.namespace ?? state.namespace }) }
  return create<IssuerObject>(state, { apiVersion, kind, spec }, metadata)
}

/** Evaluates every issuer that cert-manager evaluates by looking into the cluster alone (pkg/issuer/ca, pkg/issuer/selfsigned). */
export function refreshIssuers(state: ClusterState): void {
  for (const object of state.objects.values()) {
    if ((object.kind !== 'Issuer' && object.kind !== 'ClusterIssuer') || !object.apiVersion.startsWith('cert-manager.io/')) continue
    const issuer: IssuerObject = object
    if (issuer.spec.selfSigned !== undefined) setReady(state, issuer, { status: 'True', reason: 'IsReady' })
    else if (issuer.spec.ca !== undefined) setReady(state, issuer, caReadiness(state, issuer, issuer.spec.ca.secretName))
  }
}

/** Sets an issuer's Ready condition, where it changes. */
export function setReady(state: ClusterState, issuer: IssuerObject, ready: Pick<Condition, 'status' | 'reason' | 'message'>): void {
  const status = (issuer.status ??= {})
  const conditions = (status.conditions ??= [])
  const known = conditions.find(({ type }) => type === 'Ready')
  const generation = issuer.metadata.generation ?? 1
  const same = known?.status === ready.status && known.reason === ready.reason && known.message === ready.message
  if (same && known.observedGeneration === generation) return
  setCondition(state, conditions, { type: 'Ready', ...ready, observedGeneration: generation })
  touch(state, issuer)
}

/** Is the issuer's Ready condition True? */
export function isReady(issuer: IssuerObject): boolean {
  return issuer.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
}

/** The namespace in which an issuer's Secrets are looked up. */
export function secretNamespace(state: ClusterState, issuer: IssuerObject): string {
  return issuer.kind === 'ClusterIssuer' ? state.clusterResourceNamespace : (issuer.metadata.namespace ?? state.namespace)
}

function caReadiness(state: ClusterState, issuer: IssuerObject, secretName: string): Pick<Condition, 'status' | 'reason' | 'message'> {
  const secret = findSecret(state, secretNamespace(state, issuer), secretName)
  const prefix = 'Error getting keypair for CA issuer: '
  const unusable = (detail: string) => ({ status: 'False', reason: 'ErrGetKeyPair', message: `${prefix}${detail}` })
  if (secret === undefined) return unusable(`secrets "${secretName}" not found`)
  const chain = secretText(secret, 'tls.crt')
  if (chain === undefined) return unusable(`no data for "tls.crt" in secret '${secret.metadata.namespace ?? ''}/${secretName}'`)
  const certificates = knownCertificates(state, chain)
  if (certificates === undefined) return unusable('error decoding certificate PEM block')
  const key = secretText(secret, 'tls.key')
  if (key === undefined) return unusable(`no data for "tls.key" in secret '${secret.metadata.namespace ?? ''}/${secretName}'`)
  if (!state.privateKeys.has(key)) return unusable('error decoding private key PEM block')
  if (certificates[0]?.ca !== true) return { status: 'False', reason: 'ErrInvalidKeyPair', message: `${prefix}certificate is not a CA` }
  return { status: 'True', reason: 'KeyPairVerified', message: 'Signing CA verified' }
}
