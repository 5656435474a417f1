import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Diagnostic } from '../../src/index.ts'
import { generateKeyPair, issueCertificate } from '../../src/testing/index.ts'
import { readyCaIssuer } from '../helpers/ready-ca-issuer.ts'

type Options = Omit<Parameters<typeof issueCertificate>[0], 'key' | 'notBefore' | 'notAfter'> & {
  readonly rsa?: number
  readonly notBefore?: string
  readonly notAfter?: string
}

const issue = async ({ rsa, ...options }: Options) =>
  issueCertificate({
    key: await generateKeyPair(rsa === undefined ? { algorithm: 'ECDSA', size: 256 } : { algorithm: 'RSA', size: rsa }),
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2030-01-01T00:00:00Z',
    ...options,
  })
type Issued = Awaited<ReturnType<typeof issue>>

const issueCa = (options: Options) => issue({ ca: true, keyUsage: ['keyCertSign'], ...options })
const issueLeaf = (issuer: Issued, options: Partial<Options> = {}) =>
  issue({ subject: 'CN=leaf', issuer, names: [{ dns: 'a.example' }], ...options })

const base64 = (texts: readonly Issued[]): string => Buffer.from(texts.map(({ pem }) => pem).join('')).toString('base64')

const secret = (name: string, tlsCrt: readonly Issued[], caCrt: readonly Issued[]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'n' },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': base64(tlsCrt), 'ca.crt': base64(caCrt) },
})

const diagnose = async (...items: readonly object[]): Promise<readonly Diagnostic[]> =>
  (await analyze({ name: 'dump', text: items.map((item) => JSON.stringify(item)).join('\n') }, { at: '2026-06-01T00:00:00Z' })).diagnostics

describe('refused-by-clients', () => {
  it.each<[string, string, () => Promise<readonly [readonly Issued[], readonly Issued[]]>]>([
    [
      'an intermediate that is no CA',
      'Go, OpenSSL, Java, rustls refuse n/web for a certificate above',
      async () => {
        const root = await issueCa({ subject: 'CN=root' })
        const middle = await issue({ subject: 'CN=middle', issuer: root, keyUsage: ['digitalSignature'] })
        return [[await issueLeaf(middle), middle], [root]]
      },
    ],
    [
      'an intermediate for mail alone',
      'Go, OpenSSL, rustls refuse n/web for a certificate above: extended key usage',
      async () => {
        const root = await issueCa({ subject: 'CN=root' })
        const middle = await issueCa({ subject: 'CN=middle', issuer: root, extendedKeyUsage: ['1.3.6.1.5.5.7.3.4'] })
        return [[await issueLeaf(middle, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }), middle], [root]]
      },
    ],
    [
      'a CA that may not sign',
      'Go, OpenSSL, Java refuse n/web for a certificate above',
      async () => {
        const root = await issue({ ca: true, subject: 'CN=root', keyUsage: ['digitalSignature'] })
        return [[await issueLeaf(root)], [root]]
      },
    ],
    [
      'a key that is too small',
      'OpenSSL, rustls refuse n/web for a certificate above: key too small',
      async () => {
        const root = await issueCa({ subject: 'CN=root', rsa: 1024 })
        return [[await issueLeaf(root)], [root]]
      },
    ],
    [
      'a root past its end in ca.crt',
      'Go, OpenSSL refuse n/web for a certificate above: expired',
      async () => {
        const root = await issueCa({ subject: 'CN=root', notBefore: '2016-01-01T00:00:00Z', notAfter: '2026-05-01T00:00:00Z' })
        const middle = await issueCa({ subject: 'CN=middle', issuer: root })
        return [[await issueLeaf(middle), middle], [root]]
      },
    ],
  ])('tells %s, once, with what each client says', async (_what, message, make) => {
    const found = await diagnose(secret('web', ...(await make())))
    expect(found).toMatchObject([
      { rule: 'refused-by-clients', severity: 'error', subject: { kind: 'Secret', namespace: 'n', name: 'web' } },
    ])
    expect(found[0]?.message.text).toContain(message)
    const labels = found[0]?.evidence.map(({ label }) => label) ?? []
    expect(labels).toEqual(expect.arrayContaining(['OpenSSL', 'above it']))
  })

  it('tells the CA of an issuer once for all that it signed', async () => {
    const root = await issue({ ca: true, subject: 'CN=root', keyUsage: ['digitalSignature'] })
    const below = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const made = secret(name, [await issueLeaf(root)], [root])
        return { ...made, metadata: { ...made.metadata, annotations: { 'cert-manager.io/issuer-name': 'ca' } } }
      }),
    )
    const found = await diagnose(readyCaIssuer('ca'), secret('ca', [root], [root]), ...below)
    expect(found).toMatchObject([{ rule: 'refused-by-clients', subject: { kind: 'Issuer', name: 'ca' } }])
    expect(found[0]?.related.map(({ name }) => name)).toEqual(expect.arrayContaining(['a', 'b', 'ca']))
  })

  it.each<[string, () => Promise<readonly [readonly Issued[], readonly Issued[]]>]>([
    [
      'a chain that all accept',
      async () => {
        const root = await issueCa({ subject: 'CN=root' })
        return [[await issueLeaf(root)], [root]]
      },
    ],
    [
      'a certificate for signing code, which no client of TLS is shown',
      async () => {
        const root = await issueCa({ subject: 'CN=root' })
        return [[await issueLeaf(root, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'] })], [root]]
      },
    ],
    [
      'a self-signed certificate that is its own anchor',
      async () => {
        const own = await issue({ subject: 'CN=leaf', names: [{ dns: 'a.example' }] })
        return [[own], [own]]
      },
    ],
    [
      'key usages of the certificate itself, which Java refuses',
      async () => {
        const root = await issueCa({ subject: 'CN=root' })
        return [[await issueLeaf(root, { keyUsage: ['contentCommitment'] })], [root]]
      },
    ],
  ])('is silent for %s', async (_what, make) => {
    expect((await diagnose(secret('web', ...(await make())))).map(({ rule }) => rule)).not.toContain('refused-by-clients')
  })

  it('leaves to other rules what they tell', async () => {
    const excluded = { critical: true, permitted: [], excluded: [{ dns: 'a.example' }] }
    const root = await issueCa({ subject: 'CN=root', rsa: 1024, nameConstraints: excluded })
    const found = await diagnose(secret('web', [await issueLeaf(root)], [root]))
    expect(found.map(({ rule }) => rule)).toEqual(['name-constraint-violation'])
  })
})
