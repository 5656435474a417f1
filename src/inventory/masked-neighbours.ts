import type { CertificateBundle, SecretResource, ValueStatus } from './secret.ts'
import { emptyBundle } from './secret.ts'

/** Secrets of a pair of key and certificate; the next key that waits for its certificate is none yet. */
const tlsSecrets = (secrets: readonly SecretResource[]): readonly SecretResource[] =>
  secrets.filter(
    (secret) =>
      (secret.type === 'kubernetes.io/tls' || secret.keys.has('tls.crt') || (secret.type === undefined && secret.keys.has('tls.key'))) &&
      secret.metadata.labels['cert-manager.io/next-private-key'] !== 'true',
  )

const isBare = (status: string): boolean => status === 'absent' || status === 'empty'

/** A value that was to be PEM and has not one block. */
const isNonsense = (bundle: CertificateBundle): boolean => bundle.status === 'present' && bundle.entries.length === 0

const isNonsenseKey = ({ tlsKey }: SecretResource): boolean =>
  tlsKey.facts?.status === 'unreadable' && tlsKey.facts.code === 'not-pem' && tlsKey.status === 'present'

/** The same nonsense in several Secrets is a mark, whichever word it is. Equal texts are one bundle. */
const repeated = (
  secrets: readonly SecretResource[],
  bundleOf: (secret: SecretResource) => CertificateBundle,
): ReadonlySet<SecretResource> => {
  const groups = new Map<CertificateBundle, SecretResource[]>()
  for (const secret of secrets) {
    const bundle = bundleOf(secret)
    if (!isNonsense(bundle)) continue
    const known = groups.get(bundle)
    if (known) known.push(secret)
    else groups.set(bundle, [secret])
  }
  return new Set([...groups.values()].filter((group) => group.length > 1).flat())
}

/** Where values are marks of nobody's list: words of their own, the same in each Secret. */
const withMarksFound = (secrets: readonly SecretResource[]): readonly SecretResource[] => {
  const certificates = repeated(secrets, (secret) => secret.tlsCrt)
  const cas = repeated(secrets, (secret) => secret.caCrt)
  const odd = secrets.filter(isNonsenseKey)
  const noKeyReadable = odd.length > 1 && !secrets.some((secret) => secret.tlsKey.facts?.status === 'read')
  if (certificates.size + cas.size === 0 && !noKeyReadable) return secrets
  return secrets.map((secret) => ({
    ...secret,
    ...(certificates.has(secret) && { tlsCrt: emptyBundle('masked') }),
    ...(cas.has(secret) && { caCrt: emptyBundle('masked') }),
    ...(isNonsenseKey(secret) && (noKeyReadable || certificates.has(secret)) && { tlsKey: { status: 'masked' as const } }),
  }))
}

/**
 * One masked value makes "masked" likelier for its neighbours of the same key: where two or more TLS Secrets are in a dump and
 * not one of them has the value, somebody took it out; a cluster in which every TLS Secret lacks its key does not exist.
 */
export const withMaskedNeighbours = (given: readonly SecretResource[]): SecretResource[] => {
  const secrets = withMarksFound(given)
  const tls = tlsSecrets(secrets)
  const candidates = tls.filter((secret) => !secret.existenceOnly)
  const taken = (statusOf: (secret: SecretResource) => ValueStatus): boolean =>
    candidates.length >= 2 && !candidates.some((secret) => statusOf(secret) === 'present')
  const keysTaken = taken((secret) => secret.tlsKey.status)
  const certificatesTaken = taken((secret) => secret.tlsCrt.status)
  const someKeyMasked = tls.some((secret) => secret.tlsKey.status === 'masked')
  const someCertificateMasked = tls.some((secret) => secret.tlsCrt.status === 'masked')
  if (!keysTaken && !certificatesTaken && !someKeyMasked && !someCertificateMasked) return [...secrets]
  const tlsSet = new Set(tls)
  return secrets.map((secret) => {
    if (!tlsSet.has(secret)) return secret
    const maskKey = isBare(secret.tlsKey.status) && (keysTaken || (someKeyMasked && secret.tlsKey.status === 'absent'))
    const maskCertificate =
      isBare(secret.tlsCrt.status) && (certificatesTaken || (someCertificateMasked && secret.tlsCrt.status === 'absent'))
    const maskCa = maskCertificate && isBare(secret.caCrt.status)
    if (!maskKey && !maskCertificate) return secret
    return {
      ...secret,
      ...(maskKey && { tlsKey: { status: 'masked' as const } }),
      ...(maskCertificate && { tlsCrt: emptyBundle('masked') }),
      ...(maskCa && { caCrt: emptyBundle('masked') }),
    }
  })
}
