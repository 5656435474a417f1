import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGeneralYaml } from '../../src/dump/general-yaml.ts'
import { readKubectlYaml } from '../../src/dump/kubectl-yaml.ts'
import { hasOldLineBreaks } from '../../src/dump/old-line-breaks.ts'
import type { Json, JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { createSplitter } from '../../src/dump/split-source.ts'
import { createReaderMemory } from '../../src/dump/reader-memory.ts'
import { mangled } from '../arbitraries/mangled-text.ts'

interface Printed {
  readonly printer: string
  readonly oldBreaks: boolean
  readonly items: readonly JsonObject[]
  readonly yaml: string
}

const all = gunzipSync(readFileSync(new URL('./fixtures/printed-by-go.jsonl.gz', import.meta.url)))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Printed)
const printed = all.filter(({ oldBreaks }) => !oldBreaks)

interface Part {
  readonly text: string
  readonly indent: number
}

/** The objects of a text as the splitter cuts them. */
const partsOf = (yaml: string): readonly Part[] => {
  const parts: Part[] = []
  const splitter = createSplitter(
    {
      object: ({ bytes, indent }) => parts.push({ text: new TextDecoder().decode(bytes), indent }),
      listEnd: () => undefined,
      text: () => undefined,
      problem: () => undefined,
    },
    1 << 23,
  )
  splitter.push(new TextEncoder().encode(yaml))
  splitter.end()
  return parts
}

/** As toStrictEqual, which takes a key `constructor` for a type. */
const expectSame = (actual: unknown, expected: unknown, what: string): void => {
  if (!isDeepStrictEqual(actual, expected)) expect.fail(`${JSON.stringify(actual)}\nis not\n${JSON.stringify(expected)}\nin ${what}`)
}

/** For all texts: strings of one must not turn up in another. */
const memory = createReaderMemory()

/** The answer of the fast reader, which `yaml` must share. */
const fastValue = ({ text, indent }: Part): Json | undefined => {
  const oldBreaks = hasOldLineBreaks(text)
  const value = readKubectlYaml(text, indent, 100, oldBreaks, memory)
  if (oldBreaks) return value
  if (value !== undefined) expectSame(readGeneralYaml(' '.repeat(indent) + text, 100), { ok: true, value }, JSON.stringify(text))
  return value
}

const values = async (text: string | Uint8Array | AsyncIterable<Uint8Array>) => {
  const dump = await readDump({ name: 'dump', text })
  return { values: dump.objects.map(({ value }) => value), problems: dump.problems }
}

describe("texts printed by kubectl's own library", () => {
  it('have the values that they were printed from, by either reader', () => {
    let answered = 0
    for (const { items, yaml } of printed) {
      const parts = partsOf(yaml)
      expect(parts.length).toBe(items.length)
      for (const [index, part] of parts.entries()) {
        const value = fastValue(part)
        if (value !== undefined) {
          answered++
          expectSame(value, items[index], part.text)
        }
        expectSame(readGeneralYaml(' '.repeat(part.indent) + part.text, 100), { ok: true, value: items[index] }, part.text)
      }
    }
    // The others have keys that only `? ` can write, which no cluster has.
    expect(answered).toBeGreaterThan(400)
  })

  it('are read without a problem, also with CR LF, without the last line end, and in small chunks', async () => {
    for (const { items, yaml } of printed) {
      const bytes = new TextEncoder().encode(yaml)
      const chunks = async function* () {
        for (let from = 0; from < bytes.length; from += 97) yield await Promise.resolve(bytes.slice(from, from + 97))
      }
      const crlf = yaml.replaceAll('\n', '\r\n')
      for (const text of [yaml, crlf, bytes, chunks()]) expectSame(await values(text), { values: items, problems: [] }, yaml)
    }
  })

  it('with line break characters of YAML 1.1: every object has its value, or a problem is told', async () => {
    let whole = 0
    for (const { items, yaml } of all.filter(({ oldBreaks }) => oldBreaks)) {
      const read = await values(yaml)
      if (isDeepStrictEqual(read.values, items)) whole++
      else expect(read.problems.length).toBeGreaterThan(0)
    }
    expect(whole).toBeGreaterThan(30)
  })

  it('have the value that yaml gives, or none, after any accidents', () => {
    const parts = fc.constantFrom(...printed.flatMap(({ yaml }) => partsOf(yaml)))
    const texts = parts.chain((part) => mangled(part.text).map((text) => ({ ...part, text })))
    let answered = 0
    fc.assert(
      fc.property(texts, (part) => {
        if (fastValue(part) !== undefined) answered++
      }),
      { numRuns: 4000 },
    )
    expect(answered).toBeGreaterThan(400)
  })

  it('lose no other object of their list to an accident in any line of one of them', { timeout: 60_000 }, async () => {
    const accidents: Readonly<Record<string, (line: string) => readonly string[]>> = {
      dropped: () => [],
      'indented by one': (line) => [` ${line}`],
      'without indentation': (line) => [line.trimStart()],
      'with another first character': (line) => [`X${line.slice(1)}`],
      'with another third character': (line) => [`${line.slice(0, 2)}!${line.slice(3)}`],
      'behind a prompt': (line) => ['$ kubectl get secrets', line],
      'behind an end of document': (line) => ['---', line],
    }
    const failures: string[] = []
    for (const list of printed.filter(({ items }) => items.length > 1).slice(0, 6)) {
      const lines = list.yaml.split('\n')
      const starts = lines.flatMap((line, index) => (line.startsWith('- apiVersion: ') ? [index] : []))
      for (const [name, change] of Object.entries(accidents))
        for (const index of [0, 4, 9])
          for (let at = starts[index] ?? 0; at < (starts[index + 1] ?? lines.indexOf('kind: List')); at++) {
            const read = await values([...lines.slice(0, at), ...change(lines[at] ?? ''), ...lines.slice(at + 1)].join('\n'))
            const others = list.items.toSpliced(index, 1)
            const lost = others.filter((other) => !read.values.some((value) => isDeepStrictEqual(value, other)))
            if (lost.length > 0) failures.push(`${lost.length} lost where a line is ${name}: ${lines[at] ?? ''}`)
          }
    }
    expect(failures).toEqual([])
  })
})
