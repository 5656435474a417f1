import { createHash, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutKeyText } from '../../src/base/key-text.ts'

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const der = key.export({ type: 'pkcs8', format: 'der' })
const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()

describe('texts that are told', () => {
  it.each<[string, string]>([
    ['PEM', pem],
    ['PEM on one line', pem.replaceAll('\n', '\\n')],
    ['PEM with CR LF', pem.replaceAll('\n', '\r\n')],
    ['PEM from its middle', pem.slice(60)],
    ['base64', der.toString('base64')],
    ['base64url', der.toString('base64url')],
    ['base64 of base64', Buffer.from(pem).toString('base64')],
    ['hexadecimal', der.toString('hex')],
    ['behind words', `secret "a" has no key: ${der.toString('base64')}; try again`],
  ])('have no piece of a key: %s', (_name, text) => {
    const told = withoutKeyText(text)
    for (let at = 0; at + 20 <= text.length; at++) {
      const piece = text.slice(at, at + 20)
      if (/^[A-Za-z0-9+/_=]+$/.test(piece)) expect(told).not.toContain(piece)
    }
  })

  it('lose random bytes in base64 wherever they stand', () => {
    // The same bytes in each run: it is told by chance, and of the shortest texts one in thousands looks like words.
    const secrets = Array.from({ length: 2000 }, (_, run) =>
      createHash('shake256', { outputLength: 33 + (run % 200) })
        .update(String(run))
        .digest('base64'),
    )
    const kept = secrets.filter((secret) => withoutKeyText(`a ${secret} b`) !== `a (${secret.length} characters) b`)
    expect(kept.filter((secret) => secret.length >= 64)).toEqual([])
    expect(kept.length).toBeLessThanOrEqual(2)
  })

  it.each([
    'api-connect-management-server-certificate-5d8f7c9b6d-x2x9z.production-cluster-01.svc.cluster.local',
    `sha256-${createHash('sha256').update('a').digest('hex')}`,
    createHash('sha256').update('a').digest('hex').toUpperCase(),
    '4f9d0c5e-3b1a-4c55-9a55-0d2d51b7b4cc',
    'x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error")',
    'https://vault.example.com/v1/pki_int/sign/Kubernetes-Cluster-Production-Role-2',
    'Existing issued Secret is not up to date for spec: [spec.dnsNames spec.ipAddresses]',
    'CN=API-Connect-Management-Root-CA-2026,OU=Platform-Engineering-Europe-West-1,O=Example',
    'SecretManagedMetadataMismatchAndIncorrectCertificateAndPublicKey',
  ])('stay as they are without one: %s', (text) => {
    expect(withoutKeyText(text)).toBe(text)
  })

  it('keep every name that Kubernetes allows', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), (name) => {
        expect(withoutKeyText(name)).toBe(name)
      }),
    )
  })
})
