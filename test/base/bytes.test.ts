import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes, fromBase64, toHex, toLatin1 } from '../../src/base/bytes.ts'

describe('fromBase64', () => {
  it('reads what Buffer writes, with line ends and blanks in between', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 80 }), (bytes, width) => {
        const text = Buffer.from(bytes).toString('base64')
        const folded = text.replace(new RegExp(`.{${width}}`, 'g'), '$&\r\n')
        expect(fromBase64(text)).toEqual(bytes)
        expect(fromBase64(folded)).toEqual(bytes)
      }),
    )
  })

  it.each(['A', 'AAA', 'AA=', 'AAAA=', 'AA*A', 'AAAA====', 'AA-_', '='])('refuses %j', (text) => {
    expect(fromBase64(text)).toBeUndefined()
  })

  it('reads nothing as nothing', () => {
    expect(fromBase64('')).toEqual(new Uint8Array())
  })
})

describe('toHex, toLatin1, equalBytes', () => {
  it('agree with Buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (a, b) => {
        expect(toHex(a)).toBe(Buffer.from(a).toString('hex'))
        expect(toLatin1(a)).toBe(Buffer.from(a).toString('latin1'))
        expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)))
      }),
    )
  })
})
