import { describe, expect, it } from 'vitest'
import type { ReportLike } from '../../src/testing/index.ts'
import { expectDiagnostic, expectHealthy, expectNotEvaluable, expectSilent, findDiagnostics } from '../../src/testing/index.ts'

const message = { text: 'its CA has a new key', parts: ['its CA has a new key'] }
const report: ReportLike = {
  diagnostics: [
    {
      rule: 'ca-rekeyed',
      severity: 'error',
      subject: { kind: 'Certificate', namespace: 'apic', name: 'ca' },
      related: [
        { kind: 'Certificate', namespace: 'apic', name: 'leaf' },
        { kind: 'ClusterIssuer', name: 'global' },
      ],
      message,
      evidence: [],
      locations: [],
      remedy: { ...message, commands: [] },
    },
  ],
  notEvaluable: [{ rule: 'key-mismatch', missing: ['tls.key'] }],
}

describe('asserts over reports', () => {
  it('finds diagnostics by rule and by an object in any of its forms', () => {
    for (const name of ['leaf', 'apic/leaf', 'Certificate/leaf', 'Certificate/apic/leaf', 'ClusterIssuer/global']) {
      expect(findDiagnostics(report, 'ca-rekeyed', name)).toHaveLength(1)
    }
    expect(findDiagnostics(report, 'ca-rekeyed', { kind: 'Certificate', namespace: 'apic', name: 'ca' })).toHaveLength(1)
    expect(findDiagnostics(report, 'ca-rekeyed', { kind: 'Certificate', namespace: 'other', name: 'ca' })).toHaveLength(0)
    expect(findDiagnostics(report, 'expired')).toHaveLength(0)
  })

  it('expects a diagnostic with severity, names, message and count', () => {
    const found = expectDiagnostic(report, 'ca-rekeyed', { severity: 'error', names: ['ca', 'apic/leaf'], message: /new key/, count: 1 })
    expect(found).toBe(report.diagnostics[0])
    expect(() => expectDiagnostic(report, 'ca-rekeyed', { severity: 'warning' })).toThrow(
      /"severity":"warning"[^]*error ca-rekeyed \[Certificate\/apic\/ca/,
    )
    expect(() => expectDiagnostic(report, 'ca-rekeyed', { names: ['ca', 'stranger'] })).toThrow('stranger')
    expect(() => expectDiagnostic(report, 'ca-rekeyed', { message: 'old key' })).toThrow('old key')
    expect(() => expectDiagnostic(report, 'ca-rekeyed', { count: 2 })).toThrow('expected 2 diagnostics of ca-rekeyed, found 1')
    expect(() => expectDiagnostic(report, 'expired')).toThrow('expected a diagnostic of expired')
  })

  it('expects silence, health and what could not be evaluated', () => {
    expectSilent(report, 'expired')
    expectSilent(report, 'ca-rekeyed', 'other')
    expect(() => {
      expectSilent(report, 'ca-rekeyed', 'leaf')
    }).toThrow('expected nothing of ca-rekeyed')
    expect(() => {
      expectHealthy(report)
    }).toThrow('its CA has a new key')
    expectHealthy({ diagnostics: [], notEvaluable: [] })
    expect(expectNotEvaluable(report, 'key-mismatch')).toEqual(['tls.key'])
    expect(() => expectNotEvaluable(report, 'expired')).toThrow('not evaluable')
  })
})
