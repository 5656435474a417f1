import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NamedMap } from '../../src/base/named-map.ts'

it('is a map by namespace and name, whatever was looked up before', () => {
  const namespace = fc.constantFrom(undefined, '', 'a', 'b')
  const name = fc.constantFrom('x', 'y')
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), namespace, name, fc.nat())), (steps) => {
      const map = new NamedMap<number>()
      const expected = new Map<string, number>()
      for (const [isWrite, space, key, value] of steps) {
        const id = JSON.stringify([space ?? '', key])
        if (isWrite) {
          map.set(space, key, value)
          expected.set(id, value)
        } else expect(map.get(space, key)).toBe(expected.get(id))
      }
    }),
  )
})
