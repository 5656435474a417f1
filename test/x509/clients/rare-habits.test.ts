import { describe, expect, test } from 'vitest'
import type { IssuedCertificate } from '../../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../../src/testing/certificate-builder.ts'
import { bitString, nullValue, objectIdentifier, octetString, sequence, tagged, utf8 } from '../../../src/testing/der-writer.ts'
import type { ExtensionInput } from '../../../src/testing/extension-writer.ts'
import { encodeExtension } from '../../../src/testing/extension-writer.ts'
import type { Client, ClientPurpose } from '../../../src/x509/clients/client.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import { predictClients } from '../../../src/x509/clients/predict-clients.ts'
import type { CertificateParts } from '../../helpers/make-certificate.ts'
import { makeCertificate, testKey } from '../../helpers/make-certificate.ts'
import { dates, ec, makeCa, makeLeaf } from '../../helpers/client-pki.ts'

// Every verdict here is what Go 1.26, OpenSSL 3.0, OpenJDK 17 and rustls-webpki 0.103 said of a certificate of the same form.

const ask = async (
  chain: readonly Uint8Array[],
  anchors: readonly IssuedCertificate[],
  host = 'svc.ns.svc',
  purpose: ClientPurpose = 'server',
): Promise<Record<Client, boolean | 'unknown'>> => {
  const said = await predictClients({
    chain,
    anchors: anchors.map(({ der }) => der),
    ...(purpose === 'server' && { peer: { dns: host } }),
    purpose,
    at: '2027-03-01T00:00:00Z',
  })
  return Object.fromEntries(clients.map((client) => [client, said[client].accepts])) as Record<Client, boolean | 'unknown'>
}
const accepted = async (...question: Parameters<typeof ask>): Promise<Client[]> => {
  const said = await ask(...question)
  return clients.filter((client) => said[client] === true)
}
const ders = (...list: readonly IssuedCertificate[]): Uint8Array[] => list.map(({ der }) => der)
const everybody: readonly Client[] = clients
const without = (...left: Client[]): Client[] => clients.filter((client) => !left.includes(client))
const openssls: readonly Client[] = ['openssl', 'opensslPartial', 'opensslStrict']

describe('names', () => {
  test('Java goes no further from a leaf named as its issuer to a CA named as its own', async () => {
    const options = { subject: 'CN=one', authorityKeyIdentifier: 'always', subjectKeyIdentifier: 'sha1' } as const
    const root = await makeCa(1, options)
    const intermediate = await makeCa(2, { ...options, issuer: root })
    const leaf = await makeLeaf(intermediate, options)
    const foreign = await makeCa(3)
    expect(await accepted(ders(leaf, intermediate), [root])).toEqual(everybody)
    expect(await accepted(ders(leaf, foreign, intermediate), [root])).toEqual(without('java'))
  })

  test.each([
    ['b*.example.com', 'xn--bcher-kva.example.com', true],
    ['xn--*.example.com', 'xn--bcher-kva.example.com', false],
    ['xn--*.example.com', 'xn--a.example.com', true],
    ['*cher.example.com', 'XN--BCHER-KVA.example.com', true],
    ['x*.example.com', 'xn--bcher-kva.example.com', false],
  ])('Java holds %s against %s as Unicode', async (pattern, host, match) => {
    const root = await makeCa(1)
    const leaf = await makeLeaf(root, { names: [{ dns: pattern }] })
    expect((await ask(ders(leaf), [root], host)).java).toBe(match)
  })

  test('Java takes a CN in Unicode for a host with an A-label', async () => {
    const root = await makeCa(1)
    const leaf = await makeLeaf(root, { subject: 'CN=bücher.example.com', names: [] })
    expect(await accepted(ders(leaf), [root], 'xn--bcher-kva.example.com')).toEqual(['java'])
  })
})

describe('addresses and URIs', () => {
  test.each([
    ['spiffe://cluster.local/ns/a/sa/b', everybody],
    ['http://user@[fd00::1]:80/', everybody],
    ['http://host:https/', without('go')],
    ['http://host./', without('go', 'java')],
    ['http://a host/', without('go', 'java')],
    ['http:', without('java')],
    ['/path:1', without('java')],
    ['1http://host/', without('go', 'java')],
    ['http://host/[1]?q=[1]', without('java')],
    ['http://host/?q=[1]', everybody],
  ])('the URI %s in a subjectAltName', async (uri, readers) => {
    const root = await makeCa(1)
    const leaf = await makeLeaf(root, { names: [{ dns: 'svc.ns.svc' }, { uri }] })
    expect(await accepted(ders(leaf), [root])).toEqual(readers)
  })

  test('Go holds an IPv4-mapped address against no range of IPv6', async () => {
    const root = await makeCa(1)
    const nameConstraints = { permitted: [{ ip: '::/0' }] }
    const intermediate = await makeCa(2, { issuer: root, nameConstraints })
    const leaf = await makeLeaf(intermediate, { names: [{ dns: 'svc.ns.svc' }, { ip: '::ffff:10.0.0.1' }] })
    expect(await accepted(ders(leaf, intermediate), [root])).toEqual(without('go'))
  })
})

describe('extensions', () => {
  const withExtension = async (extra: ExtensionInput, purpose: ClientPurpose = 'server'): Promise<Client[]> => {
    const root = await makeCa(1)
    const intermediate = await makeCa(2, { issuer: root, extraExtensions: [extra] })
    return accepted(ders(await makeLeaf(intermediate), intermediate), [root], 'svc.ns.svc', purpose)
  }

  test('Java refuses qualifiers in critical policies; rustls any critical policy', async () => {
    const qualifier = sequence(sequence(objectIdentifier('1.3.6.1.5.5.7.2.1'), tagged(0x16, utf8('http://cps/'))))
    const value = sequence(sequence(objectIdentifier('1.2.3.4.5'), qualifier))
    expect(await withExtension({ oid: '2.5.29.32', critical: true, value })).toEqual(without('java', 'rustls'))
    expect(await withExtension({ oid: '2.5.29.32', critical: false, value })).toEqual(everybody)
  })

  test('rustls knows the list of signed certificate timestamps, critical too', async () => {
    const oid = '1.3.6.1.4.1.11129.2.4.2'
    expect(await withExtension({ oid, critical: true, value: octetString(Uint8Array.of(0, 0)) })).toEqual(['rustls'])
    expect(await withExtension({ oid, critical: false, value: nullValue() })).toEqual(without('rustls'))
  })

  test('OpenSSL takes no proxy certificate, nor a CA that calls itself one', async () => {
    const value = sequence(sequence(objectIdentifier('1.3.6.1.5.5.7.21.1')))
    expect(await withExtension({ oid: '1.3.6.1.5.5.7.1.14', value })).toEqual(without(...openssls))
  })

  test('Go reads no identifier of an extension with an arc beyond 31 bits', async () => {
    const oid = '2.25.298765432109876543210987654321098765'
    expect(await withExtension({ oid: '2.25.2147483647', value: nullValue() })).toEqual(everybody)
    expect(await withExtension({ oid: '2.25.2147483648', value: nullValue() })).toEqual(without('go'))
    expect(await withExtension({ oid, value: nullValue() })).toEqual(without('go'))
  })

  test('Go reads no distribution point named relative to its issuer', async () => {
    const name = sequence(objectIdentifier('2.5.4.3'), tagged(0x0c, utf8('crl')))
    const value = sequence(sequence(tagged(0xa0, tagged(0xa1, name))))
    expect(await withExtension({ oid: '2.5.29.31', value })).toEqual(without('go'))
  })

  test('strict OpenSSL refuses a leaf that could pass for a CA', async () => {
    const own = await issueCertificate({ key: await ec(4), subject: 'CN=old', version: 1, extensions: () => [], ...dates })
    expect(await accepted(ders(own), [own], 'svc.ns.svc', 'client')).toEqual(['go', 'openssl', 'opensslPartial', 'java'])
  })
})

describe('what a certificate that nobody needs does to the list', () => {
  const listWith = async (parts: CertificateParts): Promise<Client[]> => {
    const root = await makeCa(1)
    const key = await testKey('P-256')
    return accepted([(await makeLeaf(root)).der, await makeCertificate(key, key, parts)], [root])
  }
  const validity = (tag: number, text: string): CertificateParts => ({
    validity: sequence(tagged(tag, utf8(text)), tagged(0x17, utf8('290101000000Z'))),
  })

  test('a date of another type is read by rustls alone, for it does not read it', async () => {
    expect(await listWith({})).toEqual(everybody)
    expect(await listWith(validity(0x13, '260101000000Z'))).toEqual(['rustls'])
  })

  test('Java reads no UTCTime with an offset and without seconds', async () => {
    expect(await listWith(validity(0x17, '260101000000+0100'))).toEqual(everybody)
    expect(await listWith(validity(0x17, '2601010000+0100'))).toEqual(without('java'))
  })

  test('Go and Java read no key of a wrong length', async () => {
    const algorithm = sequence(objectIdentifier('1.3.101.112'))
    expect(await listWith({ spki: sequence(algorithm, bitString(new Uint8Array(32).fill(5))) })).toEqual(everybody)
    expect(await listWith({ spki: sequence(algorithm, bitString(new Uint8Array(31).fill(5))) })).toEqual(without('go', 'java'))
  })

  test('Java reads the critical extensions that it knows, whether it uses them or not', async () => {
    for (const oid of ['2.5.29.16', '2.5.29.46', '1.3.6.1.5.5.7.1.11']) {
      expect(await listWith({ extensions: [encodeExtension({ oid, value: nullValue() })] })).toEqual(everybody)
      expect(await listWith({ extensions: [encodeExtension({ oid, critical: true, value: nullValue() })] })).toEqual(without('java'))
    }
  })
})

describe('what is not predicted', () => {
  test('a certificate with the outline of one that cannot be read is unknown, anything else refused', async () => {
    const root = await makeCa(1)
    const leaf = await makeLeaf(root)
    const outline = sequence(sequence(nullValue()), sequence(objectIdentifier('1.2.3')), bitString(Uint8Array.of(1)))
    expect(new Set(Object.values(await ask([leaf.der, outline], [root])))).toEqual(new Set(['unknown']))
    expect(await accepted([leaf.der, nullValue()], [root])).toEqual(['rustls'])
  })
})
