import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '../../src/base/phrase.ts'
import { toMessage, visible } from '../../src/report/message.ts'

describe('visible', () => {
  it('leaves nothing for a terminal to act on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u)
      }),
    )
  })

  it('shows what was there', () => {
    expect(visible('a\u001b[31mb')).toBe('a\\u{1b}[31mb')
    expect(visible('right\u202eleft')).toBe('right\\u{202e}left')
    expect(visible('plain 🙂 text')).toBe('plain 🙂 text')
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
