import { createPrivateKey, createPublicKey, generateKeyPairSync, generatePrimeSync } from 'node:crypto'
import type { JsonWebKey } from 'node:crypto'
import { keyPairOf } from '../src/testing/key-pair.ts'
import type { KeyPair } from '../src/testing/key-pair.ts'

/** Hands out keys that differ from each other, quickly enough for 100,000 of them. */
export interface KeySupply {
  readonly rsa2048: () => KeyPair
  readonly p256: () => KeyPair
}

const EXPONENT = 65_537n

const inverse = (value: bigint, modulus: bigint): bigint => {
  let [low, high] = [value % modulus, modulus]
  let [factor, other] = [1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[low, high] = [high - quotient * low, low]
    ;[factor, other] = [other - quotient * factor, factor]
  }
  return ((factor % modulus) + modulus) % modulus
}

/** EXPONENT⁻¹ modulo a large number, by way of an inverse modulo EXPONENT: there the numbers are small. */
const exponentInverse = (modulus: bigint): bigint => (1n + modulus * (EXPONENT - inverse(modulus % EXPONENT, EXPONENT))) / EXPONENT

const base64url = (value: bigint): string => {
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
}

/** With the top two bits set, so that the product of any two has 2,048 bits. */
const newPrime = (): bigint => {
  for (;;) {
    const prime = generatePrimeSync(1024, { bigint: true })
    if (prime >> 1022n === 3n && prime % EXPONENT !== 1n) return prime
  }
}

const keyPair = (spec: KeyPair['spec'], jwk: JsonWebKey): KeyPair => {
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return keyPairOf(spec, key.export({ format: 'der', type: 'pkcs8' }), createPublicKey(key).export({ format: 'der', type: 'spki' }))
}

/**
 * RSA keys are pairs of primes from a pool: 320 primes make 51,040 keys in the time of 160, each of them another key. Together they protect
 * nothing, and are as much work to check as any.
 */
export const createKeySupply = (): KeySupply => {
  const primes: { readonly prime: bigint; readonly exponent: bigint }[] = []
  let [first, second] = [0, 1]
  const poolPrime = (index: number): { readonly prime: bigint; readonly exponent: bigint } => {
    while (primes.length <= index) {
      const prime = newPrime()
      if (!primes.some((known) => known.prime === prime)) primes.push({ prime, exponent: exponentInverse(prime - 1n) })
    }
    return primes[index]!
  }
  return {
    rsa2048: () => {
      const [p, q] = [poolPrime(second), poolPrime(first)]
      first++
      if (first === second) [first, second] = [0, second + 1]
      const jwk = {
        kty: 'RSA',
        n: base64url(p.prime * q.prime),
        e: base64url(EXPONENT),
        d: base64url(exponentInverse((p.prime - 1n) * (q.prime - 1n))),
        p: base64url(p.prime),
        q: base64url(q.prime),
        dp: base64url(p.exponent),
        dq: base64url(q.exponent),
        qi: base64url(inverse(q.prime, p.prime)),
      }
      return keyPair({ algorithm: 'RSA', size: 2048 }, jwk)
    },
    p256: () => {
      const made = generateKeyPairSync('ec', {
        namedCurve: 'P-256',
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      })
      return keyPairOf({ algorithm: 'ECDSA', size: 256 }, made.privateKey, made.publicKey)
    },
  }
}
