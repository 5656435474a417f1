import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readDump } from '../../src/dump/read-dump.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import { replayController } from '../../src/replay/replay-controller.ts'

const cluster = (name: string) => new URL(`../fixtures/clusters/${name}/`, import.meta.url)

describe('agreesWithStatus', () => {
  it('says how a condition stands that cert-manager would write otherwise', async () => {
    const folder = cluster('request-denied')
    const { at } = JSON.parse(readFileSync(new URL('truth.json', folder), 'utf8')) as { at: string }
    const dump = await readDump({ name: 'dump.yaml', text: gunzipSync(readFileSync(new URL('dump.yaml.gz', folder))) })
    const { verdicts } = replayController(await buildInventory(dump), { at: Date.parse(at) })
    const denied = verdicts.find(({ certificate }) => certificate.name === 'denied')
    expect(denied?.agreesWithStatus).toEqual({
      holds: false,
      differences: ['Issuing is False (policy.cert-manager.io), cert-manager would write True (DoesNotExist)'],
    })
  })
})
