import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Client, ClientPeer } from '../../src/x509/clients/client.ts'
import { clients } from '../../src/x509/clients/client.ts'
import { predictClients } from '../../src/x509/clients/predict-clients.ts'
import type { ExceptionList } from './exceptions.ts'

/** One line of clients.jsonl: a chain and what the real validators said of it. */
export interface ClientCase {
  readonly id: string
  readonly group: string
  readonly chain: readonly string[]
  readonly anchors: readonly string[]
  readonly peer?: ClientPeer | null
  readonly purpose: 'server' | 'client'
  readonly at: string
  readonly verdicts: Readonly<Record<string, { readonly ok?: boolean | null } | undefined>>
  readonly variants: Readonly<Record<string, { readonly ok?: boolean | null } | undefined>>
}

/** Groups in which no answer may be unknown. */
const CORE = new Set(['rotation', 'intermediates', 'dates', 'names', 'caflags'])
const SLOW = 1_000
const UNKNOWN_SHARE = 0.05

export interface ClientResult {
  readonly passed: number
  readonly failed: number
  readonly lines: readonly string[]
}

/** The cases of a file, gzipped or not. */
export const readClientCases = (path: string): ClientCase[] => {
  const raw = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(raw) : raw).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ClientCase)
}

/** What the real validator said; undefined where it was not run. */
export const verdictOf = (entry: ClientCase, client: Client): boolean | undefined => {
  const { verdicts, variants } = entry
  const said =
    client === 'opensslPartial' ? variants['openssl-partial'] : client === 'opensslStrict' ? variants['openssl-strict'] : verdicts[client]
  return said?.ok ?? undefined
}

const readClientExceptions = (): ExceptionList => {
  const file = new URL('../../test/conformance/client-exceptions.json', import.meta.url)
  if (!existsSync(file)) return new Map()
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>))
}

interface Tally {
  agreed: number
  wrong: number
  unknown: number
}

/**
 * Runs predictClients over the verdicts of real clients. A case passes when every client agrees; an exception (`id client`, by name in
 * test/conformance/client-exceptions.json) falls when it begins to agree. `failed` counts faults, an unknown too many and each slow case.
 */
export const runClients = async (path: string, exceptions: ExceptionList = readClientExceptions()): Promise<ClientResult> => {
  const tallies = new Map<string, Tally>()
  const faults: string[] = []
  let [passed, unknownTotal, asked] = [0, 0, 0]
  const cases = readClientCases(path)
  for (const entry of cases) {
    const begun = performance.now()
    const { chain, anchors, peer, purpose, at } = entry
    const said = await predictClients({ chain, anchors, purpose, at, ...(peer && { peer }) })
    if (performance.now() - begun > SLOW) faults.push(`${entry.id}: over a second`)
    let same = true
    for (const client of clients) {
      const real = verdictOf(entry, client)
      if (real === undefined) continue
      asked++
      const key = `${entry.group} ${client}`
      const tally = tallies.get(key) ?? { agreed: 0, wrong: 0, unknown: 0 }
      tallies.set(key, tally)
      const { accepts, reason } = said[client]
      const excepted = exceptions.has(`${entry.id} ${client}`)
      if (accepts === real) {
        tally.agreed++
        if (excepted) faults.push(`${entry.id} ${client}: an exception that agrees now`)
        continue
      }
      same = false
      if (accepts === 'unknown') {
        tally.unknown++
        unknownTotal++
      } else tally.wrong++
      if (!excepted && (accepts !== 'unknown' || CORE.has(entry.group)))
        faults.push(`${entry.id} ${client}: ${String(accepts)} instead of ${String(real)} (${reason})`)
    }
    if (same) passed++
  }
  if (unknownTotal > asked * UNKNOWN_SHARE) faults.push(`${unknownTotal} of ${asked} answers are unknown`)
  const groups = [...new Set(cases.map(({ group }) => group))]
  const lines = groups.map((group) => {
    const cells = clients.map((client) => {
      const { agreed, wrong, unknown } = tallies.get(`${group} ${client}`) ?? { agreed: 0, wrong: 0, unknown: 0 }
      return `${client} ${agreed} agreed, ${wrong} differ${unknown > 0 ? `, ${unknown} unknown` : ''}`
    })
    return `${group}: ${cells.join('; ')}`
  })
  const total = `${passed} of ${cases.length} cases the same for every client; ${unknownTotal} of ${asked} answers unknown`
  return { passed, failed: faults.length, lines: [...lines, total, ...faults.slice(0, 40).map((fault) => `✖ ${fault}`)] }
}
