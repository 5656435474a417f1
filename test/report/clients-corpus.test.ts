import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ClientVerdicts } from '../../src/index.ts'
import { analyze } from '../../src/index.ts'

/** A chain, and what real clients said of it. */
interface Case {
  readonly id: string
  readonly chain: readonly string[]
  readonly anchors: readonly string[]
  readonly purpose: string
  readonly at: string
  readonly verdicts: Readonly<Record<string, { readonly ok: boolean; readonly why?: string }>>
}

const corpus = new URL('../../../shared/corpus/clients/clients.jsonl.gz', import.meta.url)
const cases = existsSync(corpus)
  ? gunzipSync(readFileSync(corpus))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : []

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

/** The report asks about a certificate for clients alone as about a client's. */
const isForClients = (pem: string): boolean => {
  try {
    const purposes = (new X509Certificate(pem).keyUsage as readonly string[] | undefined) ?? []
    return purposes.includes(CLIENT_AUTH) && !purposes.includes(SERVER_AUTH)
  } catch {
    return false
  }
}

const secretOf = ({ chain, anchors }: Case, name: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'a' },
  type: 'kubernetes.io/tls',
  data: {
    'tls.crt': Buffer.from(chain.join('')).toString('base64'),
    'ca.crt': Buffer.from(anchors.join('')).toString('base64'),
  },
})

/** What the report says of each Secret under its own ca.crt. */
const ownVerdicts = async (secrets: readonly object[], at: string): Promise<ReadonlyMap<string, ClientVerdicts>> => {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: secrets })
  const { clients } = await analyze([{ name: 'dump.json', text }], { at })
  return new Map(clients.filter(({ anchors }) => anchors === 'own-ca.crt').map((entry) => [entry.secret.name, entry]))
}

describe.skipIf(cases.length === 0)('chains of the corpus in Secrets (skipped where ../shared is absent)', () => {
  it('are judged as real clients judged them, each alone', async () => {
    const wrong: string[] = []
    let decided = 0
    for (const each of cases) {
      if (each.purpose !== 'server' || isForClients(each.chain[0] ?? '')) continue
      const told = (await ownVerdicts([secretOf(each, 's')], each.at)).get('s')?.verdicts ?? {}
      for (const [client, { ok, why }] of Object.entries(each.verdicts)) {
        const accepts = told[client]?.accepts
        // No peer name is asked for in a report.
        if (why === 'name' || typeof accepts !== 'boolean') continue
        decided++
        if (accepts !== ok) wrong.push(`${each.id} ${client}`)
      }
    }
    expect(wrong).toEqual([])
    // Of six clients at most; without a floor, a report that decides nothing would pass.
    expect(decided).toBeGreaterThan(3 * cases.length)
  })

  it('are judged the same all together, in either order, as each alone', async () => {
    let told = 0
    for (const at of new Set(cases.map((each) => each.at))) {
      const secrets = cases.filter((each) => each.at === at).map((each, index) => secretOf(each, `s${index}`))
      const forwards = await ownVerdicts(secrets, at)
      told += forwards.size
      expect(new Map([...(await ownVerdicts([...secrets].reverse(), at))].sort())).toEqual(new Map([...forwards].sort()))
      for (const secret of secrets) {
        const { name } = secret.metadata
        expect((await ownVerdicts([secret], at)).get(name), name).toEqual(forwards.get(name))
      }
    }
    expect(told).toBeGreaterThan(0.95 * cases.length)
  })
})
