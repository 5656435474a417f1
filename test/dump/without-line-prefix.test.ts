import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlList, printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

const objects = ['one', 'two', 'three'].map((name): JsonObject => ({
  apiVersion: 'v1',
  data: { 'ca.crt': 'QUJD'.repeat(300), 'tls.key': 'c2VjcmV0' },
  kind: 'Secret',
  metadata: { annotations: { note: 'a\n\n  b\n' }, name, namespace: 'apic' },
  type: 'kubernetes.io/tls',
}))
const list: JsonObject = { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } }

const values = (dump: Dump) => dump.objects.map(({ value }) => value)
const mapLines = (text: string, change: (line: string, number: number) => string): string =>
  text
    .split('\n')
    .map((line, index) => change(line, index + 1))
    .join('\n')

const forms: readonly [string, string][] = [
  ['a List', printKubectlList(objects)],
  ['documents', objects.map((object) => printKubectlYaml(object)).join('---\n')],
  ['items without their List', objects.map((object) => `- ${printKubectlYaml(object).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')],
  ['JSON', JSON.stringify(list, undefined, 4)],
  ['JSON on lines', objects.map((object) => `${JSON.stringify(object)}\n`).join('')],
]

const prefixes: readonly [string, (line: string, number: number) => string][] = [
  ['a quotation', (line) => `> ${line}`],
  ['a quotation of a quotation', (line) => `> > ${line}`],
  ['a quotation without blanks at the ends of lines', (line) => `> ${line}`.trimEnd()],
  ['blanks', (line) => `    ${line}`],
  ['blanks, but for empty lines', (line) => (line === '' ? line : `  ${line}`)],
  ['a tab', (line) => `\t${line}`],
  ['additions of a diff', (line) => `+${line}`],
  ['numbers of cat -n', (line, number) => `${String(number).padStart(6)}\t${line}`],
  ['numbers of grep -n', (line, number) => `${number}:${line}`],
  ['numbers of an editor', (line, number) => `${String(number).padStart(4)} | ${line}`],
]

describe('texts that somebody quoted', () => {
  const cases = forms.flatMap(([form, text]) => prefixes.map(([prefix, change]) => [form, prefix, text, change] as const))

  it.each(cases)('%s behind %s', async (_form, _prefix, text, change) => {
    const quoted = mapLines(text, change)
    for (const source of [quoted, `Hello,\n\nthis is what I got:\n\n${quoted}`, quoted.replaceAll('\n', '\r\n')]) {
      const dump = await readDump({ name: 'dump', text: source })
      expect(values(dump)).toStrictEqual(objects)
      expect(dump.problems).toStrictEqual([])
      const place = dump.objects[1]?.placeOf(['data', 'tls.key'])
      const second = source.split('c2VjcmV0').slice(0, 2).join('')
      expect(place?.line).toBe(second.split('\n').length)
    }
  })

  it('are read the same in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), fc.integer({ min: 1, max: 5000 }), async ([, , text, change], size) => {
        const bytes = new TextEncoder().encode(mapLines(text, change))
        const chunks = async function* () {
          for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
        }
        expect(values(await readDump({ name: 'dump', text: chunks() }))).toStrictEqual(objects)
      }),
      { numRuns: 60 },
    )
  })

  it.each([
    ['what stands below a key', `extraObjects:\n  - ${printKubectlYaml(objects[0] ?? {}).replaceAll('\n', '\n    ')}`],
    ['what stands in a text', `manifest: |\n${mapLines(forms[1]?.[1] ?? '', (line) => `  ${line}`)}`],
    ['what is a comment', mapLines(forms[1]?.[1] ?? '', (line) => `# ${line}`)],
  ])('are not made of %s', async (_name, text) => {
    expect(values(await readDump({ name: 'dump', text }))).toStrictEqual([])
  })

  it('are not made of items whose kind stands first', async () => {
    const items = objects.map((object) => {
      const { apiVersion: _, kind: __, ...rest } = object
      return `- kind: Secret\n  apiVersion: v1\n  ${printKubectlYaml(rest).trimEnd().replaceAll('\n', '\n  ')}\n`
    })
    expect(values(await readDump({ name: 'dump', text: items.join('') }))).toEqual(objects)
  })

  it('end where their indentation ends: what follows is read as it stands', async () => {
    const [first, ...others] = objects
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apic' } }
    for (const before of [namespace, first]) {
      const indented = mapLines(printKubectlYaml(before ?? {}), (line) => (line === '' ? line : `  ${line}`))
      for (const after of [printKubectlList(others), others.map((object) => printKubectlYaml(object)).join('---\n')]) {
        const text = `${indented}---\n${after}`
        const bytes = new TextEncoder().encode(text)
        for (const size of [1, 10, 3000, bytes.length]) {
          const chunks = async function* () {
            for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
          }
          const dump = await readDump({ name: 'dump', text: chunks() })
          expect(values(dump)).toStrictEqual(before === first ? objects : others)
          expect(dump.problems).toStrictEqual([])
        }
      }
    }
  })

  it('are not looked for in the files of a bundle: a log may quote what once was', async () => {
    const text = mapLines(forms[0]?.[1] ?? '', (line) => `> ${line}`)
    expect(values(await readDump({ name: 'bundle/a.log', text, partOf: 'bundle' }))).toStrictEqual([])
  })
})
