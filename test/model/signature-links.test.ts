import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/index.ts'
import { analyze, signedBelow, signersOf } from '../../src/index.ts'
import type { CertificateOptions, IssuedCertificate } from '../../src/testing/index.ts'
import { generateKeyPair, issueCertificate } from '../../src/testing/index.ts'

const AT = '2026-11-24T05:00:00Z'
const key = await generateKeyPair({ algorithm: 'ECDSA', size: 256 })
const otherKey = await generateKeyPair({ algorithm: 'ECDSA', size: 256 })

/** The `minute`th certificate of a CA that is renewed and keeps its key. */
const caAt = (minute: number, more: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    key,
    subject: 'CN=ca',
    ca: true,
    keyUsage: ['keyCertSign'],
    notBefore: new Date(Date.UTC(2026, 0, 1) + minute * 60_000),
    notAfter: '2040-01-01T00:00:00Z',
    ...more,
  })

const leafOf = (issuer: IssuedCertificate, name: string): Promise<IssuedCertificate> =>
  issueCertificate({ key: otherKey, issuer, subject: `CN=${name}`, notBefore: '2026-06-01T00:00:00Z', notAfter: '2027-06-01T00:00:00Z' })

const base64 = (certificates: readonly IssuedCertificate[]): string =>
  Buffer.from(certificates.map(({ pem }) => pem).join('')).toString('base64')

const secret = (name: string, sent: readonly IssuedCertificate[], anchors: readonly IssuedCertificate[]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: { name, namespace: 'apic' },
  data: { ...(sent.length > 0 && { 'tls.crt': base64(sent) }), ...(anchors.length > 0 && { 'ca.crt': base64(anchors) }) },
})

const reportOn = (items: readonly object[]): Promise<Report> =>
  analyze({ name: 'dump.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }, { at: AT })

const id = ({ fingerprint }: IssuedCertificate): string => `x509/${fingerprint}`
const signaturesOf = (report: Report, subject: IssuedCertificate): readonly string[] =>
  report.links.flatMap(({ kind, from, to }) => (kind === 'signed-by' && from === id(subject) ? [to] : []))

describe('certificates of one CA name and key', () => {
  it('are 2,000, and have two links each, not 2,000', async () => {
    const cas = await Promise.all(Array.from({ length: 2000 }, (_, minute) => caAt(minute)))
    const leaf = await leafOf(cas[0] as IssuedCertificate, 'web')
    const report = await reportOn([secret('web', [leaf], []), secret('a', [], cas.slice(0, 1000)), secret('b', [], cas.slice(1000))])
    const count = (kind: string): number => report.links.filter((link) => link.kind === kind).length
    expect([count('signed-by'), count('same-key')]).toEqual([2001, 1999])
    expect(signersOf(report, id(leaf))).toHaveLength(2000)
    for (const each of [cas[0], cas[1999]] as IssuedCertificate[]) {
      expect(signaturesOf(report, each)).toEqual([id(each)])
      expect(signersOf(report, id(each))).toHaveLength(1999)
      expect(new Set(signedBelow(report, id(each)))).toEqual(new Set([...cas.filter((ca) => ca !== each), leaf].map(id)))
    }
  })

  it('are named by the one in force, else by the one of the same Secret, else by the first', async () => {
    const cas = await Promise.all([0, 1, 2, 3].map((minute) => caAt(minute)))
    const [web, api, db] = await Promise.all(['web', 'api', 'db'].map((name) => leafOf(cas[0] as IssuedCertificate, name)))
    if (!web || !api || !db) throw new Error('three leaves')
    for (const own of cas)
      for (const inForce of cas) {
        const report = await reportOn([
          {
            apiVersion: 'cert-manager.io/v1',
            kind: 'Issuer',
            metadata: { name: 'ca', namespace: 'apic' },
            spec: { ca: { secretName: 'ca' } },
          },
          {
            apiVersion: 'cert-manager.io/v1',
            kind: 'Certificate',
            metadata: { name: 'web', namespace: 'apic' },
            spec: { secretName: 'web', issuerRef: { name: 'ca' }, commonName: 'web' },
          },
          secret('ca', [inForce], []),
          secret('web', [web], [own]),
          secret('api', [api], [own]),
          secret('db', [db], []),
          secret('all', [], cas),
        ])
        expect(signaturesOf(report, web)).toEqual([id(inForce)])
        expect(signaturesOf(report, api)).toEqual([id(own)])
        expect(signaturesOf(report, db)).toEqual([cas.map(id).sort()[0]])
      }
  })

  it('lead to everything above any of them, and everything below any of them is below all', async () => {
    const root = await caAt(0, { subject: 'CN=root', key: otherKey })
    const [own, crossed] = await Promise.all([caAt(1), caAt(2, { issuer: root })])
    const leaf = await leafOf(own, 'web')
    const report = await reportOn([secret('web', [leaf], [own]), secret('root', [root], []), secret('crossed', [crossed], [root])])
    expect(new Set(signersOf(report, id(leaf)))).toEqual(new Set([own, crossed, root].map(id)))
    expect(new Set(signedBelow(report, id(crossed)))).toEqual(new Set([own, leaf].map(id)))
    expect(new Set(signedBelow(report, id(root)))).toEqual(new Set([crossed, own, leaf].map(id)))
  })
})
