import { readCertificates } from '../x509/pem.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { BundleEntry, CertificateBundle } from './secret.ts'
import { emptyBundle } from './secret.ts'
import type { ShownValue } from './redaction.ts'

/** Reads PEM certificates once per distinct value and once per distinct certificate: the same ca.crt stands in thousands of Secrets. */
export interface CertificateBundleReader {
  /** `text` is the value as it stands in the dump: the key of the cache. */
  readonly read: (text: string | undefined, shown: ShownValue) => CertificateBundle
  /** What was read from this very text before. */
  readonly known: (text: string | undefined) => CertificateBundle | undefined
  readonly x509: ReadonlyMap<string, X509Certificate>
}

/** A reader that decodes each PEM text, and each certificate in them, once. */
export const createCertificateBundleReader = (): CertificateBundleReader => {
  const byText = new Map<string, CertificateBundle>()
  const x509 = new Map<string, X509Certificate>()
  const intern = (certificate: X509Certificate): X509Certificate => {
    const known = x509.get(certificate.fingerprint)
    if (known) return known
    x509.set(certificate.fingerprint, certificate)
    return certificate
  }
  const parse = (bytes: Uint8Array): CertificateBundle => {
    const entries = readCertificates(bytes).map((entry): BundleEntry =>
      'certificate' in entry
        ? { block: entry.block, label: entry.label, certificate: intern(entry.certificate) }
        : { block: entry.block, label: entry.label, failure: entry.failure },
    )
    const certificates = entries.flatMap((entry) => ('certificate' in entry ? [entry.certificate] : []))
    return { status: 'present', entries, certificates, ...(entries.length === 0 && { failure: { code: 'no-pem-block' } }) }
  }
  return {
    x509,
    known: (text) => (text === undefined ? undefined : byText.get(text)),
    read: (text, shown) => {
      if (shown.status !== 'present') return emptyBundle(shown.status)
      const bundle = parse(shown.bytes)
      if (text !== undefined) byText.set(text, bundle)
      return bundle
    },
  }
}
