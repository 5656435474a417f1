import { NamedMap } from '../base/named-map.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { Model } from './model.ts'

const SEVERAL = 2

/**
 * Says whether a dump can know that an object is not there (facts of bundles 1.9): where a complete listing of the namespace (a List, a
 * table, a collector's own folder) is without it, where a collector was asked for it in vain, or where several Secrets of the namespace
 * stand in the dump one by one and nothing says that it was cut off or filtered. The sentence is "not in this dump".
 */
export const createAbsence = (inventory: Inventory): Model['isAbsenceKnown'] => {
  const { coverage } = inventory
  // Secrets printed one by one, without a listing: where several Certificates of a namespace have theirs, nobody picked out a single one.
  const present = new NamedMap<true>()
  for (const { ref } of inventory.secrets) present.set(ref.namespace, ref.name, true)
  const filled = new Map<string, number>()
  for (const { ref, spec } of inventory.certificates) {
    const space = ref.namespace ?? ''
    if (spec.secretName !== undefined && present.get(space, spec.secretName)) filled.set(space, (filled.get(space) ?? 0) + 1)
  }
  return (kind, namespace, name) => {
    const space = kind === 'ClusterIssuer' ? '' : (namespace ?? '')
    // One that could not be read may be it, also where its namespace is not known.
    if (coverage.unread?.has(`${kind}/${space}/${name}`) || coverage.unread?.has(`${kind}//${name}`)) return false
    if (kind === 'Secret') {
      if (coverage.provenAbsent.has(`${space}/${name}`)) return true
      // A row of a table, a SealedSecret, an ExternalSecret: it exists, though the dump has no object for it.
      if (coverage.knownElsewhere?.has(`${space}/${name}`)) return false
      const listing = coverage.secretListings.get(space) ?? coverage.secretListings.get('*')
      if (listing?.has(name)) return false
      if (coverage.truncated) return false
      // The table of a collector that wrote no Secret tells all of them.
      if (listing) return true
      if (coverage.notCollected.has(kind)) return false
      return (filled.get(space) ?? 0) >= SEVERAL && !coverage.filteredSecretNamespaces.has(space)
    }
    if (coverage.truncated || coverage.notCollected.has(kind) || coverage.knownElsewhere?.has(`${kind}/${space}/${name}`)) return false
    // Issuers printed or pasted one by one are those that somebody thought of: only a list tells which others there are not.
    const issuers =
      kind === 'ClusterIssuer' ? coverage.clusterIssuerListing : (coverage.issuerListings?.get(space) ?? coverage.issuerListings?.get('*'))
    return issuers?.has(name) === false
  }
}
