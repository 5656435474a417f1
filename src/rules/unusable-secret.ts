import type { Phrase } from '../base/phrase.ts'
import { say } from '../base/phrase.ts'
import type { CertificateBundle, SecretResource } from '../inventory/secret.ts'
import { isBrokenCertificate } from '../inventory/secret.ts'
import type { Model } from '../model/model.ts'

/** Does cert-manager read it: does a Certificate fill it, or an issuer sign with it? */
export const isManaged = (model: Model, secret: SecretResource): boolean =>
  model.ownerOf(secret) !== undefined || model.issuersOf(secret).length > 0

/**
 * Why a value that should hold PEM certificates does not; undefined where it does, and where it is not there or masked. cert-manager stops
 * at any block that is no certificate; where it does not read the value, TLS servers and clients pass over blocks of other kinds.
 */
export const bundleFault = (bundle: CertificateBundle, isRead = true): Phrase | undefined => {
  if (bundle.status !== 'present') return undefined
  if (bundle.failure) return say`it holds no PEM certificate`
  const countsAll = isRead || !bundle.entries.some((entry) => 'certificate' in entry)
  for (const entry of bundle.entries) {
    if ('failure' in entry && (countsAll || isBrokenCertificate(entry)))
      return say`PEM block ${entry.block} is no certificate (${entry.failure.code}${entry.failure.offset === undefined ? '' : ` at byte ${entry.failure.offset}`})`
  }
  return undefined
}

/** Does cert-unreadable, key-unreadable or secret-data-missing say why an issuer cannot sign with this Secret? */
export const isUnusable = (model: Model, secret: SecretResource): boolean => {
  if (bundleFault(secret.tlsCrt)) return true
  const { facts } = secret.tlsKey
  if (facts?.status === 'unreadable' && facts.code !== 'unsupported' && secret.tlsCrt.certificates.length > 0) return true
  const isThere = (status: string): boolean => status !== 'empty' && status !== 'absent'
  return model.ownerOf(secret) !== undefined && !(isThere(secret.tlsCrt.status) && isThere(secret.tlsKey.status))
}
