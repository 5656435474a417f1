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
    expect(toMessage(say`${'x'.repeat(5000)}`).text.length).toBeLessThan(700)
  })
})
