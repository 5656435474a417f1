import fc from 'fast-check'
import { expect, it } from 'vitest'
import { identityHash, IdentitySet, slotOf } from '../../src/dump/identity-set.ts'

it('counts as a set of the texts does', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '/', '', 'é'), maxLength: 4 })
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part, part), { maxLength: 300 }), (all) => {
      const identities = new IdentitySet()
      for (const parts of all) identities.add(...parts)
      expect(identities.size).toBe(new Set(all.map((parts) => JSON.stringify(parts))).size)
    }),
  )
})

it('counts many that differ in little', () => {
  const identities = new IdentitySet()
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 100_000; i++) identities.add('apps', 'Pod', `ns-${i % 100}`, `pod-${i}`)
  }
  expect(identities.size).toBe(100_000)
})

it('counts names that were made to want the same slot', () => {
  const crowd: string[] = []
  for (let i = 0; crowd.length < 400; i++) if (slotOf(identityHash([`pod-${i}`]), 1024) === 7) crowd.push(`pod-${i}`)
  const identities = new IdentitySet()
  for (let round = 0; round < 2; round++) for (const name of crowd) identities.add(name)
  expect(identities.size).toBe(400)
  for (let i = 0; i < 1000; i++) identities.add(`other-${i}`)
  for (const name of crowd) identities.add(name)
  expect(identities.size).toBe(1400)
})
