import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'

const AT = '2026-11-24T05:00:00Z'

/** Certificates that all name one Secret, which is there and empty, as JSON without line ends. */
const oneSecret = (count: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name: 'one', namespace: 'apic' }, data: {} },
      ...Array.from({ length: count }, (_, index) => ({
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: `c${index}`, namespace: 'apic' },
        spec: { secretName: 'one', dnsNames: ['a.example'], issuerRef: { name: 'ca' } },
      })),
    ],
  })

const report = (count: number) => analyze({ name: 'dump.json', text: oneSecret(count) }, { at: AT })

describe('a dump in which everything is about one object', () => {
  it('has a report that grows with the dump, not with its square', async () => {
    const [small, large] = [await report(400), await report(1600)]
    expect(small.diagnostics.some(({ rule }) => rule === 'duplicate-secret-name')).toBe(true)
    expect(JSON.stringify(large).length / JSON.stringify(small).length).toBeLessThan(5)
    const owner = large.controller[0]?.secretOwner
    expect(owner?.others.length).toBe(100)
    expect(owner?.othersLeftOut).toBe(1499)
    expect((await report(3)).controller[0]?.secretOwner).toEqual({
      isOwner: true,
      others: [
        { kind: 'Certificate', namespace: 'apic', name: 'c1' },
        { kind: 'Certificate', namespace: 'apic', name: 'c2' },
      ],
    })
  })

  // Reading this line again for each of the thousand places would outlast the time that a test may take.
  it('is not read again for each place in it when it stands on one line', async () => {
    const { diagnostics } = await report(1000)
    const places = diagnostics.flatMap(({ locations }) => locations)
    expect(places.length).toBeGreaterThan(1000)
    expect(new Set(places.map(({ line }) => line))).toEqual(new Set([1]))
    expect(places.some(({ path }) => path === '/spec/secretName')).toBe(true)
  })
})
