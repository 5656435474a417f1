import { compareBy, compareStrings } from '../base/order.ts'
import { NamedMap } from '../base/named-map.ts'
import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import type { Dump } from '../dump/dump.ts'
import type { Json, JsonObject, ObjectHints, RawObject } from '../dump/raw-object.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { CertificateRequestResource } from './certificate-request.ts'
import type { CertificateResource } from './certificate-resource.ts'
import type { Inventory } from './inventory.ts'
import type { IssuerResource } from './issuer.ts'
import { readCertificateRequest } from './read-certificate-request.ts'
import { readCertificateResource } from './read-certificate-resource.ts'
import { isObject } from '../dump/raw-object.ts'
import { readIssuer } from './read-issuer.ts'
import type { Identity } from './read-resource.ts'
import { identify, refOf } from './read-resource.ts'
import { readSecret } from './read-secret.ts'
import type { Resource } from './resource.ts'
import type { SecretData, SecretDataReader } from './secret-data.ts'
import { createSecretDataReader } from './secret-data.ts'
import type { CertificateBundle, SecretResource } from './secret.ts'
import { withMaskedNeighbours } from './masked-neighbours.ts'

interface Copy {
  readonly object: RawObject
  readonly identity: Identity
}

type DataOf = (object: RawObject) => SecretData | undefined

/** What an object says apart from bookkeeping that differs between two printings of the same object. */
const substance = (object: RawObject, data: SecretData | undefined): string => {
  const value = object.value
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  return JSON.stringify([
    value['spec'] ?? null,
    data?.content ?? value['data'] ?? null,
    value['status'] ?? null,
    metadata['annotations'] ?? null,
  ])
}

const fullness = ({ object }: Copy, data: SecretData | undefined): number => {
  const { value, hints } = object
  const count = (part: Json | undefined): number =>
    isObject(part) ? Object.values(part).filter((item) => item !== null && item !== '').length : 0
  const metadata = isObject(value['metadata']) ? value['metadata'] : undefined
  return (
    (hints?.existenceOnly ? 0 : 1_000) +
    50 * (data ? [...data.keys.values()].filter((status) => status === 'present').length : count(value['data'])) +
    20 * count(value['status']) +
    10 * count(value['spec']) +
    count(metadata)
  )
}

/** Troubleshoot writes one file for each key of a Secret: what the copies lack, they give each other. */
const merged = (copies: readonly Copy[]): Copy => {
  const first = copies[0] as Copy
  // Only copies that each say a part (Troubleshoot) complete each other; whole ones of two times must not be mixed.
  if (
    first.identity.kind !== 'Secret' ||
    first.object.taken !== undefined ||
    copies.length === 1 ||
    !copies.some(({ object }) => object.hints?.plainData || object.hints?.existenceOnly)
  )
    return first
  const data: Record<string, Json> = Object.create(null) as Record<string, Json>
  const keysWithoutValue: Record<string, number | null> = {}
  for (const { object } of copies) {
    if (object.hints?.plainData !== first.object.hints?.plainData && !object.hints?.existenceOnly) continue
    for (const [key, value] of Object.entries(isObject(object.value['data']) ? object.value['data'] : {})) data[key] ??= value
    for (const [key, size] of Object.entries(object.hints?.keysWithoutValue ?? {})) keysWithoutValue[key] ??= size
  }
  for (const key of Object.keys(data)) delete keysWithoutValue[key]
  const value: JsonObject = { ...first.object.value, ...(Object.keys(data).length > 0 && { data: { ...data } }) }
  const hints: ObjectHints = { ...first.object.hints, ...(Object.keys(keysWithoutValue).length > 0 && { keysWithoutValue }) }
  return { identity: first.identity, object: { ...first.object, value, hints } }
}

/** cert-manager's own group, and the one it had up to v0.10. */
const [GROUP, FORMER_GROUP] = ['cert-manager.io', 'certmanager.k8s.io']

/**
 * The same object often stands several times in a bundle: the fuller copy is kept, and both places are remembered where they differ.
 * What the move from the former API group left behind is not kept beside its successor (facts of cert-manager 1.1): the API server
 * has two objects, and one Certificate is meant.
 */
const distinct = (
  objects: readonly RawObject[],
  dataOf: DataOf,
): Pick<Inventory, 'conflicts' | 'leftBehind'> & { readonly copies: readonly Copy[] } => {
  const byKind = new NamedMap<NamedMap<Copy>>()
  const firsts: Copy[] = []
  /** All copies of what stands more than once, by the first one. */
  const groups = new Map<Copy, Copy[]>()
  for (const object of objects) {
    const identity = identify(object)
    if (!identity) continue
    const copy = { object, identity }
    const { group, kind, namespace, name } = identity
    let ofKind = byKind.get(group, kind)
    if (!ofKind) byKind.set(group, kind, (ofKind = new NamedMap<Copy>()))
    const first = ofKind.get(namespace, name)
    if (!first) {
      ofKind.set(namespace, name, copy)
      firsts.push(copy)
      continue
    }
    const known = groups.get(first)
    if (known) known.push(copy)
    else groups.set(first, [first, copy])
  }
  const isLeftBehind = ({ identity: { group, kind, namespace, name } }: Copy): boolean =>
    group === FORMER_GROUP && byKind.get(GROUP, kind)?.get(namespace, name) !== undefined
  const conflicts: Inventory['conflicts'][number][] = []
  const leftBehind: Ref[] = []
  const copies: Copy[] = []
  for (const first of firsts) {
    if (isLeftBehind(first)) {
      leftBehind.push(refOf(first.identity))
      continue
    }
    const group = groups.get(first)
    if (!group) {
      copies.push(first)
      continue
    }
    const told = new Map(group.map((copy) => [copy, substance(copy.object, dataOf(copy.object))]))
    const full = new Map(group.map((copy) => [copy, fullness(copy, dataOf(copy.object))]))
    const fullnessOf = (copy: Copy): number => full.get(copy) ?? 0
    const ranked = [...group].sort((a, b) => fullnessOf(b) - fullnessOf(a) || compareStrings(told.get(a) ?? '', told.get(b) ?? ''))
    const whole = ranked.filter((copy) => fullnessOf(copy) === fullnessOf(ranked[0] as Copy))
    const isPart = whole.some(({ object }) => object.hints?.plainData || object.hints?.existenceOnly)
    if (!isPart && new Set(whole.map((copy) => told.get(copy))).size > 1) {
      conflicts.push({ ref: refOf((ranked[0] as Copy).identity), places: whole.map((copy) => copy.object.place) })
    }
    copies.push(merged(ranked))
  }
  return { copies, leftBehind, conflicts: conflicts.sort(compareBy((conflict) => refKey(conflict.ref))) }
}

const byName = <T extends Resource>(items: T[]): readonly T[] =>
  items.sort(
    (a, b) =>
      compareStrings(a.ref.namespace ?? '', b.ref.namespace ?? '') ||
      compareStrings(a.ref.name, b.ref.name) ||
      compareStrings(b.apiVersion, a.apiVersion),
  )

/** Every distinct certificate that the resources hold. */
const certificatesIn = (
  secrets: readonly SecretResource[],
  requests: readonly CertificateRequestResource[],
): ReadonlyMap<string, X509Certificate> => {
  const x509 = new Map<string, X509Certificate>()
  // The same ca.crt stands in one Secret after the other.
  let last: CertificateBundle | undefined
  const add = (bundle: CertificateBundle): void => {
    if (bundle === last) return
    for (const certificate of bundle.certificates) x509.set(certificate.fingerprint, certificate)
    last = bundle
  }
  for (const { tlsCrt, caCrt } of secrets) {
    add(tlsCrt)
    add(caCrt)
  }
  for (const { certificate, ca } of requests) {
    add(certificate)
    add(ca)
  }
  return x509
}

/**
 * Types the raw objects of a dump: every served API version becomes cert-manager.io/v1, each object stands once,
 * and private keys become facts about their public halves.
 * @param secretData the one that took values of Secrets while the dump was read, if one did
 */
export const buildInventory = async (dump: Dump, secretData: SecretDataReader = createSecretDataReader()): Promise<Inventory> => {
  const data = new Map<RawObject, SecretData>()
  const waiting: Promise<void>[] = []
  for (const object of dump.objects) {
    if ((object.hints?.kind ?? object.value['kind']) !== 'Secret') continue
    const read = secretData.read(object)
    if (read instanceof Promise) waiting.push(read.then((resolved) => void data.set(object, resolved)))
    else data.set(object, read)
  }
  await Promise.all(waiting)
  const { copies, conflicts, leftBehind } = distinct(dump.objects, (object) => data.get(object))
  const issuers: IssuerResource[] = []
  const clusterIssuers: IssuerResource[] = []
  const certificates: CertificateResource[] = []
  const certificateRequests: CertificateRequestResource[] = []
  const allSecrets: SecretResource[] = []
  for (const { object, identity } of copies) {
    switch (identity.kind) {
      case 'Issuer':
        issuers.push(readIssuer(object, identity))
        break
      case 'ClusterIssuer':
        clusterIssuers.push(readIssuer(object, identity))
        break
      case 'Certificate':
        certificates.push(readCertificateResource(object, identity))
        break
      case 'CertificateRequest':
        certificateRequests.push(readCertificateRequest(object, identity, secretData.bundles))
        break
      case 'Secret':
        allSecrets.push(readSecret(object, identity, data.get(object) ?? (await secretData.read(object))))
        break
    }
  }
  const secrets = withMaskedNeighbours(allSecrets)
  return {
    issuers: byName(issuers),
    clusterIssuers: byName(clusterIssuers),
    certificates: byName(certificates),
    certificateRequests: byName(certificateRequests),
    secrets: byName(secrets),
    x509: certificatesIn(secrets, certificateRequests),
    conflicts,
    leftBehind,
    others: dump.others,
    coverage: dump.coverage,
    problems: dump.problems,
  }
}
