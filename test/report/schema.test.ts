import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/index.ts'
import { analyze, analyzeLazily, renderJson, renderJsonPieces } from '../../src/index.ts'

const root = new URL('../../', import.meta.url)
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false })
const schema = JSON.parse(readFileSync(new URL('docs/report.schema.json', root), 'utf8')) as object
const validate = ajv.compile(schema)

const hold = (report: Report): void => {
  const valid = validate(JSON.parse(JSON.stringify(report)))
  expect(validate.errors?.slice(0, 3) ?? []).toEqual([])
  expect(valid).toBe(true)
}

describe('the schema of the report', () => {
  it.each(['healthy.yaml', 'ca-renewed.yaml'])('holds for examples/api-connect/%s', async (name) => {
    const text = readFileSync(new URL(`examples/api-connect/${name}`, root), 'utf8')
    hold(await analyze([{ name, text }], { at: '2026-11-24T05:00:00Z' }))
  })

  it('holds for an input in which nothing can be read', async () => {
    hold(await analyze([{ name: 'x', text: '{' }], { at: '2026-11-24T05:00:00Z' }))
    hold(await analyze([], { at: '2026-11-24T05:00:00Z' }))
  })

  it('explains every field, and leaves no object open', () => {
    const faults: string[] = []
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties, type, additionalProperties } = node as Record<string, unknown>
      if (type === 'object' && additionalProperties === undefined) faults.push(`${path} is open`)
      if (typeof properties === 'object' && properties !== null)
        for (const [name, field] of Object.entries(properties))
          if (!/^\S.*[.?]$/.test(String((field as { description?: string }).description))) faults.push(`${path}/${name} is not explained`)
      for (const [name, value] of Object.entries(node)) visit(value, `${path}/${name}`)
    }
    visit(schema, '')
    expect(faults).toEqual([])
  })

  it('refuses a report with a field that it does not know', async () => {
    const report = await analyze([], { at: '2026-11-24T05:00:00Z' })
    expect(validate({ ...report, surprise: true })).toBe(false)
  })

  const clusters = new URL('../shared/dumps/clusters/', root)
  describe.skipIf(!existsSync(clusters))('on dumps of real clusters (skipped where ../shared is absent)', () => {
    it.each(existsSync(clusters) ? readdirSync(clusters) : [])('%s', async (id) => {
      const { at } = JSON.parse(readFileSync(new URL(`${id}/truth.json`, clusters), 'utf8')) as { at: string }
      hold(await analyze([{ name: 'dump.yaml', text: readFileSync(new URL(`${id}/dump.yaml`, clusters), 'utf8') }], { at }))
    })
  })
})

describe('renderJsonPieces', () => {
  it('gives in pieces what renderJson gives at once', async () => {
    const text = readFileSync(new URL('examples/api-connect/ca-renewed.yaml', root), 'utf8')
    const report = await analyze([{ name: 'dump.yaml', text }], { at: '2026-11-24T05:00:00Z' })
    const large: Report = {
      ...report,
      links: Array.from({ length: 1001 }, (_, index) => ({ kind: 'holds', from: 'a', status: 'verified' as const, to: `x${index}` })),
    }
    for (const each of [report, large]) expect([...renderJsonPieces(each)].join('')).toBe(renderJson(each, { compact: true }))
  })

  it('writes a report that is made while it is read as analyze gives it, each time it is read', async () => {
    const text = readFileSync(new URL('examples/api-connect/ca-renewed.yaml', root), 'utf8')
    const [at, sources] = ['2026-11-24T05:00:00Z', [{ name: 'dump.yaml', text }]]
    const whole = renderJson(await analyze(sources, { at }), { compact: true })
    const lazy = await analyzeLazily(sources, { at })
    for (let time = 0; time < 2; time++) expect([...renderJsonPieces(lazy)].join('')).toBe(whole)
  })
})
