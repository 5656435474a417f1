import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStringCache } from '../../src/dump/string-cache.ts'

describe('createStringCache', () => {
  it('gives what slice gives, whatever was asked before', () => {
    const cache = createStringCache()
    // Few characters and lengths: many strings share a slot.
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', '-', 'é', '😀'), maxLength: 700 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    fc.assert(
      fc.property(text, fc.nat(), fc.nat(), (whole, a, b) => {
        const [from, to] = [a % (whole.length + 1), b % (whole.length + 1)].sort((x, y) => x - y) as [number, number]
        expect(cache.slice(whole, from, to)).toBe(whole.slice(from, to))
      }),
      { numRuns: 5000 },
    )
  })
})
