import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CertificateOptions, IssuedCertificate, KeySpec } from '../../src/testing/index.ts'
import { buildRequest, createKeyPool, issueCertificate, privateKeyPem, publicKeyPem } from '../../src/testing/index.ts'

const keys = createKeyPool()
const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' }
const caUsage = { ca: true, keyUsage: ['keyCertSign', 'cRLSign'] } as const

const authority = async (spec: KeySpec, more: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  issueCertificate({ key: await keys.key(spec, 0), subject: 'O=Example,CN=test root', ...dates, ...caUsage, ...more })
const leafOf = async (issuer: IssuedCertificate | undefined, more: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    key: await keys.key({ algorithm: 'ECDSA' }, 1),
    subject: 'CN=leaf',
    ...dates,
    ca: false,
    keyUsage: ['digitalSignature'],
    names: [{ dns: 'leaf.example' }],
    ...(issuer === undefined ? {} : { issuer }),
    ...more,
  })
const read = (certificate: IssuedCertificate): X509Certificate => new X509Certificate(certificate.pem)

const everyKey: [string, KeySpec][] = [
  ['RSA 2048', { algorithm: 'RSA', size: 2048 }],
  ['RSA 3072', { algorithm: 'RSA', size: 3072 }],
  ['RSA 4096', { algorithm: 'RSA', size: 4096 }],
  ['ECDSA P-256', { algorithm: 'ECDSA', size: 256 }],
  ['ECDSA P-384', { algorithm: 'ECDSA', size: 384 }],
  ['ECDSA P-521', { algorithm: 'ECDSA', size: 521 }],
  ['Ed25519', { algorithm: 'Ed25519' }],
  ['Ed448', { algorithm: 'Ed448' }],
  ['RSASSA-PSS', { algorithm: 'RSASSA-PSS', size: 2048 }],
]

describe.each(everyKey)('a CA with a key of type %s', (_name, spec) => {
  it('signs what Node verifies', async () => {
    const root = await authority(spec)
    const leaf = await leafOf(root)
    expect(read(root).verify(read(root).publicKey)).toBe(true)
    expect(read(leaf).verify(read(root).publicKey)).toBe(true)
    expect(read(leaf).checkIssued(read(root))).toBe(true)
    expect(read(leaf).verify(read(leaf).publicKey)).toBe(false)
  })

  it.each(['PKCS1', 'PKCS8'] as const)('writes its private key as %s', async (encoding) => {
    const root = await authority(spec)
    const text = privateKeyPem(root.key, encoding)
    const own = spec.algorithm === 'RSA' ? 'RSA PRIVATE KEY' : spec.algorithm === 'ECDSA' ? 'EC PRIVATE KEY' : 'PRIVATE KEY'
    expect(text).toMatch(new RegExp(`^-----BEGIN ${encoding === 'PKCS1' ? own : 'PRIVATE KEY'}-----\n`))
    // OpenSSL tells an id-RSASSA-PSS public key from the same numbers under rsaEncryption.
    if (spec.algorithm !== 'RSASSA-PSS') expect(read(root).checkPrivateKey(createPrivateKey(text))).toBe(true)
    expect(createPublicKey(publicKeyPem(root.key)).equals(read(root).publicKey)).toBe(true)
  })
})

describe('contents', () => {
  it('has the names of every kind', async () => {
    const leaf = await leafOf(undefined, {
      names: [
        { dns: '*.example.com' },
        { email: 'a@example.com' },
        { ip: '10.1.2.3' },
        { ip: '2001:db8::7' },
        { ip: '::ffff:192.0.2.1' },
        { uri: 'spiffe://a/b' },
        { directory: 'C=DE,CN=dir' },
        { registeredId: '1.2.3.4' },
      ],
    })
    expect(read(leaf).subjectAltName).toBe(
      [
        'DNS:*.example.com',
        'email:a@example.com',
        'IP Address:10.1.2.3',
        'IP Address:2001:DB8:0:0:0:0:0:7',
        'IP Address:0:0:0:0:0:FFFF:C000:201',
        'URI:spiffe://a/b',
        'DirName:"CN=dir\\u002cC=DE"',
        'Registered ID:1.2.3.4',
      ].join(', '),
    )
  })

  it('writes escaped, joined and non-ASCII names', async () => {
    const leaf = await leafOf(undefined, { subject: 'C=DE,O=Acme\\, Inc.,OU=a+OU=b,CN=Jörg' })
    expect(read(leaf).subject).toBe('C=DE\nO=Acme\\, Inc.\nOU=a + OU=b\nCN=Jörg')
    expect(read(await leafOf(undefined, { subject: '' })).subject).toBeUndefined()
  })

  it('takes serial, dates and version as given', async () => {
    const leaf = await leafOf(undefined, { serial: '00ff01', notBefore: '2049-06-01T00:00:00Z', notAfter: '2051-06-01T00:00:00Z' })
    expect(read(leaf).serialNumber).toBe('FF01')
    expect(new Date(read(leaf).validFrom).toISOString()).toBe('2049-06-01T00:00:00.000Z')
    expect(new Date(read(leaf).validTo).toISOString()).toBe('2051-06-01T00:00:00.000Z')
    const first = await leafOf(undefined, { version: 1, extensions: () => [] })
    expect(read(first).toLegacyObject().serialNumber).toMatch(/^[4-7]/)
    expect(read(first).subjectAltName).toBeUndefined()
  })

  it('is the same certificate for the same key and arguments', async () => {
    const rsa = { algorithm: 'RSA', size: 2048 } as const
    expect((await authority(rsa)).pem).toBe((await authority(rsa)).pem)
  })

  it('makes an AKI only where the names differ, as Go does', async () => {
    const root = await authority({ algorithm: 'ECDSA' })
    const aki = (certificate: IssuedCertificate): boolean => Buffer.from(certificate.der).toString('hex').includes('0603551d23')
    expect(aki(root)).toBe(false)
    expect(aki(await leafOf(root))).toBe(true)
    expect(aki(await leafOf(root, { subject: 'O=Example,CN=test root' }))).toBe(false)
    expect(aki(await leafOf(root, { authorityKeyIdentifier: 'none' }))).toBe(false)
  })

  it('tells the two methods of key identifiers apart: Node refuses the issuer, the signature verifies', async () => {
    const now = await authority({ algorithm: 'ECDSA' })
    const before = await authority({ algorithm: 'ECDSA' }, { subjectKeyIdentifier: 'sha1' })
    const leaf = await leafOf(before)
    expect(read(leaf).checkIssued(read(before))).toBe(true)
    expect(read(leaf).checkIssued(read(now))).toBe(false)
    expect(read(leaf).verify(read(now).publicKey)).toBe(true)
  })
})

describe('deliberate faults', () => {
  it('breaks a signature', async () => {
    const root = await authority({ algorithm: 'ECDSA' })
    const leaf = await leafOf(root, { breakSignature: true })
    expect(leaf.signatureHolds).toBe(false)
    expect(read(leaf).verify(read(root).publicKey)).toBe(false)
  })

  it('signs with another key than the issuer’s', async () => {
    const root = await authority({ algorithm: 'ECDSA' })
    const other = await keys.key({ algorithm: 'ECDSA' }, 7)
    const leaf = await leafOf(root, { signWith: other })
    expect(read(leaf).issuer).toBe(read(root).subject)
    expect(read(leaf).verify(read(root).publicKey)).toBe(false)
    expect(leaf.signedBy).toBe(other.id)
  })

  it('names another issuer', async () => {
    const root = await authority({ algorithm: 'ECDSA' })
    expect(read(await leafOf(root, { issuerName: 'CN=somebody else' })).checkIssued(read(root))).toBe(false)
  })
})

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).status === 0

describe.skipIf(!openssl)('OpenSSL', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubepki-testing-'))
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
  })

  const verify = (root: IssuedCertificate, leaf: IssuedCertificate, between: readonly IssuedCertificate[] = []): string => {
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const intermediates = between.map(({ pem }) => pem).join('')
    const untrusted = intermediates === '' ? [] : ['-untrusted', file('untrusted.pem', intermediates)]
    const arguments_ = [
      'verify',
      '-x509_strict',
      '-attime',
      '1800000000',
      '-CAfile',
      file('ca.pem', root.pem),
      ...untrusted,
      file('leaf.pem', leaf.pem),
    ]
    const { stdout, stderr } = spawnSync('openssl', arguments_, { encoding: 'utf8' })
    return `${stdout}${stderr}`
  }

  it.each(everyKey)('accepts a chain of three under %s', async (_name, spec) => {
    const root = await authority(spec)
    const middle = await authority({ algorithm: 'ECDSA', size: 384 }, { subject: 'CN=middle', issuer: root, pathLength: 0 })
    expect(verify(root, await leafOf(middle), [middle])).toMatch(/leaf\.pem: OK/)
  })

  it('sees path length, name constraints, dates, unknown critical extensions and broken signatures', async () => {
    const root = await authority(
      { algorithm: 'ECDSA' },
      { pathLength: 0, nameConstraints: { permitted: [{ dns: 'example' }, { ip: '10.0.0.0/8' }] } },
    )
    const middle = await authority(
      { algorithm: 'ECDSA' },
      { key: await keys.key({ algorithm: 'ECDSA' }, 3), subject: 'CN=middle', issuer: root },
    )
    expect(verify(root, await leafOf(root))).toContain('OK')
    expect(verify(root, await leafOf(middle), [middle])).toContain('path length constraint exceeded')
    expect(verify(root, await leafOf(root, { names: [{ dns: 'leaf.other' }] }))).toContain('permitted subtree violation')
    expect(verify(root, await leafOf(root, { names: [{ ip: '11.0.0.1' }] }))).toContain('permitted subtree violation')
    expect(verify(root, await leafOf(root, { notAfter: '2026-02-01T00:00:00Z' }))).toContain('certificate has expired')
    const unknown = { oid: '1.2.3.4.5', critical: true, value: Uint8Array.of(5, 0) }
    expect(verify(root, await leafOf(root, { extraExtensions: [unknown] }))).toContain('unhandled critical extension')
    expect(verify(root, await leafOf(root, { breakSignature: true }))).toContain('certificate signature failure')
  })

  it.each(everyKey)('verifies a request made with %s', async (_name, spec) => {
    const request = await buildRequest({ key: await keys.key(spec, 0), subject: 'CN=asked' })
    const text = execFileSync('openssl', ['req', '-verify', '-noout', '-subject'], {
      input: request,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    expect(text).toContain('CN = asked')
  })
})
