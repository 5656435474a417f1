import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze, renderText } from '../../src/index.ts'

const root = new URL('../../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')

describe('README', () => {
  it('shows what the demo really prints', async () => {
    const path = 'examples/api-connect/ca-renewed.yaml'
    const report = await analyze([{ name: path, text: readFileSync(new URL(path, root), 'utf8') }], { at: '2026-11-24T05:00:00Z' })
    expect(readme).toContain(renderText(report).trimEnd())
  })

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: Record<string, string> }
    expect(readme).toContain('npm ci && npm run demo')
    expect(readme).toContain('npm ci && npm test')
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']))
  })
})
