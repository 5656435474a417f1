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
})
