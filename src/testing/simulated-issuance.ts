import type { CertificateOptions, IssuedCertificate } from './certificate-builder.ts'
import { keySpecOf, requestOfSpec } from './certificate-request-input.ts'
import type { ClusterState, PendingIssuance } from './cluster-state.ts'
import {
  allRequests,
  create,
  findSecret,
  nameSuffix,
  nextKey,
  objectKey,
  secretText,
  setCondition,
  timestamp,
  touch,
  versionAtLeast,
} from './cluster-state.ts'
import type { KeyPair } from './key-pair.ts'
import type { CertificateObject, CertificateRequestObject, Condition } from './kubernetes-objects.ts'
import { base64Text } from './pem-writer.ts'
import { ownerReference, writeNextKeySecret, writeSecret } from './secret-writer.ts'
import { canonicalDuration, parseDuration, signOrder } from './simulated-signing.ts'

/** How an issuance goes otherwise than by the Certificate's own spec. */
export interface IssuanceOptions {
  /** True: keep the key in the Secret; false: a new one. Left out: what the rotation policy says. */
  readonly keepKey?: boolean | undefined
  /** Use this key, whatever spec and policy say. */
  readonly key?: KeyPair | undefined
  readonly overrides?: Partial<CertificateOptions> | undefined
  /** Reason and message with which it was triggered. */
  readonly reason?: string | undefined
  readonly message?: string | undefined
  /** What becomes of the request: it is signed, denied, fails, or nobody approves it. */
  readonly fate?:
    { readonly kind: 'denied' | 'failed'; readonly reason: string; readonly message: string } | { readonly kind: 'unapproved' } | undefined
}

const upToDate = { status: 'True', reason: 'Ready', message: 'Certificate is up to date and has not expired' }

/** One issuance of a Certificate: key, request, signature, Secret, status, as cert-manager's controllers do it one after another. */
export async function issue(state: ClusterState, certificate: CertificateObject, options: IssuanceOptions = {}): Promise<void> {
  const { namespace = state.namespace, name } = certificate.metadata
  const reason = options.reason ?? 'DoesNotExist'
  const message = options.message ?? 'Issuing certificate as Secret does not exist'
  const hasSecret = findSecret(state, namespace, certificate.spec.secretName) !== undefined
  if (!hasSecret) setCertificateCondition(state, certificate, 'Ready', { status: 'False', reason, message })
  setCertificateCondition(state, certificate, 'Issuing', { status: 'True', reason, message })
  const key = await privateKeyFor(state, certificate, options)
  if (key === undefined) return
  const revision = (certificate.status.revision ?? 0) + 1
  const nextKeyName = `${name}-${await nameSuffix(state, `${namespace}/${name}/${revision}`)}`
  dropRequest(state, certificate, revision)
  const request = await createRequest(state, certificate, key, revision, nextKeyName)
  certificate.status.nextPrivateKeySecretName = nextKeyName
  await writeNextKeySecret(state, certificate, key, nextKeyName)
  if (options.fate?.kind === 'unapproved') return
  if (options.fate !== undefined) {
    fail(state, certificate, request, options.fate)
    return
  }
  approve(state, request)
  await advance(state, { certificate, request, key, revision }, options.overrides)
}

/** Tries the waiting issuances again, until none of them moves. */
export async function advancePending(state: ClusterState, refresh: () => void): Promise<void> {
  for (let moved = true; moved;) {
    const waiting = state.pending
    state.pending = []
    for (const issuance of waiting) {
      refresh()
      await advance(state, issuance)
    }
    moved = state.pending.length > 0 && state.pending.length < waiting.length
  }
}

/** Sets a condition of a Certificate. */
export function setCertificateCondition(
  state: ClusterState,
  certificate: CertificateObject,
  type: string,
  condition: Pick<Condition, 'status' | 'reason' | 'message'>,
): void {
  const conditions = (certificate.status.conditions ??= [])
  setCondition(state, conditions, { type, ...condition, observedGeneration: certificate.metadata.generation ?? 1 })
  conditions.sort((left, right) => (left.type < right.type ? -1 : 1))
  touch(state, certificate)
}

/** The certificates that a Certificate was given, the oldest first. */
export function historyOf(state: ClusterState, namespace: string, name: string): IssuedCertificate[] {
  return state.history.get(objectKey('Certificate', namespace, name)) ?? []
}

/** Copies dates and renewal time of a certificate into the status, as the readiness controller does (pkg/util/pki/renewaltime.go). */
export function noteDates(certificate: CertificateObject, leaf: IssuedCertificate): void {
  const { renewBefore, renewBeforePercentage } = certificate.spec
  const lifetime = leaf.notAfter.getTime() - leaf.notBefore.getTime()
  const before = renewBefore === undefined ? undefined : parseDuration(renewBefore)
  const share = renewBeforePercentage === undefined ? lifetime / 3 : (lifetime * renewBeforePercentage) / 100
  const remaining = before !== undefined && before > 0 && before < lifetime ? before : share
  const renewal = Math.floor((leaf.notAfter.getTime() - remaining) / 1000) * 1000
  certificate.status.notBefore = timestamp(leaf.notBefore)
  certificate.status.notAfter = timestamp(leaf.notAfter)
  certificate.status.renewalTime = timestamp(new Date(renewal))
}

async function advance(state: ClusterState, issuance: PendingIssuance, overrides?: Partial<CertificateOptions>): Promise<void> {
  const { certificate, request, key } = issuance
  const namespace = certificate.metadata.namespace ?? state.namespace
  const answer = await signOrder(state, { spec: certificate.spec, namespace, key, overrides })
  if (answer.outcome === 'issued') {
    const { delivery } = answer
    request.status.certificate = base64Text(delivery.chain)
    if (delivery.ca !== undefined) request.status.ca = base64Text(delivery.ca)
    requestCondition(state, request, 'Ready', { status: 'True', reason: 'Issued', message: 'Certificate fetched from issuer successfully' })
    await writeSecret(state, certificate, key, delivery)
    const id = objectKey('Certificate', namespace, certificate.metadata.name)
    state.history.set(id, [...(state.history.get(id) ?? []), delivery.leaf])
    finish(state, issuance, delivery.leaf)
  } else if (answer.outcome === 'failed') {
    fail(state, certificate, request, { kind: 'failed', reason: 'Failed', message: answer.message })
  } else {
    if (answer.outcome === 'pending')
      requestCondition(state, request, 'Ready', { status: 'False', reason: 'Pending', message: answer.message })
    state.pending.push(issuance)
  }
}

function finish(state: ClusterState, { certificate, revision }: PendingIssuance, leaf: IssuedCertificate): void {
  const { status, spec, metadata } = certificate
  dropNextKey(state, certificate)
  status.conditions = (status.conditions ?? []).filter(({ type }) => type !== 'Issuing')
  delete status.lastFailureTime
  delete status.failedIssuanceAttempts
  status.revision = revision
  noteDates(certificate, leaf)
  setCertificateCondition(state, certificate, 'Ready', upToDate)
  const limit = spec.revisionHistoryLimit ?? (versionAtLeast(state, '1.18') ? 1 : Number.POSITIVE_INFINITY)
  const own = allRequests(state).filter(({ metadata: { ownerReferences } }) => ownerReferences?.[0]?.uid === metadata.uid)
  for (const old of own.slice(0, Math.max(0, own.length - limit))) {
    state.objects.delete(objectKey('CertificateRequest', old.metadata.namespace, old.metadata.name))
  }
}

function fail(
  state: ClusterState,
  certificate: CertificateObject,
  request: CertificateRequestObject,
  fate: { readonly kind: 'denied' | 'failed'; readonly reason: string; readonly message: string },
): void {
  if (fate.kind === 'denied') {
    requestCondition(state, request, 'Denied', { status: 'True', reason: fate.reason, message: fate.message })
    const denied = 'The CertificateRequest was denied by an approval controller'
    requestCondition(state, request, 'Ready', { status: 'False', reason: 'Denied', message: denied })
  } else {
    approve(state, request)
    requestCondition(state, request, 'Ready', { status: 'False', reason: fate.reason, message: fate.message })
  }
  request.status.failureTime = timestamp(state.clock)
  dropNextKey(state, certificate)
  certificate.status.lastFailureTime = timestamp(state.clock)
  certificate.status.failedIssuanceAttempts = (certificate.status.failedIssuanceAttempts ?? 0) + 1
  const message = `The certificate request has failed to complete and will be retried: ${fate.message}`
  setCertificateCondition(state, certificate, 'Issuing', { status: 'False', reason: fate.reason, message })
}

/** The key for the next certificate; undefined where policy Never keeps one that does not fit: then the issuance hangs. */
async function privateKeyFor(state: ClusterState, certificate: CertificateObject, options: IssuanceOptions): Promise<KeyPair | undefined> {
  if (options.key !== undefined) return options.key
  const { spec, metadata } = certificate
  const wanted = keySpecOf(spec)
  const secret = findSecret(state, metadata.namespace ?? state.namespace, spec.secretName)
  const present = state.privateKeys.get(secretText(secret, 'tls.key') ?? '')
  const policy = spec.privateKey?.rotationPolicy ?? (versionAtLeast(state, '1.18') ? 'Always' : 'Never')
  const keep = options.keepKey ?? policy === 'Never'
  if (!keep || present === undefined) return nextKey(state, wanted)
  return JSON.stringify(present.spec) === JSON.stringify(wanted) || options.keepKey === true ? present : undefined
}

async function createRequest(
  state: ClusterState,
  certificate: CertificateObject,
  key: KeyPair,
  revision: number,
  keySecretName: string,
): Promise<CertificateRequestObject> {
  const { spec, metadata } = certificate
  const request = base64Text(await requestOfSpec(spec, key))
  const object: Omit<CertificateRequestObject, 'metadata'> = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    spec: {
      ...(spec.duration === undefined ? {} : { duration: canonicalDuration(spec.duration) }),
      ...(spec.isCA ? { isCA: true } : {}),
      issuerRef: { ...spec.issuerRef },
      request,
      ...(spec.usages === undefined ? {} : { usages: [...spec.usages] }),
    },
    status: {},
  }
  return create<CertificateRequestObject>(state, object, {
    name: `${metadata.name}-${revision}`,
    namespace: metadata.namespace ?? state.namespace,
    annotations: {
      'cert-manager.io/certificate-name': metadata.name,
      'cert-manager.io/certificate-revision': String(revision),
      'cert-manager.io/private-key-secret-name': keySecretName,
    },
    ownerReferences: [ownerReference(certificate)],
  })
}

/** A retry takes the place of the failed request of the same revision. */
function dropRequest(state: ClusterState, certificate: CertificateObject, revision: number): void {
  state.objects.delete(objectKey('CertificateRequest', certificate.metadata.namespace, `${certificate.metadata.name}-${revision}`))
  state.pending = state.pending.filter((issuance) => issuance.certificate !== certificate)
  dropNextKey(state, certificate)
}

function dropNextKey(state: ClusterState, certificate: CertificateObject): void {
  const name = certificate.status.nextPrivateKeySecretName
  if (name !== undefined) state.objects.delete(objectKey('Secret', certificate.metadata.namespace, name))
  delete certificate.status.nextPrivateKeySecretName
}

function approve(state: ClusterState, request: CertificateRequestObject): void {
  const message = 'Certificate request has been approved by cert-manager.io'
  requestCondition(state, request, 'Approved', { status: 'True', reason: 'cert-manager.io', message })
}

function requestCondition(
  state: ClusterState,
  request: CertificateRequestObject,
  type: string,
  condition: Pick<Condition, 'status' | 'reason' | 'message'>,
): void {
  setCondition(state, (request.status.conditions ??= []), { type, ...condition })
  touch(state, request)
}
