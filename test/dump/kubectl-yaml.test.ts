import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGeneralYaml } from '../../src/dump/general-yaml.ts'
import { readKubectlYaml } from '../../src/dump/kubectl-yaml.ts'
import { hasOldLineBreaks } from '../../src/dump/old-line-breaks.ts'
import { createSplitter } from '../../src/dump/split-source.ts'
import { damaged, jsonObject, printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

/** As toStrictEqual, which takes a key `constructor` for a type. */
const expectSame = (actual: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(actual, expected)) expect.fail(`${JSON.stringify(actual)}\nis not\n${JSON.stringify(expected)}`)
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const fast = (text: string, indent = 0) => readKubectlYaml(text, indent, 100, hasOldLineBreaks(text))

/** Where the fast reader answers, `yaml` gives the same value. @returns whether it answered */
const agrees = (text: string, indent = 0): boolean => {
  const value = fast(text, indent)
  if (value === undefined || hasOldLineBreaks(text)) return value !== undefined
  const general = readGeneralYaml(' '.repeat(indent) + text, 100)
  expectSame(general, { ok: true, value })
  return true
}

describe('the fast reader', () => {
  it('reads what kubectl prints, and declines little but keys that no cluster has', () => {
    let answered = 0
    let all = 0
    fc.assert(
      fc.property(jsonObject, fc.constantFrom(80, Infinity), (object, width) => {
        const text = printKubectlYaml(object, { width })
        const value = fast(text)
        all++
        if (value === undefined) {
          expectSame(readGeneralYaml(text, 100), { ok: true, value: plain(object) })
          return
        }
        answered++
        expectSame(value, plain(object))
        agrees(text)
      }),
      { numRuns: 1000 },
    )
    expect(answered / all).toBeGreaterThan(0.7)
  })

  it.each([
    ["a: 'x\n  y'\n", { a: 'x y' }],
    ["a: 'x\n\n  y'\n", { a: 'x\ny' }],
    ["a: 'x\n\n\n  it''s'\n", { a: "x\n\nit's" }],
  ])('reads single quotes over several lines: %j', (text, value) => {
    expect(fast(text)).toStrictEqual(value)
    expect(agrees(text)).toBe(true)
  })

  it('takes no line break of YAML 1.1 behind a value for the end of its line', () => {
    for (const end of ['\u0085', '\u2028', '\u2029']) expect(fast(`a: b${end}c: d\n`)).toBeUndefined()
  })

  it('has the value that yaml gives, or none, of damaged text', () => {
    const texts = jsonObject.chain((object) => damaged(printKubectlYaml(object, { width: 80 })))
    fc.assert(
      fc.property(texts, (text) => {
        agrees(text)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['anchor', 'a: &x 1\nb: *x\n'],
    ['tag', 'a: !!str 1\n'],
    ['flow mapping', 'a: {b: c}\n'],
    ['comment', 'a: b # c\n'],
    ['comment line', '# c\na: b\n'],
    ['folded block', 'a: >-\n  b\n  c\n'],
    ['complex key', '? a\n: b\n'],
    ['duplicate key', 'a: 1\nb: 2\na: 3\n'],
    ['tab', 'a:\tb\n'],
    ['octal', 'a: 0o17\n'],
    ['leading zero', 'a: 010\n'],
    ['infinity', 'a: .inf\n'],
    ['__proto__', '__proto__:\n  a: b\n'],
    ['mapping on a value line', 'a: b: c\n'],
    ['wrong indentation', 'a:\n    b: 1\n  c: 2\n'],
    ['two documents', 'a: b\n---\nc: d\n'],
    ['literal without content', 'a: |\nb: c\n'],
    ['line break character of YAML 1.1 in a plain scalar', 'a: b\u2028c\n'],
  ])('declines: %s', (_, text) => {
    expect(fast(text)).toBeUndefined()
  })

  it('declines what is nested deeper than the limit, at any depth without using up the stack', () => {
    const text = Array.from({ length: 20_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n') + '\n'
    expect(readKubectlYaml(text, 0, 100, false)).toBeUndefined()
    expect(readKubectlYaml('- '.repeat(100_000) + 'a\n', 0, 100, false)).toBeUndefined()
  })

  it("undoes what kubectl's printer does to U+2028 in single quotes and literals", () => {
    expect(fast("m:\n  a: 'x\u2028    y'\n  b: '\u2028'\n")).toStrictEqual({ m: { a: 'x\u2028y', b: '\u2028' } })
    expect(fast('m:\n  a: |-\n    }\u2028\n     [\n  b: 1\n')).toStrictEqual({ m: { a: '}\u2028\n [', b: 1 } })
    expect(fast('m:\n  a: |\n    x\n    y\u2028  b: 1\n')).toStrictEqual({ m: { a: 'x\ny\u2028', b: 1 } })
  })
})

const shared = [new URL('../../../shared/dumps/clusters', import.meta.url), new URL('../../../shared/corpus/kubectl-yaml', import.meta.url)]

describe.skipIf(!shared.every((folder) => existsSync(folder)))('real dumps', () => {
  it('are read by the fast reader alone, with the values that yaml gives', { timeout: 120_000 }, () => {
    const decoder = new TextDecoder()
    let declined = 0
    let answered = 0
    for (const folder of shared) {
      for (const name of readdirSync(folder)) {
        const file = join(folder.pathname, name, 'dump.yaml')
        if (!existsSync(file)) continue
        const splitter = createSplitter(
          {
            object: ({ bytes, indent }) => (agrees(decoder.decode(bytes), indent) ? answered++ : declined++),
            listEnd: () => undefined,
            text: () => undefined,
            problem: () => undefined,
          },
          1 << 23,
        )
        splitter.push(readFileSync(file))
        splitter.end()
      }
    }
    expect(answered).toBeGreaterThan(1000)
    expect(declined).toBe(0)
  })
})
