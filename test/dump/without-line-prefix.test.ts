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
  ['the times of a pipeline', (line) => `2026-11-24T05:00:00.1234567Z ${line}`],
  ['the times of a build', (line) => `[2026-11-24T05:00:00.123Z] ${line}`],
  [
    'times with shorter fractions',
    (line, number) => `2026-11-24T05:00:01.${String(number * 7919).slice(0, 1 + (number % 7))}+01:00 ${line}`,
  ],
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

  it('are looked for in what somebody wrote into a folder, not in its logs: a log may quote what once was', async () => {
    const text = mapLines(forms[0]?.[1] ?? '', (line) => `> ${line}`)
    const read = async (name: string) => values(await readDump({ name, text, partOf: 'bundle' }))
    for (const name of ['a.log', 'current', 'a.yaml/a.out', 'logs.d/a', 'a.out.gz']) expect(await read(`bundle/${name}`)).toStrictEqual([])
    for (const name of ['a.yaml', 'A.YML', 'a.json', 'b/README.md', 'a.adoc', 'mail.txt', 'fix.patch', 'a.yaml.gz'])
      expect(await read(`bundle/${name}`)).toStrictEqual(objects)
  })
})

/** An object of one of our kinds, short enough to be looked through. */
const issuer = (name: string): JsonObject => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name, namespace: 'demo' },
  spec: { ca: { secretName: `${name}-ca` } },
})
const indentedBy = (prefix: string, text: string): string =>
  mapLines(text.trimEnd(), (line) => (line === '' ? line : `${prefix}${line}`)) + '\n'
const fenced = (prefix: string, name: string): string => indentedBy(prefix, `\`\`\`yaml\n${printKubectlYaml(issuer(name))}\`\`\``)
const yamlOf = (name: string): string => printKubectlYaml(issuer(name))

const inChunks = async (text: string, size: number): Promise<Dump> => {
  const bytes = new TextEncoder().encode(text)
  const chunks = async function* () {
    for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.slice(from, from + size))
  }
  return readDump({ name: 'dump', text: chunks() })
}

/** Reads it at once and in chunks of some sizes, with the same result; names and first lines. */
const namesAndLines = async (text: string) => {
  const dump = await readDump({ name: 'dump', text })
  for (const size of [1, 7, 64, 1000]) {
    const again = await inChunks(text, size)
    expect([again.objects.map(({ value, place }) => [value, place]), again.problems]).toStrictEqual([
      dump.objects.map(({ value, place }) => [value, place]),
      dump.problems,
    ])
  }
  const lines = text.split('\n')
  for (const { value, placeOf } of dump.objects) {
    const { name } = value['metadata'] as { name: string }
    expect(lines[placeOf(['metadata', 'name']).line - 1]).toMatch(new RegExp(`name: ${name}$`))
    expect(value).toStrictEqual(issuer(name))
  }
  expect(dump.problems).toStrictEqual([])
  return dump.objects.map(({ value, place }) => `${(value['metadata'] as { name: string }).name}:${place.line}`)
}

describe('blocks in one text', () => {
  it.each<[string, string, string[]]>([
    ['two items of a list, each with a fence', `1. One:\n\n${fenced('   ', 'a')}\n2. Two:\n\n${fenced('   ', 'b')}`, ['a:4', 'b:17']],
    ['a fence, then one in an item', `${fenced('', 'a')}\n- Then:\n\n${fenced('  ', 'b')}`, ['a:2', 'b:15']],
    ['fences of different indentation', `x\n${fenced('    ', 'a')}y\n${fenced('\t', 'b')}z\n${fenced('  ', 'c')}`, ['a:3', 'b:14', 'c:25']],
    ['a quotation in a page', `${fenced('', 'a')}\nHe wrote:\n\n${indentedBy('> ', yamlOf('b'))}\nYes.\n`, ['a:2', 'b:14']],
    [
      'a quotation of a quotation, and the answer to it',
      `${indentedBy('>> ', yamlOf('a'))}> No:\n${indentedBy('> ', yamlOf('b'))}`,
      ['a:1', 'b:10'],
    ],
    ['a list in a quotation', indentedBy('> ', `1. One:\n\n${fenced('   ', 'a')}\n2. Two:\n\n${fenced('    ', 'b')}`), ['a:4', 'b:17']],
    ['tabs of a page', `=== "Issuer"\n\n${fenced('    ', 'a')}\n=== "Other"\n\n${indentedBy('    ', yamlOf('b'))}`, ['a:4', 'b:16']],
    [
      'reStructuredText',
      `One::\n\n${indentedBy('  ', yamlOf('a'))}\n.. code-block:: yaml\n\n${indentedBy('   ', yamlOf('b'))}\nEnd.\n`,
      ['a:3', 'b:14'],
    ],
    ['org-mode', `* One\n  #+begin_src yaml\n${indentedBy('  ', yamlOf('a'))}  #+end_src\n`, ['a:3']],
    ['front matter', `---\ntitle: no TLS\ntags:\n  - tls\n---\n\n1. Issuer:\n\n${fenced('   ', 'a')}`, ['a:10']],
    ['prose that names the field', `Mind the apiVersion.\n\n1. Issuer:\n\n${fenced('   ', 'a')}`, ['a:6']],
    ['prose that looks like a key', `Hello,\n\nnote: it fails\nissuer.yaml:\n\n${indentedBy('    ', yamlOf('a'))}`, ['a:6']],
    ['a long text above', `${'Many words stand here.\n'.repeat(500)}\n${fenced('   ', 'a')}`, ['a:503']],
    ['a key without a mapping above a fence', `example:\n${fenced('  ', 'a')}`, ['a:3']],
    [
      'the kind first',
      `x\n\n  kind: Issuer\n  apiVersion: cert-manager.io/v1\n  ${yamlOf('a').split('\n').slice(2).join('\n  ').trimEnd()}\n`,
      ['a:3'],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await namesAndLines(text)).toStrictEqual(expected)
  })

  const nested = (prefix: string): string => indentedBy(prefix, yamlOf('inner'))
  const others = (text: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n${text}`

  it.each<[string, string]>([
    ['a value of a ConfigMap', others(`  x.yaml: |\n${nested('    ')}  y.md: |\n    # Page\n\n${fenced('    ', 'inner')}`)],
    [
      'a value of a ConfigMap in a List',
      `apiVersion: v1\nitems:\n${indentedBy('  ', others(`  x.md: |\n${fenced('    ', 'inner')}`)).replace('  ', '- ')}kind: List\n`,
    ],
    ['a page in a value of something else', `Hello,\n\nreadme: |\n  # Page\n\n  1. Do:\n\n${fenced('     ', 'inner')}`],
    ['a value in an item of something else', `Hello,\n\n  - |\n${nested('    ')}`],
    ['a value with an anchor', `x: &y |-2\n${nested('  ')}`],
    ['a mapping', `Hello,\n\nextra:\n  manifest:\n${nested('    ')}`],
    ['a mapping, with an empty line between', `extra:\n\n${nested('  ')}`],
    ['an entry', `Hello,\n\nextra:\n\n  - ${yamlOf('inner').trimEnd().replaceAll('\n', '\n    ')}\n`],
    ['an entry behind JSON', `extra:\n  - a: |\n      {"a": 1}\n  - ${yamlOf('inner').trimEnd().replaceAll('\n', '\n    ')}\n`],
    ['an entry in a quotation', indentedBy('> ', `extra:\n  - ${yamlOf('inner').trimEnd().replaceAll('\n', '\n    ')}`)],
    ['an owner', `    ownerReferences:\n    - apiVersion: cert-manager.io/v1\n      kind: Issuer\n      name: inner\n`],
    ['source code', `x = {\n  apiVersion: 'v1',\n  kind: 'Secret',\n}\n`],
    ['prose', `    apiVersion: of an Issuer\n    is cert-manager.io/v1\n`],
  ])('are not made of %s', async (_name, text) => {
    expect(values(await readDump({ name: 'dump', text }))).toStrictEqual([])
    expect((await readDump({ name: 'dump', text })).problems.filter(({ code }) => code !== 'no-objects')).toStrictEqual([])
  })

  it('are the same in a folder', async () => {
    const text = indentedBy('  ', `${yamlOf('a')}---\n${yamlOf('b')}`)
    const dump = await readDump({ name: 'folder/a.yaml', text, partOf: 'folder' })
    expect(values(dump)).toStrictEqual([issuer('a'), issuer('b')])
  })

  it('hold tables and prompts, too', async () => {
    const table = '$ kubectl get secrets -n n\nNAME   TYPE                DATA   AGE\na      kubernetes.io/tls   3      18m\n'
    for (const text of [`${table}\n${yamlOf('a')}`, `${yamlOf('a')}---\n${table}\n`]) {
      const dump = await readDump({ name: 'dump', text: `Hello,\n${indentedBy('> ', text)}` })
      expect(values(dump)).toStrictEqual([issuer('a')])
      expect([...dump.coverage.secretListings.keys()]).toContain('n')
    }
  })

  it('go on behind an answer in between', async () => {
    const lines = mapLines(printKubectlList([issuer('a'), issuer('b')]), (line) => `> ${line}`).split('\n')
    const second = lines.lastIndexOf('> - apiVersion: cert-manager.io/v1')
    const text = [...lines.slice(0, second), 'That one is gone.', '', ...lines.slice(second)].join('\n')
    const dump = await readDump({ name: 'dump', text })
    expect(values(dump)).toStrictEqual([issuer('a'), issuer('b')])
    expect(dump.problems).toMatchObject([{ code: 'stray-line', place: { line: second + 1 } }])
  })
})

describe('a diff', () => {
  const before = ' apiVersion: cert-manager.io/v1\n kind: Issuer\n metadata:\n   name: a\n   namespace: demo\n spec:\n'
  const change = '-  selfSigned: {}\n+  ca:\n+    secretName: a-ca\n'
  const header = 'diff --git a/x.yaml b/x.yaml\nindex 1..2 100644\n--- a/x.yaml\n+++ b/x.yaml\n@@ -1,7 +1,8 @@\n'
  const read = async (text: string) => {
    const dump = await readDump({ name: 'dump', text })
    return [values(dump), dump.problems.map(({ code, place, detail }) => `${code}:${place.line}:${detail ?? ''}`)]
  }
  const old = (line: number): string => `stray-line:${line}:the old side of a diff`

  it.each<[string, string, number]>([
    ['without its header', before + change, 7],
    ['with it', header + before + change, 12],
    ['in a fence', `\`\`\`diff\n${before}${change}\`\`\`\n`, 8],
    ['in a quotation', indentedBy('> ', header + before + change), 12],
    ['in an item', indentedBy('   ', `\`\`\`diff\n${before}${change}\`\`\`\n`), 8],
    ['whose first lines changed', header + before.replace(' kind: Issuer', '-kind: Foo\n+kind: Issuer') + change, 7],
    ['that only takes lines out', before.replace(' spec:', '-  labels: {}\n spec:') + change.replace(/^.*\n/, '').replaceAll('+', ' '), 6],
  ])('is read as its new side, and its old side is told: %s', async (_name, text, line) => {
    expect(await read(text)).toStrictEqual([[issuer('a')], [old(line)]])
    expect(values(await inChunks(text, 5))).toStrictEqual([issuer('a')])
  })

  it('of a new file and of one that is gone', async () => {
    const added = `--- /dev/null\n+++ b/y.yaml\n@@ -0,0 +1,8 @@\n${indentedBy('+', yamlOf('b'))}`
    const gone = `--- a/z.yaml\n+++ /dev/null\n@@ -1,8 +0,0 @@\n${indentedBy('-', yamlOf('c'))}`
    expect(await read(gone + added + header + before + change)).toStrictEqual([[issuer('b'), issuer('a')], [old(34)]])
  })

  it('of something else says nothing', async () => {
    const text = 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n int x;\n-int y;\n+int z;\n'
    expect(await read(`${text}${yamlOf('a')}`)).toStrictEqual([[issuer('a')], []])
  })

  it('is told as cut where lines are left out between two hunks', async () => {
    const text = `${header}${before}@@ -20,3 +20,3 @@\n${change}`
    const dump = await readDump({ name: 'dump', text })
    expect(values(dump)).toStrictEqual([])
    expect(dump.problems).toMatchObject([{ code: 'truncated', object: { name: 'a', namespace: 'demo' } }])
    expect(dump.coverage.truncated).toBe(true)
  })

  it('is not what comes before a list of entries', async () => {
    const text = `${indentedBy(' ', yamlOf('a'))}- ${yamlOf('b').trimEnd().replaceAll('\n', '\n  ')}\n`
    expect(await read(text)).toStrictEqual([[issuer('a'), issuer('b')], []])
  })
})

describe('any text', () => {
  const prose = fc.constantFrom('', 'So it is.\n', '\n1. Then:\n\n', 'Mind the apiVersion:\n\n', '\n* * *\n\n', 'Look:\n')
  const block = fc.tuple(
    prose,
    fc.constantFrom('', ' ', '  ', '   ', '    ', '\t', '> ', '> > ', '>    ', '\t  ', '| '),
    fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }),
  )

  it('with objects in fences, indented and quoted, is read as these objects with their lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 400 }), async (blocks, size) => {
        let text = ''
        const expected: string[] = []
        for (const [before, prefix, names] of blocks) {
          text += `Here:\n${before}`
          const inner = names.map((name) => yamlOf(`n${name}`)).join('---\n')
          const start = text.split('\n').length + 1
          names.forEach((name, index) => expected.push(`n${name}:${start + index * yamlOf('n0').split('\n').length}`))
          text += indentedBy(prefix, `\`\`\`yaml\n${inner}\`\`\``)
        }
        expect(await namesAndLines(text)).toStrictEqual(expected)
        expect(values(await inChunks(text, size))).toHaveLength(expected.length)
      }),
      { numRuns: 60 },
    )
  })

  it('that kubectl printed is never changed, whatever its values hold', async () => {
    const hidden = fc
      .array(fc.tuple(prose, fc.constantFrom('', '  ', '> ', '+', ' ', '12: '), fc.nat(9)), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map(([before, prefix, name]) => `${before}${indentedBy(prefix, yamlOf(`n${name}`))}`).join(''))
    const holder = fc.tuple(fc.constantFrom('ConfigMap', 'Secret'), hidden, fc.nat(9)).map(([kind, text, name]): JsonObject => ({
      apiVersion: 'v1',
      kind,
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': text }, name: `s${name}`, namespace: 'demo' },
      stringData: { a: text, b: `x\n${text}` },
    }))
    await fc.assert(
      fc.asyncProperty(fc.array(holder, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 400 }), async (held, size) => {
        const ours = held.filter((object) => object['kind'] === 'Secret')
        for (const text of [printKubectlList(held), held.map((object) => printKubectlYaml(object)).join('---\n')]) {
          expect(values(await readDump({ name: 'dump', text }))).toStrictEqual(ours)
          const dump = await inChunks(text, size)
          expect([values(dump), dump.problems.filter(({ code }) => code !== 'no-objects')]).toStrictEqual([ours, []])
        }
      }),
      { numRuns: 60 },
    )
  })
})
