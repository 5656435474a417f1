import type { CertificateFailure, X509Certificate } from '../x509/certificate.ts'
import type { PrivateKeyFacts } from '../x509/public-key.ts'
import type { Resource } from './resource.ts'

/** How a value stands in the dump: a masked value is neither present nor absent. */
export type ValueStatus = 'present' | 'empty' | 'absent' | 'masked' | 'unknown'

/** One PEM block of a bundle (`block` counts from 1, `label` is what stands behind BEGIN): a certificate, or why not. */
export type BundleEntry =
  | { readonly block: number; readonly certificate: X509Certificate; readonly label?: string }
  | { readonly block: number; readonly failure: CertificateFailure; readonly label?: string }

/** A value that should hold PEM certificates: `tls.crt`, `ca.crt`, a request's `status.ca`. */
export interface CertificateBundle {
  readonly status: ValueStatus
  /** Set where the value is present and no PEM block could be read from it. */
  readonly failure?: CertificateFailure
  readonly entries: readonly BundleEntry[]
  /** The readable certificates, in order; of a tls.crt whose first one is broken, none. */
  readonly certificates: readonly X509Certificate[]
}

/** Says a block that it is a certificate, and is none? It stops whoever comes to it; blocks of other kinds are passed over by TLS servers. */
export const isBrokenCertificate = (entry: BundleEntry): boolean =>
  'failure' in entry && entry.label === 'CERTIFICATE' && !entry.failure.code.startsWith('pem-')

/** The value of a tls.crt: where its first certificate is broken there is none in it, since those behind are there to lead to the first. */
export const asTlsCrt = (bundle: CertificateBundle): CertificateBundle => {
  const first = bundle.entries.find((entry) => 'certificate' in entry || isBrokenCertificate(entry))
  return first === undefined || 'certificate' in first ? bundle : { ...bundle, certificates: [] }
}

/** A value without a certificate, and why it has none. */
export const emptyBundle = (status: ValueStatus): CertificateBundle => ({ status, entries: [], certificates: [] })

/** A Secret. Its private key's bytes are gone when this exists; what was compared with them is kept as facts. */
export interface SecretResource extends Resource {
  readonly type?: string
  /** Every key of data, and whether its value is there; sorted. */
  readonly keys: ReadonlyMap<string, ValueStatus>
  readonly tlsCrt: CertificateBundle
  readonly caCrt: CertificateBundle
  readonly tlsKey: {
    readonly status: ValueStatus
    readonly facts?: PrivateKeyFacts
    /** What Go's tls.X509KeyPair reads from the same text (any block that ends in PRIVATE KEY, any encoding in it); only where that differs. */
    readonly keyPairFacts?: PrivateKeyFacts
    readonly sizeHint?: number
  }
  /** For tls-combined.pem and key.der: does it equal what cert-manager would write from tls.key and tls.crt? undefined where it cannot be told. */
  readonly combinedPemMatches?: boolean
  readonly keyDerMatches?: boolean
  /** false where the dump's collector drops annotations and labels, so that their absence says nothing. */
  readonly metadataKnown: boolean
  /** Only name and existence are known. */
  readonly existenceOnly: boolean
}
