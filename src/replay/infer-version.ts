import { NamedMap } from '../base/named-map.ts'
import { compareStrings } from '../base/order.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { toHex } from '../base/bytes.ts'
import type { CertManagerVersion } from './cert-manager-version.ts'
import { NEWEST_VERSION, compareVersions, formatVersion, parseVersion } from './cert-manager-version.ts'
import type { ReplayedVersion } from './controller-verdict.ts'

/** One trace that only some releases leave: not before `since`, or not after the release line `upTo`. */
interface Trace {
  readonly since?: CertManagerVersion
  readonly upTo?: CertManagerVersion
  readonly what: string
}

/** Fields that the API server would have dropped before the release that brought them. */
const SPEC_FIELDS: readonly (readonly [string, CertManagerVersion])[] = [
  ['renewal', [1, 21, 0]],
  ['signatureAlgorithm', [1, 18, 0]],
  ['renewBeforePercentage', [1, 16, 0]],
  ['otherNames', [1, 14, 0]],
  ['nameConstraints', [1, 14, 0]],
  ['literalSubject', [1, 9, 0]],
]

/** The last release of a line that ends where the behaviour changed. */
const LAST_1_12: CertManagerVersion = [1, 12, 17]
const LAST_1_18: CertManagerVersion = [1, 18, 6]

const fieldTraces = (certificates: readonly CertificateResource[]): Trace[] => {
  const traces: Trace[] = []
  for (const [field, since] of SPEC_FIELDS) {
    const user = certificates.find((certificate) => (certificate.rawSpec[field] ?? null) !== null)
    if (user) traces.push({ since, what: `${user.ref.name} has spec.${field}, which exists since ${formatVersion(since)}` })
  }
  const ari = certificates.find((certificate) => certificate.status?.ari !== undefined)
  if (ari) traces.push({ since: [1, 21, 0], what: `${ari.ref.name} has status.acme.ari, which exists since v1.21.0` })
  const attempts = certificates.find((certificate) => certificate.status?.failedIssuanceAttempts !== undefined)
  if (attempts) traces.push({ since: [1, 8, 0], what: `${attempts.ref.name} has status.failedIssuanceAttempts, which exists since v1.8.0` })
  return traces
}

const byItsSecret = (certificates: readonly CertificateResource[]): NamedMap<CertificateResource> => {
  const out = new NamedMap<CertificateResource>()
  for (const certificate of certificates) out.set(certificate.ref.namespace, certificate.spec.secretName ?? '', certificate)
  return out
}

const REVISION = 'cert-manager.io/certificate-revision'

/** Requests are called CERTIFICATE-REVISION since v1.13, and CERTIFICATE-xxxxx before; the youngest one tells. */
const requestTrace = (requests: readonly CertificateRequestResource[]): Trace[] => {
  const owned = requests.filter((request) => request.metadata.annotations[REVISION] !== undefined)
  const [youngest] = [...owned].sort(
    (a, b) => (b.metadata.creationTimestamp ?? 0) - (a.metadata.creationTimestamp ?? 0) || compareStrings(a.ref.name, b.ref.name),
  )
  const certificate = youngest?.metadata.annotations['cert-manager.io/certificate-name']
  if (!youngest || certificate === undefined) return []
  const { name } = youngest.ref
  if (name === `${certificate}-${youngest.metadata.annotations[REVISION]}`) {
    return [{ since: [1, 13, 0], what: `request ${name} has the name that v1.13.0 and later give` }]
  }
  const suffix = name.startsWith(`${certificate}-`) ? name.slice(certificate.length + 1) : ''
  if (!/^[bcdfghjklmnpqrstvwxz2456789]{5}$/.test(suffix)) return []
  return [{ upTo: LAST_1_12, what: `request ${name} has a random name, as up to v1.12` }]
}

/** CA certificates made by v1.19 and later (Go 1.25) have a SHA-256 key identifier, before SHA-1; the youngest one tells. */
const keyIdentifierTrace = (inventory: Inventory): Trace[] => {
  const authorities = inventory.certificates.filter((certificate) => certificate.spec.isCA === true && certificate.spec.secretName)
  if (authorities.length === 0) return []
  const wanted = byItsSecret(authorities)
  const selfMade = inventory.secrets.flatMap((secret) => {
    const resource = wanted.get(secret.ref.namespace, secret.ref.name)
    const [certificate] = secret.tlsCrt.certificates
    return resource && certificate ? [{ resource, certificate }] : []
  })
  const [youngest] = selfMade.sort(
    (a, b) => b.certificate.notBefore - a.certificate.notBefore || compareStrings(a.certificate.fingerprint, b.certificate.fingerprint),
  )
  if (!youngest) return []
  const { keyIdentifier } = youngest.certificate.extensions.subjectKeyIdentifier ?? {}
  if (!keyIdentifier) return []
  const own = toHex(keyIdentifier)
  const { name } = youngest.resource.ref
  const { publicKey } = youngest.certificate
  if (own === publicKey.sha256KeyIdentifier) {
    return [{ since: [1, 19, 0], what: `the CA certificate of ${name} has a SHA-256 key identifier, as since v1.19.0` }]
  }
  return own === publicKey.sha1KeyIdentifier
    ? [{ upTo: LAST_1_18, what: `the CA certificate of ${name} has a SHA-1 key identifier, as up to v1.18` }]
    : []
}

const newestOf = (versions: readonly CertManagerVersion[]): CertManagerVersion | undefined => [...versions].sort(compareVersions).at(-1)

/** Up to v1.12 an unset issuerRef.kind was written into the Secret's annotation as `Issuer`. */
const annotationTrace = (inventory: Inventory): Trace[] => {
  const without = inventory.certificates.filter(({ spec }) => spec.issuerRef && spec.issuerRef.written.kind === undefined)
  if (without.length === 0) return []
  const unset = byItsSecret(without)
  const kinds = inventory.secrets.flatMap((secret) => {
    const { annotations } = secret.metadata
    const certificate = unset.get(secret.ref.namespace, secret.ref.name)
    const isOurs = certificate && annotations['cert-manager.io/certificate-name'] === certificate.ref.name
    return isOurs && annotations['cert-manager.io/issuer-name'] === certificate.spec.issuerRef?.name
      ? [{ name: secret.ref.name, kind: annotations['cert-manager.io/issuer-kind'] }]
      : []
  })
  const defaulted = kinds.find((item) => item.kind === 'Issuer')
  return defaulted && kinds.every((item) => item.kind === 'Issuer')
    ? [{ upTo: LAST_1_12, what: `Secret ${defaulted.name} names the default issuer kind, as written up to v1.12` }]
    : []
}

/**
 * Finds the release whose behaviour is replayed: the caller's option; else the newest one that fits what the dump holds (fields,
 * names of requests, key identifiers, annotations that only some releases write); else the newest known.
 */
export const inferVersion = (
  inventory: Inventory,
  option: string | undefined,
): ReplayedVersion & { readonly parsed: CertManagerVersion } => {
  const given = option === undefined ? undefined : parseVersion(option)
  if (given) return { version: formatVersion(given), parsed: given, source: 'option', why: 'the version was given' }
  const traces = [
    ...fieldTraces(inventory.certificates),
    ...requestTrace(inventory.certificateRequests),
    ...keyIdentifierTrace(inventory),
    ...annotationTrace(inventory),
  ]
  const since = newestOf(traces.flatMap((trace) => (trace.since ? [trace.since] : [])))
  // A trace of an older release is overruled by one of a later release: objects outlive upgrades.
  const bounds = traces.filter((trace) => trace.upTo && (!since || compareVersions(trace.upTo, since) >= 0))
  const [bound] = [...bounds].sort((a, b) => compareVersions(a.upTo ?? NEWEST_VERSION, b.upTo ?? NEWEST_VERSION))
  if (bound?.upTo) return { version: formatVersion(bound.upTo), parsed: bound.upTo, source: 'inferred', why: bound.what }
  const floor = traces.find((trace) => trace.since && since && compareVersions(trace.since, since) === 0)
  const unread = option === undefined ? '' : `the version given cannot be read; `
  if (floor && since && compareVersions(since, [1, 19, 0]) >= 0) {
    return { version: formatVersion(NEWEST_VERSION), parsed: NEWEST_VERSION, source: 'inferred', why: `${unread}${floor.what}` }
  }
  const why = floor ? `${floor.what}; nothing in the dump tells a later release apart` : 'nothing in the dump tells the release'
  return { version: formatVersion(NEWEST_VERSION), parsed: NEWEST_VERSION, source: 'newest', why: unread + why }
}
