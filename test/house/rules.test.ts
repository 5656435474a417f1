import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rules } from '../../src/rules/index.ts'
import { filesUnder, root } from './source-tree.ts'

const camelCase = (id: string): string => id.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
const ruleFiles = filesUnder('src/rules').filter((file) => file.path.split('/').length === 4)
const fileOf = (rule: { readonly group: string; readonly id: string }): string => `src/rules/${rule.group}/${rule.id}.ts`
const testText = filesUnder('test/rules')
  .map((file) => file.text)
  .join('\n')

describe('rules', () => {
  it('have distinct kebab-case ids', () => {
    const ids = rules.map((rule) => rule.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([])
  })

  it('and the files of the groups are the same set: adding a rule is adding a file and its line in the list', () => {
    expect(rules.map(fileOf).sort()).toEqual(ruleFiles.map((file) => file.path).sort())
  })

  it('are exported under their own name by their own file', () => {
    const texts = new Map(ruleFiles.map((file) => [file.path, file.text]))
    expect(
      rules.filter((rule) => !texts.get(fileOf(rule))?.includes(`export const ${camelCase(rule.id)}: Rule`)).map((rule) => rule.id),
    ).toEqual([])
  })

  it('never import one another', () => {
    const faults = ruleFiles.filter((file) =>
      [...file.text.matchAll(/from '([^']+)'/g)].some((match) =>
        ruleFiles.some((other) => other.path.endsWith(`/${match[1]?.replace(/^[./]+/, '') ?? '#'}`)),
      ),
    )
    expect(faults.map((file) => file.path)).toEqual([])
  })

  it.each(rules.map((rule) => [rule.id, rule] as const))(
    '%s says what it means, why it matters, how to mend it, and where that is written',
    (_id, rule) => {
      expect(rule.title).toMatch(/^\S.*[^.\s]$/)
      for (const prose of [rule.means, rule.matters, rule.mend, rule.silent]) expect(prose).toMatch(/^\S.*[.]$/s)
      expect(rule.sources.length).toBeGreaterThan(0)
      for (const source of rule.sources) expect(source.document.trim() && source.at.trim()).not.toBe('')
    },
  )

  it('are each named by a test', () => {
    const named = (id: string): boolean => existsSync(join(root, `test/rules/${id}.test.ts`)) || testText.includes(`'${id}'`)
    expect(rules.map((rule) => rule.id).filter((id) => !named(id))).toEqual([])
  })

  it('have each a page in docs/rules, and no page is left over', () => {
    const pages = filesUnder('docs/rules', '.md').map((file) => file.path)
    const expected = rules.map((rule) => `docs/rules/${rule.id}.md`)
    expect(pages.filter((path) => !path.endsWith('/README.md')).sort()).toEqual(expected.sort())
  })
})
