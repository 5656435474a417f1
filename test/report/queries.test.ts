import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze, ancestorsOf, everythingBelow } from '../../src/index.ts'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('examples/api-connect/healthy.yaml', root), 'utf8')
const report = await analyze([{ name: 'healthy.yaml', text }], { at: '2026-11-24T05:00:00Z' })
const apic = (kind: string, name: string) => ({ kind, namespace: 'apic', name })

describe('ancestorsOf', () => {
  it('climbs from an end-entity certificate to the SelfSigned issuer', () => {
    expect(ancestorsOf(report, apic('Certificate', 'abc-management-client'))).toEqual([
      apic('Issuer', 'abc-management-ca'),
      apic('Certificate', 'abc-management-ca'),
      apic('Issuer', 'selfsigning-issuer'),
    ])
  })

  it('is empty for a root and for what is not in the dump', () => {
    expect(ancestorsOf(report, apic('Issuer', 'selfsigning-issuer'))).toEqual([])
    expect(ancestorsOf(report, apic('Issuer', 'nobody'))).toEqual([])
  })
})

describe('everythingBelow', () => {
  it('gives what must follow when a CA changes, top down', () => {
    expect(everythingBelow(report, apic('Certificate', 'abc-management-ca'))).toEqual([
      apic('Issuer', 'abc-management-ca'),
      apic('Certificate', 'abc-management-client'),
      apic('Certificate', 'abc-management-natscluster-mgmt'),
      apic('Certificate', 'abc-management-server'),
    ])
  })
})
