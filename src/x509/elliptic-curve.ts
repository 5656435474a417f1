import { toHex } from '../base/bytes.ts'
import type { PublicKey } from './public-key.ts'

/** y² = x³ − 3x + b over p, the three curves of RFC 5480 that WebCrypto has; p ≡ 3 (mod 4) for all of them (SP 800-186 3.2.1). */
const CURVES: ReadonlyMap<string, { readonly p: bigint; readonly b: bigint; readonly octets: number }> = new Map([
  [
    'P-256',
    {
      p: (1n << 256n) - (1n << 224n) + (1n << 192n) + (1n << 96n) - 1n,
      b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
      octets: 32,
    },
  ],
  [
    'P-384',
    {
      p: (1n << 384n) - (1n << 128n) - (1n << 96n) + (1n << 32n) - 1n,
      b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
      octets: 48,
    },
  ],
  [
    'P-521',
    {
      p: (1n << 521n) - 1n,
      b: 0x051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
      octets: 66,
    },
  ],
])

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let [result, factor, rest] = [1n, base % modulus, exponent]
  while (rest > 0n) {
    if (rest & 1n) result = (result * factor) % modulus
    factor = (factor * factor) % modulus
    rest >>= 1n
  }
  return result
}

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(bytes)}`)

const writeUnsigned = (value: bigint, out: Uint8Array, from: number, to: number): void => {
  let rest = value
  for (let i = to - 1; i >= from; i--) {
    out[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
}

/**
 * An EC point in its uncompressed form (SEC 1 2.3.3, 2.3.4): 04, x, y. Takes compressed and hybrid points.
 * @returns undefined where the curve is not known here or the octets are no point on it
 */
export const expandPoint = (curveName: string, point: Uint8Array): Uint8Array | undefined => {
  const curve = CURVES.get(curveName)
  if (!curve) return undefined
  const { p, b, octets } = curve
  const form = point[0]
  const out = new Uint8Array(1 + 2 * octets)
  if (form === 4 || form === 6 || form === 7) {
    if (point.length !== out.length) return undefined
    if (form !== 4 && ((point[point.length - 1] as number) & 1) !== (form & 1)) return undefined
    out.set(point)
    out[0] = 4
    return out
  }
  if ((form !== 2 && form !== 3) || point.length !== 1 + octets) return undefined
  const x = toBigInt(point.subarray(1))
  if (x >= p) return undefined
  const square = (((x * x) % p) * x + (p - 3n) * x + b) % p
  const root = power(square, (p + 1n) >> 2n, p)
  if ((root * root) % p !== square) return undefined
  const y = (root & 1n) === BigInt(form & 1) ? root : p - root
  out[0] = 4
  out.set(point.subarray(1), 1)
  writeUnsigned(y, out, 1 + octets, out.length)
  return out
}

/** Is this a point on the curve, in any of its forms (SEC 1 3.2.2.1)? On a curve that is not known here every one is taken for it. */
export const isOnCurve = (curveName: string, point: Uint8Array): boolean => {
  const curve = CURVES.get(curveName)
  if (!curve) return true
  const expanded = expandPoint(curveName, point)
  if (!expanded || point[0] === 2 || point[0] === 3) return expanded !== undefined
  const { p, b, octets } = curve
  const [x, y] = [toBigInt(expanded.subarray(1, 1 + octets)), toBigInt(expanded.subarray(1 + octets))]
  return x < p && y < p && (y * y - ((x * x) % p) * x - (p - 3n) * x - b) % p === 0n
}

const answers = new WeakMap<PublicKey, boolean>()

/** As {@link isOnCurve}, of a whole key; worked out once for each. A key without a curve has nothing to be off. */
export const isKeyOnCurve = (key: PublicKey): boolean => {
  if (key.algorithm !== 'ECDSA' || key.curve === undefined) return true
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = isOnCurve(key.curve, key.key)
  answers.set(key, answer)
  return answer
}
