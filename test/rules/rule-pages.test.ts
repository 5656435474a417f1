import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ruleIndex, rulePage } from '../../scripts/rule-pages.ts'
import { rules } from '../../src/rules/index.ts'

const folder = new URL('../../docs/rules/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')

describe('pages of the rules', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is as generated', (id, rule) => {
    const told = new URL(`told/${id}.txt`, import.meta.url)
    expect(read(`${id}.md`)).toBe(rulePage(rule, existsSync(told) ? readFileSync(told, 'utf8') : ''))
  })

  it('has the table of all rules and no page of a rule that is gone', () => {
    expect(read('README.md')).toBe(ruleIndex(rules))
    expect(
      readdirSync(folder)
        .filter((name) => name !== 'README.md')
        .sort(),
    ).toEqual(rules.map((rule) => `${rule.id}.md`).sort())
  })
})

describe('metadata of the rules', () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is complete', (id, rule) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(rule.sources.length).toBeGreaterThan(0)
    for (const text of [rule.title, rule.means, rule.matters, rule.mend, rule.silent]) expect(text.length).toBeGreaterThan(10)
    const file = readFileSync(new URL(`../../src/rules/${rule.group}/${id}.ts`, import.meta.url), 'utf8')
    expect(file).toContain(`id: '${id}'`)
  })

  it('has each id once', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length)
  })
})
