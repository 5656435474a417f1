import { NamedMap } from '../base/named-map.ts'
import type { Missing } from '../base/verdict.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { ReplayOptions } from './replay-controller.ts'

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

const SECRET_UNKNOWN: readonly Missing[] = Object.freeze(['secret'])
const REQUESTS_UNKNOWN: readonly Missing[] = Object.freeze(['certificate-requests'])

/** What a caller says of the controller, as far as it matters here. */
type ToldOptions = NonNullable<ReplayOptions['certManager']>

/**
 * Are these objects a case that somebody made to ask for cert-manager's decision, so that nothing else is there? No text says that of
 * itself: one line of JSON is what `jq -c` makes of any dump. So the caller must have told how the controller is started, which nobody
 * does for a dump by the way, and there are no objects but those that the controller decides about. That is a guess
 * still, and wrong for who tells the same of a dump of Certificates alone that went through `jq -c`.
 */
const isCase = ({ certificates, issuers, clusterIssuers, others }: Inventory, told: ToldOptions): boolean => {
  if (told.version === undefined || told.enableCertificateOwnerRef === undefined) return false
  if (issuers.length > 0 || clusterIssuers.length > 0 || others > 0) return false
  return certificates.every((certificate) => certificate.place.line === 1) && certificates[0]?.placeOf(['metadata', 'name']).line === 1
}

/** Reads from a dump what it can know to be absent (facts of cert-manager 9, of bundles 1.9). */
export const createDumpPresence = (inventory: Inventory, told: ToldOptions = {}): DumpPresence => {
  const { coverage, certificates, secrets } = inventory
  const byName = new NamedMap<SecretResource>()
  const namespaces = new Set<string>()
  let managedFieldsSeen = false
  for (const secret of secrets) {
    byName.set(secret.ref.namespace, secret.ref.name, secret)
    namespaces.add(secret.ref.namespace ?? '')
    managedFieldsSeen ||= secret.metadata.managedFields !== undefined
  }
  // What is missing everywhere was not collected, or kubectl hid it, however few the objects are.
  const isComplete = isCase(inventory, told)
  const noSecretsCollected = secrets.length === 0 && !isComplete
  const noRequestsCollected =
    inventory.certificateRequests.length === 0 && !isComplete && certificates.some((item) => item.status?.revision !== undefined)
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
    managedFieldsHidden: !managedFieldsSeen && !isComplete,
  }
}
