import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import type { JsonObject, RawObject } from '../../src/dump/raw-object.ts'
import type { ReadDumpOptions } from '../../src/dump/read-dump.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { damaged, printKubectlList, printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

const secret = (name: string, namespace = 'apic', data: JsonObject = { 'tls.crt': 'TFMwdExT', 'tls.key': 'c2VjcmV0' }): JsonObject => ({
  apiVersion: 'v1',
  data,
  kind: 'Secret',
  metadata: { name, namespace },
  type: 'kubernetes.io/tls',
})
const certificate = (name: string, namespace = 'apic'): JsonObject => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { annotations: { note: '{"a":1}\n' }, name, namespace },
  spec: { dnsNames: ['a.example', '*.b.example'], issuerRef: { name: 'ca' }, secretName: name },
  status: { conditions: [{ message: 'Certificate is up to date', status: 'True', type: 'Ready' }] },
})
const configMap: JsonObject = { apiVersion: 'v1', data: { a: 'b' }, kind: 'ConfigMap', metadata: { name: 'c', namespace: 'apic' } }
const lookAlike: JsonObject = { apiVersion: 'networking.internal.knative.dev/v1alpha1', kind: 'Certificate', metadata: { name: 'k' } }
const three = [certificate('one'), secret('two'), secret('three')]

const read = (text: string | Uint8Array, options?: ReadDumpOptions): Promise<Dump> => readDump({ name: 'dump', text }, options)
const values = (dump: Dump) => dump.objects.map(({ value }) => value)
const names = (dump: Dump) => dump.objects.map(({ value }) => (value['metadata'] as JsonObject)['name'])
const codes = (dump: Dump) => dump.problems.map(({ code }) => code)
const list = (items: readonly JsonObject[]): JsonObject => ({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })
const utf16 = (text: string, bigEndian = false): Uint8Array => {
  const out = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) new DataView(out.buffer).setUint16(i * 2, text.charCodeAt(i), !bigEndian)
  return out
}

describe('shapes of dumps', () => {
  const yaml = three.map((object) => printKubectlYaml(object))
  const pretty = three.map((object) => JSON.stringify(object, undefined, 4))
  it.each<[string, string]>([
    ['List', printKubectlList(three)],
    [
      'List with kind first and indented items',
      `kind: List\nitems:\n${three.map((object) => `  - ${printKubectlYaml(object).trimEnd().replaceAll('\n', '\n    ')}\n`).join('')}`,
    ],
    ['documents', yaml.join('---\n')],
    ['documents that begin with their mark', yaml.map((text) => `---\n${text}`).join('')],
    ['outputs without a mark between', yaml.join('')],
    ['bare sequence', three.map((object) => `- ${printKubectlYaml(object).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')],
    ['List, flow items', `apiVersion: v1\nkind: List\nitems:\n${three.map((object) => `- ${JSON.stringify(object)}\n`).join('')}`],
    ['JSON List', JSON.stringify(list(three), undefined, 4)],
    ['JSON List on one line', JSON.stringify(list(three))],
    ['JSON array', JSON.stringify(three, undefined, 2)],
    ['JSON lines', three.map((object) => JSON.stringify(object)).join('\n')],
    ['array of Lists', JSON.stringify([list(three.slice(0, 1)), list(three.slice(1))])],
    ['List of Lists', printKubectlList([list(three.slice(0, 1)), { ...list(three.slice(1)), kind: 'SecretList' }])],
    ['JSON in a block of Jira', `See\n{code:json}\n${JSON.stringify(list(three), undefined, 2)}\n{code}\n`],
    ['YAML in a block of Jira', `See\n{noformat}\n${printKubectlList(three)}{noformat}\nThanks\n`],
    [
      'flow mappings',
      three.map((object) => `${JSON.stringify(object).replace(/^\{"apiVersion":"([^"]+)"/, '{apiVersion: $1')}\n`).join(''),
    ],
    [
      'flow mappings, as Prettier prints them',
      three.map((object) => `${JSON.stringify(object).replace(/^\{"apiVersion":"([^"]+)"/, '{ apiVersion: $1')}\n`).join(''),
    ],
    ['concatenated JSON', three.map((object) => JSON.stringify(object)).join('')],
    ['concatenated pretty JSON', pretty.join('\n')],
    ['YAML and JSON in turn', `${String(yaml[0])}${String(pretty[1])}\n${String(yaml[2])}`],
    [
      'Markdown',
      `# Broken\n\n\`\`\`yaml\n${printKubectlList(three.slice(0, 2))}\`\`\`\n\nand\n\n\`\`\`json\n${String(pretty[2])}\n\`\`\`\n`,
    ],
    [
      'terminal session',
      `me@host:~$ kubectl get certificates -o yaml\n${printKubectlList(three.slice(0, 1))}me@host:~$ kubectl get issuers\nNAME  READY  AGE\nca    True   3d\nme@host:~$ kubectl get secrets -o json\n${JSON.stringify(list(three.slice(1)), undefined, 4)}\nme@host:~$ exit\n`,
    ],
    ['warnings before', `Warning: cert-manager.io/v1alpha2 Issuer is deprecated\n${printKubectlList(three)}`],
    ['a warning inside of an object', printKubectlList(three).replace('  kind: Secret\n', '  kind: Secret\nWarning: v1 is old\n')],
    ['watch events', three.map((object) => JSON.stringify({ type: 'ADDED', object })).join('\n')],
  ])('%s', async (_, text) => {
    const dump = await read(text)
    expect(values(dump)).toStrictEqual(three)
    expect(codes(dump).filter((code) => code !== 'stray-line')).toStrictEqual([])
    expect(dump.others).toBe(0)
  })

  it('gives the items of typed lists the kind that their list tells', async () => {
    const bare = three.slice(1).map(({ data, metadata, type }) => ({ data, metadata, type }) as JsonObject)
    const raw = JSON.stringify({ kind: 'SecretList', apiVersion: 'v1', metadata: {}, items: bare })
    expect(values(await read(raw))).toStrictEqual(three.slice(1))
    const yaml = printKubectlList(bare).replace('kind: List', 'kind: SecretList')
    expect(values(await read(yaml))).toStrictEqual(three.slice(1))
    const pods = await read(yaml.replaceAll('SecretList', 'ConfigMapList'))
    expect([pods.objects.length, pods.others]).toStrictEqual([0, 2])
  })

  it('counts other kinds, each distinct object once, and look-alikes of other groups among them', async () => {
    const text = printKubectlList([configMap, lookAlike, certificate('one'), configMap])
    for (const form of [text, JSON.stringify(list([configMap, lookAlike, certificate('one'), configMap]), undefined, 4)]) {
      const dump = await read(form)
      expect([names(dump), dump.others]).toStrictEqual([['one'], 2])
    }
  })

  it("reads the postmortem's Secrets, whose names are text to the end of the line", async () => {
    const dump = await read('type: kubernetes.io/tls\nmetadata:\n  name: 1e3\n  namespace: null\ndata:\n  ca.crt: \n  tls.crt: TFMwdExT\n')
    expect(dump.objects[0]?.value).toMatchObject({ metadata: { name: '1e3', namespace: 'null' }, data: { 'tls.crt': 'TFMwdExT' } })
    expect(dump.objects[0]?.hints).toMatchObject({ kind: 'Secret', absentKeysUnknown: true, absentMetadataUnknown: true })
  })
})

describe('encodings', () => {
  const text = printKubectlList([...three, secret('ü-é', 'apic', { a: '😀' })])
  const bytes = new TextEncoder().encode(text)
  const withMark = (mark: readonly number[], rest: Uint8Array): Uint8Array => new Uint8Array([...mark, ...rest])
  it.each<[string, Uint8Array | string]>([
    ['string', text],
    ['UTF-8', bytes],
    ['UTF-8 with BOM', withMark([0xef, 0xbb, 0xbf], bytes)],
    ['CR LF', text.replaceAll('\n', '\r\n')],
    ['CR', text.replaceAll('\n', '\r')],
    ['UTF-16LE with BOM and CR LF', utf16(`\ufeff${text.replaceAll('\n', '\r\n')}`)],
    ['UTF-16LE', utf16(text)],
    ['UTF-16BE with BOM', utf16(`\ufeff${text}`, true)],
    ['UTF-16BE', utf16(text, true)],
  ])('%s', async (_, source) => {
    const dump = await read(source)
    expect([values(dump), codes(dump)]).toStrictEqual([[...three, secret('ü-é', 'apic', { a: '😀' })], []])
    expect(dump.objects[1]?.place.line).toBe(text.split('\n').indexOf('- apiVersion: v1') + 1)
    expect(dump.objects[1]?.placeOf(['data', 'tls.key']).line).toBe(text.split('\n').indexOf('    tls.key: c2VjcmV0') + 1)
  })

  it('tells binaries, empty sources and texts without objects', async () => {
    expect(codes(await read(new Uint8Array(5000).map((_, i) => (i * 7919) % 256)))).toStrictEqual(['not-text'])
    expect(codes(await read(''))).toStrictEqual(['empty'])
    expect(codes(await read('NAME READY\nca   True\n'))).toStrictEqual(['no-objects'])
    expect(codes(await readDump({ name: 'a.png', text: new Uint8Array(9), partOf: 'bundle' }))).toStrictEqual([])
    expect(codes(await read('replicas: {{ .Values.replicas }}\n'))).toStrictEqual(['template'])
  })
})

describe('accidents', () => {
  const items = ['a', 'b', 'c', 'd'].map((name) => secret(name))
  const text = printKubectlList(items)
  const lineOf = (name: string): number => text.split('\n').indexOf(`    name: ${name}`)

  it.each(['$ kubectl get secrets', '\tbad', '<<<<<<< HEAD', '{', '- - -', '&a *a', 'qwertz', '--- x', '  - 1: - {', '   "'])(
    'loses only the object around a stray line: %s',
    async (stray) => {
      const lines = text.split('\n')
      lines.splice(lineOf('b'), 0, stray)
      const dump = await read(lines.join('\n'))
      expect(names(dump)).toEqual(expect.arrayContaining(['a', 'c', 'd']))
      expect(dump.problems.length).toBeGreaterThan(0)
      for (const { value } of dump.objects) expect(items).toContainEqual(value)
    },
  )

  it('loses nothing around a line of a log in JSON, wherever it stands, and says where that was', async () => {
    const lines = text.split('\n')
    const from = lines.indexOf('items:') + 2
    for (let at = from; at <= lines.indexOf('kind: List'); at++) {
      const log = '{"level":"warn","msg":"retry","error":{"code":429}}'
      const dump = await read([...lines.slice(0, at), log, ...lines.slice(at)].join('\n'))
      expect(values(dump)).toStrictEqual(items)
      expect(dump.problems.map(({ code, place }) => [code, place.line])).toStrictEqual(
        lines[at]?.startsWith('- ') || lines[at] === 'kind: List' ? [] : [['stray-line', at + 1]],
      )
    }
  })

  it('loses only the broken item of a JSON list, and names it', async () => {
    const pretty = JSON.stringify(list(items), undefined, 4)
    for (const [from, to] of [
      ['"name": "b"', '"name": "b'],
      ['"type": "kubernetes.io/tls"', '"type": '],
      ['"data": {', '"data": ['],
    ] as const) {
      const at = pretty.indexOf(from, pretty.indexOf('"tls.key"') + 200)
      const dump = await read(pretty.slice(0, at) + pretty.slice(at).replace(from, to))
      expect(names(dump).length).toBe(3)
      expect(codes(dump)).toStrictEqual(['json-syntax'])
    }
  })

  it('keeps the first of two equal keys and says so', async () => {
    const dump = await read(text.replace('    name: b\n', '    name: b\n    name: x\n'))
    expect(names(dump)).toStrictEqual(['a', 'b', 'c', 'd'])
    expect(dump.problems).toMatchObject([
      { code: 'duplicate-key', detail: 'name', place: { line: lineOf('b') + 2 }, object: { name: 'b' } },
    ])
  })

  it('does not part an object at what looks like the next one inside of a block', async () => {
    const object = {
      ...secret('a'),
      metadata: { annotations: { note: '---\n- apiVersion: v1\nkind: List\n{\n' }, name: 'a', namespace: 'apic' },
    }
    expect(values(await read(printKubectlList([object, secret('b')])))).toStrictEqual([object, secret('b')])
    expect(values(await read(printKubectlYaml(object)))).toStrictEqual([object])
  })

  it('tells where a list is cut off, keeps the whole objects before, and proves no absence by it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 60), fc.boolean(), async (cut, asJson) => {
        const whole = asJson ? JSON.stringify(list(items)) : text
        const part = whole.slice(0, Math.min(cut, whole.length - 60))
        const begun = part.split(asJson ? '{"apiVersion":"v1","data"' : '- apiVersion: v1\n').length - 1
        const dump = await read(part)
        expect(dump.objects.length).toBeGreaterThanOrEqual(begun - 1)
        for (const { value } of dump.objects) expect(items).toContainEqual(value)
        expect(dump.problems.length).toBeGreaterThan(0)
        expect([...dump.coverage.secretListings]).toStrictEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('reads the rest where one object is over the limit', async () => {
    const large = secret('large', 'apic', { a: 'x'.repeat(50_000) })
    for (const form of [
      printKubectlList([items[0]!, large, items[1]!]),
      JSON.stringify(list([items[0]!, large, items[1]!]), undefined, 4),
    ]) {
      const dump = await read(form, { limits: { objectBytes: 20_000 } })
      expect([names(dump), codes(dump)]).toStrictEqual([['a', 'b'], ['too-large']])
    }
  })

  it('reads anchors, comments, tags and flow style as YAML 1.2', async () => {
    const dump = await read(
      '# hand-made\napiVersion: v1\nkind: Secret\nmetadata: &m {name: a, namespace: 1e3x}\ndata: {<<: no, x: !!str 1}\ncopy: *m\n',
    )
    expect(dump.objects[0]?.value).toMatchObject({ metadata: { name: 'a' }, data: { '<<': 'no', x: '1' }, copy: { name: 'a' } })
  })

  const laughs = `apiVersion: v1\nkind: Secret\na: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh']
    .map(
      (key, i) =>
        `${key}: &${key} [${Array(10)
          .fill(`*${'abcdefgh'[i] ?? ''}`)
          .join(',')}]`,
    )
    .join('\n')}\n`
  // So long that work by the square of the length, or by a power of the depth, would outlast the time that a test may take.
  it.each<[string, string]>([
    ['aliases of aliases', laughs],
    ['YAML that opens and never closes', `apiVersion: v1\nkind: Secret\ndata: ${'['.repeat(100_000)}\n`],
    ['JSON that opens and never closes', `{"kind":"Secret","apiVersion":"v1","data":${'['.repeat(2_000_000)}`],
    ['JSON that is closed once too often', `{"kind":"Secret","apiVersion":"v1","data":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_001)}`],
    ['items in items below a kind', `kind: Secret\n${'- '.repeat(1_000_000)}\n`],
    ['items in items', '- '.repeat(1_000_000)],
    ['nothing but braces', '{'.repeat(2_000_000)],
    ['empty items', `items:\n${'-\n'.repeat(50_000)}`],
    ['a string that never ends', `a: "${'\\'.repeat(1_999_999)}`],
    ['byte order marks', '\ufeff'.repeat(1_000_000)],
    ['objects without a break', '{"a":1}'.repeat(300_000)],
    ['objects on lines', '{a: 1}\n'.repeat(100_000)],
    ['marks of code', '{code}\n'.repeat(100_000)],
  ])('survives hostile text: %s', async (_name, text) => {
    expect((await read(text)).objects.length).toBeLessThanOrEqual(1)
  })

  it('survives a key that is named like a prototype', async () => {
    await read(`apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n__proto__: {polluted: yes}\ndata:\n  __proto__: x\n`)
    expect((Object.prototype as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('a recorded terminal', () => {
  const prompt = '\u001b]0;admin@bastion: ~\u0007\u001b[01;32madmin@bastion\u001b[00m:\u001b[01;34m~\u001b[00m$ '
  const painted = printKubectlList(three).replaceAll(
    /^( *(?:- )?)([\w./-]+)(: )(.+)$/gm,
    '$1\u001b[33m$2\u001b[0m$3\u001b[32m$4\u001b[0m\u001b[K',
  )
  const recorded =
    `Script started on 2026-11-24\n${prompt}kubectl get secrets -o yaml\n${painted}\u001b[?2004h${prompt}exit\n\u001b(B\u001b`.replaceAll(
      '\n',
      '\r\n',
    )

  it('is read without what it has for the screen, in chunks of any size', async () => {
    const bytes = new TextEncoder().encode(recorded)
    for (const size of [1, 7, 100, bytes.length]) {
      const chunks = async function* () {
        for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
      }
      const dump = await readDump({ name: 'typescript', text: chunks() })
      expect(values(dump)).toStrictEqual(three)
      expect(codes(dump)).toStrictEqual([])
    }
  })

  it('tells the lines of its objects', async () => {
    for (const text of [recorded, new TextEncoder().encode(recorded)]) {
      const dump = await read(text)
      const line = dump.objects[1]?.placeOf(['data', 'tls.key']).line ?? 0
      expect(recorded.split('\n')[line - 1]).toContain('tls.key')
    }
  })

  // So long that work by the square of the length would outlast the time that a test may take.
  it.each(['\u001b[', '\u001b]0;', '\u001b'])('reads a text of escapes alone: %j', async (part) => {
    expect((await read(part.repeat(1_000_000))).objects).toEqual([])
  })
})

describe('marks that are no YAML', () => {
  const noted: JsonObject = {
    ...secret('noted'),
    metadata: { annotations: { note: `one: two\n${'long '.repeat(30)}` }, name: 'noted', namespace: 'apic' },
  }
  const objects = [certificate('one'), secret('two'), noted]
  it.each(['***', '*', '@REDACTED', '`x`', '%x%', '"REDACTED', '-', 'REDACTED: yes', '{{REDACTED}}'])(
    '%s in the place of a key leaves the object readable',
    async (mark) => {
      const text = printKubectlList(objects).replaceAll('tls.key: c2VjcmV0', `tls.key: ${mark}`)
      const dump = await read(text)
      expect(values(dump)).toStrictEqual(
        objects.map((object) =>
          object['data'] === undefined ? object : { ...object, data: { ...(object['data'] as JsonObject), 'tls.key': mark } },
        ),
      )
      expect(codes(dump)).toStrictEqual(['unquoted-mark', 'unquoted-mark'])
      expect(dump.coverage.unread?.size).toBe(0)
    },
  )

  it('of a wildcard without quotes cost nothing, and the line is told', async () => {
    const text = `---\n${printKubectlYaml(certificate('one')).replace("'*.b.example'", '*.b.example')}`
    expect(text).toContain('- *.b.example\n')
    const dump = await read(text)
    expect(values(dump)).toStrictEqual([certificate('one')])
    const line = text.split('\n').findIndex((each) => each.includes('- *.b.example')) + 1
    expect(dump.problems).toMatchObject([{ code: 'unquoted-mark', place: { line } }])
  })

  it('in the place of a name leave nothing to read, and the object is known to be there', async () => {
    const lost = await read(printKubectlList(objects).replace('name: two', 'name: "two').replace('tls.key: c2VjcmV0', 'tls.key: ***'))
    expect(names(lost)).toStrictEqual(['one', 'noted'])
    const known = await read(printKubectlList(objects).replace('tls.key: c2VjcmV0', 'tls.key: "a" b'))
    expect(known.objects).toHaveLength(3)
    const broken = await read(printKubectlList(objects).replace('    tls.key: c2VjcmV0', '   tls.key: c2VjcmV0'))
    expect(names(broken)).toStrictEqual(['one', 'noted'])
    expect([...(broken.coverage.unread ?? [])]).toStrictEqual(['Secret/apic/two'])
  })

  it.each([
    ['two # the one of us', 'two'],
    ['"two" # x', 'two'],
    ["'two'", 'two'],
    ['&name two', 'two'],
    ['two\t# x', 'two'],
    ['tls.key: c2VjcmV0', undefined],
    ['*two', undefined],
    ['# two', undefined],
  ])('an object that cannot be read is known by the name %s', async (written, name) => {
    const text = printKubectlYaml(secret('two')).replace('name: two', `name: ${written}`).replace('tls.key: c2VjcmV0', '? [tls.key]')
    const { coverage, problems } = await read(text)
    // Of a name that nobody can read it is not known which object is there.
    expect([...(coverage.unread ?? []), coverage.truncated]).toStrictEqual(name === undefined ? [true] : [`Secret/apic/${name}`, false])
    expect(problems[0]?.object).toStrictEqual({ kind: 'Secret', namespace: 'apic', ...(name !== undefined && { name }) })
  })

  it('of a template are no marks', async () => {
    const dump = await read(printKubectlYaml(secret('two')).replace('c2VjcmV0', '{{ .Values.key }}'))
    expect(codes(dump)).toStrictEqual(['template'])
  })
})

describe('objects on one line', () => {
  // Nearly the eight megabytes of one object: reading them again for each of the places would outlast the time that a test may take.
  const many = Array.from({ length: 900 }, (_, index) => secret(`s${index}`, 'apic', { 'tls.crt': 'TFMw'.repeat(2000) }))
  it.each([
    ['a list', JSON.stringify(list(many))],
    ['one behind the other', many.map((object) => JSON.stringify(object)).join('')],
  ])('tell their places at once: %s', async (_name, text) => {
    const { objects } = await read(text)
    expect(objects).toHaveLength(900)
    for (const object of objects) expect(object.placeOf(['data', 'tls.crt'])).toEqual({ source: 'dump', line: 1, path: '/data/tls.crt' })
  })
})

describe('streams', () => {
  it('gives the same objects, lines and problems from chunks of any size', async () => {
    const text = `Warning: x\n${printKubectlList([...three, configMap, secret('ü')])}---\n${JSON.stringify(list(three), undefined, 2)}\n\tstray\n${printKubectlYaml(secret('last'))}`
    const summary = (dump: Dump) => [dump.objects.map(({ value, place }) => [value, place]), dump.problems, dump.others, dump.sources]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(text, text.replaceAll('\n', '\r\n')),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        async (whole, sizes) => {
          const bytes = new TextEncoder().encode(whole)
          const chunks = async function* () {
            for (let from = 0, i = 0; from < bytes.length; i++) {
              const size = sizes[i % sizes.length] ?? 1
              yield await Promise.resolve(bytes.slice(from, from + size))
              from += size
            }
          }
          expect(summary(await readDump({ name: 'dump', text: chunks() }))).toStrictEqual(summary(await read(bytes)))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('reports progress and stops when told', async () => {
    const seen: number[] = []
    const abort = new AbortController()
    const chunks = async function* () {
      for (const part of ['a', 'b', 'c']) yield await Promise.resolve(new TextEncoder().encode(printKubectlYaml(secret(part))))
    }
    await readDump({ name: 'dump', text: chunks() }, { onProgress: (bytes) => seen.push(bytes) })
    expect(seen.length).toBe(3)
    const stopped = readDump({ name: 'dump', text: chunks() }, { signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) })
    await expect(stopped).rejects.toThrow('enough')
  })
})

describe('what a dump knows beside its objects', () => {
  it('lists the Secrets of whole lists; where a collector picked Secrets by a filter, says so', async () => {
    const dump = await readDump([
      { name: 'list', text: printKubectlList([secret('a'), secret('b'), secret('c', 'other')]) },
      { name: 'single', text: printKubectlYaml(secret('d', 'third')) },
      { name: 'template', text: 'type: kubernetes.io/tls\nmetadata:\n  name: e\n  namespace: fourth\ndata:\n  tls.crt: TFMwdExT\n' },
    ])
    expect([...dump.coverage.secretListings].map(([namespace, all]) => [namespace, [...all]])).toStrictEqual([
      ['apic', ['a', 'b']],
      ['other', ['c']],
    ])
    expect([...dump.coverage.filteredSecretNamespaces]).toStrictEqual(['fourth'])
    expect(dump.coverage.truncated).toBe(false)
  })

  it('lists the issuers of whole lists and of the folders of collectors, not those that stand one by one', async () => {
    const issuer = (name: string, namespace?: string): JsonObject => ({
      apiVersion: 'cert-manager.io/v1',
      kind: namespace === undefined ? 'ClusterIssuer' : 'Issuer',
      metadata: { name, ...(namespace !== undefined && { namespace }) },
    })
    const known = async (...sources: { name: string; text: string }[]): Promise<unknown> => {
      const { issuerListings, clusterIssuerListing } = (await readDump(sources)).coverage
      return [
        [...(issuerListings ?? [])].map(([namespace, names]) => [namespace, ...names]),
        clusterIssuerListing && [...clusterIssuerListing],
      ]
    }
    const single = printKubectlYaml(issuer('a', 'apic'))
    expect(await known({ name: 'single', text: single }, { name: 'array', text: JSON.stringify([issuer('b', 'x')]) })).toStrictEqual([
      [],
      undefined,
    ])
    expect(await known({ name: 'list', text: printKubectlList([issuer('a', 'apic'), issuer('p')]) })).toStrictEqual([
      [['apic', 'a']],
      ['p'],
    ])
    // Asked for in all namespaces: those without an issuer have none.
    expect(await known({ name: 'list', text: printKubectlList([issuer('a', 'apic'), secret('s', 'other')]) })).toStrictEqual([
      [['apic', 'a'], ['*']],
      undefined,
    ])
    for (const name of [
      'p/kubernetes/namespaces/apic/issuers/yaml/a.yaml',
      'must-gather/namespaces/apic/cert-manager.io/issuers/a.yaml',
      'b/cluster-resources/custom-resources/issuers.cert-manager.io/apic.yaml',
      'v/resources/issuers.cert-manager.io/v1-preferredversion/namespaces/apic/a.json',
    ])
      expect(await known({ name, text: single })).toStrictEqual([[['apic', 'a']], undefined])
    expect(
      await known({ name: 'm/cluster-scoped-resources/cert-manager.io/clusterissuers/p.yaml', text: printKubectlYaml(issuer('p')) }),
    ).toStrictEqual([[], ['p']])
    expect(await known({ name: 'gitops/apic/issuers/a.yaml', text: single })).toStrictEqual([[], undefined])
  })

  it('gives values to the taker, drops those nobody asks for, and tells no value of a Secret in a problem', async () => {
    const helm = { ...secret('h', 'apic', { release: 'QUJDREVG', small: '' }), type: 'helm.sh/release.v1' }
    for (const form of [printKubectlList([helm, secret('a')]), JSON.stringify(list([helm, secret('a')]))]) {
      const dump = await read(form, {
        secretData: {
          wants: (type) => type !== 'helm.sh/release.v1',
          take: (data) => [...data].map(([key, value]) => [key, new TextDecoder().decode(value)]),
        },
      })
      expect(dump.objects[0]?.value['data'] ?? {}).toStrictEqual({})
      expect(dump.objects[0]?.hints?.keysWithoutValue).toStrictEqual({ release: 6, small: 0 })
      const { value, taken } = dump.objects[1] as RawObject
      // JSON has no lines to take them from: there they stay where they are.
      if (taken === undefined) expect(value).toStrictEqual(secret('a'))
      else expect({ ...value, data: Object.fromEntries(taken as [string, string][]) }).toStrictEqual(secret('a'))
      expect(taken === undefined).toBe(form.startsWith('{'))
    }
    const texts = fc
      .constantFrom('yaml', 'json')
      .chain((form) => damaged(form === 'yaml' ? printKubectlList(three) : JSON.stringify(list(three), undefined, 4)))
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const dump = await read(text)
        expect(JSON.stringify(dump.problems)).not.toMatch(/c2VjcmV0|TFMwdExT/)
      }),
      { numRuns: 300 },
    )
  })

  it('takes no comment behind a value for a part of it', async () => {
    const helm = { ...secret('h', 'apic', { release: 'QUJDREVG' }), type: 'helm.sh/release.v1' }
    const text = printKubectlList([helm]).replace('QUJDREVG', 'QUJDREVG # note')
    const dump = await read(text, { secretData: { wants: () => false, take: () => undefined } })
    expect(dump.objects[0]?.hints?.keysWithoutValue).toStrictEqual({ release: 6 })
  })

  it('finds the line of a value in YAML and JSON', async () => {
    for (const text of [printKubectlList(three), JSON.stringify(list(three), undefined, 4), printKubectlYaml(certificate('one'))]) {
      const object = (await read(`# x\n\n${text}`)).objects[0]
      const lines = `# x\n\n${text}`.split('\n')
      const at = (path: readonly (string | number)[]) => lines[(object?.placeOf(path).line ?? 0) - 1]?.trim()
      expect(at(['spec', 'secretName'])).toMatch(/secretName/)
      expect(at(['status', 'conditions', 0, 'type'])).toMatch(/type.*Ready/)
      expect(at(['spec', 'dnsNames', 1])).toMatch(/b\.example/)
      expect(object?.placeOf(['data', 'tls.crt']).path).toBe('/data/tls.crt')
    }
  })
})

const corpus = new URL('../../../shared/corpus/kubectl-yaml', import.meta.url)
describe.skipIf(!existsSync(corpus))("kubectl's YAML and kubectl's JSON", () => {
  it.each(existsSync(corpus) ? readdirSync(corpus).filter((name) => name.startsWith('strings')) : [])(
    '%s: the same values',
    async (name) => {
      const [yaml, json] = await Promise.all(
        ['yaml', 'json'].map((ending) => read(readFileSync(join(corpus.pathname, name, `dump.${ending}`)))),
      )
      expect(yaml && codes(yaml)).toStrictEqual([])
      expect(yaml && values(yaml)).toStrictEqual(json && values(json))
      expect(yaml?.objects.length).toBeGreaterThan(50)
    },
  )
})
