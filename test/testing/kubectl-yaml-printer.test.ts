import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { JsonValue } from '../../src/testing/index.ts'
import { printKubectlJson, printKubectlYaml } from '../../src/testing/index.ts'
import { compareKeys } from '../../src/testing/kubectl-yaml-printer.ts'

const corpus = '../shared/corpus/kubectl-yaml'
const clusters = '../shared/dumps/clusters'
const foldersOf = (path: string): string[] =>
  existsSync(path) ? readdirSync(path).filter((name) => existsSync(`${path}/${name}/dump.yaml`)) : []

/** Words and pieces that YAML takes for something else than a string, and characters that need quotes. */
const pieces = [
  'null',
  '~',
  'yes',
  'NO',
  'on',
  'true',
  '1',
  '0x1F',
  '1e3',
  '.5',
  '.inf',
  '1_000',
  '12:30',
  '2026-11-24',
  '2026-11-24T04:20:28Z',
  '---',
]
const marks = [
  '- ',
  ': ',
  ' #',
  '#',
  "'",
  '"',
  '\\',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '`',
  '{',
  '}',
  '[',
  ']',
  ',',
  '?',
  '\n',
  '\t',
  '\r',
  ' ',
  '  ',
  'é',
  '😀',
]
const text = fc.oneof(
  fc.constantFrom(...pieces),
  fc.array(fc.constantFrom(...pieces, ...marks, 'a', 'word'), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !/[\p{Cc}\p{Cn}\u2028\u2029\ufeff]/u.test(value)),
)
const key = text.filter((value) => value !== '__proto__')
const { value: anything } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}))

describe('kubectl’s YAML', () => {
  it('reads back as the value that was printed', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(parse(printKubectlYaml(value))).toEqual(value)
      }),
      { numRuns: 2000 },
    )
  })

  it('quotes what YAML 1.1 takes for another type, and nothing else', () => {
    const quoted = [
      '',
      '1',
      '-0',
      '007',
      '0x1f',
      '0b1',
      '1e3',
      '1_000',
      '.5',
      '5.',
      'yes',
      'Off',
      'y',
      '~',
      'null',
      '2026-11-24',
      '190:20:30',
      '.NaN',
      '-.inf',
    ]
    const plain = [
      '1.2.3',
      'e3',
      '._',
      '1e',
      '0x',
      '09:61',
      'nullable',
      'Yes!',
      '2026-13-01',
      '2026-1',
      '10.0.0.1',
      'a:b',
      '-a',
      '?x',
      '<<',
      'é',
    ]
    for (const value of quoted) expect(printKubectlYaml({ k: value })).toBe(`k: ${JSON.stringify(value)}\n`)
    for (const value of plain) expect(printKubectlYaml({ k: value })).toBe(`k: ${value}\n`)
  })

  it('prints the styles of strings as kubectl does', () => {
    expect(printKubectlYaml({ a: 'one\ntwo\n', b: 'one\ntwo', c: 'end\n\n', d: ' x\n', e: 'a: b', f: 'tab\there', g: '😀' })).toBe(
      'a: |\n  one\n  two\nb: |-\n  one\n  two\nc: |+\n  end\n\nd: |2\n   x\ne: \'a: b\'\nf: "tab\\there"\ng: "\\U0001F600"\n',
    )
  })

  it('puts sequences at their key’s indent and folds behind column 80', () => {
    const words = 'word '.repeat(20).trim()
    expect(printKubectlYaml({ list: [{ b: [[1, 2], []], a: {} }], text: words })).toBe(
      `list:\n- a: {}\n  b:\n  - - 1\n    - 2\n  - []\ntext: ${'word '.repeat(15).trim()} word\n  ${'word '.repeat(4).trim()}\n`,
    )
  })

  it('orders keys as go-yaml does', () => {
    expect(['b', 'a10', 'a9', 'A', 'a.b', 'ab', '10', '9', 'a'].sort(compareKeys)).toEqual([
      '9',
      '10',
      'A',
      'a',
      'a.b',
      'a9',
      'a10',
      'ab',
      'b',
    ])
  })

  it('refuses what kubectl cannot print either', () => {
    for (const char of ['\u007f', '\u0080', '\ufeff'])
      expect(() => printKubectlYaml({ a: `x${char}` })).toThrow('control characters are not allowed')
  })
})

describe('kubectl’s JSON', () => {
  it('reads back as the value that was printed', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(JSON.parse(printKubectlJson(value))).toEqual(value)
      }),
    )
  })

  it('sorts keys by bytes, also those that look like numbers', () => {
    expect(printKubectlJson({ b: [], 1: '<a&b>', a: {}, 10: 1, '0x': 2 })).toBe(
      '{\n    "0x": 2,\n    "1": "\\u003ca\\u0026b\\u003e",\n    "10": 1,\n    "a": {},\n    "b": []\n}\n',
    )
  })
})

describe.skipIf(!existsSync(corpus))('what kubectl 1.32 printed', () => {
  it.each(foldersOf(corpus))('%s: YAML and JSON, byte for byte', (name) => {
    const json = readFileSync(`${corpus}/${name}/dump.json`, 'utf8')
    const value = JSON.parse(json) as JsonValue
    expect(printKubectlYaml(value) === readFileSync(`${corpus}/${name}/dump.yaml`, 'utf8')).toBe(true)
    expect(printKubectlJson(value) === json).toBe(true)
  })

  it.each(foldersOf(clusters))('cluster %s, byte for byte', (name) => {
    const yaml = readFileSync(`${clusters}/${name}/dump.yaml`, 'utf8')
    expect(printKubectlYaml(parse(yaml) as JsonValue) === yaml).toBe(true)
  })
})
