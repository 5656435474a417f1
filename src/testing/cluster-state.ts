import type { IssuedCertificate } from './certificate-builder.ts'
import { digest, instantOf } from './certificate-builder.ts'
import { bytesToHex, utf8 } from './der-writer.ts'
import type { KeyPair, KeyPool, KeySpec } from './key-pair.ts'
import type {
  CertificateObject,
  CertificateRequestObject,
  Condition,
  IssuerObject,
  KubernetesObject,
  Metadata,
  SecretObject,
} from './kubernetes-objects.ts'
import { pemBlocks, textOfBase64 } from './pem-writer.ts'

/** How a CA outside of the cluster (an ACME server, Vault, an external issuer) signs: with these certificates, the signer first. */
export interface OutsideSigner {
  readonly chain: readonly IssuedCertificate[]
  /** `chain`: cert-manager's chain builder over what came back. `verbatim`: as delivered, the top left out. */
  readonly style: 'chain' | 'verbatim'
  /** Does the top of what is delivered verbatim go into `ca.crt`? The chain builder's always does. */
  readonly writesCa: boolean
}

/** An issuance that waits for its issuer. */
export interface PendingIssuance {
  readonly certificate: CertificateObject
  readonly request: CertificateRequestObject
  readonly key: KeyPair
  readonly revision: number
}

/** Everything that a simulated cluster knows. */
export interface ClusterState {
  clock: Date
  version: string
  readonly namespace: string
  readonly clusterResourceNamespace: string
  readonly keys: KeyPool
  readonly keyIndex: Map<string, number>
  readonly objects: Map<string, KubernetesObject>
  /** Certificates and keys by their PEM text: the only ones that the simulation can read back from Secrets. */
  readonly certificates: Map<string, IssuedCertificate>
  readonly privateKeys: Map<string, KeyPair>
  readonly outside: Map<string, OutsideSigner>
  readonly history: Map<string, IssuedCertificate[]>
  pending: PendingIssuance[]
  counter: number
  firstKeyIndex: number
}

/** Key of an object in the state. Cluster-scoped objects have no namespace. */
export function objectKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`
}

/** Is the simulated cert-manager at least this version? `major.minor` counts. */
export function versionAtLeast(state: ClusterState, minimum: string): boolean {
  const number = (version: string): number => {
    const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
    return major * 1000 + minor
  }
  return number(state.version) >= number(minimum)
}

/** The clock's instant as Kubernetes writes it. */
export function timestamp(instant: Date): string {
  return instant.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Puts an object into the cluster; its metadata is completed. */
export async function create<T extends KubernetesObject>(
  state: ClusterState,
  object: Omit<T, 'metadata'>,
  metadata: Partial<Metadata> & { name: string },
): Promise<T> {
  const { kind } = object as { kind: string }
  const id = objectKey(kind, metadata.namespace, metadata.name)
  const complete: Metadata = {
    ...metadata,
    uid: await uid(`${id}/${state.counter}`),
    creationTimestamp: timestamp(state.clock),
    resourceVersion: nextVersion(state),
    ...(kind === 'Secret' ? {} : { generation: 1 }),
  }
  const created = { ...object, metadata: complete } as unknown as T
  state.objects.set(id, created)
  return created
}

/** Notes that an object was written. */
export function touch(state: ClusterState, object: KubernetesObject): void {
  object.metadata.resourceVersion = nextVersion(state)
}

/** Sets a condition as cert-manager does: a change of status moves its transition time, the rest is overwritten in place. */
export function setCondition(state: ClusterState, conditions: Condition[], condition: Omit<Condition, 'lastTransitionTime'>): void {
  const index = conditions.findIndex(({ type }) => type === condition.type)
  const known = conditions[index]
  if (known === undefined) conditions.push({ ...condition, lastTransitionTime: timestamp(state.clock) })
  else {
    const changed = known.status !== condition.status
    conditions[index] = { ...condition, lastTransitionTime: changed ? timestamp(state.clock) : known.lastTransitionTime }
  }
}

/** The Certificate of that name, where there is one. */
export function findCertificate(state: ClusterState, namespace: string, name: string): CertificateObject | undefined {
  return state.objects.get(objectKey('Certificate', namespace, name)) as CertificateObject | undefined
}

/** The Secret of that name, where there is one. */
export function findSecret(state: ClusterState, namespace: string, name: string): SecretObject | undefined {
  return state.objects.get(objectKey('Secret', namespace, name)) as SecretObject | undefined
}

/** The issuer of that kind and name; kinds that begin with Cluster have no namespace. */
export function findIssuer(state: ClusterState, kind: string, namespace: string, name: string): IssuerObject | undefined {
  const scope = kind === 'ClusterIssuer' || kind.startsWith('Cluster') ? undefined : namespace
  return state.objects.get(objectKey(kind, scope, name)) as IssuerObject | undefined
}

/** All CertificateRequests, in the order in which they were made. */
export function allRequests(state: ClusterState): CertificateRequestObject[] {
  return [...state.objects.values()].filter((object): object is CertificateRequestObject => object.kind === 'CertificateRequest')
}

/** A Secret's value as text; undefined where it is absent or empty. */
export function secretText(secret: SecretObject | undefined, key: string): string | undefined {
  const value = secret?.data?.[key]
  return value === undefined || value === '' ? undefined : textOfBase64(value)
}

/** The certificates of a PEM text, as far as all of them were made here; undefined where one is unknown or there is none. */
export function knownCertificates(state: ClusterState, text: string | undefined): IssuedCertificate[] | undefined {
  const blocks = text === undefined ? [] : pemBlocks(text)
  const known = blocks.map((block) => state.certificates.get(block)).filter((certificate) => certificate !== undefined)
  return known.length === blocks.length && known.length > 0 ? known : undefined
}

/** Makes a certificate known to the cluster: it can then be read back from Secrets. */
export function remember(state: ClusterState, certificate: IssuedCertificate): IssuedCertificate {
  state.certificates.set(certificate.pem, certificate)
  return certificate
}

/** The next key of this kind. */
export async function nextKey(state: ClusterState, spec: KeySpec): Promise<KeyPair> {
  const kind = JSON.stringify(spec)
  const index = state.keyIndex.get(kind) ?? state.firstKeyIndex
  state.keyIndex.set(kind, index + 1)
  return state.keys.key(spec, index)
}

/** Five characters as the API server puts behind `generateName`, deterministic. */
export async function nameSuffix(state: ClusterState, seed: string): Promise<string> {
  const octets = await digest('SHA-256', utf8(`${seed}/${state.counter}`))
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  return Array.from(octets.slice(0, 5), (octet) => alphabet.charAt(octet % alphabet.length)).join('')
}

/** Moves the clock on to an instant; never back, unless it is asked for in so many words. */
export function setClock(state: ClusterState, at: Date | string | undefined): void {
  if (at !== undefined) state.clock = instantOf(at)
}

function nextVersion(state: ClusterState): string {
  state.counter += 7
  return String(state.counter)
}

async function uid(seed: string): Promise<string> {
  const octets = (await digest('SHA-256', utf8(seed))).slice(0, 16)
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80
  return bytesToHex(octets).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
