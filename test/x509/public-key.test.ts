import { createHash, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodePublicKey } from '../../src/x509/decode-public-key.ts'
import { expandPoint, isOnCurve } from '../../src/x509/elliptic-curve.ts'
import { bits, concat, integer, NULL, oid, sequence } from '../helpers/der-writer.ts'
import { testKey } from '../helpers/make-certificate.ts'

const RSA = oid('1.2.840.113549.1.1.1')
const EC = oid('1.2.840.10045.2.1')
const P256 = oid('1.2.840.10045.3.1.7')

describe('decodePublicKey', () => {
  it.each(['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const)('reads %s', async (kind) => {
    const { spki } = await testKey(kind)
    const key = decodePublicKey(spki)
    expect(key).toMatchObject({
      algorithm: kind.startsWith('P-') ? 'ECDSA' : kind.replace(/-.*/, ''),
      bits: kind === 'Ed25519' ? 256 : Number(kind.slice(kind.indexOf('-') + 1)),
      ...(kind.startsWith('P-') && { curve: kind }),
      ...(kind.startsWith('RSA') && { exponent: 65537 }),
    })
    if (!key) return
    expect(key.identity).toBe(createHash('sha256').update(spki).digest('hex'))
    expect(key.sha1KeyIdentifier).toBe(createHash('sha1').update(key.key).digest('hex'))
    expect(key.sha256KeyIdentifier).toBe(createHash('sha256').update(key.key).digest('hex').slice(0, 40))
  })

  it('gives one identity to one key, however it is encoded', () => {
    const numbers = sequence(integer(2n ** 1023n + 9n), integer(65537))
    const identity = decodePublicKey(sequence(sequence(RSA, NULL), bits(numbers)))?.identity
    expect(decodePublicKey(sequence(sequence(RSA), bits(numbers)))?.identity).toBe(identity)
    const padded = sequence(concat(Uint8Array.of(2, 0x81, 0x82, 0, 0), integer(2n ** 1023n + 9n).subarray(4)), integer(65537))
    expect(decodePublicKey(sequence(sequence(RSA, NULL), bits(padded)))?.identity).toBe(identity)
    expect(decodePublicKey(sequence(sequence(RSA, NULL), bits(sequence(integer(2n ** 1023n + 9n), integer(3)))))?.identity).not.toBe(
      identity,
    )
    const pss = oid('1.2.840.113549.1.1.10')
    expect(decodePublicKey(sequence(sequence(pss), bits(numbers)))?.identity).not.toBe(identity)
  })

  it('names curves without a name by their OID, and knows nothing of explicit ones', () => {
    expect(decodePublicKey(sequence(sequence(EC, oid('1.3.132.0.10')), bits(new Uint8Array(65).fill(4))))?.curve).toBe('1.3.132.0.10')
    expect(decodePublicKey(sequence(sequence(EC, oid('1.3.36.3.3.2.8.1.1.7')), bits(new Uint8Array(65).fill(4))))?.curve).toBe(
      '1.3.36.3.3.2.8.1.1.7',
    )
    const explicit = decodePublicKey(sequence(sequence(EC, sequence(integer(1))), bits(new Uint8Array(65).fill(4))))
    expect(explicit).toMatchObject({ algorithm: 'ECDSA' })
    expect(explicit?.curve).toBeUndefined()
  })

  it('is undefined for what is no key', () => {
    expect(decodePublicKey(new Uint8Array(0))).toBeUndefined()
    expect(decodePublicKey(sequence(sequence(EC, P256)))).toBeUndefined()
    expect(decodePublicKey(concat(sequence(sequence(EC, P256), bits(new Uint8Array(65))), NULL))).toBeUndefined()
  })
})

describe('expandPoint', () => {
  it.each(['P-256', 'P-384', 'P-521'] as const)('finds the point of %s from its compressed form, as OpenSSL does', async (kind) => {
    for (const label of ['a', 'b', 'c', 'd']) {
      const { spki } = await testKey(kind, label)
      const octets = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }[kind]
      const point = spki.subarray(spki.length - 2 * octets - 1)
      const odd = (point[point.length - 1] ?? 0) & 1
      expect(expandPoint(kind, concat(Uint8Array.of(2 + odd), point.subarray(1, 1 + octets)))).toEqual(point)
      expect(expandPoint(kind, concat(Uint8Array.of(3 - odd), point.subarray(1, 1 + octets)))).not.toEqual(point)
      expect(expandPoint(kind, concat(Uint8Array.of(6 + odd), point.subarray(1)))).toEqual(point)
      expect(expandPoint(kind, concat(Uint8Array.of(7 - odd), point.subarray(1)))).toBeUndefined()
      expect(createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' }).asymmetricKeyType).toBe('ec')
      for (const form of [
        point,
        concat(Uint8Array.of(2 + odd), point.subarray(1, 1 + octets)),
        concat(Uint8Array.of(6 + odd), point.subarray(1)),
      ])
        expect(isOnCurve(kind, form)).toBe(true)
      for (const at of [1, octets, octets + 1, 2 * octets]) {
        const off = point.slice()
        off[at] = (off[at] as number) ^ 1
        expect(isOnCurve(kind, off)).toBe(false)
      }
      expect(isOnCurve(kind, new Uint8Array(1 + 2 * octets).fill(0).fill(4, 0, 1))).toBe(false)
      expect(isOnCurve(kind, point.subarray(0, -1))).toBe(false)
    }
  })

  it('is undefined where there is no such point', () => {
    const misses = Array.from({ length: 40 }, (_, x) =>
      expandPoint('P-256', concat(Uint8Array.of(2), new Uint8Array(31), Uint8Array.of(x))),
    ).filter((point) => !point)
    expect(misses.length).toBeGreaterThan(5)
    expect(expandPoint('P-256', new Uint8Array(33).fill(0xff).fill(2, 0, 1))).toBeUndefined()
    expect(expandPoint('P-256', Uint8Array.of(2, 1))).toBeUndefined()
    expect(expandPoint('1.3.132.0.10', new Uint8Array(33).fill(2))).toBeUndefined()
    expect(expandPoint('P-256', new Uint8Array(0))).toBeUndefined()
  })
})
