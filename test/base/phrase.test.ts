import { describe, expect, it } from 'vitest'
import { say, sayList } from '../../src/base/phrase.ts'

describe('say', () => {
  it('keeps our words and the values apart', () => {
    expect(say`Secret ${'a b'} has ${3} keys`).toEqual(['Secret ', { value: 'a b' }, ' has ', { value: '3' }, ' keys'])
  })

  it('keeps the parts of a phrase inside a phrase', () => {
    expect(say`see ${say`the ${'x'}`}`).toEqual(['see ', 'the ', { value: 'x' }])
  })

  it('never makes a value into words, whatever it holds', () => {
    expect(say`${'${evil}'}`).toEqual([{ value: '${evil}' }])
  })
})

describe('sayList', () => {
  it('cuts long lists and says how many are left', () => {
    expect(sayList(['a', 'b', 'c', 'd'], 3)).toEqual([{ value: 'a' }, ', ', { value: 'b' }, ' and 2 more'])
    expect(sayList(['a', 'b', 'c'], 3)).toEqual([{ value: 'a' }, ', ', { value: 'b' }, ', ', { value: 'c' }])
  })
})
