import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { decodeCertificateSigningRequest } from '../../src/x509/decode-certificate-signing-request.ts'
import { ipText, prefixLength, subnetText } from '../../src/x509/extensions/ip-text.ts'
import { createSignatureVerifier } from '../../src/x509/signature.ts'
import { arbitraryExtensions, arbitraryName } from '../helpers/arbitrary-certificate.ts'
import {
  ascii,
  bits,
  boolean,
  concat,
  der,
  extension,
  hex,
  integer,
  name,
  NULL,
  octets,
  oid,
  sequence,
  set,
  utf8,
} from '../helpers/der-writer.ts'
import { algorithmFor, makeCertificate, sign, testKey } from '../helpers/make-certificate.ts'

const read = async (...extensions: readonly Uint8Array[]): Promise<X509Certificate> => {
  const key = await testKey('P-256')
  const decoded = decodeCertificate(await makeCertificate(key, key, { extensions }))
  if (!('certificate' in decoded)) throw new Error(decoded.failure.code)
  return decoded.certificate
}

const details = ({ problems }: X509Certificate): readonly (string | undefined)[] =>
  problems.flatMap(({ code, detail }) => (code === 'extension-malformed' ? [detail] : []))

describe('extensions', () => {
  it('reads a general name of every kind', async () => {
    const names = [
      der(0xa0, oid('1.3.6.1.4.1.311.20.2.3'), der(0xa0, der(0x0c, utf8('ü@example')))),
      der(0xa0, oid('1.2.3'), der(0xa0, integer(5))),
      der(0x81, ascii('me@example')),
      der(0x82, ascii('*.example')),
      der(0xa3, NULL),
      der(0xa4, name('a, b')),
      der(0xa5, NULL),
      der(0x86, ascii('spiffe://cluster.local/ns/a')),
      der(0x87, Uint8Array.of(10, 0, 0, 1)),
      der(0x87, hex('20010db8000000000000000000000001')),
      der(0x88, Uint8Array.of(0x2a, 3)),
    ]
    const { extensions, rawExtensions } = await read(extension('2.5.29.17', true, sequence(...names)))
    expect(rawExtensions[0]?.malformed).toBeUndefined()
    expect(extensions.subjectAltName?.critical).toBe(true)
    expect(extensions.subjectAltName?.names.map(({ type, value }) => [type, value])).toEqual([
      ['other', 'ü@example'],
      ['other', '#020105'],
      ['email', 'me@example'],
      ['dns', '*.example'],
      ['x400', '#a3020500'],
      ['directory', 'CN=a\\, b'],
      ['edi', '#a5020500'],
      ['uri', 'spiffe://cluster.local/ns/a'],
      ['ip', '10.0.0.1'],
      ['ip', '2001:db8::1'],
      ['registered-id', '1.2.3'],
    ])
  })

  it('reads name constraints with masks and distances', async () => {
    const permitted = [
      sequence(der(0x87, Uint8Array.of(10, 0, 0, 0, 255, 0, 0, 0))),
      sequence(der(0x82, ascii('.example')), der(0x80, Uint8Array.of(0)), der(0x81, Uint8Array.of(3))),
    ]
    const excluded = [sequence(der(0xa4, name('x')))]
    const { extensions } = await read(extension('2.5.29.30', true, sequence(der(0xa0, ...permitted), der(0xa1, ...excluded))))
    expect(extensions.nameConstraints).toMatchObject({
      critical: true,
      permitted: [{ base: { type: 'ip', value: '10.0.0.0/8' } }, { base: { type: 'dns', value: '.example' }, minimum: 0, maximum: 3 }],
      excluded: [{ base: { type: 'directory', value: 'CN=x' } }],
    })
  })

  it('reads key identifiers, usages, purposes and places', async () => {
    const { extensions } = await read(
      extension('2.5.29.35', false, sequence(der(0x80, Uint8Array.of(7)), der(0xa1, der(0xa4, name('i'))), der(0x82, hex('00ff')))),
      extension('2.5.29.14', false, octets(Uint8Array.of(9))),
      extension('2.5.29.15', true, bits(hex('fe80'), 7)),
      extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'), oid('2.5.29.37.0'))),
      extension('2.5.29.19', true, sequence(boolean(true), integer(3))),
      extension(
        '2.5.29.31',
        false,
        sequence(
          sequence(der(0xa0, der(0xa0, der(0x86, ascii('http://a/crl')), der(0x86, ascii('http://b/crl'))))),
          sequence(der(0xa0, der(0xa1, sequence(oid('2.5.4.3'), der(0x0c, utf8('x')))))),
          sequence(der(0xa2, der(0xa4, name('issuer')))),
        ),
      ),
      extension(
        '1.3.6.1.5.5.7.1.1',
        false,
        sequence(
          sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x86, ascii('http://ocsp'))),
          sequence(oid('1.3.6.1.5.5.7.48.2'), der(0x86, ascii('http://ca'))),
          sequence(oid('1.3.6.1.5.5.7.48.2'), der(0xa4, name('x'))),
        ),
      ),
    )
    expect(extensions).toMatchObject({
      authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(7), issuer: [{ value: 'CN=i' }], serial: 'ff' },
      subjectKeyIdentifier: { keyIdentifier: Uint8Array.of(9) },
      keyUsage: {
        usages: [
          'digitalSignature',
          'contentCommitment',
          'keyEncipherment',
          'dataEncipherment',
          'keyAgreement',
          'keyCertSign',
          'cRLSign',
          'decipherOnly',
        ],
      },
      extendedKeyUsage: { purposes: ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'] },
      basicConstraints: { critical: true, ca: true, pathLength: 3 },
      crlDistributionPoints: { uris: ['http://a/crl', 'http://b/crl'] },
      authorityInfoAccess: { ocsp: ['http://ocsp'], caIssuers: ['http://ca'] },
    })
  })

  it('flags malformed content where it stands, and keeps the octets', async () => {
    const broken: readonly (readonly [string, Uint8Array])[] = [
      ['2.5.29.14', integer(1)],
      ['2.5.29.15', Uint8Array.of(3, 1, 9)],
      ['2.5.29.15', concat(bits(Uint8Array.of(6), 1), NULL)],
      ['2.5.29.17', sequence(der(0x82, Uint8Array.of(0xc3, 0xbc)))],
      ['2.5.29.17', sequence(der(0x87, Uint8Array.of(1, 2, 3)))],
      ['2.5.29.17', sequence(der(0x99, NULL))],
      ['2.5.29.19', sequence(boolean(true), integer(-1))],
      ['2.5.29.19', sequence(boolean(true), integer(1), integer(1))],
      ['2.5.29.30', integer(1)],
      ['2.5.29.30', sequence(der(0xa0))],
      ['2.5.29.30', sequence(der(0xa0, sequence(der(0x87, Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0)))))],
      ['2.5.29.31', sequence()],
      ['2.5.29.35', octets(Uint8Array.of(1))],
      ['2.5.29.37', sequence(integer(1))],
      ['1.3.6.1.5.5.7.1.1', sequence(NULL)],
      ['2.5.29.37', new Uint8Array(0)],
    ]
    for (const [type, content] of broken) {
      const certificate = await read(extension(type, false, content))
      expect(certificate.rawExtensions.map(({ oid, critical, value, malformed }) => [oid, critical, value, malformed])).toEqual([
        [type, false, content, true],
      ])
      expect(details(certificate)).toHaveLength(1)
      expect(details(certificate)[0]).toMatch(new RegExp(`^${type.replaceAll('.', '\\.')} `))
    }
  })

  it('takes the first of two', async () => {
    const { extensions, rawExtensions } = await read(
      extension('2.5.29.19', true, sequence(boolean(true))),
      extension('2.5.29.19', true, sequence()),
    )
    expect(extensions.basicConstraints?.ca).toBe(true)
    expect(rawExtensions).toHaveLength(2)
  })
})

describe('IP addresses', () => {
  it('are written as RFC 5952 says', () => {
    const text = (value: string): string | undefined => ipText(hex(value))
    expect(text('00000000000000000000000000000000')).toBe('::')
    expect(text('00000000000000000000000000000001')).toBe('::1')
    expect(text('20010db8000000000001000000000001')).toBe('2001:db8::1:0:0:1')
    expect(text('20010db8000100020003000400000006')).toBe('2001:db8:1:2:3:4:0:6')
    expect(text('20010db8000000010001000100010001')).toBe('2001:db8:0:1:1:1:1:1')
    expect(text('0102')).toBeUndefined()
    expect(subnetText(hex('0a000000ff00ff00'))).toBe('10.0.0.0/255.0.255.0')
    expect(subnetText(hex('0a0000'))).toBeUndefined()
    expect(prefixLength(hex('ffffff80'))).toBe(25)
  })

  it('read back to the same octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const host = new URL(`http://[${ipText(bytes) ?? ''}]`).hostname
        const zeroed = bytes.map((octet, i) => (i < 12 ? 0 : octet))
        expect(host).toBe(`[${ipText(bytes) ?? ''}]`)
        expect(new URL(`http://[${ipText(zeroed) ?? ''}]`).hostname).toBe(`[${ipText(zeroed) ?? ''}]`)
      }),
    )
  })
})

describe('decodeCertificateSigningRequest', () => {
  const request = async (subject: Uint8Array, extensions: readonly Uint8Array[]): Promise<Uint8Array> => {
    const key = await testKey('P-256')
    const wanted = sequence(oid('1.2.840.113549.1.9.14'), set(sequence(...extensions)))
    const other = sequence(oid('1.2.840.113549.1.9.7'), set(der(0x0c, utf8('x'))))
    const info = sequence(integer(0), subject, key.spki, der(0xa0, other, ...(extensions.length > 0 ? [wanted] : [])))
    return sequence(info, algorithmFor('P-256'), bits(await sign(key, info)))
  }

  it('reads subject, key and the extensions that are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryName, arbitraryExtensions, async (subject, extensions) => {
        const bytes = await request(subject, extensions)
        const decoded = decodeCertificateSigningRequest(bytes)
        if (!('request' in decoded)) throw new Error(decoded.failure.code)
        const certificate = await read(...(extensions.length > 0 ? extensions : [extension('1.2.3', false, NULL)]))
        expect(decoded.request.subject.der).toEqual(subject)
        if (extensions.length > 0) expect(decoded.request.rawExtensions).toEqual(certificate.rawExtensions)
        else expect(decoded.request.rawExtensions).toEqual([])
        expect(decoded.request.publicKey.curve).toBe('P-256')
        const { info, signatureAlgorithm, signature, publicKey } = decoded.request
        const question = { signed: info, algorithm: signatureAlgorithm, signature, key: publicKey }
        expect(await createSignatureVerifier().verifyBytes(question)).toEqual({ status: 'verified' })
      }),
      { numRuns: 40 },
    )
  })

  it('fails with a code, and never throws', async () => {
    const good = await request(name('x'), [])
    expect(decodeCertificateSigningRequest(good)).toHaveProperty('request')
    expect(decodeCertificateSigningRequest(new Uint8Array(0))).toEqual({ failure: { code: 'empty' } })
    expect(decodeCertificateSigningRequest(concat(good, NULL))).toMatchObject({ failure: { code: 'trailing-data' } })
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, octet, length) => {
        const changed = good.slice(0, length)
        changed[at] = octet
        const decoded = decodeCertificateSigningRequest(changed)
        if ('failure' in decoded) expect(decoded.failure.code).toMatch(/^[a-z-]+$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
