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

  it('marks a short text that is neither PEM nor a known mark as unsure', () => {
    expect(readShownValue(base64('not a certificate'), false)).toMatchObject({ status: 'present', unsure: true })
  })
})

describe('isRedactionMark', () => {
  it('is linear and never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => typeof isRedactionMark(text) === 'boolean'))
  })
})
