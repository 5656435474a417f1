import { addNames } from './add-names.ts'
import type { Coverage } from './dump.ts'
import type { ListingFacts } from './listing.ts'

/** What a bundle's layout adds to the coverage of the dump that was read from it. */
export interface LayoutCoverage {
  /** Kinds that the collector does not collect. */
  readonly notCollected?: Iterable<string>
  /** Kinds of which the dump has objects: they were collected, whatever one bundle left out. */
  readonly presentKinds?: ReadonlySet<string>
  /** An archive ended too early. */
  readonly truncated?: boolean
}

/** Which issuers complete lists have. */
export const issuerListingsOf = (listings: ListingFacts['listings']): Pick<Coverage, 'issuerListings' | 'clusterIssuerListing'> => {
  const issuerListings = listings.get('Issuer')
  const clusterIssuerListing = listings.get('ClusterIssuer')?.get('')
  return { ...(issuerListings && { issuerListings }), ...(clusterIssuerListing && { clusterIssuerListing }) }
}

/** The coverage of a dump with what tables, descriptions and the collector's layout add to it. */
export const mergeCoverage = (coverage: Coverage, listings: readonly ListingFacts[], layout: LayoutCoverage = {}): Coverage => {
  const secretListings = new Map([...coverage.secretListings].map(([namespace, names]) => [namespace, new Set(names)]))
  const provenAbsent = new Set(coverage.provenAbsent)
  const knownElsewhere = new Set(coverage.knownElsewhere)
  const issuerListings = new Map([...(coverage.issuerListings ?? [])].map(([namespace, names]) => [namespace, new Set(names)]))
  let { clusterIssuerListing } = coverage
  const add = (to: Map<string, Set<string>>, from: ReadonlyMap<string, ReadonlySet<string>> | undefined): void => {
    for (const [namespace, names] of from ?? []) addNames(to, namespace, names)
  }
  for (const facts of listings) {
    add(secretListings, facts.listings.get('Secret'))
    const listed = issuerListingsOf(facts.listings)
    add(issuerListings, listed.issuerListings)
    if (listed.clusterIssuerListing) clusterIssuerListing = new Set([...(clusterIssuerListing ?? []), ...listed.clusterIssuerListing])
    for (const name of facts.provenAbsent) provenAbsent.add(name)
    for (const { kind, namespace, name } of facts.rows) {
      if (namespace === undefined) continue
      if (kind === 'Secret') knownElsewhere.add(`${namespace}/${name}`)
      else if (kind === 'Issuer' || kind === 'ClusterIssuer') knownElsewhere.add(`${kind}/${namespace}/${name}`)
    }
    for (const secret of facts.describedSecrets) knownElsewhere.add(`${secret.namespace}/${secret.name}`)
  }
  return {
    ...coverage,
    secretListings,
    provenAbsent,
    issuerListings,
    ...(clusterIssuerListing && { clusterIssuerListing }),
    knownElsewhere,
    notCollected: new Set([
      ...coverage.notCollected,
      ...[...(layout.notCollected ?? [])].filter((kind) => !layout.presentKinds?.has(kind)),
    ]),
    truncated: coverage.truncated || layout.truncated === true,
  }
}
