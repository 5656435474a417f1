import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readDump } from '../../src/dump/read-dump.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import { replayController } from '../../src/replay/replay-controller.ts'

/** All of them where they lie beside the repository, else those that stand in it. */
const shared = new URL('../../../shared/dumps/clusters/', import.meta.url)
const own = new URL('../fixtures/clusters/', import.meta.url)
const clusters = existsSync(shared) ? shared : own
const folders = readdirSync(clusters, { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  .sort()

const textOf = (folder: string): string => {
  const [whole, packed] = [new URL(`${folder}/dump.yaml`, clusters), new URL(`${folder}/dump.yaml.gz`, clusters)]
  return (existsSync(whole) ? readFileSync(whole) : gunzipSync(readFileSync(packed))).toString()
}

const leaves = [
  'abc-management-client',
  'abc-management-natscluster-mgmt',
  'abc-management-server',
  'analytics-ingestion-client',
  'apim-endpoint',
  'cm-endpoint',
  'consumer-endpoint',
  'gateway-client-client',
  'portal-admin-client',
]

/** What each fault changed: Certificate → the fields of its status that no longer agree. Folders that are not named: nothing. */
const changed: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'ca-key-mismatch': { 'abc-management-ca': ['Ready', 'Issuing'] },
  'chain-reversed': { one: ['Ready', 'notAfter', 'renewalTime', 'Issuing'] },
  'expired-ca': { 'short-ca': ['Ready', 'Issuing'] },
  'expired-leaf': Object.fromEntries(leaves.map((name) => [name, ['Ready', 'Issuing']])),
  'intermediate-expired': { 'sub-ca': ['Ready', 'Issuing'] },
  'issuer-changed': { 'abc-management-server': ['Ready', 'Issuing'] },
  'key-swapped': { 'abc-management-client': ['Ready', 'Issuing'] },
  'many-faults': {
    'abc-analytics-server': ['Ready', 'Issuing'],
    'abc-gateway-peering': ['Ready', 'notBefore', 'notAfter', 'renewalTime', 'Issuing'],
  },
  'renewal-overdue': Object.fromEntries(leaves.map((name) => [name, ['Issuing']])),
  'request-denied': { denied: ['Issuing'] },
  'secret-missing': {
    'abc-management-client': ['Ready', 'notBefore', 'notAfter', 'renewalTime', 'Issuing'],
    'abc-management-natscluster-mgmt': ['Ready', 'notBefore', 'notAfter', 'renewalTime', 'Issuing'],
  },
}

describe("real clusters: the controllers' own conditions", () => {
  it('are fifteen at least', () => {
    expect(folders.length).toBeGreaterThanOrEqual(15)
  })

  it.each(folders)('%s: the status differs exactly in what the fault changed', async (folder) => {
    const { at } = JSON.parse(readFileSync(new URL(`${folder}/truth.json`, clusters), 'utf8')) as { at: string }
    const dump = await readDump([{ name: 'dump.yaml', text: textOf(folder) }])
    const { verdicts, version } = replayController(await buildInventory(dump), { at: Date.parse(at) })
    const differing = verdicts.filter((verdict) => !verdict.agreesWithStatus.holds)
    const fields = differing.map((verdict) => [
      verdict.certificate.name,
      verdict.agreesWithStatus.differences.map((text) => text.split(' ')[0]),
    ])
    expect(Object.fromEntries(fields)).toEqual(changed[folder] ?? {})
    expect(version.version).toBe('v1.21.1')
    for (const verdict of verdicts) {
      expect(verdict.trigger.unknown, verdict.certificate.name).toBeUndefined()
      expect(verdict.readiness.unknown, verdict.certificate.name).toBeUndefined()
    }
  })
})
