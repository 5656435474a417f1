import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { analyze } from '../../src/index.ts'
import { der, integer, octets, oid, sequence } from '../helpers/der-writer.ts'
import { toPem } from '../helpers/make-certificate.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed = generateKeyPairSync('ed25519').privateKey

/** The private number of a key, as it stands in every encoding. */
const secretOf = (key: typeof rsa): Buffer => Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url')
const pem = (key: typeof rsa, type: 'pkcs1' | 'sec1' | 'pkcs8'): string => key.export({ type, format: 'pem' } as never).toString()
const bareSec1 = toPem(sequence(integer(1), octets(new Uint8Array(secretOf(ec))), der(0xa0, oid('1.2.840.10045.3.1.7'))), 'EC PRIVATE KEY')
const base64 = (value: string | Buffer): string => Buffer.from(value).toString('base64')

describe('octets of private keys', () => {
  afterEach(() => vi.unstubAllGlobals())

  /** Makes every array that is made from now on known; what the runtime itself makes stays unknown. */
  const registerArrays = (): Uint8Array[] => {
    const made: Uint8Array[] = []
    const Plain = Uint8Array
    class Registered extends Plain {
      constructor(...given: ConstructorParameters<typeof Plain>) {
        super(...given)
        made.push(this)
      }
      static get [Symbol.species](): typeof Plain {
        return Registered
      }
      static override [Symbol.hasInstance](value: unknown): boolean {
        return Plain[Symbol.hasInstance](value)
      }
    }
    vi.stubGlobal('Uint8Array', Registered)
    return made
  }

  it.each([
    ['Ed25519 in PKCS #8', ed, pem(ed, 'pkcs8'), {}],
    ['P-256 in SEC 1', ec, pem(ec, 'sec1'), {}],
    ['P-256 in PKCS #8', ec, pem(ec, 'pkcs8'), {}],
    ['P-256 in SEC 1, without its point', ec, bareSec1, {}],
    ['RSA in PKCS #1', rsa, pem(rsa, 'pkcs1'), {}],
    ['RSA in PKCS #8', rsa, pem(rsa, 'pkcs8'), {}],
    ['RSA, a line between the blocks', rsa, `${pem(rsa, 'pkcs1')}\n${pem(rsa, 'pkcs1')}`, {}],
    ['a comment behind', ec, `${pem(ec, 'sec1')}# from the vault\n`, {}],
    ['base64 that breaks off', rsa, pem(rsa, 'pkcs1').replace(/.=*\n-----END/, '!\n-----END'), {}],
    ['base64 without its padding', rsa, pem(rsa, 'pkcs1').replace(/.=*\n-----END/, '\n-----END'), {}],
    ['a key behind parameters', ec, toPem(oid('1.2.840.10045.3.1.7'), 'EC PARAMETERS') + pem(ec, 'sec1'), {}],
    ['key.der beside it', rsa, pem(rsa, 'pkcs1'), { 'key.der': base64(rsa.export({ type: 'pkcs1', format: 'der' })) }],
    ['a small key.der beside it', ec, pem(ec, 'sec1'), { 'key.der': base64(ec.export({ type: 'sec1', format: 'der' })) }],
    [
      'tls-combined.pem beside it',
      ec,
      pem(ec, 'sec1'),
      { 'tls.crt': base64('none'), 'tls-combined.pem': base64(`${pem(ec, 'sec1')}\nnone`) },
    ],
    ['key.der beside two', rsa, pem(rsa, 'pkcs1') + pem(rsa, 'pkcs8'), { 'key.der': base64(rsa.export({ type: 'pkcs1', format: 'der' })) }],
  ])('nowhere after reading: %s', async (_, key, text, more) => {
    const data = { 'tls.crt': '', 'tls.key': base64(text), ...more }
    const secret = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: 'x', namespace: 'n' }, data }
    const input = [{ name: 'd.json', text: JSON.stringify(secret) }]
    const made = registerArrays()
    await analyze(input, { at: '2026-06-01T00:00:00Z' })
    vi.unstubAllGlobals()
    const secretOctets = secretOf(key)
    // The base64 of key.der is what stands in the PEM text, and in the dump.
    const [secretText] = 'key.der' in more ? [] : (/^.{40}/m.exec(text.split('\n').at(-4) ?? '') ?? [])
    expect(made.length).toBeGreaterThan(5)
    for (const part of [secretOctets, ...(secretText === undefined ? [] : [Buffer.from(secretText)])])
      expect(made.filter((array) => Buffer.from(array.buffer).includes(part)).map(({ length }) => length)).toEqual([])
  })
})
