import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { createItemReader } from '../../src/dump/read-items.ts'
import { createReaderMemory } from '../../src/dump/reader-memory.ts'
import { damaged, jsonObject, printKubectlList } from '../arbitraries/kubectl-yaml.ts'

const object = (kind: string, name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: kind === 'Secret' || kind === 'Pod' ? 'v1' : 'cert-manager.io/v1',
  kind,
  metadata: { name, namespace: 'apic' },
  ...more,
})
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const names = ['a', 'b', 'c', 'd', 'e', 'f']
const certificates = names.map((name) => object('Certificate', name, { spec: { dnsNames: [`${name}.example`], secretName: name } }))

/** Reads items from the second on, as a splitter does, as far as the reader goes. */
const readAll = (text: string): readonly unknown[] => {
  const reader = createItemReader(100, createReaderMemory(true))
  const bytes = encode(text)
  const values: unknown[] = []
  for (let at = text.indexOf('\n- ') + 3; ;) {
    const item = reader.read(bytes, at, 2, 0)
    if (!item) return values
    expect(item.lines).toBe(text.slice(at, item.end).split('\n').length - 1)
    values.push(item.value)
    at = item.end + 2
  }
}

describe('createItemReader', () => {
  it('reads items up to the one that another follows', () => {
    expect(readAll(printKubectlList(certificates))).toStrictEqual(certificates.slice(0, -1))
  })

  it('reads on where a piece of the text ends inside of an item', () => {
    const large = Array.from({ length: 60 }, (_, i) => object('Secret', `s${i}`, { data: { 'tls.crt': 'A'.repeat(5000 + 17 * i) } }))
    expect(readAll(printKubectlList(large))).toStrictEqual(large.slice(0, -1))
  })

  it.each([
    ['a line that stands in no mapping', 'spec:', 'spec: x'],
    ['a key that comes twice', '    secretName: c\n', '    secretName: c\n    secretName: d\n'],
    ['a character that is not ASCII', 'c.example', 'ç.example'],
    ['an octet that is not UTF-8', 'c.example', '\ufffd.example'],
    ['a quoted text that ends in the next item', 'secretName: c', 'secretName: "c'],
  ])('leaves %s to others', (_, text, instead) => {
    const whole = printKubectlList(
      certificates.map((each) => ((each['metadata'] as JsonObject)['name'] === 'c' ? { ...each, x: 1 } : each)),
    )
    const at = whole.indexOf('name: c\n')
    const changed = whole.slice(0, at) + whole.slice(at).replace(text, instead)
    expect(changed).not.toBe(whole)
    expect(readAll(changed).length).toBeLessThan(3)
  })

  it('takes the text of the next chunk where it read the one before', () => {
    const reader = createItemReader(100, createReaderMemory(true))
    const bytes = encode(printKubectlList(certificates))
    const start = bytes.indexOf(45) + 2
    expect(reader.ahead(bytes)).toBeUndefined()
    let next = reader.read(bytes, start, 2, 0)
    while (next) next = reader.read(bytes, next.end + 2, 2, 0)
    const text = reader.ahead(bytes)
    expect(text).toBe(new TextDecoder().decode(bytes))
    reader.expect(text as string)
    expect(reader.read(bytes.slice(), start, 2, 0)?.value).toStrictEqual(certificates[0])
    expect(reader.ahead(encode('é'))).toBeUndefined()
  })

  it('decodes no further ahead where nobody asks', () => {
    const reader = createItemReader(100, createReaderMemory(true))
    const bytes = encode(printKubectlList(certificates))
    let next = reader.read(bytes, bytes.indexOf(45) + 2, 2, 0)
    while (next) next = reader.read(bytes, next.end + 2, 2, 0)
    reader.expect(reader.ahead(bytes) as string)
    expect(reader.ahead(bytes)).toBeUndefined()
  })
})

const summary = (dump: Dump) => [
  dump.objects.map(({ value, place, hints }) => [value, place, hints]),
  dump.problems,
  dump.others,
  dump.coverage,
]

describe('a list', () => {
  it('is the same whether its items are there at once or come line by line', async () => {
    const item = fc
      .tuple(fc.constantFrom('Certificate', 'Secret', 'Issuer', 'Pod'), fc.constantFrom(...names), jsonObject, jsonObject)
      .map(([kind, name, spec, data]) => object(kind, name, kind === 'Secret' ? { data, type: 'Opaque' } : { spec }))
    const texts = fc.array(item, { minLength: 3, maxLength: 8 }).chain((items) => {
      return fc.constantFrom(80, Infinity).chain((width) => {
        const text = printKubectlList(items, { width })
        return fc.oneof(fc.constant(text), damaged(text))
      })
    })
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const bytes = encode(text)
        const chunks = async function* () {
          for (let from = 0; from < bytes.length; from += 31) yield await Promise.resolve(bytes.slice(from, from + 31))
        }
        const whole = summary(await readDump({ name: 'dump', text: bytes }))
        const parts = summary(await readDump({ name: 'dump', text: chunks() }))
        if (!isDeepStrictEqual(whole, parts)) expect.fail(`${JSON.stringify(whole)}\nis not\n${JSON.stringify(parts)}\n${text}`)
      }),
      { numRuns: 300 },
    )
  })
})
