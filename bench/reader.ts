import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Dump } from '../src/dump/dump.ts'
import { createSecretDataReader } from '../src/inventory/secret-data.ts'
import { readDump } from '../src/dump/read-dump.ts'

/** One measurement: the best of some runs, as the processor time of the whole process (other programs do not change it) and as wall time. */
export interface Measurement {
  readonly name: string
  readonly megabytes: number
  readonly firstCpuMs: number
  readonly cpuMs: number
  readonly wallMs: number
}

const measure = async (name: string, megabytes: number, runs: number, run: () => unknown): Promise<Measurement> => {
  let [firstCpuMs, cpuMs, wallMs] = [0, Infinity, Infinity]
  for (let i = 0; i < runs; i++) {
    const cpu = process.cpuUsage()
    const started = performance.now()
    await run()
    const wall = performance.now() - started
    const { user, system } = process.cpuUsage(cpu)
    if (i === 0) firstCpuMs = (user + system) / 1000
    cpuMs = Math.min(cpuMs, (user + system) / 1000)
    wallMs = Math.min(wallMs, wall)
  }
  return { name, megabytes, firstCpuMs, cpuMs, wallMs }
}

/** Lines of a List up to the last whole item within so many bytes: `yaml` needs minutes and gigabytes for a large dump. */
const prefixOf = (bytes: Uint8Array, size: number): Uint8Array => {
  const at = new TextDecoder().decode(bytes.subarray(0, size)).lastIndexOf('\n- ')
  return bytes.length <= size || at < 0 ? bytes : bytes.subarray(0, at + 1)
}

/** The reader beside JSON.parse of the same objects and `yaml` of a part of the same text. */
export const measureReader = async (bytes: Uint8Array): Promise<readonly Measurement[]> => {
  const megabytes = bytes.length / 1e6
  const results = [await measure('readDump', megabytes, 8, () => readDump({ name: 'dump', text: bytes }))]
  results.push(
    await measure('readDump, with the values of Secrets taken as they are read', megabytes, 8, () =>
      readDump({ name: 'dump', text: bytes }, { secretData: createSecretDataReader() }),
    ),
  )
  const dump: Dump = await readDump({ name: 'dump', text: bytes })
  const json = new TextEncoder().encode(JSON.stringify({ items: dump.objects.map(({ value }) => value) }))
  results.push(
    await measure('JSON.parse of the same objects, from bytes', megabytes, 8, () => JSON.parse(new TextDecoder().decode(json)) as unknown),
  )
  const part = prefixOf(bytes, 8e6)
  results.push(await measure('yaml', part.length / 1e6, 2, () => parse(new TextDecoder().decode(part), { maxAliasCount: 0 }) as unknown))
  return results
}

const [, script, file] = process.argv
if (script?.includes('reader') && file !== undefined) {
  for (const { name, megabytes, firstCpuMs, cpuMs, wallMs } of await measureReader(new Uint8Array(readFileSync(file)))) {
    const rate = (ms: number): string => `${Math.round((megabytes / ms) * 1000)} MB/s`
    console.log(`${name}: ${megabytes.toFixed(1)} MB; processor ${rate(cpuMs)} (first run ${rate(firstCpuMs)}), wall ${rate(wallMs)}`)
  }
}
