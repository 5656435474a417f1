import { NamedMap } from '../base/named-map.ts'
import { compareBy } from '../base/order.ts'
import { refKey } from '../base/ref.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { IssuerResource } from '../inventory/issuer.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { IssuerNode, IssuerResolution } from './model.ts'

/** cert-manager's own group, and the one it had up to v0.10. */
const OWN_GROUPS = new Set(['cert-manager.io', 'certmanager.k8s.io'])

const NONE: readonly never[] = []

type SecretLookup = (namespace: string | undefined, name: string | undefined) => SecretResource | undefined

const readyCondition = (
  issuer: IssuerResource,
): { readonly status: string; readonly reason?: string; readonly message?: string } | undefined =>
  issuer.conditions.find((condition) => condition.type === 'Ready')

/** A CA usable at first sight: what makes a Secret the likely target of a ClusterIssuer. */
const looksLikeCa = (secret: SecretResource): boolean => secret.tlsCrt.certificates[0]?.extensions.basicConstraints?.ca === true

/** Issuer names of what a ClusterIssuer has signed, by its name: read from the annotations of the Secrets that cert-manager filled. */
const namesSigned = (inventory: Inventory): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>()
  for (const { metadata, tlsCrt } of inventory.secrets) {
    const { annotations } = metadata
    const kind = annotations['cert-manager.io/issuer-kind'] ?? annotations['certmanager.k8s.io/issuer-kind']
    const name = annotations['cert-manager.io/issuer-name'] ?? annotations['certmanager.k8s.io/issuer-name']
    if (kind !== 'ClusterIssuer' || name === undefined) continue
    const signed = tlsCrt.certificates[0]?.issuer.normalized
    if (signed === undefined) continue
    const known = names.get(name)
    if (known) known.add(signed)
    else names.set(name, new Set([signed]))
  }
  return names
}

const subjectOf = (secret: SecretResource): string => secret.tlsCrt.certificates[0]?.subject.normalized ?? ''

/** Where the CA Secret of each Ready ClusterIssuer may be: those whose CA bears the name of what was signed, where any does. */
const candidateSecrets = (inventory: Inventory): ReadonlyMap<IssuerResource, readonly SecretResource[]> => {
  const signed = namesSigned(inventory)
  const issuers = inventory.clusterIssuers.filter(
    (issuer) => issuer.caSecretName !== undefined && readyCondition(issuer)?.status === 'True',
  )
  const wanted = new Set(issuers.map(({ caSecretName }) => caSecretName))
  // Thousands of issuers may name one Secret that stands in thousands of namespaces: each list is made once.
  const byName = new NamedMap<SecretResource[]>()
  const bySubject = new NamedMap<SecretResource[]>()
  for (const secret of inventory.secrets) {
    if (!wanted.has(secret.ref.name) || !looksLikeCa(secret)) continue
    NamedMap.push(byName, undefined, secret.ref.name, secret)
    NamedMap.push(bySubject, secret.ref.name, subjectOf(secret), secret)
  }
  const out = new Map<IssuerResource, readonly SecretResource[]>()
  for (const issuer of issuers) {
    const name = issuer.caSecretName ?? ''
    const [fitting = NONE, ...more] = [...(signed.get(issuer.ref.name) ?? NONE)].flatMap((subject) => {
      const bearers = bySubject.get(name, subject)
      return bearers ? [bearers] : []
    })
    const all = more.length > 0 ? [fitting, ...more].flat() : fitting
    out.set(issuer, all.length > 0 ? all : (byName.get(undefined, name) ?? NONE))
  }
  return out
}

/**
 * The cluster resource namespace is a flag of the controller and in none of the dumped kinds (facts of cert-manager 2.2):
 * the caller's option; else where the issuer is Ready, the one namespace with a CA Secret of that name (and of the name that it signed with),
 * or the one of several where a Certificate fills it; else `cert-manager`.
 * An issuer whose condition says that the Secret was not found refutes the guess.
 */
const clusterResourceNamespace = (
  candidates: readonly SecretResource[],
  isFilled: (secret: SecretResource) => boolean,
  option: string | undefined,
  majority: string | undefined,
): Pick<IssuerNode, 'secretNamespace' | 'secretNamespaceFrom'> => {
  if (option !== undefined) return { secretNamespace: option, secretNamespaceFrom: 'option' }
  const inDefault = candidates.find((secret) => secret.ref.namespace === (majority ?? 'cert-manager'))
  // A copy made by hand has no Certificate of its own.
  const filled = candidates.filter(isFilled)
  const found = inDefault ?? (candidates.length === 1 ? candidates[0] : filled.length === 1 ? filled[0] : undefined)
  if (found) return { secretNamespace: found.ref.namespace, secretNamespaceFrom: 'inferred' }
  return { secretNamespace: majority ?? 'cert-manager', secretNamespaceFrom: majority === undefined ? 'default' : 'inferred' }
}

/** The namespace that the Ready ClusterIssuers agree on: they all share one flag. */
const agreedNamespace = (candidates: ReadonlyMap<IssuerResource, readonly SecretResource[]>): string | undefined => {
  const votes = new Map<string, number>()
  for (const [found, another] of candidates.values())
    if (found && !another) votes.set(found.ref.namespace ?? '', (votes.get(found.ref.namespace ?? '') ?? 0) + 1)
  return [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}

const buildNode = (
  issuer: IssuerResource,
  place: Pick<IssuerNode, 'secretNamespace' | 'secretNamespaceFrom'>,
  secret: SecretLookup,
): IssuerNode => {
  const caSecret = issuer.types.includes('ca') ? secret(place.secretNamespace, issuer.caSecretName) : undefined
  const ca: X509Certificate | undefined = caSecret?.tlsCrt.certificates[0]
  return { resource: issuer, ref: issuer.ref, ...place, ...(caSecret && { caSecret }), ...(ca && { ca }) }
}

/** Every issuer of the dump with the CA that it signs with now, sorted. */
export const buildIssuerNodes = (inventory: Inventory, secret: SecretLookup, option: string | undefined): readonly IssuerNode[] => {
  const candidates = candidateSecrets(inventory)
  const secretNames = new Set(inventory.certificates.map(({ ref, spec }) => `${ref.namespace ?? ''}/${spec.secretName ?? ''}`))
  const isFilled = ({ ref }: SecretResource): boolean => secretNames.has(`${ref.namespace ?? ''}/${ref.name}`)
  const majority = option === undefined ? agreedNamespace(candidates) : undefined
  const places = new Map<readonly SecretResource[], ReturnType<typeof clusterResourceNamespace>>()
  const placeOf = (issuer: IssuerResource): ReturnType<typeof clusterResourceNamespace> => {
    const found = candidates.get(issuer) ?? NONE
    const place = places.get(found) ?? clusterResourceNamespace(found, isFilled, option, majority)
    places.set(found, place)
    return place
  }
  const nodes = [
    ...inventory.issuers.map((issuer) =>
      buildNode(issuer, { secretNamespace: issuer.ref.namespace, secretNamespaceFrom: 'namespace' }, secret),
    ),
    ...inventory.clusterIssuers.map((issuer) => buildNode(issuer, placeOf(issuer), secret)),
  ]
  return nodes.sort(compareBy((node) => refKey(node.ref)))
}

const NOT_FOUND: IssuerResolution = { status: 'not-found' }

/**
 * Follows issuerRef as the controllers do (facts of cert-manager 2.1): by kind within the built-in group, `Issuer` in the
 * Certificate's own namespace; another group is an external issuer, another kind of the built-in group is refused.
 */
export const createIssuerResolver = (
  nodes: readonly IssuerNode[],
): ((ref: IssuerRef | undefined, namespace: string | undefined) => IssuerResolution) => {
  const byKind = { Issuer: new NamedMap<IssuerResolution>(), ClusterIssuer: new NamedMap<IssuerResolution>() }
  for (const issuer of nodes) {
    const known = byKind[issuer.ref.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer']
    if (!known.get(issuer.ref.namespace, issuer.ref.name)) known.set(issuer.ref.namespace, issuer.ref.name, { status: 'found', issuer })
  }
  return (ref, namespace) => {
    if (ref === undefined || ref.name === '') return { status: 'no-ref' }
    if (!OWN_GROUPS.has(ref.group)) return { status: 'external' }
    if (ref.kind !== 'Issuer' && ref.kind !== 'ClusterIssuer') return { status: 'invalid-kind' }
    const { kind, name } = ref
    return byKind[kind].get(kind === 'Issuer' ? (namespace ?? 'default') : undefined, name) ?? NOT_FOUND
  }
}
