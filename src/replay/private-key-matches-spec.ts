import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { PublicKey } from '../x509/public-key.ts'

export type KeySpecMatch = { readonly violations: readonly string[] } | { readonly unknownAlgorithm: string }

const NO_VIOLATIONS: KeySpecMatch = { violations: [] }
const ALGORITHM: KeySpecMatch = { violations: ['spec.privateKey.algorithm'] }
const SIZE: KeySpecMatch = { violations: ['spec.privateKey.size'] }

/**
 * Compares a key with spec.privateKey: RSA 2048 and ECDSA 256 where nothing is written; Ed25519 has no size
 * (facts of cert-manager 5.1, check 6). The public half tells all of it.
 */
export const privateKeyViolations = (
  key: Pick<PublicKey, 'algorithm' | 'bits'>,
  spec: NonNullable<CertificateSpec['privateKey']> | undefined,
): KeySpecMatch => {
  const wanted = spec?.algorithm ?? ''
  const size = spec?.size !== undefined && spec.size > 0 ? spec.size : undefined
  if (wanted === '' || wanted === 'RSA') {
    if (key.algorithm !== 'RSA') return ALGORITHM
    return key.bits === (size ?? 2048) ? NO_VIOLATIONS : SIZE
  }
  if (wanted === 'ECDSA') {
    if (key.algorithm !== 'ECDSA') return ALGORITHM
    return key.bits === (size ?? 256) ? NO_VIOLATIONS : SIZE
  }
  if (wanted === 'Ed25519') return key.algorithm === 'Ed25519' ? NO_VIOLATIONS : ALGORITHM
  return { unknownAlgorithm: wanted }
}
