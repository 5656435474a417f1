import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { readName } from '../../src/x509/decode-name.ts'
import { derCursor } from '../../src/x509/der.ts'
import type { Name } from '../../src/x509/name.ts'
import { arbitraryMultiName, arbitraryName } from '../helpers/arbitrary-certificate.ts'
import type { Attribute } from '../helpers/der-writer.ts'
import { ascii, der, name, oid, rdn, sequence, set } from '../helpers/der-writer.ts'

const read = (bytes: Uint8Array): Name => readName(derCursor(bytes), 'name', () => undefined)
const CN = '2.5.4.3'
const textOf = (...rdns: readonly (readonly Attribute[])[]): string => read(name(rdns)).text
const cn = (value: string, tag = 0x0c): Name => read(name([[{ type: CN, value, tag }]]))

/** Reads RFC 4514 text back: RDNs of (type, value) pairs, in encoded order. Written from section 3 of the RFC, for this test. */
const parse = (text: string): string[][][] => {
  const rdns: string[][][] = [[]]
  let at = 0
  while (at < text.length) {
    let type = ''
    while (text[at] !== '=') type += text[at++] ?? ''
    at++
    let octets: number[] = []
    while (at < text.length && text[at] !== ',' && text[at] !== '+') {
      if (text[at] !== '\\') {
        const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
        octets.push(...new TextEncoder().encode(char))
        at += char.length
      } else if (/^[0-9a-fA-F]{2}/.test(text.slice(at + 1))) {
        octets.push(parseInt(text.slice(at + 1, at + 3), 16))
        at += 3
      } else {
        octets.push(text.charCodeAt(at + 1))
        at += 2
      }
    }
    rdns[rdns.length - 1]?.push([type, new TextDecoder().decode(Uint8Array.from(octets))])
    octets = []
    if (text[at] === ',') rdns.push([])
    at++
  }
  return text === '' ? [] : rdns.reverse()
}

describe('Name.text', () => {
  it('is RFC 4514: last RDN first, with every escape', () => {
    expect(textOf([{ type: '2.5.4.10', value: 'Acme, Inc.' }], [{ type: CN, value: 'a+b' }])).toBe('CN=a\\+b,O=Acme\\, Inc.')
    expect(
      textOf([
        { type: CN, value: 'x' },
        { type: '2.5.4.11', value: 'y' },
      ]),
    ).toBe('CN=x+OU=y')
    expect(textOf([{ type: CN, value: '#x' }])).toBe('CN=\\#x')
    expect(textOf([{ type: CN, value: ' x ' }])).toBe('CN=\\ x\\ ')
    expect(textOf([{ type: CN, value: 'a"b;c<d>e\\f=g#h' }])).toBe('CN=a\\"b\\;c\\<d\\>e\\\\f=g#h')
    expect(textOf([{ type: CN, value: 'a\u0000\n\u007f\u0085' }])).toBe('CN=a\\00\\0a\\7f\\c2\\85')
    expect(textOf([{ type: CN, value: 'Müller 日本' }])).toBe('CN=Müller 日本')
    expect(textOf([{ type: '0.9.2342.19200300.100.1.25', value: 'example', tag: 0x16 }])).toBe('DC=example')
    expect(textOf([{ type: '1.2.3.4', value: 'A', tag: 0x13 }])).toBe('1.2.3.4=#130141')
    expect(read(sequence()).text).toBe('')
  })

  it('writes what is no text as hex', () => {
    expect(read(sequence(set(sequence(oid(CN), der(0x0c, Uint8Array.of(0xff)))))).text).toBe('CN=#0c01ff')
    expect(read(sequence(set(sequence(oid(CN), der(0x02, Uint8Array.of(5)))))).text).toBe('CN=#020105')
  })

  it('reads a PrintableString with characters that it should not have', () => {
    const flaws: string[] = []
    const bytes = name([[{ type: CN, value: 'me@home_1', tag: 0x13 }]])
    expect(readName(derCursor(bytes), 'name', (flaw) => void flaws.push(flaw)).text).toBe('CN=me@home_1')
    expect(flaws).toEqual(['name-string-invalid'])
    expect(cn('me@home_1', 0x13).normalized).toBe(cn('ME@home_1').normalized)
  })

  it('reads wide string types', () => {
    expect(read(sequence(set(sequence(oid(CN), der(0x1e, Uint8Array.of(0, 0x41, 0x20, 0xac)))))).text).toBe('CN=A€')
    expect(read(sequence(set(sequence(oid(CN), der(0x1c, Uint8Array.of(0, 1, 0xf6, 0)))))).text).toBe('CN=😀')
    expect(read(sequence(set(sequence(oid(CN), der(0x14, Uint8Array.of(0xe9)))))).text).toBe('CN=é')
  })

  it('can be read back to the same values, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(arbitraryName, arbitraryMultiName), (bytes) => {
        const decoded = read(bytes)
        const back = parse(decoded.text)
        expect(back.map((parts) => parts.length)).toEqual(decoded.rdns.map((parts) => parts.length))
        decoded.rdns.flat().forEach(({ value }, index) => {
          const [type = '', text = ''] = back.flat()[index] ?? []
          if (!text.startsWith('#') || !/^[0-9.]+$/.test(type)) expect(text).toBe(value)
        })
      }),
      { numRuns: 500 },
    )
  })
})

describe('Name.normalized', () => {
  it('folds case and blanks of PrintableString and UTF8String', () => {
    const same = cn('Example  CA').normalized
    for (const other of [cn('example ca'), cn(' EXAMPLE CA  '), cn('Example\tCA'), cn('Example CA', 0x13)])
      expect(other.normalized).toBe(same)
    expect(cn('Straße').normalized).toBe(cn('STRASSE').normalized)
    expect(cn('ΟΔΟΣ').normalized).toBe(cn('οδος').normalized)
    expect(cn('É').normalized).toBe(cn('e\u0301').normalized)
  })

  it('keeps apart what differs', () => {
    const names = [
      cn('a'),
      cn('b'),
      cn('a b'),
      cn('ab'),
      cn('my\u0001root'),
      cn('myroot'),
      cn('a', 0x16),
      cn('a', 0x14),
      cn(''),
      read(sequence()),
    ]
    const swapped = [
      read(name([[{ type: CN, value: 'x' }], [{ type: '2.5.4.10', value: 'y' }]])),
      read(name([[{ type: '2.5.4.10', value: 'y' }], [{ type: CN, value: 'x' }]])),
      read(
        name([
          [
            { type: CN, value: 'x' },
            { type: '2.5.4.10', value: 'y' },
          ],
        ]),
      ),
      read(name([[{ type: CN, value: 'x,2.5.4.10=1:y' }]])),
    ]
    const keys = [...names, ...swapped].map(({ normalized }) => normalized)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('ignores the case of a domain component, and the order inside of an RDN', () => {
    const dc = (value: string): string => read(name([[{ type: '0.9.2342.19200300.100.1.25', value, tag: 0x16 }]])).normalized
    expect(dc('Example')).toBe(dc('eXample'))
    const [a, b] = [
      { type: CN, value: 'x' },
      { type: '2.5.4.11', value: 'Y' },
    ]
    expect(read(sequence(rdn(a, b))).normalized).toBe(read(sequence(rdn(b, a))).normalized)
  })

  it('is by octets for values that no name has: putting their marks in order would take time by the square', () => {
    const marks = `a${'\u0315\u0300\u05ae'.repeat(9000)}`
    expect(cn(marks).normalized).toBe(cn(marks).normalized)
    expect(cn(marks).normalized).not.toBe(cn(`${marks}b`).normalized)
    // Neither case nor the order of marks is folded there, as both are in a value of a length that names have.
    expect(cn(`A${marks}`).normalized).not.toBe(cn(`a${marks}`).normalized)
    expect(cn(`a\u0315\u0300${'é'.repeat(1100)}`).normalized).not.toBe(cn(`a\u0300\u0315${'é'.repeat(1100)}`).normalized)
    expect(cn(`a\u0315\u0300`).normalized).toBe(cn(`A\u0300\u0315`).normalized)
    expect(cn('É'.repeat(1000)).normalized).toBe(cn('é'.repeat(1000)).normalized)
    expect(cn('X'.repeat(20_000)).normalized).toBe(cn('x'.repeat(20_000)).normalized)
  })

  it('is the same for every spelling that caseIgnoreMatch takes for equal', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'abcxyz019'), minLength: 1 }), { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.boolean()),
        (words, coins) => {
          const flip = (): boolean => coins.next().value
          const spelled = words
            .map((word) => [...word].map((char) => (flip() ? char.toUpperCase() : char)).join(''))
            .join(flip() ? '  ' : ' ')
          expect(cn(flip() ? ` ${spelled}` : spelled, flip() ? 0x13 : 0x0c).normalized).toBe(cn(words.join(' ')).normalized)
        },
      ),
    )
  })
})

it('refuses a name with a broken structure', () => {
  expect(decodeCertificate(sequence(ascii('x')))).toHaveProperty('failure')
})
