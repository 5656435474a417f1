import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readClientCases, runClients, verdictOf } from '../../../scripts/conformance/clients.ts'
import { clients } from '../../../src/x509/clients/client.ts'

const sample = new URL('../../fixtures/clients/clients-sample.jsonl.gz', import.meta.url).pathname
const corpus = new URL('../../../../shared/corpus/clients/clients.jsonl.gz', import.meta.url).pathname

describe('verdicts of real clients', () => {
  test('the sample is predicted without a difference', async () => {
    const result = await runClients(sample, new Map())
    expect(result.lines.filter((line) => line.startsWith('✖'))).toEqual([])
    expect(result.failed).toBe(0)
    expect(result.passed).toBe(readClientCases(sample).length)
  })

  test('the sample holds cases that each client takes and refuses', () => {
    const cases = readClientCases(sample)
    for (const client of clients) expect(new Set(cases.map((entry) => verdictOf(entry, client)))).toEqual(new Set([true, false]))
  })

  test('an exception that agrees is a fault', async () => {
    const [first] = readClientCases(sample)
    const result = await runClients(sample, new Map([[`${first?.id} go`, 'no reason']]))
    expect(result.failed).toBe(1)
  })

  describe.skipIf(!existsSync(corpus))('with the whole collection at hand', () => {
    test('it is predicted without a difference', { timeout: 120_000 }, async () => {
      const result = await runClients(corpus)
      expect(result.lines.filter((line) => line.startsWith('✖'))).toEqual([])
      expect(result.failed).toBe(0)
    })
  })
})
