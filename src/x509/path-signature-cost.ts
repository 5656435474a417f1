import type { PublicKey } from './public-key.ts'

/** Bits of modulus that one unit of cost verifies with the usual small exponent. */
const RSA_UNIT_BITS = 4096

/**
 * What verifying one signature with this key costs, in units of a P-256 or RSA-2048 verification (as measured with WebCrypto's
 * overhead on Node 20: P-384 twice as much, P-521 four times). A budget in these units bounds the time that hostile keys can take.
 */
export const signatureCost = ({ algorithm, bits, curve, exponent }: PublicKey): number => {
  if (algorithm === 'RSA' || algorithm === 'RSASSA-PSS') {
    const size = Math.max(1, (bits ?? RSA_UNIT_BITS) / RSA_UNIT_BITS)
    // An exponent that does not fit a number costs as much as a private-key operation.
    return Math.ceil(size * size) * (exponent === undefined || exponent > 0xffffffff ? 50 : 1)
  }
  if (algorithm === 'ECDSA') return curve === 'P-256' ? 1 : curve === 'P-384' ? 2 : 4
  return algorithm === 'Ed448' ? 4 : 1
}
