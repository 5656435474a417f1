import { afterEach, describe, expect, test, vi } from 'vitest'
import { clients } from '../../../src/x509/clients/client.ts'
import { readClientCertificate } from '../../../src/x509/clients/client-certificate.ts'
import { predictClients } from '../../../src/x509/clients/predict-clients.ts'
import { MAX_FOLDED } from '../../../src/x509/decode-name.ts'
import { makeCa, makeLeaf } from '../../helpers/client-pki.ts'
import { extension, oid, sequence } from '../../helpers/der-writer.ts'
import { makeCertificate, testKey } from '../../helpers/make-certificate.ts'

// What takes time by the square of its length is watched for what it is given, not for how long it takes.

afterEach(() => vi.restoreAllMocks())

describe('texts that are normalized', () => {
  const marks = (count: number): string => 'a' + '\u0315\u0300'.repeat(count / 2)
  const longestNormalized = (calls: { readonly mock: { readonly contexts: readonly unknown[] } }): number =>
    calls.mock.contexts.map(String).reduce((longest, text) => Math.max(longest, text.length), 0)

  test.each([marks(15_000), '\u00e4'.repeat(15_000)])('a name of 30,000 octets', async (value) => {
    const root = await makeCa(1, { subject: [{ type: 'O', value, encoding: 'utf8' }] })
    const leaf = await makeLeaf(root)
    const calls = vi.spyOn(String.prototype, 'normalize')
    const said = await predictClients({ chain: [leaf.pem], anchors: [root.pem], at: '2027-03-01T00:00:00Z' })
    expect(longestNormalized(calls)).toBeLessThanOrEqual(MAX_FOLDED)
    expect([said.go.accepts, said.java.accepts, said.rustls.accepts, said.openssl.accepts]).toEqual([true, true, true, true])
  })

  test('a CN of 60,000 octets, held against a host', async () => {
    const root = await makeCa(1)
    const leaf = await makeLeaf(root, { subject: [{ type: 'CN', value: marks(30_000), encoding: 'utf8' }], names: [] })
    const calls = vi.spyOn(String.prototype, 'normalize')
    const said = await predictClients({
      chain: [leaf.pem],
      anchors: [root.pem],
      peer: { dns: 'a.example' },
      at: '2027-03-01T00:00:00Z',
    })
    expect(longestNormalized(calls)).toBeLessThanOrEqual(MAX_FOLDED)
    for (const client of clients) expect(said[client].accepts).toBe(false)
  })
})

describe('certificate policies', () => {
  const policies = (count: number): string[] => Array.from({ length: count }, (_, index) => `1.3.${index >> 7}.${index & 0x7f}`)
  const read = async (list: readonly string[]) => {
    const key = await testKey('P-256')
    const value = sequence(...list.map((each) => sequence(oid(each))))
    return readClientCertificate(await makeCertificate(key, key, { extensions: [extension('2.5.29.32', false, value)] }))
  }

  test('thousands are told apart without looking through them for each', async () => {
    const list = policies(7_000)
    const made = await read(list)
    expect(made?.policies?.oids).toEqual(list)
    const calls = vi.spyOn(Array.prototype, 'includes')
    expect(made && readClientCertificate(made.der)?.policies?.oids.length).toBe(7_000)
    const searched = calls.mock.contexts.map((context) => (context as readonly unknown[]).length)
    expect(searched.every((length) => length < 100)).toBe(true)
  })

  test('one that stands there twice is noted', async () => {
    const repeated = async (list: readonly string[]) => (await read(list))?.flaws.some(({ code }) => code === 'policies-repeated')
    expect(await repeated([...policies(5), '1.3.0.2'])).toBe(true)
    expect(await repeated(policies(5))).toBe(false)
  })
})
