import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Diagnostic, Ref, Report } from '../../src/index.ts'
import { analyze, renderText } from '../../src/index.ts'

interface Fault {
  readonly any: readonly string[]
  readonly objects: readonly string[]
  readonly every?: readonly string[]
  readonly severity?: readonly string[]
  readonly once?: boolean
}

interface Truth {
  readonly at: string
  readonly healthy?: boolean
  readonly expect: readonly Fault[]
  readonly tolerate: readonly string[]
  readonly mustNotName?: readonly string[]
}

const key = ({ kind, namespace, name }: Ref): string => `${kind}/${namespace ?? ''}/${name}`
const told = (diagnostic: Diagnostic): readonly string[] => [diagnostic.subject, ...diagnostic.related].map(key)
/** A Secret stands for the Certificate of its name. */
const withSecret = (object: string): readonly string[] => [object, object.replace('Certificate/', 'Secret/')]
const concerns = (diagnostic: Diagnostic, objects: readonly string[]): boolean =>
  objects.flatMap(withSecret).some((object) => told(diagnostic).includes(object))

const holdAgainst = (report: Report, truth: Truth): void => {
  for (const fault of truth.expect) {
    const severities = fault.severity ?? ['error', 'warning']
    const found = report.diagnostics.filter(
      (item) =>
        fault.any.includes(item.rule) && severities.includes(item.severity) && concerns(item, [...fault.objects, ...(fault.every ?? [])]),
    )
    expect(found.length, `${fault.any.join('|')} on ${fault.objects.join(', ')}`).toBeGreaterThan(0)
    if (fault.once) expect(found.length, `${fault.any.join('|')} once`).toBe(1)
    const named = found.flatMap(told)
    for (const object of fault.every ?? [])
      expect(
        withSecret(object).some((each) => named.includes(each)),
        `${object} named`,
      ).toBe(true)
  }
  const errors = report.diagnostics.filter((item) => item.severity === 'error' && !truth.tolerate.includes(item.rule))
  const unexpected = errors.filter(
    (item) => !truth.expect.some((fault) => fault.any.includes(item.rule) && concerns(item, [...fault.objects, ...(fault.every ?? [])])),
  )
  expect(unexpected.map((item) => `${item.rule} ${key(item.subject)}`)).toEqual([])
  for (const object of truth.mustNotName ?? []) expect(errors.map((item) => key(item.subject))).not.toContain(object)
}

const findings = (report: Report): string =>
  JSON.stringify(
    report.diagnostics.map((item) => [item.rule, item.severity, key(item.subject), item.related.map(key).sort()].join(' ')).sort(),
  )

const check = async (text: string, truth: Truth): Promise<void> => {
  const report = await analyze([{ name: 'dump.yaml', text }], { at: truth.at })
  holdAgainst(report, truth)
  expect(JSON.stringify(await analyze([{ name: 'dump.yaml', text }], { at: truth.at }))).toBe(JSON.stringify(report))
  const list = parse(text) as { items: unknown[] }
  list.items.reverse()
  const turned = await analyze([{ name: 'dump.json', text: JSON.stringify(list, null, 2) }], { at: truth.at })
  expect(findings(turned)).toBe(findings(report))
  expect(renderText(report).length).toBeGreaterThan(100)
}

const own = new URL('../fixtures/clusters/', import.meta.url)
const shared = new URL('../../../shared/dumps/clusters/', import.meta.url)
const folders = (root: URL): readonly string[] =>
  readdirSync(root, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const truthOf = (root: URL, id: string): Truth => JSON.parse(readFileSync(new URL(`${id}/truth.json`, root), 'utf8')) as Truth

describe('dumps of real clusters: every fault named, nothing healthy blamed, the same from JSON in another order', () => {
  it.each(folders(own))('%s', async (id) => {
    await check(gunzipSync(readFileSync(new URL(`${id}/dump.yaml.gz`, own))).toString('utf8'), truthOf(own, id))
  })
})

describe.skipIf(!existsSync(shared))('the whole collection (skipped where ../shared is absent)', () => {
  it.each(existsSync(shared) ? folders(shared) : [])('%s', async (id) => {
    await check(readFileSync(new URL(`${id}/dump.yaml`, shared), 'utf8'), truthOf(shared, id))
  })
})
