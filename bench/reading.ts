// node reading.mjs METHOD DUMP ENTRY: one way of turning text into objects, in a process of its own. The file is in memory before the clock
// starts. ENTRY is the built main entry of kubepki. `json` wants the same objects as JSON, which `to-json` writes to the path behind ENTRY.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

interface Entry {
  readonly parseDump: (source: { name: string; text: Uint8Array }) => Promise<{ objects: readonly { value: unknown }[] }>
}

const [, , method, dump, entry, target] = process.argv
/** The first run is what a command gets; the best of some is what a program gets that stays up. */
const RUNS = 5
const bytes = new Uint8Array(readFileSync(dump!))
const text = (): string => new TextDecoder().decode(bytes)
const kubepki = async (): Promise<Entry> => (await import(pathToFileURL(entry!).href)) as Entry
const items = (list: unknown): number => (list as { items: readonly unknown[] }).items.length

const readers: Readonly<Record<string, () => Promise<() => Promise<number> | number>>> = {
  kubepki: async () => {
    const { parseDump } = await kubepki()
    return async () => (await parseDump({ name: 'dump', text: bytes })).objects.length
  },
  json: () => Promise.resolve(() => items(JSON.parse(text()))),
  yaml: async () => {
    const { parse } = await import('yaml')
    return () => items(parse(text(), { maxAliasCount: 0 }))
  },
  'js-yaml': async () => {
    // No dependency of ours: measured only where somebody installed it.
    const name = 'js-yaml'
    const { load } = (await import(name)) as { load: (text: string) => unknown }
    return () => items(load(text()))
  },
}

if (method === 'to-json') {
  const { parseDump } = await kubepki()
  const { objects } = await parseDump({ name: 'dump', text: bytes })
  writeFileSync(target!, JSON.stringify({ apiVersion: 'v1', items: objects.map(({ value }) => value), kind: 'List', metadata: {} }))
  console.log(JSON.stringify({ ms: 0, objects: objects.length }))
} else {
  const read = await readers[method!]!()
  let [best, first, objects, maxRss, cpuMs] = [Infinity, 0, 0, 0, 0]
  const spent = performance.now()
  for (let run = 0; run < RUNS && (run === 0 || performance.now() - spent < 4_000); run++) {
    globalThis.gc?.()
    const cpu = process.cpuUsage()
    const started = performance.now()
    objects = await read()
    const took = performance.now() - started
    if (run === 0) {
      const { user, system } = process.cpuUsage(cpu)
      cpuMs = (user + system) / 1000
      first = took
      maxRss = process.resourceUsage().maxRSS * 1024
    }
    best = Math.min(best, took)
  }
  console.log(JSON.stringify({ ms: first, cpuMs, best, objects, bytes: bytes.length, maxRss }))
}
