import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '../../src/base/phrase.ts'
import { toMessage, visible } from '../../src/report/message.ts'

/** Any code points, and code units that are half of one. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
)

describe('visible', () => {
  it('leaves what prints, or what no version of Unicode has assigned', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\p{Co}\p{Cn}]*$/u)
      }),
    )
  })

  it('loses nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const marked = text.replaceAll('\\', '/')
        const back = visible(marked).replaceAll(/\\u\{([0-9a-f]+)\}/g, (_escape, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
        expect(back).toBe(marked)
      }),
    )
  })

  // Unicode, DerivedCoreProperties.txt and UAX #9: bidirectional marks, fillers, variation selectors, tags, separators, joiners.
  it.each([
    0x00, 0x09, 0x0a, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200d, 0x200e, 0x200f,
    0x2028, 0x2029, 0x202e, 0x2060, 0x2066, 0x2069, 0x206f, 0x3164, 0xd800, 0xdfff, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffb, 0x1d173,
    0xe0001, 0xe0041, 0xe007f, 0xe0100, 0xe01ef,
  ])('shows U+%x', (code) => {
    expect(visible(`a${String.fromCodePoint(code)}b`)).toBe(`a\\u{${code.toString(16)}}b`)
  })

  it('shows what was there', () => {
    expect(visible('a\u001b[31mb')).toBe('a\\u{1b}[31mb')
    expect(visible('right\u202eleft')).toBe('right\\u{202e}left')
  })

  it.each(['plain 🙂 text', 'Müller & Söhne, 東京, Ελλάδα, हिन्दी, עברית', 'abc-management-ca', ''])('returns %j as it is', (text) => {
    expect(visible(text)).toBe(text)
  })
})

describe('toMessage', () => {
  it('has the plain text beside the parts, values made visible in the text alone', () => {
    expect(toMessage(say`Secret ${'a\u0007'}`)).toEqual({ text: 'Secret a\\u{7}', parts: ['Secret ', { value: 'a\u0007' }] })
  })

  it('cuts a value that is longer than a sentence', () => {
    expect(toMessage(say`${'x y '.repeat(1250)}`).text.length).toBeLessThan(700)
  })
})

describe('a private key inside a quoted value', () => {
  const key = `-----BEGIN EC PRIVATE KEY-----\n${'MHcCAQEEIKZ'.repeat(12)}\n-----END EC PRIVATE KEY-----`

  it.each([
    ['a PEM block', `failed: ${key} was refused`],
    ['a PEM block that is cut off', `failed: ${key.slice(0, 90)}`],
    ['base64 of it', `failed: ${Buffer.from(key).toString('base64')}`],
  ])('is cut out of text and parts: %s', (_what, value) => {
    const written = JSON.stringify(toMessage(say`${value}`))
    expect(written).not.toContain('MHcCAQEEIKZ')
    expect(written).not.toContain(Buffer.from(key).toString('base64').slice(60, 90))
    expect(written).toContain('failed: ')
  })
})
