import type { SecretResource } from './secret.ts'
import { emptyBundle } from './secret.ts'

/** Secrets of a pair of key and certificate; the next key that waits for its certificate is none yet. */
const tlsSecrets = (secrets: readonly SecretResource[]): readonly SecretResource[] =>
  secrets.filter(
    (secret) =>
      (secret.type === 'kubernetes.io/tls' || secret.keys.has('tls.crt') || (secret.type === undefined && secret.keys.has('tls.key'))) &&
      secret.metadata.labels['cert-manager.io/next-private-key'] !== 'true',
  )

const isBare = (status: string): boolean => status === 'absent' || status === 'empty'

/**
 * One masked value makes "masked" likelier for its neighbours of the same key: where two or more TLS Secrets are in a dump and
 * not one of them has the value, somebody took it out; a cluster in which every TLS Secret lacks its key does not exist.
 */
export const withMaskedNeighbours = (secrets: readonly SecretResource[]): SecretResource[] => {
  const tls = tlsSecrets(secrets)
  const tlsSet = new Set(tls)
  const candidates = tls.filter((secret) => !secret.existenceOnly)
  const taken = (bare: (secret: SecretResource) => boolean, shown: (secret: SecretResource) => boolean): boolean =>
    candidates.filter(bare).length >= 2 && !candidates.some(shown)
  const keysTaken = taken(
    (secret) => isBare(secret.tlsKey.status),
    (secret) => secret.tlsKey.status === 'present',
  )
  const certificatesTaken = taken(
    (secret) => isBare(secret.tlsCrt.status),
    (secret) => secret.tlsCrt.status === 'present',
  )
  const someKeyMasked = tls.some((secret) => secret.tlsKey.status === 'masked')
  const someCertificateMasked = tls.some((secret) => secret.tlsCrt.status === 'masked')
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
