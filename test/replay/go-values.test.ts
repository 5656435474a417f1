import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinCsv } from '../../src/replay/details-annotations.ts'
import { goQuote } from '../../src/replay/go-quote.ts'
import { formatIp, parseIp } from '../../src/replay/go-ip.ts'
import { formatDuration, formatGoTime, formatRfc1123, parseDurationNanoseconds, subtract, MAX_DURATION } from '../../src/replay/go-time.ts'
import { isUrlHost, roundTripUrl } from '../../src/replay/go-url.ts'
import { sameMultiset } from '../../src/replay/multiset.ts'

describe('durations', () => {
  it('come back from their own print', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -MAX_DURATION, max: MAX_DURATION }), (value) => {
        expect(parseDurationNanoseconds(formatDuration(value))).toBe(value)
      }),
    )
  })

  it('are read as Go reads them', () => {
    expect(parseDurationNanoseconds('1h30m0.5s')).toBe(5_400_500_000_000n)
    expect(parseDurationNanoseconds('-1.5µs')).toBe(-1500n)
    expect(formatDuration(7_776_000_000_000_000n)).toBe('2160h0m0s')
    for (const text of ['', '1d', '1', '.s', '1.2.3s', 'h', '-', '1h-2m', '99999999999h'])
      expect(parseDurationNanoseconds(text), text).toBeUndefined()
  })

  it('end at about 292 years', () => {
    expect(subtract(MAX_DURATION + 10n, 0n)).toBe(MAX_DURATION)
  })
})

describe('times in messages', () => {
  it('look as Go prints them', () => {
    expect(formatGoTime(1769453335)).toBe('2026-01-26 18:48:55 +0000 UTC')
    expect(formatRfc1123(1769453335)).toBe('Mon, 26 Jan 2026 18:48:55 UTC')
  })
})

describe('addresses', () => {
  it('are accepted exactly where node accepts them without a zone', () => {
    const part = fc.constantFrom('0', '1', 'ff', '10', '255', '256', '00', ':', '::', '.', 'fe80', '%eth0', 'g', '127')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        expect(parseIp(text) !== undefined, text).toBe((isIPv4(text) || isIPv6(text)) && !text.includes('%'))
      }),
      { numRuns: 3000 },
    )
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(parseIp(text)).toHaveLength(32)
      }),
    )
  })

  it('are one address in all of their spellings', () => {
    expect(parseIp('10.0.0.1')).toBe(parseIp('::ffff:10.0.0.1'))
    expect(parseIp('2001:DB8::0:1')).toBe(parseIp('2001:db8:0:0:0:0:0:1'))
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(parseIp(formatIp(parseIp(text) ?? ''))).toBe(parseIp(text))
      }),
    )
  })

  it('are printed shortest, the first longest gap closed', () => {
    expect(formatIp(parseIp('2001:db8:0:1:0:0:0:1') ?? '')).toBe('2001:db8:0:1::1')
    expect(formatIp(parseIp('1:0:0:2:0:0:3:4') ?? '')).toBe('1::2:0:0:3:4')
    expect(formatIp(parseIp('::ffff:1.2.3.4') ?? '')).toBe('1.2.3.4')
  })
})

describe('URLs after a round trip', () => {
  it.each([
    ['https://Example.COM/Path', 'https://Example.COM/Path'],
    ['HTTPS://Example.COM/Path', 'https://Example.COM/Path'],
    ['ldap://host/cn=x?', 'ldap://host/cn=x?'],
    ['http://host/%7Efoo', 'http://host/%7Efoo'],
    ['http://host/a b', 'http://host/a%20b'],
    ['https://example.com/a%2Fb#frag', 'https://example.com/a%2Fb#frag'],
    ['http://user:pw@example.com/', 'http://user:pw@example.com/'],
    ['http://[2001:db8::7]:8080/x', 'http://[2001:db8::7]:8080/x'],
    ['urn:uuid:1', 'urn:uuid:1'],
    ['spiffe://cluster.local/ns/x', 'spiffe://cluster.local/ns/x'],
    ['//host/x', '//host/x'],
    ['file:/etc/x', 'file:/etc/x'],
  ])('%s is %s', (written, shown) => {
    expect(roundTripUrl(written)?.text).toBe(shown)
  })

  it.each([':x', 'http://host:port/', 'http://[::1', 'http://a%zz/', 'a:b@c'.replace('a:', '1:'), 'http://h/\u0001', 'http://[host]/'])(
    '%j is none',
    (written) => {
      expect(roundTripUrl(written)).toBeUndefined()
    },
  )

  it('settle after one trip', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const once = roundTripUrl(url)
        if (once) expect(roundTripUrl(once.text)?.text).toBe(once.text)
      }),
    )
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii', maxLength: 40 }), (text) => void roundTripUrl(text)))
  })

  it('need a host of labels', () => {
    expect(isUrlHost('a.b')).toBe(true)
    for (const host of ['a..b', 'a.', '.a', 'x'.repeat(64), 'a b']) expect(isUrlHost(host), host).toBe(false)
  })
})

describe('multisets', () => {
  it('agree with sorting', () => {
    const item = fc.constantFrom('a', 'b', 'c', 'A')
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), fc.array(item, { maxLength: 5 }), (a, b) => {
        expect(sameMultiset(a, b)).toBe(JSON.stringify([...a].sort()) === JSON.stringify([...b].sort()))
      }),
    )
  })
})

describe('one line of CSV', () => {
  it.each([
    [['a', 'b'], 'a,b'],
    [['a,b'], '"a,b"'],
    [['say "x"'], '"say ""x"""'],
    [[' lead', 'trail '], '" lead",trail '],
    [['\\.'], '"\\."'],
    [['\u00a0x'], '"\u00a0x"'],
    [['\ufeffx'], '\ufeffx'],
    [[], ''],
    [['', ''], ','],
  ])('%j is %j', (values, line) => {
    expect(joinCsv(values)).toBe(line)
  })
})

describe('quoted strings', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['tab\tü\x7f\u200b', '"tab\\tü\\x7f\\u200b"'],
    ['\x07\b\f\n\r\v\x00', '"\\a\\b\\f\\n\\r\\v\\x00"'],
    ['日本 😀', '"日本 😀"'],
    ['\u00a0\u{e0001}', '"\\u00a0\\U000e0001"'],
  ])('%j', (text, quoted) => {
    expect(goQuote(text)).toBe(quoted)
  })
})
