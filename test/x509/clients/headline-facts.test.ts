import { beforeAll, describe, expect, test } from 'vitest'
import type { CertificateOptions, IssuedCertificate } from '../../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../../src/testing/certificate-builder.ts'
import type { Client, ClientPurpose } from '../../../src/x509/clients/client.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import { predictClients } from '../../../src/x509/clients/predict-clients.ts'
import { dates, ec, makeCa, makeLeaf, pool } from '../../helpers/client-pki.ts'

const AT = '2027-03-01T00:00:00Z'
const peer = { dns: 'svc.ns.svc' }
const serverAuth = '1.3.6.1.5.5.7.3.1'
interface Ask {
  readonly at?: string
  readonly host?: string
  readonly purpose?: ClientPurpose
}

/** The clients that accept. */
const accepted = async (chain: readonly IssuedCertificate[], anchors: readonly IssuedCertificate[], ask: Ask = {}): Promise<Client[]> => {
  const said = await predictClients({
    chain: chain.map(({ pem }) => pem),
    anchors: anchors.map(({ pem }) => pem),
    ...(ask.purpose === 'client' ? {} : { peer: ask.host === undefined ? peer : { dns: ask.host } }),
    purpose: ask.purpose ?? 'server',
    at: ask.at ?? AT,
  })
  for (const client of clients) expect(said[client].accepts, said[client].reason).not.toBe('unknown')
  return clients.filter((client) => said[client].accepts === true)
}

const everybody: readonly Client[] = clients
const without = (...left: Client[]): Client[] => clients.filter((client) => !left.includes(client))

describe('what matters most for a cert-manager PKI', () => {
  let root: IssuedCertificate
  let leaf: IssuedCertificate
  beforeAll(async () => {
    root = await makeCa(1)
    leaf = await makeLeaf(root)
  })

  test('a plain chain is taken by everybody, with or without its root sent', async () => {
    expect(await accepted([leaf], [root])).toEqual(everybody)
    expect(await accepted([leaf, root], [root])).toEqual(everybody)
    expect(await accepted([leaf], [await makeCa(2)])).toEqual([])
  })

  test('1: a CA renewed with its key and another SKI loses its old leaves at OpenSSL and Java', async () => {
    const old = await makeCa(3, { subjectKeyIdentifier: 'sha1' })
    const renewed = await makeCa(3, { subjectKeyIdentifier: 'sha256' })
    const before = await makeLeaf(old)
    expect(await accepted([before], [renewed])).toEqual(['go', 'rustls'])
    expect(await accepted([before], [renewed, old])).toEqual(everybody)
  })

  test('2: an anchor that is not self-signed is refused by OpenSSL alone, unless it takes partial chains', async () => {
    const intermediate = await makeCa(4, { issuer: root })
    expect(await accepted([await makeLeaf(intermediate)], [intermediate])).toEqual(without('openssl'))
  })

  test('3: OpenSSL does not go back from the first CA of a name', async () => {
    const options: Partial<CertificateOptions> = { subject: 'CN=re-keyed', subjectKeyIdentifier: 'none' }
    const first = await makeCa(5, options)
    const second = await makeCa(6, options)
    const signed = await makeLeaf(second)
    expect(await accepted([signed], [first, second])).toEqual(['go', 'java', 'rustls'])
    expect(await accepted([signed], [second, first])).toEqual(without('opensslStrict'))
  })

  test('3: Java follows the list as it is sent', async () => {
    const old = await makeCa(7, { subject: 'CN=generations' })
    const current = await makeCa(8, { subject: 'CN=generations' })
    const signed = await makeLeaf(current)
    expect(await accepted([signed, old], [current])).toEqual(without('java'))
  })

  test('4: Java cannot read an empty issuer; OpenSSL takes a leaf named as its issuer for self-signed', async () => {
    const nameless = await makeCa(9, { subject: [] })
    expect(await accepted([await makeLeaf(nameless)], [nameless])).toEqual(without('java', 'opensslStrict'))
    expect(await accepted([await makeLeaf(nameless, { subject: [], authorityKeyIdentifier: 'none' })], [nameless])).toEqual([
      'go',
      'rustls',
    ])
  })

  test('5: Java and rustls do not look at the dates of an anchor', async () => {
    const expired = await makeCa(10, { notAfter: '2027-01-01T00:00:00Z' })
    expect(await accepted([await makeLeaf(expired)], [expired])).toEqual(['java', 'rustls'])
    const own = await issueCertificate({
      key: await ec(11),
      subject: 'CN=own',
      names: [{ dns: 'svc.ns.svc' }],
      ...dates,
      notAfter: '2027-01-01T00:00:00Z',
    })
    expect(await accepted([own], [own])).toEqual(['java'])
  })

  test("6: the anchor's own limits: none for Java, its name constraints for rustls, all for Go and OpenSSL", async () => {
    const constrained = await makeCa(12, { nameConstraints: { permitted: [{ dns: 'example.com' }] } })
    expect(await accepted([await makeLeaf(constrained)], [constrained])).toEqual(['java'])
    const short = await makeCa(13, { pathLength: 0 })
    const below = await makeCa(14, { issuer: short })
    expect(await accepted([await makeLeaf(below), below], [short])).toEqual(['java', 'rustls'])
    const forClients = await makeCa(15, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] })
    expect(await accepted([await makeLeaf(forClients)], [forClients])).toEqual(['java', 'rustls'])
  })

  test('7: Go and rustls compare names by bytes, OpenSSL and Java fold them; the CN is a host to OpenSSL and Java', async () => {
    const cased = await makeCa(16, { subject: 'CN=Platform CA' })
    expect(await accepted([await makeLeaf(cased, { issuerName: 'CN=platform ca' })], [cased])).toEqual(without('go', 'rustls'))
    const byName = await issueCertificate({
      key: await ec(98),
      subject: 'CN=svc.ns.svc',
      issuer: root,
      keyUsage: ['digitalSignature'],
      ...dates,
    })
    expect(await accepted([byName], [root])).toEqual(without('go', 'rustls'))
  })

  test('8: anyExtendedKeyUsage, key usage of the leaf, a CA as leaf, seven intermediates', async () => {
    expect(await accepted([await makeLeaf(root, { extendedKeyUsage: ['2.5.29.37.0'] })], [root])).toEqual(['go', 'java'])
    expect(await accepted([await makeLeaf(root, { keyUsage: ['contentCommitment'] })], [root])).toEqual(['go', 'rustls'])
    const asLeaf = await makeCa(17, { issuer: root, names: [{ dns: 'svc.ns.svc' }], extendedKeyUsage: [serverAuth] })
    expect(await accepted([asLeaf], [root])).toEqual(without('rustls'))
    const deep: IssuedCertificate[] = [root]
    for (let i = 0; i < 7; i++) deep.push(await makeCa(20 + i, { issuer: deep[deep.length - 1] as IssuedCertificate }))
    const bottom = await makeLeaf(deep[7] as IssuedCertificate)
    expect(await accepted([bottom, ...deep.slice(1).reverse()], [root])).toEqual(without('rustls'))
    const shallow = await makeLeaf(deep[6] as IssuedCertificate)
    expect(await accepted([shallow, ...deep.slice(1, 7).reverse()], [root])).toEqual(everybody)
  })

  test('9: strict OpenSSL wants an AKI, an SKI in CAs, critical basicConstraints and keyUsage of CAs', async () => {
    expect(await accepted([await makeLeaf(root, { authorityKeyIdentifier: 'none' })], [root])).toEqual(without('opensslStrict'))
    for (const options of [{ basicConstraintsCritical: false }, { subjectKeyIdentifier: 'none' as const }]) {
      const lax = await makeCa(30, options)
      expect(await accepted([await makeLeaf(lax)], [lax])).toEqual(without('opensslStrict'))
    }
  })

  test('10: the very second of notAfter is expired to OpenSSL alone', async () => {
    expect(await accepted([await makeLeaf(root, { notAfter: AT })], [root])).toEqual(['go', 'java', 'rustls'])
    expect(await accepted([await makeLeaf(root, { notAfter: AT })], [root], { at: '2027-03-01T00:00:01Z' })).toEqual([])
  })

  test('10: SHA-1 passes in Java, RSA-1024 in Go and Java, a negative serial everywhere but in Go', async () => {
    const rsa = await pool.key({ algorithm: 'RSA', size: 2048 }, 1)
    const rsaRoot = await makeCa(31, { key: rsa, subject: 'CN=rsa' })
    const weak = await makeLeaf(rsaRoot, { signature: { scheme: 'RSA-PKCS1', hash: 'SHA-1' } })
    expect(await accepted([weak], [rsaRoot])).toEqual(['java'])
    const small = await makeCa(32, { key: await pool.key({ algorithm: 'RSA', size: 1024 }, 1), subject: 'CN=small' })
    expect(await accepted([await makeLeaf(small)], [small])).toEqual(['go', 'java'])
    expect(await accepted([await makeLeaf(root, { serial: -5n })], [root])).toEqual(without('go'))
  })

  test('a broken signature is refused by everybody, with a reason', async () => {
    const broken = await makeLeaf(root, { breakSignature: true })
    expect(await accepted([broken], [root])).toEqual([])
    const said = await predictClients({ chain: [broken.pem], anchors: [root.der], peer, at: new Date(AT) })
    for (const client of clients) expect(said[client].reason).toMatch(/^signature: /)
  })

  test('another name, another purpose', async () => {
    expect(await accepted([leaf], [root], { host: 'other.ns.svc' })).toEqual([])
    expect(await accepted([leaf], [root], { purpose: 'client' })).toEqual(everybody)
    expect(await accepted([await makeLeaf(root, { extendedKeyUsage: [serverAuth] })], [root], { purpose: 'client' })).toEqual([])
  })
})
