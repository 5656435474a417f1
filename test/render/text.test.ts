import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Report, TreeNode } from '../../src/index.ts'
import { analyze, renderText } from '../../src/index.ts'
import { reportOf, rootAndLeaves, withoutKind } from '../rules/rule-cases.ts'

const root = new URL('../../', import.meta.url)
const example = async (name: string): Promise<Report> => {
  const text = readFileSync(new URL(`examples/api-connect/${name}`, root), 'utf8')
  return analyze([{ name, text }], { at: '2026-11-24T05:00:00Z' })
}
const renewed = await example('ca-renewed.yaml')
const healthy = await example('healthy.yaml')
const linesOf = (report: Report, options: Parameters<typeof renderText>[1] = {}): readonly string[] =>
  renderText(report, options).trimEnd().split('\n')

const nodes = (count: number, more: Partial<TreeNode>): readonly TreeNode[] =>
  Array.from({ length: count }, (_, index) => ({
    ref: { kind: 'Certificate', namespace: 'apic', name: `web-${index}` },
    role: 'end-entity',
    ready: 'True',
    signature: 'verified' as const,
    faults: [],
    children: [],
    ...more,
  }))

const below = (name: string, children: readonly TreeNode[]): TreeNode => ({
  ref: { kind: 'Issuer', namespace: 'apic', name },
  role: 'ca',
  ready: 'True',
  faults: [],
  children,
})

describe('renderText', () => {
  it('has the cause in its first line and the way out in its last', () => {
    const lines = linesOf(renewed)
    expect(lines[0]).toBe('ca-renewed.yaml · 4 Certificates, 2 issuers, 4 Secrets in 1 namespace · at 2026-11-24 05:00 UTC')
    expect(lines[2]).toMatch(/^✖ ca-rekeyed {2}apic\/abc-management-ca has a new key/)
    expect(lines.at(-2)).toBe('1 error, 0 warnings. Begin with ca-rekeyed (Certificate apic/abc-management-ca):')
    expect(lines.at(-1)).toBe(`  $ ${renewed.diagnostics[0]?.remedy.commands[0]}`)
  })

  it('shows of each object what kubectl get shows, in columns', () => {
    const lines = linesOf(healthy)
    const title = lines.findIndex((line) => line.trimStart().startsWith('READY'))
    const tree = lines.slice(title, title + 8)
    expect(tree.map((line) => line.split(/ {2,}/).filter((cell) => cell !== ''))).toEqual([
      ['READY', 'SECRET', 'AGE', 'NOT AFTER', 'RENEWS'],
      ['apic'],
      ['selfsigning-issuer', 'SelfSigned Issuer', 'True', '39m'],
      ['└─ ✔ abc-management-ca', 'CA Certificate', 'True', 'abc-management-ca', '39m', '2036-11-21', '2036-10-22'],
      ['└─ abc-management-ca', 'CA Issuer', 'True', 'abc-management-ca', '39m'],
      ['├─ ✔ abc-management-client', 'True', 'abc-management-client', '39m', '2028-11-23', '2028-10-24'],
      ['├─ ✔ abc-management-natscluster-mgmt', 'True', 'abc-management-natscluster-mgmt', '39m', '2028-11-23', '2028-10-24'],
      ['└─ ✔ abc-management-server', 'True', 'abc-management-server', '39m', '2028-11-23', '2028-10-24'],
    ])
    const column = lines[title]?.indexOf('AGE') ?? -1
    expect(tree.slice(2).map((line) => line.slice(column, column + 3))).toEqual(Array(6).fill('39m'))
  })

  it('leaves the column SECRET out of a narrow terminal, where it says nothing new', () => {
    const lines = linesOf(healthy, { width: 100 })
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    expect(lines.some((line) => line.includes('SECRET'))).toBe(false)
    const [first, ...others] = healthy.forest
    const renamed = { ...healthy, forest: [{ ...first, secret: 'elsewhere' } as TreeNode, ...others] }
    expect(linesOf(renamed, { width: 100 }).find((line) => line.includes('selfsigning-issuer'))).toMatch(/Secret elsewhere$/)
  })

  it('wraps sentences where the terminal ends, and no command', () => {
    for (const width of [80, 120]) {
      const sentences = linesOf(renewed, { width }).slice(2, linesOf(renewed, { width }).indexOf('', 2))
      expect(sentences.filter((line) => line.length > width && !line.includes('$ ') && !line.includes('  at  '))).toEqual([])
    }
    expect(linesOf(renewed, { width: 80 })).toContain(`  $ ${renewed.diagnostics[0]?.remedy.commands[0]}`)
  })

  it('escapes colours only where it is asked to', () => {
    expect(renderText(renewed)).not.toContain('\u001b')
    const coloured = renderText(renewed, { color: true })
    expect(coloured).toContain('\u001b[1;31m✖\u001b[0m')
    expect(
      coloured
        .split('\u001b[')
        .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('m') + 1)))
        .join(''),
    ).toBe(renderText(renewed))
  })

  it('names the issuer that a Certificate asks for where the dump has none', async () => {
    const report = await reportOf({ what: '', of: rootAndLeaves, dumped: withoutKind('Issuer') })
    const lines = linesOf(report)
    expect(lines).toContain('  root  Issuer, not in this dump')
    expect(lines.filter((line) => /^ {2}[├└]─ . (api|db|web) /.test(line))).toHaveLength(3)
  })

  it('gives the reason of a Certificate that is not ready, where no rule speaks of it', () => {
    const ref = { kind: 'Certificate', namespace: 'apic', name: 'slow' }
    const report: Report = {
      ...healthy,
      forest: [below('ca', [{ ref, role: 'end-entity', ready: 'False', faults: [], children: [] }])],
      resources: [{ id: 'x', ref, location: { source: 'a', line: 1 }, ready: 'False', reason: 'DoesNotExist' }],
    }
    expect(linesOf(report).find((line) => line.includes('slow'))).toMatch(/\? slow +False +DoesNotExist$/)
  })

  it('keeps a terminal from acting on a name', () => {
    const forest = [below('evil\u001b[2J\u202e', [])]
    const text = renderText({ ...healthy, forest })
    expect(['\u001b', '\u202e'].filter((char) => text.includes(char))).toEqual([])
  })
})

describe('the tree of a large cluster', () => {
  const sound = Array.from({ length: 30 }, (_, index) => below(`ca-${index}`, nodes(20, {})))
  const broken = below('old', nodes(50, { faults: ['ca-rekeyed'], worst: 'error' }))
  const report: Report = { ...healthy, forest: [...sound, broken] }

  it('shows what is broken and counts what is sound', () => {
    const lines = linesOf(report)
    expect(lines.length).toBeLessThan(20)
    expect(lines.filter((line) => line.includes('ca-rekeyed'))).toHaveLength(4)
    expect(lines).toContain('  └─ ✖ 47 more certificates  ca-rekeyed')
    expect(lines).toContain('✔ 30 more trees with 600 certificates, all verified and without a fault: --verbose or --namespace shows them')
  })

  it('is whole with verbose', () => {
    expect(linesOf(report, { verbose: true }).filter((line) => line.includes('web-'))).toHaveLength(650)
  })

  it('ends even where everything is broken', () => {
    const all = Array.from({ length: 1000 }, (_, index) => below(`ca-${index}`, nodes(3, { faults: ['expired'], worst: 'error' })))
    const lines = linesOf({ ...healthy, forest: all })
    expect(lines.length).toBeLessThan(420)
    expect(lines.some((line) => /^… \d+ more lines like these/.test(line))).toBe(true)
  })

  it('calls nothing sound that could not be verified', () => {
    const unknown = Array.from({ length: 30 }, (_, index) => below(`ca-${index}`, nodes(20, { signature: 'unknown' })))
    expect(renderText({ ...healthy, forest: unknown })).not.toContain('all verified')
  })
})

describe('the last lines', () => {
  it('say that nothing is wrong only where something was verified', async () => {
    expect(linesOf(healthy).at(-1)).toBe('No fault found. 0 errors, 0 warnings.')
    const blind = linesOf(await reportOf({ what: '', of: rootAndLeaves, dumped: withoutKind('Secret') })).at(-1)
    expect(blind).toMatch(/^No fault found, but not one certificate could be verified: the dump has no Secrets\. 0 errors/)
  })

  it('point to what is only information', () => {
    const [first] = renewed.diagnostics
    if (!first) throw new Error('no diagnostic')
    const report = { ...renewed, diagnostics: [{ ...first, severity: 'info' as const }] }
    expect(linesOf(report).at(-1)).toBe('No fault found. 0 errors, 0 warnings, 1 for information (--verbose).')
    expect(linesOf(report, { verbose: true }).at(-1)).toBe('No fault found. 0 errors, 0 warnings, 1 for information.')
    expect(renderText(report)).not.toContain('ca-rekeyed  ')
  })

  it('say what to run where nothing of cert-manager was found', async () => {
    const report = await analyze([{ name: 'a.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' }], {
      at: '2026-11-24T05:00:00Z',
    })
    expect(renderText(report)).toMatch(/Nothing of cert-manager was found, only 1 object of other kinds\.[^]*\$ kubectl get issuers,/)
  })

  it('name what could not be checked in words', async () => {
    const text = renderText(
      await reportOf({ what: '', of: rootAndLeaves, text: (yaml) => yaml.replace(/tls\.key: .*/g, 'tls.key: REDACTED') }),
    )
    expect(text).toMatch(/Not checked, or not everywhere, for lack of\n {2}private keys: (.*, )?key-mismatch/)
  })
})
