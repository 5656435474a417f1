import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { ecdsaSignatureToRaw } from '../../src/x509/ecdsa-signature.ts'
import { createPkijsVerifier } from '../../src/x509/pkijs.ts'
import { createSignatureVerifier } from '../../src/x509/signature.ts'
import { bits, concat, der, integer, NULL, oid, sequence } from '../helpers/der-writer.ts'
import type { KeyKind, Signing, TestKey } from '../helpers/make-certificate.ts'
import { algorithmFor, HASH_OIDS, makeCertificate, sign, testKey } from '../helpers/make-certificate.ts'

const read = (bytes: Uint8Array): X509Certificate => {
  const decoded = decodeCertificate(bytes)
  if (!('certificate' in decoded)) throw new Error(decoded.failure.code)
  return decoded.certificate
}

const KINDS: readonly KeyKind[] = ['RSA-2048', 'RSA-3072', 'P-256', 'P-384', 'P-521', 'Ed25519', 'Ed448']

const pairFor = async (
  signer: TestKey,
  signing: Signing = {},
  spki: Uint8Array = signer.spki,
): Promise<{ leaf: X509Certificate; ca: X509Certificate }> => {
  const leafKey = await testKey('P-256', 'leaf')
  return {
    leaf: read(await makeCertificate(leafKey, signer, { signing })),
    ca: read(await makeCertificate(signer, signer, { spki })),
  }
}

/** One question on both ways. */
const both = async (leaf: X509Certificate, ca: X509Certificate) => ({
  direct: await createSignatureVerifier().verify(leaf, ca),
  pkijs: await createPkijsVerifier().verify({
    signed: leaf.tbs,
    algorithm: leaf.signatureAlgorithm,
    signature: leaf.signature,
    key: ca.publicKey,
  }),
})

describe('one signature, by WebCrypto and by pkijs', () => {
  it.each(KINDS)('verifies %s and refuses a changed byte, on both ways', async (kind) => {
    const { leaf, ca } = await pairFor(await testKey(kind, 'ca'))
    const good = await both(leaf, ca)
    expect(good).toEqual({ direct: { status: 'verified' }, pkijs: { status: 'verified' } })
    const tbs = leaf.tbs.slice()
    tbs[20] = (tbs[20] as number) ^ 1
    const bad = await both({ ...leaf, tbs, fingerprint: 'changed' }, ca)
    expect([bad.direct.status, bad.pkijs.status]).toEqual(['failed', 'failed'])
  })

  it('has the same answer on both ways for any hash, salt and flipped bit', async () => {
    const signers = await Promise.all(KINDS.map((kind) => testKey(kind, 'ca')))
    const pool: { leaf: X509Certificate; ca: X509Certificate }[] = []
    for (const signer of signers)
      for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const) {
        pool.push(await pairFor(signer, { hash }))
        if (signer.kind.startsWith('RSA')) for (const salt of [0, 20, 32]) pool.push(await pairFor(signer, { hash, pss: { salt } }))
      }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(pool.length - 1),
        fc.nat(pool.length - 1),
        fc.option(fc.tuple(fc.boolean(), fc.nat(), fc.nat(7))),
        async (i, j, flip) => {
          let { leaf } = pool[i] as (typeof pool)[number]
          const { ca } = pool[flip ? i : j] as (typeof pool)[number]
          if (flip) {
            const [inSignature, at, bit] = flip
            const bytes = (inSignature ? leaf.signature : leaf.tbs).slice()
            bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << bit)
            leaf = { ...leaf, [inSignature ? 'signature' : 'tbs']: bytes }
          }
          const { direct, pkijs } = await both(leaf, ca)
          expect(pkijs).toEqual(direct)
          const sameKey = leaf.signatureAlgorithm.oid === (pool[i] as (typeof pool)[number]).leaf.signatureAlgorithm.oid
          if (flip) expect(direct.status).toBe('failed')
          else if (sameKey)
            expect(direct.status).toBe(
              ca.publicKey.identity === (pool[i] as (typeof pool)[number]).ca.publicKey.identity ? 'verified' : 'failed',
            )
        },
      ),
      { numRuns: 120 },
    )
  })

  it('takes a compressed point and an RSA key without NULL for the key they are', async () => {
    for (const kind of ['P-256', 'P-384', 'P-521'] as const) {
      const key = await testKey(kind, 'ca')
      const octets = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }[kind]
      const point = key.spki.subarray(key.spki.length - 2 * octets)
      const curve = { 'P-256': '1.2.840.10045.3.1.7', 'P-384': '1.3.132.0.34', 'P-521': '1.3.132.0.35' }[kind]
      const compressed = concat(Uint8Array.of(2 + ((point[point.length - 1] as number) & 1)), point.subarray(0, octets))
      const spki = sequence(sequence(oid('1.2.840.10045.2.1'), oid(curve)), bits(compressed))
      const { leaf, ca } = await pairFor(key, {}, spki)
      expect(ca.publicKey.compressedPoint).toBe(true)
      expect(ca.publicKey.identity).toBe(leaf && read(await makeCertificate(key, key)).publicKey.identity)
      expect(await both(leaf, ca)).toEqual({ direct: { status: 'verified' }, pkijs: { status: 'verified' } })
    }
    const rsa = await testKey('RSA-2048', 'ca')
    const plain = read(await makeCertificate(rsa, rsa))
    const { leaf, ca } = await pairFor(rsa, {}, sequence(sequence(oid('1.2.840.113549.1.1.1')), bits(plain.publicKey.key)))
    expect(ca.publicKey.identity).toBe(plain.publicKey.identity)
    expect(await both(leaf, ca)).toEqual({ direct: { status: 'verified' }, pkijs: { status: 'verified' } })
  })

  it('verifies RSASSA-PSS with keys of type id-RSASSA-PSS, and holds the key to its parameters', async () => {
    const rsa = await testKey('RSA-2048', 'ca')
    const { key } = read(await makeCertificate(rsa, rsa)).publicKey
    const free = sequence(sequence(oid('1.2.840.113549.1.1.10')), bits(key))
    const bound = sequence(algorithmFor('RSA-2048', { hash: 'SHA-384', pss: { salt: 48 } }), bits(key))
    const open = await pairFor(rsa, { pss: { salt: 32 } }, free)
    expect(await both(open.leaf, open.ca)).toEqual({ direct: { status: 'verified' }, pkijs: { status: 'verified' } })
    const other = await pairFor(rsa, { pss: { salt: 32 } }, bound)
    expect((await both(other.leaf, other.ca)).direct.status).toBe('failed')
    const fitting = await pairFor(rsa, { hash: 'SHA-384', pss: { salt: 48 } }, bound)
    expect((await both(fitting.leaf, fitting.ca)).direct).toEqual({ status: 'verified' })
    const pkcs1 = await pairFor(rsa, {}, free)
    expect((await both(pkcs1.leaf, pkcs1.ca)).direct.status).toBe('failed')
  })

  it('says unknown with the name of what cannot be verified here', async () => {
    const rsa = await testKey('RSA-2048', 'ca')
    const ec = await testKey('P-256', 'ca')
    const { ca } = await pairFor(rsa)
    const asked = async (algorithm: Uint8Array, issuer: X509Certificate): Promise<unknown> => {
      const leaf = read(await makeCertificate(ec, rsa, { innerAlgorithm: algorithm, outerAlgorithm: algorithm }))
      return (await both(leaf, issuer)).direct
    }
    const missing = { status: 'unknown', missing: ['algorithm'] }
    expect(await asked(sequence(oid('1.2.840.113549.1.1.14'), NULL), ca)).toMatchObject({
      ...missing,
      reason: expect.stringContaining('sha224With'),
    })
    expect(await asked(sequence(oid('1.2.840.113549.1.1.4'), NULL), ca)).toMatchObject({
      ...missing,
      reason: expect.stringContaining('md5With'),
    })
    expect(await asked(sequence(oid('1.2.3.4')), ca)).toMatchObject({ ...missing, reason: expect.stringContaining('1.2.3.4') })
    expect(await asked(algorithmFor('RSA-2048', { pss: { salt: 32, mask: 'SHA-1' } }), ca)).toMatchObject(missing)
    const k1 = read(
      await makeCertificate(ec, ec, {
        spki: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.3.132.0.10')), bits(new Uint8Array(65).fill(4))),
      }),
    )
    expect(await asked(algorithmFor('P-256'), k1)).toMatchObject({ ...missing, reason: expect.stringContaining('1.3.132.0.10') })
    const explicit = read(
      await makeCertificate(ec, ec, {
        spki: sequence(sequence(oid('1.2.840.10045.2.1'), sequence(integer(1))), bits(new Uint8Array(65).fill(4))),
      }),
    )
    expect(await asked(algorithmFor('P-256'), explicit)).toMatchObject(missing)
  })

  it('takes no RSA key with which anybody could sign, or nobody', async () => {
    const rsa = await testKey('RSA-2048', 'ca')
    const plain = read(await makeCertificate(rsa, rsa))
    const modulus = der(0x02, concat(Uint8Array.of(0), new Uint8Array(256).fill(0xff)))
    const unsigned = read(await makeCertificate(rsa, rsa))
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(unsigned.tbs)))
    const info = sequence(sequence(oid(HASH_OIDS['SHA-256']), NULL), der(0x04, hash))
    const padded = concat(Uint8Array.of(0, 1), new Uint8Array(256 - 3 - info.length).fill(0xff), Uint8Array.of(0), info)
    for (const exponent of [1, 2, 65_536]) {
      const ca = read(
        await makeCertificate(rsa, rsa, {
          spki: sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), bits(sequence(modulus, integer(exponent)))),
        }),
      )
      const { direct, pkijs } = await both({ ...unsigned, signature: padded, fingerprint: `forged ${exponent}` }, ca)
      expect([direct.status, pkijs.status]).toEqual(['failed', 'failed'])
    }
    expect((await both(unsigned, plain)).direct.status).toBe('verified')
  })

  it('fails, and does not throw, for a point that is not on the curve', async () => {
    const ec = await testKey('P-256', 'ca')
    const spki = sequence(
      sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
      bits(concat(Uint8Array.of(4), new Uint8Array(64).fill(7))),
    )
    const { leaf, ca } = await pairFor(ec, {}, spki)
    const { direct, pkijs } = await both(leaf, ca)
    expect([direct.status, pkijs.status]).toEqual(['failed', 'failed'])
  })

  it('answers a batch in the order of its questions and asks each question once', async () => {
    const [a, b] = [await pairFor(await testKey('P-256', 'a')), await pairFor(await testKey('Ed25519', 'b'))]
    const verifier = createSignatureVerifier()
    const questions = Array.from({ length: 600 }, (_, i) => ({ certificate: (i % 2 ? a : b).leaf, issuer: (i % 3 ? a : b).ca }))
    const answers = await verifier.verifyBatch(questions)
    expect(answers.map(({ status }) => status)).toEqual(
      questions.map((_, i) => ((i % 2 ? a : b) === (i % 3 ? a : b) ? 'verified' : 'failed')),
    )
    expect(verifier.verify(a.leaf, a.ca)).toBe(verifier.verify(a.leaf, a.ca))
  })
})

describe('ecdsaSignatureToRaw', () => {
  const r = 0x123456n
  const s = 2n ** 255n + 5n
  it('takes strict DER only', () => {
    const good = sequence(integer(r), integer(s))
    expect(ecdsaSignatureToRaw(good, 'P-256')?.length).toBe(64)
    expect(ecdsaSignatureToRaw(good, 'P-521')?.length).toBe(132)
    expect(ecdsaSignatureToRaw(concat(good, Uint8Array.of(0)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(sequence(integer(r), integer(-5)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(sequence(der(0x02, Uint8Array.of(0, 1)), integer(s)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(sequence(integer(r), integer(s), integer(1)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(sequence(integer(r), integer(2n ** 256n)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(concat(Uint8Array.of(0x30, 0x81), good.subarray(1)), 'P-256')).toBeUndefined()
    expect(ecdsaSignatureToRaw(concat(Uint8Array.of(0x30, 0x80), good.subarray(2), Uint8Array.of(0, 0)), 'P-256')).toBeUndefined()
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.constantFrom('P-256', 'P-384', 'P-521', 'x'), (bytes, curve) => {
        ecdsaSignatureToRaw(bytes, curve)
      }),
    )
  })

  it('reads back what WebCrypto signed', async () => {
    for (const kind of ['P-256', 'P-384', 'P-521'] as const) {
      const key = await testKey(kind, 'ca')
      const data = Uint8Array.of(1, 2, 3)
      for (let i = 0; i < 20; i++) {
        const raw = ecdsaSignatureToRaw(await sign(key, data), kind)
        expect(raw && (await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key.publicKey, new Uint8Array(raw), data))).toBe(true)
      }
    }
  })
})
