import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlList, printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

const base64 = fc.uint8Array({ minLength: 700, maxLength: 1500 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const words = fc.array(fc.constantFrom('secrets', '"ca"', 'not', 'found', 'CertificateRequest', 'apic/x-1', 'has', 'failed'), {
  minLength: 5,
})

const secret = (name: string, value: string): JsonObject => ({
  apiVersion: 'v1',
  data: { 'ca.crt': value, 'tls.crt': value.slice(0, 640) },
  kind: 'Secret',
  metadata: { name, namespace: 'apic' },
  type: 'kubernetes.io/tls',
})
const certificate = (name: string, message: string): JsonObject => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name, namespace: 'apic' },
  spec: { issuerRef: { name: 'ca' }, secretName: name },
  status: { conditions: [{ message, status: 'True', type: 'Ready' }] },
})

const list = (items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })

/** As a window of so many columns shows it and gives it to the clipboard. */
const wrap = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''])
    .join('\n')

const readChunks = (text: string, size: number): Promise<Dump> => {
  const bytes = new TextEncoder().encode(text)
  const chunks = async function* () {
    for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
  }
  return readDump({ name: 'dump', text: chunks() })
}
const read = (text: string): Promise<Dump> => readDump({ name: 'dump', text })
const values = (dump: Dump) => dump.objects.map(({ value }) => value)
const codes = (dump: Dump) => dump.problems.map(({ code }) => code)

describe('lines that a window broke', () => {
  it('are joined again in YAML and in JSON, however the text comes, and it is told once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(base64, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 60, max: 240 }),
        fc.boolean(),
        fc.integer({ min: 1000, max: 100_000 }),
        async (texts, columns, asJson, size) => {
          const objects = texts.map((text, index) => secret(`s${index}`, text))
          const text = wrap(asJson ? JSON.stringify(list(objects), undefined, 4) : printKubectlList(objects), columns)
          for (const dump of [await read(text), await readChunks(text, size)]) {
            expect(values(dump)).toStrictEqual(objects)
            expect(dump.problems).toMatchObject([{ code: 'wrapped-lines', detail: `${columns} columns` }])
            const line = dump.objects[1]?.place.line ?? 0
            expect(text.split('\n')[asJson ? line : line - 1]).toContain('apiVersion')
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are joined in an object of its own', async () => {
    const object = secret('alone', 'QUJD'.repeat(300))
    expect(values(await read(wrap(printKubectlYaml(object), 100)))).toStrictEqual([object])
    expect(values(await read(wrap(JSON.stringify(object, undefined, 2), 100)))).toStrictEqual([object])
  })

  it('give sentences as they were: none is read with other words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { minLength: 3, maxLength: 6 }), fc.integer({ min: 60, max: 100 }), async (messages, columns) => {
        const objects = [...messages.map((message, index) => certificate(`c${index}`, message.join(' '))), secret('s', 'QUJD'.repeat(200))]
        const dump = await read(wrap(printKubectlList(objects), columns))
        expect(values(dump)).toStrictEqual(objects)
      }),
      { numRuns: 60 },
    )
  })

  it('are not made of a foreign line behind a long one', async () => {
    const message = 'Certificate is up to date and has not expired, and will be renewed'
    const objects = ['a', 'b', 'c', 'd'].map((name) => certificate(name, message))
    const lines = printKubectlList(objects).split('\n')
    lines.splice(lines.findIndex((line) => line.includes(message)) + 1, 0, 'qwertz')
    const dump = await read(lines.join('\n'))
    expect(codes(dump)).not.toContain('wrapped-lines')
    for (const value of values(dump)) expect(objects).toContainEqual(value)
  })

  it('are nothing in a text with longer lines', async () => {
    const objects = [secret('a', 'QUJD'.repeat(200)), secret('b', 'QUJD'.repeat(200))]
    const broken = printKubectlList(objects).replaceAll(`ca.crt: ${'QUJD'.repeat(20)}`, `ca.crt: ${'QUJD'.repeat(20)}\n`)
    expect(codes(await read(broken))).not.toContain('wrapped-lines')
  })

  // So long that work by the square of the length would outlast the time that a test may take.
  it.each([
    ['lines of one length', `kind: Secret\n${`${'x'.repeat(79)}\n`.repeat(30_000)}`],
    ['strings that never end', `{"kind":"Secret","a":"\n${`${'x'.repeat(79)}\n`.repeat(30_000)}`],
  ])('survives %s', async (_name, text) => {
    expect((await read(text)).objects.length).toBeLessThanOrEqual(1)
  })
})
