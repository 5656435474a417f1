import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { Diagnostic } from '../../src/index.ts'
import { selectFindings } from '../../src/report/select-findings.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { generateKeyPair, issueCertificate } from '../../src/testing/index.ts'
import { readyCaIssuer } from '../helpers/ready-ca-issuer.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface Made {
  readonly pem: string
}

let expiredCa: Made
let early: Made

const secret = (name: string, issuer: string, { pem }: Made, namespace = 'n') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, annotations: { 'cert-manager.io/issuer-kind': 'Issuer', 'cert-manager.io/issuer-name': issuer } },
  type: 'kubernetes.io/tls',
  data: { 'tls.crt': base64(pem) },
})
const certificate = (name: string, secretName: string, issuerName: string) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name, namespace: 'n' },
  spec: { secretName, dnsNames: ['a.example'], issuerRef: { name: issuerName } },
})

const diagnose = async (items: readonly object[], at = '2026-01-01T00:00:00Z'): Promise<readonly Diagnostic[]> =>
  (await analyze({ name: 'dump', text: items.map((item) => JSON.stringify(item)).join('\n') }, { at })).diagnostics

beforeAll(async () => {
  const key = await generateKeyPair({ algorithm: 'ECDSA', size: 256 })
  const ca = { key, subject: 'CN=ca', ca: true, keyUsage: ['keyCertSign'] } as const
  expiredCa = await issueCertificate({ ...ca, notBefore: '2020-01-01T00:00:00Z', notAfter: '2021-01-01T00:00:00Z' })
  early = await issueCertificate({ ...ca, notBefore: '2030-01-01T00:00:00Z', notAfter: '2040-01-01T00:00:00Z' })
})

describe('issuers in a loop', () => {
  it.each([
    ['ca-expired', () => expiredCa],
    ['not-yet-valid', () => early],
  ] as const)('are told by %s once', async (rule, ca) => {
    const loop = (names: readonly string[]) =>
      names.flatMap((name, index) => [readyCaIssuer(name), secret(name, names[(index + 1) % names.length] ?? '', ca())])
    for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      const found = (await diagnose([...loop(names), secret('leaf', 'a', ca())])).filter((diagnostic) => diagnostic.rule === rule)
      expect(found).toHaveLength(1)
      const named = found.flatMap(({ subject, related }) => [subject, ...related].map(({ kind, name }) => `${kind} ${name}`))
      expect(named).toEqual(expect.arrayContaining([...names.map((name) => `Secret ${name}`), 'Secret leaf']))
    }
  })
})

// So many that work by the square of their number, or a list that has to fit on the stack, would end the test.
describe('thousands of', () => {
  const MANY = 12_000
  const numbers = Array.from({ length: MANY }, (_, index) => index)

  it('CAs, each below the one before', async () => {
    const items = numbers.flatMap((index) => [readyCaIssuer(`i${index}`), secret(`i${index}`, `i${index - 1}`, expiredCa)])
    expect((await diagnose(items)).filter(({ rule }) => rule === 'ca-expired')).toHaveLength(1)
  })

  it('Certificates whose Secrets are missing', async () => {
    const items = numbers.flatMap((index) => [secret(`s${index}`, '', early), certificate(`c${index}`, `gone${index}`, 'ca')])
    expect(await diagnose([readyCaIssuer('ca'), ...items])).not.toHaveLength(0)
  })

  it('ClusterIssuers that sign with Secrets of one name', async () => {
    const items = numbers.flatMap((index) => [readyCaIssuer(`c${index}`, 'ClusterIssuer', 'ca'), secret('ca', '', early, `n${index}`)])
    expect(await diagnose(items)).not.toHaveLength(0)
  })
})

describe('hundreds of roots of one name', () => {
  it('and Secrets without ca.crt below them', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `s${index}`)
    const dates = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2040-01-01T00:00:00Z' }
    const items = await Promise.all(
      names.map(async (name) => {
        const [above, below] = await Promise.all([0, 1].map(() => generateKeyPair({ algorithm: 'ECDSA', size: 256 })))
        if (!above || !below) throw new Error('no keys')
        const root = await issueCertificate({ key: above, subject: 'CN=root', ca: true, keyUsage: ['keyCertSign'], ...dates })
        return [
          secret(`${name}-ca`, '', root),
          secret(
            name,
            '',
            await issueCertificate({ key: below, issuer: root, subject: 'CN=leaf', names: [{ dns: 'a.example' }], ...dates }),
          ),
        ]
      }),
    )
    const report = await analyze(
      {
        name: 'dump',
        text: items
          .flat()
          .map((item) => JSON.stringify(item))
          .join('\n'),
      },
      { at: '2026-01-01T00:00:00Z' },
    )
    const valid = new Map(report.clients.map((entry) => [entry.secret.name, entry.valid]))
    expect(names.map((name) => valid.get(name))).toStrictEqual(names.map(() => true))
  })
})

describe('a rule that fails', () => {
  const failing: Rule = {
    id: 'failing',
    group: 'input',
    severity: 'info',
    title: '',
    means: '',
    matters: '',
    mend: '',
    silent: '',
    sources: [],
    needs: [],
    check: () => {
      throw new RangeError('secret text of the input')
    },
  }

  it('is an error that no choice of rules or namespaces hides, and tells nothing of the input', async () => {
    const report = await analyze(
      { name: 'dump', text: JSON.stringify(readyCaIssuer('a')) },
      { at: '2026-01-01T00:00:00Z', rules: [failing] },
    )
    expect(report.diagnostics).toMatchObject([{ rule: 'rule-crashed', severity: 'error', subject: { name: 'failing' } }])
    expect(JSON.stringify(report)).not.toContain('secret text')
    for (const selection of [{ rules: ['expired'] }, { ignore: ['rule-crashed'] }, { namespaces: ['other'] }])
      expect(selectFindings(report, selection).diagnostics).toHaveLength(1)
  })
})
