import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import { expectDiagnostic, expectSilent } from '../../src/testing/index.ts'

const read = (name: string) => ({ name, text: readFileSync(new URL(`../../examples/api-connect/${name}`, import.meta.url), 'utf8') })
const at = '2026-11-24T05:00:00Z'

describe('object-conflict', () => {
  it('fires once where two dumps of one cluster are read together', async () => {
    const report = await analyze([read('healthy.yaml'), read('ca-renewed.yaml')], { at })
    expectDiagnostic(report, 'object-conflict', { severity: 'warning', names: ['Secret/apic/abc-management-ca'], count: 1 })
  })

  it('is silent where one dump is read twice', async () => {
    expectSilent(await analyze([read('healthy.yaml'), { ...read('healthy.yaml'), name: 'again.yaml' }], { at }), 'object-conflict')
  })
})
