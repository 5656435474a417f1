import type { DumpProblem, RawObject } from './raw-object.ts'

/** How sure a dump is that what it does not hold does not exist (facts: what proves absence). */
export interface Coverage {
  /** Namespace → every Secret's name that a complete listing (List, table) of that namespace told; `*` for all namespaces. */
  readonly secretListings: ReadonlyMap<string, ReadonlySet<string>>
  /** Secrets a collector was asked for and did not find: `namespace/name`. */
  readonly provenAbsent: ReadonlySet<string>
  /** Kinds (`ClusterIssuer`, `CertificateRequest` …) the collectors of this dump do not collect. */
  readonly notCollected: ReadonlySet<string>
  /** Namespaces from which Secrets were read one by one or by a filter: absence there proves nothing. */
  readonly filteredSecretNamespaces: ReadonlySet<string>
  /**
   * Secrets (`namespace/name`) that exist though the dump has no object for them: rows, descriptions, a SealedSecret, an ExternalSecret.
   * Issuers of rows stand here by `kind/namespace/name`.
   */
  readonly knownElsewhere?: ReadonlySet<string>
  /** `kind/namespace/name` of objects that are in the dump and could not be read. */
  readonly unread?: ReadonlySet<string>
  /** As `secretListings`, of Issuers. */
  readonly issuerListings?: ReadonlyMap<string, ReadonlySet<string>>
  /** Every ClusterIssuer's name, where a complete listing told them. */
  readonly clusterIssuerListing?: ReadonlySet<string>
  /** Some source was cut off: absence proves nothing for kinds that may have followed. */
  readonly truncated: boolean
}

/** The raw objects of one or more sources, what was wrong with them, and what their absence means. */
export interface Dump {
  readonly objects: readonly RawObject[]
  readonly problems: readonly DumpProblem[]
  readonly sources: readonly SourceFacts[]
  /** Distinct objects of kinds that nobody asked about. */
  readonly others: number
  readonly coverage: Coverage
}

export interface SourceFacts {
  readonly name: string
  /** Bytes read. */
  readonly bytes: number
  /** Objects of our kinds read from it. */
  readonly objects: number
}
