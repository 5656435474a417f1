import { describe, expect, it } from 'vitest'
import { LONGEST_GENERAL, readGeneralYaml } from '../../src/dump/general-yaml.ts'
import { quoteMarks } from '../../src/dump/quote-marks.ts'
import { readDump } from '../../src/dump/read-dump.ts'

describe('readGeneralYaml', () => {
  it('tells the first of many errors, and makes no more of them', () => {
    const read = readGeneralYaml(`a: 1\nx: [\n${'}'.repeat(LONGEST_GENERAL - 20)}`, 100)
    expect(read).toEqual({ ok: false, code: 'yaml-syntax', line: 2, detail: 'bad indent' })
    const lines = Array.from({ length: 6 }, () => `x: [\n${'}'.repeat(500_000)}`)
    for (const text of lines) expect(readGeneralYaml(text, 100).ok).toBe(false)
  })

  it.each([
    ['a: 1\nb:\n- c\n- *d\n', 3],
    ['a: 1\nb: *c\n', 1],
    ['a: 1\nb: &c\n  d:\n  - *c\n', 3],
    ['a: 1\n? [b]\n: c\n', 1],
  ])('tells the line of the fault: %j', (text, line) => {
    expect(readGeneralYaml(text, 100)).toMatchObject({ ok: false, line })
  })

  it('reads no text larger than any object', async () => {
    const text = (size: number): string => `kind: Secret\napiVersion: v1\nmetadata: {name: a}\nx: ${'y'.repeat(size)}\n`
    expect(readGeneralYaml(text(LONGEST_GENERAL - 100), 100).ok).toBe(true)
    expect(readGeneralYaml(text(LONGEST_GENERAL), 100)).toMatchObject({ ok: false, code: 'too-large' })
    const { problems } = await readDump({ name: 'x', text: text(LONGEST_GENERAL) })
    expect(problems).toMatchObject([{ code: 'too-large', place: { source: 'x', line: 1 } }])
  })
})

describe('quoteMarks', () => {
  const marked = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}: *m${index}`).join('\n')

  it('quotes marks, each as often as it stands there', () => {
    expect(quoteMarks('a: ***\nb: x\nc: ***')).toBe('a: "***"\nb: x\nc: "***"')
    expect(quoteMarks(marked(200))).toContain('k199: "*m199"')
    expect(quoteMarks('a: ***\n'.repeat(5000))).toBe('a: "***"\n'.repeat(5000))
  })

  it.each([
    ['a wildcard without quotes', 'names:\n- a.example\n- *.a.example', 'names:\n- a.example\n- "*.a.example"'],
    ['a mark in a list', 'a:\n  - ***\n  - - @x', 'a:\n  - "***"\n  - - "@x"'],
    ['a comment behind it', '- *.a # all\nb: *** # gone', '- "*.a" # all\nb: "***" # gone'],
    ['entries on one line', 'a: [b.example, *.b.example]', 'a: [b.example, "*.b.example"]'],
    ['an alias of an anchor', 'a: &x 1\nb: *x\nc:\n- *x\n- *y', 'a: &x 1\nb: *x\nc:\n- *x\n- "*y"'],
    ['a block of text in a list', 'a:\n- |\n  b: ***\n  - *.b\n- *.c', 'a:\n- |\n  b: ***\n  - *.b\n- "*.c"'],
  ])('%s', (_what, text, quoted) => {
    expect(quoteMarks(text)).toBe(quoted)
  })

  it('leaves lists alone that YAML can read', () => {
    expect(quoteMarks('a:\n- b: c\n- [d]\n- {e: f}\n- -\n- "g')).toBeUndefined()
  })

  it('gives up on more different ones than anybody writes', () => {
    expect(quoteMarks(marked(600_000))).toBeUndefined()
  })
})
