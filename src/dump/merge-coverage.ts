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

/** The coverage of a dump with what tables, descriptions and the collector's layout add to it. */
export const mergeCoverage = (coverage: Coverage, listings: readonly ListingFacts[], layout: LayoutCoverage = {}): Coverage => {
  const secretListings = new Map([...coverage.secretListings].map(([namespace, names]) => [namespace, new Set(names)]))
  const provenAbsent = new Set(coverage.provenAbsent)
  const knownElsewhere = new Set(coverage.knownElsewhere)
  const issuerListings = new Map([...(coverage.issuerListings ?? [])].map(([namespace, names]) => [namespace, new Set(names)]))
  const add = (to: Map<string, Set<string>>, from: ReadonlyMap<string, ReadonlySet<string>> | undefined): void => {
    for (const [namespace, names] of from ?? []) addNames(to, namespace, names)
  }
  for (const facts of listings) {
    add(secretListings, facts.listings.get('Secret'))
    add(issuerListings, facts.listings.get('Issuer'))
    for (const name of facts.provenAbsent) provenAbsent.add(name)
    for (const row of facts.rows)
      if (row.kind === 'Secret' && row.namespace !== undefined) knownElsewhere.add(`${row.namespace}/${row.name}`)
    for (const secret of facts.describedSecrets) knownElsewhere.add(`${secret.namespace}/${secret.name}`)
  }
  return {
    ...coverage,
    secretListings,
    provenAbsent,
    issuerListings,
    knownElsewhere,
    notCollected: new Set([
      ...coverage.notCollected,
      ...[...(layout.notCollected ?? [])].filter((kind) => !layout.presentKinds?.has(kind)),
    ]),
    truncated: coverage.truncated || layout.truncated === true,
  }
}
