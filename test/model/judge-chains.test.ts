import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../src/base/verdict.ts'
import { createChainJudge } from '../../src/model/judge-chains.ts'
import type { Chain, Model } from '../../src/model/model.ts'
import type { CertificateOptions } from '../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../src/testing/certificate-builder.ts'
import { createKeyPool } from '../../src/testing/key-pair.ts'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { createSignatureVerifier } from '../../src/x509/signature.ts'

const keys = createKeyPool()
let lastKey = 0

const decode = (der: Uint8Array): X509Certificate => {
  const decoded = decodeCertificate(der)
  if (!('certificate' in decoded)) throw new Error(decoded.failure.code)
  return decoded.certificate
}

type Change = Partial<CertificateOptions>

/** A root of its own key and name, and a certificate that it signed. */
const pair = async (rootChange: Change, leafChange: Change): Promise<Pick<Chain, 'leaf' | 'sent' | 'anchors'>> => {
  const number = ++lastKey
  const root = await issueCertificate({
    key: await keys.key({ algorithm: 'ECDSA', size: 256 }, number),
    subject: `CN=root ${number}`,
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2036-01-01T00:00:00Z',
    ca: true,
    keyUsage: ['keyCertSign', 'cRLSign'],
    ...rootChange,
  })
  const leaf = await issueCertificate({
    key: await keys.key({ algorithm: 'ECDSA', size: 256 }, 1000 + number),
    subject: `CN=web ${number}`,
    issuer: root,
    names: [{ dns: `web-${number}.shop.svc` }],
    notBefore: '2026-10-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
    ...leafChange,
  })
  const [above, below] = [decode(root.der), decode(leaf.der)]
  return { leaf: below, sent: [below], anchors: [above] }
}

type Case = readonly [what: string, root: Change, leaf: Change]

/** Asked before each of the others, so that what they differ in is all that they differ in. */
const PLAIN: Case = ['as cert-manager makes them', {}, {}]

/** A key like any other but for its point, which is not on the curve. */
const offCurve = async (): Promise<CertificateOptions['key']> => {
  const key = await keys.key({ algorithm: 'ECDSA', size: 256 }, 1)
  const spki = key.spki.slice()
  spki[spki.length - 1] = (spki[spki.length - 1] as number) ^ 1
  return { ...key, spki, publicKeyBits: spki.slice(-65) }
}

const CASES: readonly Case[] = [
  ['a root with SHA-1 identifiers', { subjectKeyIdentifier: 'sha1' }, {}],
  ['a root without an identifier', { subjectKeyIdentifier: 'none' }, {}],
  ['a root that names itself as authority', { authorityKeyIdentifier: 'always' }, {}],
  ['a root that names another authority', { authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(1, 2, 3) } }, {}],
  ['an expired root', { notAfter: '2026-10-15T00:00:00Z' }, {}],
  ['a root of the future', { notBefore: '2026-12-01T00:00:00Z' }, {}],
  ['a root that is no CA', { ca: false }, {}],
  ['a root without constraints', { ca: undefined }, {}],
  ['a root that may not sign', { keyUsage: ['digitalSignature'] }, {}],
  ['a root without key usage', { keyUsage: undefined }, {}],
  ['a root with a path length', { pathLength: 0 }, {}],
  ['a root for clients alone', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }, {}],
  ['a root with name constraints', { nameConstraints: { critical: true, permitted: [{ dns: 'example.org' }] } }, {}],
  ['a root with an unknown critical extension', { extraExtensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }, {}],
  ['a root with a negative serial', { serial: -5n }, {}],
  ['a root whose own signature fails', { breakSignature: true }, {}],
  ['a certificate whose signature fails', {}, { breakSignature: true }],
  ['a certificate with another authority', {}, { authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(1, 2, 3) } }],
  ['a certificate without an authority', {}, { authorityKeyIdentifier: 'none' }],
  ['a certificate with issuer and serial', {}, { authorityKeyIdentifier: { issuer: 'CN=other', serial: Uint8Array.of(9) } }],
  ['an expired certificate', {}, { notAfter: '2026-10-15T00:00:00Z' }],
  ['a certificate of the future', {}, { notBefore: '2026-12-01T00:00:00Z' }],
  ['a certificate for clients', {}, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] }],
  ['a certificate for code', {}, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'] }],
  [
    'a certificate with an unknown critical extension',
    {},
    { extensions: (made) => made.map((item) => (item.oid === '2.5.29.37' ? { ...item, oid: '1.2.3.4', critical: true } : item)) },
  ],
  ['a certificate without key usage', {}, { keyUsage: [] }],
  ['a certificate with a mail address', {}, { names: [{ email: 'a@example.org' }] }],
  ['a certificate of another issuer name', {}, { issuerName: 'CN=another' }],
  ['a certificate whose key is off its curve', {}, { key: await offCurve() }],
]

const signedIn = async (certificates: readonly X509Certificate[]): Promise<Model['signs']> => {
  const verifier = createSignatureVerifier()
  const verdicts = new Map<string, Verdict>()
  for (const issuer of certificates)
    for (const subject of certificates)
      if (issuer.subject.normalized === subject.issuer.normalized)
        verdicts.set(`${issuer.fingerprint} ${subject.fingerprint}`, await verifier.verify(subject, issuer))
  return (issuer, subject) => verdicts.get(`${issuer.fingerprint} ${subject.fingerprint}`) ?? { status: 'unknown', missing: ['budget'] }
}

describe('the judge of chains', () => {
  it('says of each chain what it says of that chain alone, whatever it was asked before', async () => {
    const asked: { what: string; how: string; chain: Chain; anchors: readonly X509Certificate[] }[] = []
    for (const round of [1, 2])
      for (const [what, rootChange, leafChange] of CASES.flatMap((item) => [PLAIN, item])) {
        const made = await pair(rootChange, leafChange)
        const [root] = made.anchors as readonly [X509Certificate]
        const add = (how: string, leaf: X509Certificate, sent: readonly X509Certificate[], anchors: readonly X509Certificate[]): void =>
          void asked.push({
            what: `${what}, ${how}, ${round}`,
            how,
            chain: { leaf, sent, anchors, feeds: [] } as unknown as Chain,
            anchors,
          })
        add('alone', made.leaf, made.sent, [root])
        add('with its root', made.leaf, [made.leaf, root], [root])
        add('with its root twice', made.leaf, [made.leaf, root, root], [root])
        add('in the wrong order', made.leaf, [root, made.leaf], [root])
        add('under nothing', made.leaf, made.sent, [])
        add('under another root', made.leaf, made.sent, [(await pair({}, {})).anchors[0] as X509Certificate])
        add('under itself', made.leaf, made.sent, [made.leaf])
        add('the root', root, [root], [root])
        add('the root under nothing', root, [root], [])
      }
    const signs = await signedIn([...new Set(asked.flatMap(({ chain, anchors }) => [...chain.sent, ...anchors]))])
    const model = { at: Date.parse('2026-11-01T00:00:00Z'), signs } as Model
    const answers = new Set<string>()
    // What stands beside each other differs in much, then in little.
    const grouped = [...asked].sort((a, b) => (a.how < b.how ? -1 : a.how > b.how ? 1 : 0))
    for (const order of [asked, grouped]) {
      const together = createChainJudge(model)
      for (const { what, chain, anchors } of order) {
        const [shared, own] = [together.judge(chain, anchors), createChainJudge(model).judge(chain, anchors)]
        expect([shared.valid, shared.reasons, shared.clients], what).toEqual([own.valid, own.reasons, own.clients])
        answers.add(JSON.stringify([own.valid, own.reasons, own.clients]))
      }
    }
    expect(answers.size).toBeGreaterThan(20)
  })

  it('judges once what differs in names, keys and serials alone', async () => {
    const [one, other] = [await pair({}, {}), await pair({}, {})]
    const signs = await signedIn([...one.sent, ...one.anchors, ...other.sent, ...other.anchors])
    const judge = createChainJudge({ at: Date.parse('2026-11-01T00:00:00Z'), signs } as Model)
    const of = (chain: typeof one) => judge.judge(chain as Chain, chain.anchors)
    expect(of(one).clients.go).toEqual({ accepts: true, reason: 'accepted' })
    expect(of(other)).toBe(of(one))
    const expired = await pair({ notAfter: '2026-10-15T00:00:00Z' }, {})
    expect(of(expired)).not.toBe(of(one))
  })
})
