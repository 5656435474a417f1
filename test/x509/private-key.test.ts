import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultLimits as limits } from '../../src/base/limits.ts'
import { readPem } from '../../src/x509/pem.ts'
import { readPrivateKey } from '../../src/x509/private-key.ts'
import { der, integer, octets, oid, sequence } from '../helpers/der-writer.ts'
import { toPem } from '../helpers/make-certificate.ts'

const made = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  Ed25519: generateKeyPairSync('ed25519').privateKey,
}

type Made = keyof typeof made
type Form = 'pkcs1' | 'sec1' | 'pkcs8'

const cases: readonly (readonly [Made, Form, string])[] = [
  ['RSA', 'pkcs1', 'PKCS1'],
  ['RSA', 'pkcs8', 'PKCS8'],
  ['P-256', 'sec1', 'SEC1'],
  ['P-256', 'pkcs8', 'PKCS8'],
  ['P-384', 'sec1', 'SEC1'],
  ['P-384', 'pkcs8', 'PKCS8'],
  ['P-521', 'sec1', 'SEC1'],
  ['P-521', 'pkcs8', 'PKCS8'],
  ['Ed25519', 'pkcs8', 'PKCS8'],
]

const pemOf = (kind: Made, type: Form): string => made[kind].export({ type, format: 'pem' } as { type: 'pkcs8'; format: 'pem' }).toString()
const spkiOf = (kind: Made): Buffer => createPublicKey(made[kind]).export({ type: 'spki', format: 'der' })

describe('readPrivateKey', () => {
  it.each(cases)('reads the public half of %s in %s', async (kind, type, form) => {
    const facts = await readPrivateKey(pemOf(kind, type))
    expect(facts).toMatchObject({ status: 'read', form })
    expect(facts.status === 'read' && Buffer.from(facts.publicKey.spki).equals(spkiOf(kind))).toBe(true)
  })

  it('reads a plain key below headers that call it encrypted: Go does not look at them', async () => {
    const headed = pemOf('P-256', 'sec1').replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n')
    const facts = await readPrivateKey(headed)
    expect(facts.status === 'read' && Buffer.from(facts.publicKey.spki).equals(spkiOf('P-256'))).toBe(true)
  })

  it.each(['P-256', 'P-384', 'P-521'] as const)('derives the point of %s where the encoding does not have it', async (kind) => {
    const { d } = made[kind].export({ format: 'jwk' })
    const curve = { 'P-256': '1.2.840.10045.3.1.7', 'P-384': '1.3.132.0.34', 'P-521': '1.3.132.0.35' }[kind]
    const scalar = Buffer.from(d ?? '', 'base64url')
    const sec1 = sequence(integer(1), octets(new Uint8Array(scalar)), der(0xa0, oid(curve)))
    const facts = await readPrivateKey(toPem(sec1, 'EC PRIVATE KEY'))
    expect(facts.status === 'read' && Buffer.from(facts.publicKey.spki).equals(spkiOf(kind))).toBe(true)
  })

  it('says why a key is not read', async () => {
    const code = async (text: string): Promise<unknown> =>
      Promise.resolve(readPrivateKey(text)).then((facts) => (facts.status === 'read' ? 'read' : facts.code))
    const encrypted = made['P-256'].export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
    const legacy = made.RSA.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
    const parameters = toPem(oid('1.2.840.10045.3.1.7'), 'EC PARAMETERS')
    expect(await code('')).toBe('not-pem')
    expect(await code('no key here')).toBe('not-pem')
    expect(await code(encrypted)).toBe('encrypted')
    expect(await code(legacy)).toBe('encrypted')
    expect(await code(parameters + pemOf('P-256', 'sec1'))).toBe('ec-parameters-first')
    expect(await code(toPem(sequence(), 'CERTIFICATE') + pemOf('P-256', 'sec1'))).toBe('unsupported')
    expect(await code(toPem(sequence(integer(0)), 'RSA PRIVATE KEY'))).toBe('malformed')
    expect(await code(pemOf('P-256', 'pkcs8').replaceAll('PRIVATE', 'RSA PRIVATE'))).toBe('malformed')
    expect(
      await code(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString()),
    ).toBe('unsupported')
    expect(await code(generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe('unsupported')
  })

  it('refuses an RSA key whose modulus is not the product of its primes, and a huge exponent', async () => {
    const { n, e, d, p, q, dp, dq, qi } = made.RSA.export({ format: 'jwk' })
    const numbers = [n, e, d, p, q, dp, dq, qi].map((value) => BigInt(`0x${Buffer.from(value ?? '', 'base64url').toString('hex')}`))
    const read = async (changed: readonly bigint[]): Promise<string> =>
      (await readPrivateKey(toPem(sequence(integer(0), ...changed.map(integer)), 'RSA PRIVATE KEY'))).status
    expect(await read(numbers)).toBe('read')
    expect(await read(numbers.with(0, (numbers[0] ?? 0n) + 2n))).toBe('unreadable')
    expect(await read(numbers.with(3, (numbers[3] ?? 0n) ^ 4n))).toBe('unreadable')
    expect(await read(numbers.with(1, 2n ** 40n + 1n))).toBe('unreadable')
  })

  it('reads only the first block', async () => {
    const facts = await readPrivateKey(pemOf('P-256', 'sec1') + pemOf('RSA', 'pkcs1'))
    expect(facts).toMatchObject({ form: 'SEC1' })
  })

  it('lets no private octet out, whatever happens to the text', async () => {
    const secrets = (Object.keys(made) as Made[]).flatMap((kind) => {
      const jwk = made[kind].export({ format: 'jwk' })
      return [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].flatMap((value) =>
        value === undefined ? [] : [Buffer.from(value, 'base64url')],
      )
    })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), fc.nat(), fc.nat(255), fc.boolean(), async ([kind, type], at, octet, damage) => {
        const bytes = new Uint8Array(Buffer.from(pemOf(kind, type)))
        if (damage) bytes[at % bytes.length] = octet
        const facts = await readPrivateKey(bytes)
        const spki = facts.status === 'read' ? Buffer.from(facts.publicKey.spki) : Buffer.alloc(0)
        const shown = JSON.stringify(facts, (_, value: unknown) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
        )
        for (const secret of secrets) {
          // A window of ten octets of any secret number, in hex, base64 or raw.
          const part = secret.subarray(4, 14)
          expect(shown.includes(part.toString('hex'))).toBe(false)
          expect(shown.includes(part.toString('base64').slice(0, 12))).toBe(false)
          expect(spki.includes(part)).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('readPem', () => {
  it('passes over text, keeps the numbers of blocks and says what was passed over', () => {
    const good = toPem(sequence(integer(1)), 'A')
    const text = `words\n${good}-----BEGIN B-----\nA!\n-----END B-----\n-----BEGIN C-----\nAA==\n${good.replaceAll('\n', '\r\n')} -----BEGIN A-----\nAA==\n-----END A-----\n-----BEGIN D-----`
    expect(readPem(text).map(({ block, label, der: bytes, failure }) => [block, label, bytes?.length ?? failure?.code])).toEqual([
      [1, 'A', 5],
      [2, 'B', 'pem-base64'],
      [3, 'C', 'pem-no-end'],
      [4, 'A', 5],
      [5, 'A', 'pem-begin-not-at-line-start'],
      [6, 'D', 'pem-no-end'],
    ])
    for (const { offset } of readPem(text)) expect(text.startsWith('-----BEGIN ', offset)).toBe(true)
  })

  it('gives the same blocks for text and for its octets', () => {
    const piece = fc.constantFrom(
      '-----BEGIN ',
      '-----END ',
      'A',
      '-----',
      '\n',
      '\r\n',
      'AAAA',
      'AA==',
      ':',
      ' ',
      'Proc-Type: 4,ENCRYPTED',
      '=',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        expect(readPem(new TextEncoder().encode(text))).toEqual(readPem(text))
      }),
      { numRuns: 500 },
    )
  })

  // Looking again at all that is left for each piece would take minutes, longer than a test may.
  it('is linear in hostile text', () => {
    const blocksIn = (piece: string, rest = ''): number =>
      readPem(piece.repeat(2_000_000 / piece.length) + rest, { ...limits, pemBlocks: 1_000_000 }).length
    expect(blocksIn('-----BEGIN ')).toBe(181_818)
    expect(blocksIn('-----BEGIN ', ' '.repeat(1_000_000))).toBe(181_818)
    expect(blocksIn('\n-----END ')).toBe(200_000)
    expect(blocksIn('\n-----BEGIN A-----\n')).toBe(105_263)
    expect(blocksIn('\n-----BEGIN A-----\n-----END ')).toBe(71_428)
    expect(blocksIn('a:b\n')).toBe(0)
    expect(blocksIn('\n-----BEGIN A-----\na:b\n-----END B-----')).toBe(52_631)
  })

  it('stops after the limit and says so', () => {
    const blocks = readPem(toPem(sequence(), 'A').repeat(20), { ...limits, pemBlocks: 5 })
    expect(blocks).toHaveLength(6)
    expect(blocks[5]?.failure?.code).toBe('pem-too-many-blocks')
  })
})
