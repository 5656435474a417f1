import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRedactionMark, readShownValue } from '../../src/inventory/redaction.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('readShownValue', () => {
  it.each([
    '***HIDDEN***',
    'REDACTED',
    '<redacted>',
    '[REDACTED]',
    '*****',
    'XXXX',
    '<snip>',
    'ENC[AES256_GCM,data:abc]',
    '***** SCRUBBED BASE64 PEM *****',
    base64('REDACTED'),
    base64('<redacted>'),
    '%REDACTED%',
    '@redacted',
    'x'.repeat(1600),
    'A'.repeat(400),
    '*'.repeat(900),
    base64('-----SCRUBBED CERTIFICATE\n'),
    base64('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
  ])('takes %j for masked', (text) => {
    expect(readShownValue(text, false).status).toBe('masked')
  })

  it('takes a YAML list in the place of a value for masked', () => {
    expect(readShownValue(['REDACTED'], false).status).toBe('masked')
  })

  it.each([
    ['1679 bytes', 1679],
    [base64('1675 bytes long'), 1675],
  ])('keeps the size that %j tells', (text, size) => {
    expect(readShownValue(text, false)).toEqual({ status: 'masked', size })
  })

  it('takes a PEM block without its inside for masked', () => {
    expect(readShownValue(base64('-----BEGIN CERTIFICATE-----\nREDACTED\n-----END CERTIFICATE-----\n'), false).status).toBe('masked')
  })

  it.each([
    ['all lines', `${'x'.repeat(64)}\n`.repeat(15)],
    ['all lines but the first', `MIIDcDCCAligAwIBAgIUWBgQcKQEerPm/K41T0m/GY/EEOYwDQYJKoZIhvcNAQEL\n${`${'*'.repeat(64)}\n`.repeat(15)}`],
    ['three short lines', `${'x'.repeat(64)}\n`.repeat(3)],
  ])('takes a PEM block that was drawn over for masked: %s', (_name, body) => {
    const block = `-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`
    expect(readShownValue(base64(block), false).status).toBe('masked')
    expect(readShownValue(base64(block + block), false).status).toBe('masked')
  })

  it('tells empty from absent', () => {
    expect(readShownValue('', false).status).toBe('empty')
    expect(readShownValue(null, false).status).toBe('empty')
    expect(readShownValue(undefined, false).status).toBe('absent')
  })

  it('never takes real base64 of some length for a mark', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 401, maxLength: 600 }), (bytes) => {
        expect(readShownValue(Buffer.from(bytes).toString('base64'), false)).toEqual({ status: 'present', bytes })
      }),
    )
  })

  it('takes a short text that is neither PEM nor a known mark for a value', () => {
    expect(readShownValue(base64('not a certificate'), false).status).toBe('present')
  })

  // Work that grows with the square of these, 10^11 steps and more, would outlast the time that a test may take.
  const LONG = 1_000_000
  const line = `${'Ab1'.repeat(21)}\n`
  it.each([
    ['frames around nothing', '<'.repeat(LONG) + '>'.repeat(LONG), 'masked'],
    ['a mark in very many frames', `${'*-'.repeat(LONG)}REDACTED${'-*'.repeat(LONG)}`, 'masked'],
    ['one character and another at the end', `${'A'.repeat(4 * LONG)}B===`, 'unknown'],
    ['BEGIN lines without an END', '-----BEGIN CERTIFICATE-----\n'.repeat(LONG / 8), 'present'],
    ['END lines before a BEGIN', `${'-----END X-----\n'.repeat(LONG / 8)}-----BEGIN X-----\n`, 'present'],
    ['a block of very many lines', `-----BEGIN X-----\n${line.repeat(LONG / 16)}-----END X-----\n`, 'present'],
    [
      'a block with very many blackened lines behind',
      `-----BEGIN X-----\n${line.repeat(LONG / 16)}${`${'x'.repeat(64)}\n`.repeat(LONG / 16)}-----END X-----\n`,
      'masked',
    ],
    ['sizes one behind the other', '1 bytes '.repeat(LONG), 'present'],
  ] as const)('reads a long value in time that grows with it: %s', (_what, text, status) => {
    const isText = text.includes('\n')
    expect(readShownValue(isText ? base64(text) : text, false).status).toBe(status)
    expect(readShownValue(new TextEncoder().encode(isText ? base64(text) : text), false).status).toBe(status)
  })
})

describe('isRedactionMark', () => {
  const frames = fc.array(fc.constantFrom(...'*<>[](){}-_#. =')).map((chars) => chars.join(''))

  it('knows a mark in any frame and case, and no other word', () => {
    fc.assert(
      fc.property(frames, frames, fc.constantFrom('redacted', 'Hidden', 'REMOVED', 'private key'), (before, after, word) => {
        fc.pre(before.length + after.length < 150)
        expect(isRedactionMark(`${before}${word}${after}`)).toBe(true)
        expect(isRedactionMark(`${before}q${word}q${after}`)).toBe(false)
      }),
    )
  })

  it('takes no long text for a mark', () => {
    expect(isRedactionMark('*'.repeat(201))).toBe(false)
    expect(isRedactionMark('')).toBe(false)
  })
})
