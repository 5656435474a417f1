import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { JsonObject, ObjectHints } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'

/** The objects of one case that cert-manager decided, and its instant. */
export interface SampleCase {
  readonly at: number
  readonly certificate: JsonObject
  readonly secret: JsonObject
  readonly request: JsonObject
}

interface Row {
  readonly class: string
  readonly now: string
  readonly mutations: readonly string[] | null
  readonly input: { readonly certificate: JsonObject; readonly secret: JsonObject | null; readonly currentRequest: JsonObject | null }
  readonly verdicts: { readonly trigger: { readonly violated: boolean }; readonly readiness: { readonly violated: boolean } }
}

/** A Certificate with Secret and request with which nothing is wrong. */
export const healthyCase = (): SampleCase => {
  const file = new URL('../fixtures/policies/policy-v1.21.1-sample.jsonl.gz', import.meta.url)
  const rows = gunzipSync(readFileSync(file)).toString().split('\n').filter(Boolean)
  for (const line of rows) {
    const row = JSON.parse(line) as Row
    const { certificate, secret, currentRequest: request } = row.input
    const isHealthy =
      row.class === 'steady' && (row.mutations ?? []).length === 0 && !row.verdicts.trigger.violated && !row.verdicts.readiness.violated
    if (isHealthy && secret && request) return { at: Date.parse(row.now), certificate, secret, request }
  }
  throw new Error('the sample has no healthy case')
}

/**
 * Reads objects as kubectl would have printed them, one field a line; `hints` are what a bundle's reader knows about its Secrets,
 * an `indent` of 0 is what `jq -c` makes of them.
 */
export const readPrinted = async (items: readonly JsonObject[], hints?: ObjectHints, indent = 4): Promise<Inventory> => {
  const dump = await readDump([{ name: 'dump.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, indent) }])
  const objects = dump.objects.map((object) => (hints && object.value['kind'] === 'Secret' ? { ...object, hints } : object))
  return buildInventory({ ...dump, objects })
}

/** A copy with other values at the given paths; undefined removes. */
export const withValues = (value: JsonObject, changes: Readonly<Record<string, unknown>>): JsonObject => {
  const copy = structuredClone(value) as Record<string, unknown>
  for (const [path, replacement] of Object.entries(changes)) {
    const keys = path.split('/')
    let place = copy
    for (const key of keys.slice(0, -1)) place = place[key] as Record<string, unknown>
    const last = keys.at(-1) as string
    if (replacement === undefined) delete place[last]
    else place[last] = replacement
  }
  return copy as JsonObject
}
