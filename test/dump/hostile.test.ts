import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import type { ReadDumpOptions } from '../../src/dump/read-dump.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlList } from '../arbitraries/kubectl-yaml.ts'

const CHUNK = 1 << 16

/** A text as a pipe brings it: in chunks of 64 KiB. */
const readRepeated = (head: string, unit: string, megabytes: number, options?: ReadDumpOptions): Promise<Dump> => {
  const encoder = new TextEncoder()
  const block = encoder.encode(unit.repeat(Math.ceil(CHUNK / unit.length)))
  const chunks = async function* () {
    yield encoder.encode(head)
    for (let sent = 0; sent < megabytes * 1e6; sent += block.length) yield await Promise.resolve(block.slice())
  }
  return readDump({ name: 'dump', text: chunks() }, options)
}

const codes = (dump: Dump) => [...new Set(dump.problems.map(({ code }) => code))]

// So long that work by the square of the length, or all of it held in memory, would end the test.
describe('survives, in chunks,', () => {
  it.each<[string, string, string, number]>([
    ['keys of an object that is too large', '{"kind":"Secret"', ',"a":1', 40],
    ['keys of an item that is too large', 'items:\n- a: b\n', '  a: b\n', 80],
    ['a broken list without an end', '[{"kind":"Secret", x', 'a', 60],
    ['a brace and line ends', '{', '\n', 40],
    ['a foreign line and comments', 'kind: Secret\nq\n', '#\n', 10],
    ['a foreign line and empty lines', 'kind: Secret\nq\n', '\n', 10],
    ['lines that may begin an object behind blanks', '', '  apiVersion: v1\n', 20],
    ['a quotation and foreign lines', '> kind: Secret\n> metadata:\n', 'q\n\n> a: b\n', 10],
    ['a quotation in one line', '> kind: Secret\n> metadata:\n> a: ', 'a', 40],
    ['the old side of a diff', '+kind: Secret\n+metadata:\n', '-a\n', 20],
    ['the old side of a diff in one line', ' kind: Secret\n-', 'a', 40],
    ['blocks in blocks', '', '> kind: A\n> metadata:\n> ---\n>   kind: B\n>   metadata:\n> x\n', 10],
  ])('%s', async (_what, head, unit, megabytes) => {
    expect((await readRepeated(head, unit, megabytes)).objects.length).toBeLessThanOrEqual(1)
  })

  it('more problems than anybody reads: some are told, the others counted', async () => {
    const dump = await readRepeated('', '{"a"x\n', 4)
    expect(dump.problems.length).toBeLessThan(200)
    const more = dump.problems.reduce((sum, problem) => sum + (problem.more ?? 1), 0)
    expect(more).toBeGreaterThan(600_000)
  })

  it('quotes over very many lines', async () => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  a: "${'x\n    '.repeat(300_000)}"\n`
    const dump = await readDump({ name: 'dump', text })
    expect(JSON.stringify(dump.objects[0]?.value)).toContain('x x x')
  })
})

describe('kinds in JSON with escapes', () => {
  it.each([
    ['a slash, as PHP writes it', (text: string) => text.replaceAll('/', '\\/')],
    ['a letter', (text: string) => text.replaceAll('"Certificate"', '"Certific\\u0061te"')],
    ['the group', (text: string) => text.replaceAll('cert-manager', 'cert\\u002dmanager')],
  ])('are read: %s', async (_what, escape) => {
    const object = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'a', namespace: 'n' }, spec: {} }
    for (const text of [JSON.stringify(object), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object] }, undefined, 2)]) {
      const dump = await readDump({ name: 'dump', text: escape(text) })
      expect([dump.objects.map(({ value }) => value), dump.others]).toStrictEqual([[object], 0])
    }
  })
})

describe('what the dump does not hold', () => {
  const secrets = ['a', 'b', 'c'].map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'n' } }))

  it('is told where more objects come than are looked at, and proves no absence', async () => {
    const dump = await readDump({ name: 'dump', text: printKubectlList(secrets) }, { limits: { objects: 2 } })
    expect([dump.objects.length, codes(dump), dump.coverage.truncated]).toStrictEqual([2, ['too-many-objects'], true])
  })

  it('is not told by a row of a table whose command nobody knows', async () => {
    const table = 'NAMESPACE   NAME   TYPE                DATA   AGE\nn           a      kubernetes.io/tls   3      18m\n'
    const ticket = await readDump({ name: 'ticket.txt', text: `see\n${table}` })
    expect([...ticket.coverage.secretListings]).toStrictEqual([])
    const asked = await readDump({ name: 'session.txt', text: `$ kubectl get secrets -A\n${table}` })
    expect([...asked.coverage.secretListings.keys()]).toContain('n')
  })

  it.each([
    ['a List of nothing', 'apiVersion: v1\nitems: []\nkind: List\n', 'empty-list'],
    ['a List of nothing as JSON', '{"apiVersion":"v1","items":[],"kind":"List"}', 'empty-list'],
    ['bullets of a text', '# Our cluster\n\n- status: broken\n- version: 1.14\n', 'no-objects'],
    ['bullets of words', '- broken\n- see below\n', 'no-objects'],
    ['an array of something else', '[{"a":1},{"b":2}]', 'no-objects'],
  ])('is told as what it is: %s', async (_what, text, code) => {
    expect(codes(await readDump({ name: 'dump', text }))).toStrictEqual([code])
  })

  it('is not what a watch says was deleted', async () => {
    const events = ['ADDED', 'DELETED', 'MODIFIED'].map((type, index) => JSON.stringify({ type, object: secrets[index] }))
    const dump = await readDump({ name: 'dump', text: events.join('\n') })
    expect(dump.objects.map(({ value }) => value)).toStrictEqual([secrets[0], secrets[2]])
  })
})

it('screen codes leave nothing behind, wherever a chunk ends', async () => {
  const text =
    'apiVersion: v1\nkind: Secret\nmetadata:\n  name: \u001b(Babc\u001b]0;title\u001b\\\n  namespace: \u001b[1mn\u001b[0m\u001b]0;x\u0007\n'
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = async function* () {
      for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
    }
    const dump = await readDump({ name: 'dump', text: chunks() })
    expect(dump.objects[0]?.value['metadata']).toStrictEqual({ name: 'abc', namespace: 'n' })
  }
})
