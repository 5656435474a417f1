import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { caseKindOf } from '../../scripts/conformance/policy-cases.ts'
import { runPolicies } from '../../scripts/conformance/policies.ts'

const fixtures = fileURLToPath(new URL('../fixtures/policies', import.meta.url))
const corpus = fileURLToPath(new URL('../../../shared/corpus/policies', import.meta.url))

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => caseKindOf(name) !== undefined)
        .sort()
    : []

describe('a sample of what cert-manager itself decided', () => {
  it('has cases of every kind', () => {
    expect(new Set(filesIn(fixtures).map(caseKindOf)).size).toBeGreaterThanOrEqual(10)
  })

  it.each(filesIn(fixtures))('%s: no difference', async (name) => {
    const { passed, failed, lines } = await runPolicies(`${fixtures}/${name}`)
    expect(failed, lines.join('\n')).toBe(0)
    expect(passed).toBeGreaterThan(0)
  })
})

describe.skipIf(!existsSync(corpus))('all cases of the corpus beside this repository', () => {
  it.each(filesIn(corpus))('%s: no difference', { timeout: 60_000 }, async (name) => {
    const { passed, failed, lines } = await runPolicies(`${corpus}/${name}`)
    expect(failed, lines.join('\n')).toBe(0)
    expect(passed).toBeGreaterThan(0)
  })
})
