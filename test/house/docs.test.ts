import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { limitsDoc } from '../../scripts/limits-doc.ts'
import { defaultLimits } from '../../src/base/limits.ts'
import { Cluster } from '../../src/testing/index.ts'
import { homes, mayImport } from './import-table.ts'
import { filesUnder, root } from './source-tree.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const atTop = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']
  .filter((path) => existsSync(join(root, path)))
  .map((path) => ({ path, text: read(path) }))
const pages = [...filesUnder('docs', '.md'), ...atTop]

/** Headings as GitHub makes anchors of them. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#{1,6} +(.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('docs', () => {
  it('limits.md says what src/base/limits.ts says (npm run docs)', () => {
    expect(read('docs/limits.md')).toBe(limitsDoc(read('src/base/limits.ts'), defaultLimits))
  })

  it('limits.md explains every limit', () => {
    expect(
      read('docs/limits.md')
        .split('\n')
        .filter((line) => /^\| `[^|]*\| *$|\|\s*\|$/.test(line)),
    ).toEqual([])
  })

  it('how-it-works.md prints the import table that the test holds', () => {
    const rows = read('docs/how-it-works.md')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 5 && /^`[a-z0-9.]+`$/.test(cells[1]!))
      .map((cells) => [cells[1]!.replaceAll('`', ''), cells[3] === 'nothing' ? [] : cells[3]!.split(', ').sort()])
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(mayImport).map(([room, others]) => [room, [...others].sort()])),
    )
  })

  it('dependencies.md has each dependency with its home', () => {
    const text = read('docs/dependencies.md')
    const { dependencies } = JSON.parse(read('package.json'))
    for (const name of Object.keys(dependencies)) {
      expect(text).toContain(`## ${name}`)
      expect(text).toContain(`\`${homes[name]}\``)
    }
  })

  it('testing.md shows the example that is run, and every step of a cluster', () => {
    const [, ...example] = read('examples/library/rotation.test.mjs').split('\n')
    const text = read('docs/testing.md')
    expect(text).toContain(example.join('\n'))
    const steps = Object.getOwnPropertyNames(Cluster.prototype)
    const named = new Set([...text.matchAll(/`([a-z][A-Za-z]*)\b/g)].map((match) => match[1]!))
    expect(steps.filter((step) => step !== 'constructor' && !named.has(step))).toEqual([])
  })

  it('link to files and headings that are there', () => {
    const faults = pages.flatMap(({ path, text }) =>
      [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
        const [target = '', anchor] = match[1]!.split('#')
        if (/^[a-z]+:/.test(target)) return []
        const file = target === '' ? path : join(dirname(path), target)
        if (!existsSync(join(root, file))) return [`${path}: ${match[1]}`]
        return anchor && file.endsWith('.md') && !anchorsOf(read(file)).includes(anchor) ? [`${path}: ${match[1]}`] : []
      }),
    )
    expect(faults).toEqual([])
  })

  it('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'))
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map((match) => ({ path, script: match[1]! })),
    )
    expect(named.filter(({ script }) => !(script in scripts))).toEqual([])
  })
})
