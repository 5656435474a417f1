import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze, clients } from '../../src/index.ts'
import { cluster } from '../../src/testing/index.ts'

const read = (name: string): string => readFileSync(new URL(`../../examples/api-connect/${name}`, import.meta.url), 'utf8')

describe('clients of the report', () => {
  it('says who refuses after a CA was re-keyed, and who still accepts', async () => {
    const report = await analyze([{ name: 'ca-renewed.yaml', text: read('ca-renewed.yaml') }], { at: '2026-11-24T05:00:00Z' })
    const of = (anchors: string) =>
      report.clients.find((entry) => entry.secret.name === 'abc-management-server' && entry.anchors === anchors)
    expect(of('in-force')).toMatchObject({ valid: false })
    expect(of('own-ca.crt')).toMatchObject({ valid: true, reasons: [] })
    for (const client of clients) {
      expect(of('in-force')?.verdicts[client]?.accepts, client).toBe(false)
      expect(of('own-ca.crt')?.verdicts[client]?.accepts, client).toBe(true)
    }
  })

  it('asks of a pair whose key identifiers agree, though its names are one only to some clients', async () => {
    const fixture = new URL('fixtures/name-of-two-string-types.json', import.meta.url)
    const { at, chain, anchors, accepts } = JSON.parse(readFileSync(fixture, 'utf8')) as {
      at: string
      chain: string[]
      anchors: string[]
      accepts: Record<string, boolean>
    }
    const encode = (pem: readonly string[]): string => Buffer.from(pem.join('')).toString('base64')
    const data = { 'tls.crt': encode(chain), 'ca.crt': encode(anchors) }
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'b' }, type: 'kubernetes.io/tls', data }
    const report = await analyze([{ name: 'dump.json', text: JSON.stringify(secret) }], { at })
    const verdicts = report.clients.find((entry) => entry.anchors === 'own-ca.crt')?.verdicts ?? {}
    expect(Object.fromEntries(Object.keys(accepts).map((client) => [client, verdicts[client]?.accepts]))).toEqual(accepts)
  })

  it('gives chains of one class the same answers as each alone', async () => {
    const made = cluster({ now: '2026-11-01T00:00:00Z', namespace: 'shop' })
      .selfSignedIssuer('boot')
      .certificate('root', { issuer: 'boot', commonName: 'root', isCA: true, duration: '87600h' })
      .caIssuer('root')
      .certificate('web', { issuer: 'root', commonName: 'web', dnsNames: ['web.shop.svc'] })
      .certificate('api', { issuer: 'root', commonName: 'api', dnsNames: ['api.shop.svc'] })
      .certificate('odd', { issuer: 'root', commonName: 'odd', dnsNames: ['*.Shop.svc'], emailAddresses: ['a@example.com'] })
    const at = '2026-11-02T00:00:00Z'
    const report = await analyze(await made.toSources(), { at })
    const verdicts = (name: string) =>
      report.clients.filter((entry) => entry.secret.name === name).map((entry) => [entry.valid, entry.verdicts])
    expect(verdicts('web')).toHaveLength(1)
    expect(verdicts('api')).toEqual(verdicts('web'))
    for (const [valid, answers] of verdicts('odd')) {
      expect(valid).toBe(true)
      expect(Object.keys(answers as object).sort()).toEqual([...clients].sort())
    }
    expect(verdicts('root')).toEqual([[true, {}]])
  })

  describe('where a certificate of the chain cannot be read', () => {
    const at = '2026-11-02T00:00:00Z'
    const made = cluster({ now: '2026-11-01T00:00:00Z', namespace: 'shop' })
      .selfSignedIssuer('boot')
      .certificate('root', { issuer: 'boot', commonName: 'root', isCA: true, duration: '87600h' })
      .caIssuer('root')
      .certificate('web', { issuer: 'root', commonName: 'web', dnsNames: ['web.shop.svc'] })

    /** The report when the values of Secret web are changed. */
    const reportWith = async (change: (data: Record<string, string>) => void) => {
      const objects = structuredClone(await made.toObjects()) as {
        kind: string
        metadata: { name: string }
        data: Record<string, string>
      }[]
      const secret = objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 'web')!
      change(secret.data)
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
      return analyze([{ name: 'dump.json', text }], { at })
    }
    const verdictsWith = async (change: (data: Record<string, string>) => void) =>
      (await reportWith(change)).clients.filter((entry) => entry.secret.name === 'web')
    const decode = (value: string): string => Buffer.from(value, 'base64').toString()
    const encode = (value: string): string => Buffer.from(value).toString('base64')
    /** The same certificate with one octet behind its end. */
    const lengthen = (pem: string): string => {
      const der = Buffer.concat([Buffer.from(pem.replace(/-----[A-Z ]+-----|\n/g, ''), 'base64'), Buffer.of(0)])
      return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
    }
    const accepts = (entry: Awaited<ReturnType<typeof verdictsWith>>[number]): readonly unknown[] =>
      Object.values(entry.verdicts).map((verdict) => verdict.accepts)

    it('says nothing in the name of the certificates behind the first', async () => {
      const { clients: entries, diagnostics } = await reportWith((data) => {
        data['tls.crt'] = encode(lengthen(decode(data['tls.crt']!)) + decode(data['ca.crt']!))
      })
      expect(entries.filter((entry) => entry.secret.name === 'web')).toEqual([])
      expect(diagnostics.filter(({ subject }) => subject.name === 'web').map(({ rule }) => rule)).toEqual(['cert-unreadable'])
    })

    it('knows a path that does without it, but not what clients say of it', async () => {
      const entries = await verdictsWith((data) => {
        data['tls.crt'] = encode(decode(data['tls.crt']!) + lengthen(decode(data['ca.crt']!)))
      })
      expect(entries.length).toBeGreaterThan(0)
      for (const entry of entries) {
        expect(entry).toMatchObject({ valid: true, reasons: [] })
        expect(new Set(accepts(entry))).toEqual(new Set(['unknown']))
      }
    })

    it('says so where there is no path without it', async () => {
      const entries = await verdictsWith((data) => {
        data['ca.crt'] = encode(lengthen(decode(data['ca.crt']!)) + decode(data['tls.crt']!))
      })
      const own = entries.find(({ anchors }) => anchors === 'own-ca.crt')
      expect(own?.verdicts['go']?.accepts).toBe('unknown')
      expect(entries.find(({ anchors }) => anchors === 'in-force')).toMatchObject({ valid: true, verdicts: { go: { accepts: true } } })
    })
  })
})
