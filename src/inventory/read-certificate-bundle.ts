import { equalBytes } from '../base/bytes.ts'
import type { Limits } from '../base/limits.ts'
import type { Json } from '../dump/raw-object.ts'
import { readCertificates } from '../x509/pem.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { BundleEntry, CertificateBundle } from './secret.ts'
import { emptyBundle } from './secret.ts'
import type { ShownValue } from './redaction.ts'

/** Reads PEM certificates once per distinct value and once per distinct certificate: the same ca.crt stands in thousands of Secrets. */
export interface CertificateBundleReader {
  /** @param value as it stands in the dump, or the octets of its base64 text: under it the bundle is `known` afterwards; undefined to keep nothing */
  readonly read: (value: Json | Uint8Array | undefined, shown: ShownValue) => CertificateBundle
  /** What was read from this very value before. */
  readonly known: (value: Json | Uint8Array | undefined) => CertificateBundle | undefined
}

/** Values whose octets are alike at a few places: compared one by one, and no more than a few of them. */
const ALIKE = 8

/** A map by content from octets to what was read from them, which copies no text for a look-up. */
const createOctetsMap = (): {
  readonly get: (octets: Uint8Array) => CertificateBundle | undefined
  readonly set: (octets: Uint8Array, bundle: CertificateBundle) => void
} => {
  const buckets = new Map<number, { readonly octets: Uint8Array; readonly bundle: CertificateBundle }[]>()
  const bucketOf = (octets: Uint8Array): number => {
    let hash = octets.length
    for (let at = octets.length - 1; at >= 0; at -= 53) hash = (Math.imul(hash, 31) + (octets[at] as number)) | 0
    return hash
  }
  return {
    get: (octets) => buckets.get(bucketOf(octets))?.find((known) => equalBytes(known.octets, octets))?.bundle,
    set: (octets, bundle) => {
      const bucket = bucketOf(octets)
      const known = buckets.get(bucket)
      if (!known) buckets.set(bucket, [{ octets: octets.slice(), bundle }])
      else if (known.length < ALIKE) known.push({ octets: octets.slice(), bundle })
    },
  }
}

/** A reader that decodes each PEM text, and each certificate in them, once. */
export const createCertificateBundleReader = (limits: Limits): CertificateBundleReader => {
  const byText = new Map<string, CertificateBundle>()
  const byOctets = createOctetsMap()
  const x509 = new Map<string, X509Certificate>()
  const intern = (certificate: X509Certificate): X509Certificate => {
    const known = x509.get(certificate.fingerprint)
    if (known) return known
    x509.set(certificate.fingerprint, certificate)
    return certificate
  }
  const parse = (bytes: Uint8Array): CertificateBundle => {
    const entries = readCertificates(bytes, limits).map((entry): BundleEntry =>
      'certificate' in entry
        ? { block: entry.block, label: entry.label, certificate: intern(entry.certificate) }
        : { block: entry.block, label: entry.label, failure: entry.failure },
    )
    const certificates = entries.flatMap((entry) => ('certificate' in entry ? [entry.certificate] : [])).slice()
    return { status: 'present', entries, certificates, ...(entries.length === 0 && { failure: { code: 'no-pem-block' } }) }
  }
  return {
    known: (value) => (typeof value === 'string' ? byText.get(value) : value instanceof Uint8Array ? byOctets.get(value) : undefined),
    read: (value, shown) => {
      if (shown.status !== 'present') return emptyBundle(shown.status)
      const bundle = parse(shown.bytes)
      if (typeof value === 'string') byText.set(value, bundle)
      else if (value instanceof Uint8Array) byOctets.set(value, bundle)
      return bundle
    },
  }
}
