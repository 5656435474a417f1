import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { append } from '../../src/base/append.ts'
import { largest, smallest } from '../../src/base/order.ts'
import { say, sayList } from '../../src/base/phrase.ts'

describe('smallest, largest and append', () => {
  it('say what Math.min, Math.max and push say', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        expect([smallest(values), largest(values)]).toStrictEqual([Math.min(...values), Math.max(...values)])
        const list = [1]
        append(list, values)
        expect(list).toStrictEqual([1, ...values])
      }),
    )
  })

  it('take more values than fit on the stack', () => {
    const values = Array.from({ length: 500_000 }, (_, index) => index)
    expect([smallest(values), largest(values)]).toStrictEqual([0, 499_999])
    const texts = values.map(String)
    expect(say`${sayList(texts, texts.length)}`).toHaveLength(999_999)
  })
})
