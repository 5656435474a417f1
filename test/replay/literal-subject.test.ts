import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { behavioursOf } from '../../src/replay/behaviours.ts'
import { encodeLiteralSubject } from '../../src/replay/literal-subject.ts'

const encode = (text: string, minor = 21): string => {
  const result = encodeLiteralSubject(text, behavioursOf([1, minor, minor === 12 ? 17 : 1]))
  return 'der' in result ? toHex(result.der) : result.error
}

describe('literalSubject', () => {
  it('is written last RDN first', () => {
    expect(encode('CN=c,O=A')).toBe('3018310a3008060355040a130141310a30080603550403130163')
    expect(encode('')).toBe('3000')
  })

  it('knows ten keys, case-sensitive, and since v1.15 dotted numbers', () => {
    expect(encode('cn=a')).toContain('invalid object identifier')
    expect(encode('E=a@b.c')).toContain('invalid object identifier')
    expect(encode('2.5.4.12=x')).toBe('300c310a3008060355040c130178')
    expect(encode('2.5.4.12=x', 14)).toContain('invalid object identifier')
    expect(encode('3.5.4=x')).toContain('invalid object identifier')
  })

  it('loses an empty last value up to v1.14', () => {
    expect(encode('CN=', 14)).toBe('3000')
    expect(encode('CN=')).toBe('300b3109300706035504031300')
  })

  it('starts a new type at each = up to v1.12', () => {
    expect(encode('O=C=b', 12)).toBe('300c310a30080603550406130162')
    expect(encode('O=C=b', 14)).toBe('300e310c300a060355040a1303433d62')
  })

  it('takes escapes as bytes, and refuses those that make no UTF-8', () => {
    expect(encode('CN=\\C4\\8Duk')).toBe('300f310d300b06035504030c04c48d756b')
    expect(encode('CN=\\C4')).toContain('not valid UTF-8')
    expect(encode('CN=a\\zz')).toContain('failed to decode escaped character')
  })

  it('never throws, and says der or why not', () => {
    const part = fc.constantFrom('CN', 'O', '=', ',', '+', ';', '\\', '#', '0c', '2.5.4.3', ' ', 'ü', '"', '\\2C', 'x', '\ud800')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.constantFrom(12, 13, 14, 15, 21), (parts, minor) => {
        expect(encode(parts.join(''), minor).length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })
})
