import { NamedMap } from '../base/named-map.ts'
import type { Missing } from '../base/verdict.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { SecretResource } from '../inventory/secret.ts'

/** A Secret by name: there, known to be absent, or not in this dump without proof. */
export type SecretPresence = { readonly secret: SecretResource } | { readonly absent: true } | { readonly unknown: readonly Missing[] }

/** What the absence of something from this dump means. */
export interface DumpPresence {
  readonly secret: (namespace: string, name: string | undefined) => SecretPresence
  /** No CertificateRequest is to be seen: they were not collected. */
  readonly requestsUnknown?: readonly Missing[]
  /** metadata.managedFields is missing everywhere, as kubectl prints it. */
  readonly managedFieldsHidden: boolean
}

/** So many objects without something may simply not have it. */
const FEW = 4

const SECRET_UNKNOWN: readonly Missing[] = Object.freeze(['secret'])
const REQUESTS_UNKNOWN: readonly Missing[] = Object.freeze(['certificate-requests'])

const distinctSecretNames = (certificates: readonly CertificateResource[]): number =>
  new Set(certificates.map((certificate) => `${certificate.ref.namespace ?? ''}/${certificate.spec.secretName ?? ''}`)).size

/**
 * kubectl prints one field a line and hides managed fields. Objects that stand in one line of JSON were written by the API server
 * or a program: what they do not show is not there.
 */
const isPrintedByKubectl = ({ certificates }: Inventory): boolean => {
  const [first] = certificates
  return first !== undefined && (first.place.line > 1 || first.placeOf(['metadata', 'name']).line > 1)
}

/** Reads from a dump what it can know to be absent (facts of cert-manager 9, of bundles 1.9). */
export const createDumpPresence = (inventory: Inventory): DumpPresence => {
  const { coverage, certificates, secrets } = inventory
  const byName = new NamedMap<SecretResource>()
  const namespaces = new Set<string>()
  let managedFieldsSeen = false
  let tlsSecrets = 0
  for (const secret of secrets) {
    byName.set(secret.ref.namespace, secret.ref.name, secret)
    namespaces.add(secret.ref.namespace ?? '')
    managedFieldsSeen ||= secret.metadata.managedFields !== undefined
    if (secret.keys.has('tls.crt')) tlsSecrets++
  }
  // What is missing everywhere was not collected; a few objects say little, and then the way they are printed decides.
  const printed = isPrintedByKubectl(inventory)
  const noSecretsCollected = secrets.length === 0 && (printed || distinctSecretNames(certificates) > FEW)
  const issued = inventory.certificateRequests.length === 0 ? certificates.filter((item) => item.status?.revision !== undefined) : []
  const noRequestsCollected = issued.length > (printed ? 0 : FEW)
  const requestsUnknown = coverage.notCollected.has('CertificateRequest') || coverage.truncated || noRequestsCollected
  const absence = (namespace: string, name: string): SecretPresence => {
    if (coverage.provenAbsent.has(`${namespace}/${name}`)) return { absent: true }
    const listing = coverage.secretListings.get(namespace) ?? coverage.secretListings.get('*')
    if (coverage.notCollected.has('Secret') || listing?.has(name)) return { unknown: SECRET_UNKNOWN }
    if (coverage.truncated || coverage.filteredSecretNamespaces.has(namespace)) return { unknown: SECRET_UNKNOWN }
    if (listing || namespaces.has(namespace)) return { absent: true }
    return noSecretsCollected ? { unknown: SECRET_UNKNOWN } : { absent: true }
  }
  return {
    secret: (namespace, name) => {
      const secret = name === undefined ? undefined : byName.get(namespace, name)
      return secret ? { secret } : absence(namespace, name ?? '')
    },
    ...(requestsUnknown && { requestsUnknown: REQUESTS_UNKNOWN }),
    managedFieldsHidden: !managedFieldsSeen && (printed || tlsSecrets > FEW),
  }
}
