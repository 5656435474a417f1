import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Report } from '../../src/index.ts'
import { generateKeyPair, issueCertificate } from '../../src/testing/index.ts'
import { readyCaIssuer } from '../helpers/ready-ca-issuer.ts'

const DATES = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' }
const newKey = () => generateKeyPair({ algorithm: 'ECDSA', size: 256 })
const issueCa = async (options: Partial<Parameters<typeof issueCertificate>[0]> = {}) =>
  issueCertificate({ key: await newKey(), subject: 'CN=ca', ca: true, keyUsage: ['keyCertSign'], ...DATES, ...options })
type Issued = Awaited<ReturnType<typeof issueCa>>
const issueLeaf = async (issuer: Issued, dns = 'new.example', options: Partial<Parameters<typeof issueCertificate>[0]> = {}) =>
  issueCertificate({ key: await newKey(), subject: 'CN=leaf', issuer, names: [{ dns }], ...DATES, ...options })

const secret = (name: string, tlsCrt: readonly Issued[], caCrt: readonly Issued[]) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'n', annotations: { 'cert-manager.io/issuer-name': name === 'ca' ? 'none' : 'ca' } },
  type: 'kubernetes.io/tls',
  data: Object.fromEntries(
    Object.entries({ 'tls.crt': tlsCrt, 'ca.crt': caCrt }).map(([key, texts]) => [
      key,
      Buffer.from(texts.map(({ pem }) => pem).join('')).toString('base64'),
    ]),
  ),
})
const read = (items: readonly object[], limits?: Parameters<typeof analyze>[1]['limits']): Promise<Report> =>
  analyze(
    { name: 'dump', text: items.map((item) => JSON.stringify(item)).join('\n') },
    { at: '2026-06-01T00:00:00Z', ...(limits && { limits }) },
  )
const rulesOf = ({ diagnostics }: Report) => diagnostics.map(({ rule }) => rule)

describe('the path to a Secret’s own ca.crt', () => {
  it('goes by signatures: another generation of the CA in the bundle binds nobody', async () => {
    const former = await issueCa({ nameConstraints: { critical: true, permitted: [{ dns: 'old.example' }], excluded: [] }, pathLength: 0 })
    const current = await issueCa()
    const middle = await issueCa({ subject: 'CN=middle', issuer: current })
    for (const chain of [[await issueLeaf(current)], [await issueLeaf(middle), middle]])
      expect(rulesOf(await read([secret('web', chain, [former, current])]))).toStrictEqual([])
  })

  it('is told where the CA that did sign forbids the name', async () => {
    const current = await issueCa({ nameConstraints: { critical: true, permitted: [{ dns: 'old.example' }], excluded: [] } })
    expect(rulesOf(await read([secret('web', [await issueLeaf(current)], [await issueCa(), current])]))).toStrictEqual([
      'name-constraint-violation',
    ])
  })
})

describe('a limit that is reached', () => {
  it('leaves the question open who signed: more CAs of one name than are asked', async () => {
    const cas = await Promise.all(Array.from({ length: 30 }, () => issueCa()))
    const leaves = await Promise.all(cas.slice(0, 12).map((ca) => issueLeaf(ca, 'a.example', { authorityKeyIdentifier: 'none' })))
    const items = [readyCaIssuer('ca'), secret('ca', [await issueCa()], []), ...cas.map((ca, index) => secret(`old-${index}`, [ca], []))]
    const all = [...items, ...leaves.map((leaf, index) => secret(`web-${index}`, [leaf], []))]
    const few = await read(all, { signaturesPerCertificate: 8 })
    expect(rulesOf(few)).not.toContain('signature-invalid')
    expect(few.notEvaluable).toContainEqual(expect.objectContaining({ rule: 'signature-invalid', missing: ['budget'] }))
    const enough = await read(all)
    expect(rulesOf(enough)).toContain('ca-rekeyed')
    expect(enough.notEvaluable.flatMap(({ missing }) => missing)).not.toContain('budget')
  })

  it('leaves no root in doubt, however many have its name: its own key is asked first', async () => {
    const cas = await Promise.all(Array.from({ length: 30 }, () => issueCa({ subjectKeyIdentifier: 'none' })))
    const report = await read(
      cas.map((ca, index) => secret(`root-${index}`, [ca], [])),
      { signaturesPerCertificate: 8 },
    )
    const own = report.links.filter(({ kind, from, to }) => kind === 'signed-by' && from === to)
    expect(own.map(({ status }) => status)).toStrictEqual(cas.map(() => 'verified'))
  })

  it('leaves the question open where a path leads: more intermediates than are followed', async () => {
    const root = await issueCa({ subject: 'CN=root' })
    const line = [root]
    for (let index = 0; index < 6; index++) line.unshift(await issueCa({ subject: `CN=m${index}`, issuer: line[0] as Issued }))
    const items = [secret('web', [await issueLeaf(line[0] as Issued), ...line.slice(0, -1)], [root])]
    expect(rulesOf(await read(items, { pathLength: 4 }))).not.toContain('ca-crt-unrelated')
    expect(rulesOf(await read(items))).toStrictEqual([])
  })

  it('leaves the question open whether a name is allowed: more constraints than are compared', async () => {
    const excluded = Array.from({ length: 50 }, (_, index) => ({ dns: `x${index}.example` }))
    const ca = await issueCa({ nameConstraints: { critical: true, permitted: [], excluded } })
    const items = [secret('web', [await issueLeaf(ca, 'a.x49.example')], [ca])]
    expect(rulesOf(await read(items))).toStrictEqual(['name-constraint-violation'])
    const few = await read(items, { nameComparisons: 10 })
    expect(rulesOf(few)).not.toContain('name-constraint-violation')
    expect(few.notEvaluable).toContainEqual(expect.objectContaining({ rule: 'name-constraint-violation', missing: ['budget'] }))
    expect(few.clients.map(({ valid }) => valid)).toStrictEqual([false])
  })

  it('leaves out what is beyond it in a value, and says so', async () => {
    const ca = await issueCa()
    const items = [secret('web', [await issueLeaf(ca)], [ca, await issueCa({ subject: 'CN=second' })])]
    expect((await read(items)).certificates).toHaveLength(3)
    expect((await read(items, { pemBlocks: 1 })).certificates).toHaveLength(2)
    expect(rulesOf(await read(items, { certificateBytes: 100 }))).toContain('cert-unreadable')
  })
})
