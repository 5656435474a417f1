import { describe, expect, test } from 'vitest'
import type { Client } from '../../../src/x509/clients/client.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import { predictClients } from '../../../src/x509/clients/predict-clients.ts'
import { bits, der, extension, integer, NULL, oid, sequence } from '../../helpers/der-writer.ts'
import type { CertificateParts, KeyKind, TestKey } from '../../helpers/make-certificate.ts'
import { makeCertificate, testKey } from '../../helpers/make-certificate.ts'

// What is expected of Go is what its x509.ParseCertificate said of these certificates, of OpenSSL 3.0 and OpenJDK 17 what they made of the
// keys off their curves; webpki reads the key of an issuer alone.

const OPENSSLS: readonly Client[] = ['openssl', 'opensslPartial', 'opensslStrict']
const without = (...left: readonly Client[]): Client[] => clients.filter((client) => !left.includes(client))

const CA = [extension('2.5.29.19', true, sequence(der(1, Uint8Array.of(0xff))))]
const NAME = sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, new TextEncoder().encode('issuer')))))

/** Who accepts a certificate with this key, under a root that all accept. */
const accepting = async (spki: Uint8Array | undefined, subject?: Uint8Array): Promise<Client[]> => {
  const [root, key] = [await testKey('P-256', 'root'), await testKey('P-256', 'leaf')]
  const common: CertificateParts = { issuer: NAME }
  const anchor = await makeCertificate(root, root, { ...common, subject: NAME, extensions: CA })
  const san = extension('2.5.29.17', false, sequence(der(0x82, new TextEncoder().encode('a.example'))))
  const leaf = await makeCertificate(key, root, { ...common, ...(spki && { spki }), ...(subject && { subject }), extensions: [san] })
  const said = await predictClients({ chain: [leaf], anchors: [anchor], at: '2026-02-01T00:00:00Z' })
  return clients.filter((client) => said[client].accepts === true)
}

const changed = ({ spki }: TestKey, fromEnd: number): Uint8Array => {
  const out = spki.slice()
  out[out.length - fromEnd] = (out[out.length - fromEnd] as number) ^ 1
  return out
}

describe('the key of an end entity', () => {
  test.each(['P-256', 'P-384', 'P-521'] as const)('a point that is not on %s', async (kind: KeyKind) => {
    const key = await testKey(kind)
    const octets = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }[kind as 'P-256']
    const good = await accepting(key.spki)
    expect(good).toEqual(expect.arrayContaining(['go', 'java', 'rustls']))
    for (const fromEnd of [1, octets + 1])
      expect(await accepting(changed(key, fromEnd))).toEqual(good.filter((client) => client !== 'go' && !OPENSSLS.includes(client)))
  })

  const rsa = (modulus: Uint8Array, exponent: Uint8Array): Uint8Array =>
    sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), bits(sequence(modulus, exponent)))
  const MODULUS = integer(2n ** 2047n + 1n)

  test.each([
    ['65537', integer(65_537), true],
    ['2^63 - 1', integer(2n ** 63n - 1n), true],
    ['2^63', integer(2n ** 63n), false],
    ['0', integer(0), false],
    ['negative', der(2, Uint8Array.of(0x81)), false],
    ['with a zero before it', der(2, Uint8Array.of(0, 3)), false],
  ])('an RSA exponent: %s', async (_, exponent, goReads) => {
    const said = await accepting(rsa(MODULUS, exponent))
    expect(said.includes('go')).toBe(goReads)
    expect(said).toContain('rustls')
  })

  test('an RSA modulus that is negative to Go', async () => {
    expect(await accepting(rsa(der(2, new Uint8Array(256).fill(0x81)), integer(65_537)))).not.toContain('go')
  })

  test('Go refuses code points in a BMPString that are no characters', async () => {
    const named = (code: number) => sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x1e, Uint8Array.of(code >> 8, code & 0xff)))))
    const all = await accepting(undefined, named(0x61))
    expect(all).toContain('go')
    for (const code of [0xfffe, 0xffff, 0xfdd0, 0xfdef])
      expect(await accepting(undefined, named(code))).toEqual(without('go').filter((client) => all.includes(client)))
    for (const code of [0xfdcf, 0xfdf0, 0xfffd]) expect(await accepting(undefined, named(code))).toEqual(all)
  })
})
