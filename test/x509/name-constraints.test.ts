import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../../src/base/limits.ts'
import type { IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import type { GeneralNameInput, NameConstraintsInput } from '../../src/testing/extension-writer.ts'
import { compareDns, parseDnsConstraint, parseDnsName } from '../../src/x509/names-dns.ts'
import { isInIpBlock, parseIpAddress, parseIpConstraint } from '../../src/x509/names-ip.ts'
import { isMailboxInside, parseMailbox, parseMailboxConstraint } from '../../src/x509/names-mailbox.ts'
import { isUriHostInside, parseUriConstraint, uriHost } from '../../src/x509/names-uri.ts'
import { makeCa, makeLeaf, reasonsOf, validate } from './path-pki.ts'

const dns = (name: string, constraint: string): string => {
  const [parsedName, parsedConstraint] = [parseDnsName(name), parseDnsConstraint(constraint)]
  return parsedName && parsedConstraint ? compareDns(parsedName, parsedConstraint) : 'malformed'
}

describe('dNSName', () => {
  it.each([
    ['example.com', 'example.com', 'inside'],
    ['EXAMPLE.com', 'example.COM', 'inside'],
    ['a.b.example.com', 'example.com', 'inside'],
    ['notexample.com', 'example.com', 'outside'],
    ['example.com.evil.test', 'example.com', 'outside'],
    ['com', 'example.com', 'outside'],
    ['anything.test', '', 'inside'],
    ['example.com', '.example.com', 'outside'],
    ['a.example.com', '.example.com', 'inside'],
    ['*.example.com', 'example.com', 'inside'],
    ['*.example.com', '.example.com', 'inside'],
    ['*.example.com', 'bar.example.com', 'overlaps'],
    ['*.example.com', 'a.bar.example.com', 'outside'],
    ['*.example.com', '.bar.example.com', 'outside'],
    ['*.com', 'example.com', 'overlaps'],
    ['*', 'com', 'overlaps'],
    ['*', '', 'inside'],
    ['svc_a.ns', 'ns', 'inside'],
  ])('%s under %s: %s', (name, constraint, relation) => expect(dns(name, constraint)).toBe(relation))

  it.each([
    '',
    '.example.com',
    'example.com.',
    'a..b',
    'f*.example.com',
    'a.*.com',
    '**.a',
    'ex ample.com',
    'a\u0000b',
    'bücher.test',
    `${'a'.repeat(64)}.test`,
    'a.'.repeat(130) + 'a',
  ])('is no name: %o', (name) => expect(parseDnsName(name)).toBeUndefined())

  it.each(['*.example.com', 'example.com.', '..', '.', 'a b', '*'])('is no constraint: %o', (text) =>
    expect(parseDnsConstraint(text)).toBeUndefined(),
  )

  const label = fc.stringMatching(/^[a-z0-9]{1,5}$/)
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'))
  it('a wildcard is inside exactly where every host that it stands for is, and outside where none is', () => {
    fc.assert(
      fc.property(host, host, label, (parent, constraint, one) => {
        const relation = dns(`*.${parent}`, constraint)
        const hosts = [one, constraint.split('.')[0] as string].map((first) => dns(`${first}.${parent}`, constraint))
        if (relation === 'inside') expect(hosts).toEqual(['inside', 'inside'])
        if (relation === 'outside') expect(hosts).toEqual(['outside', 'outside'])
        if (relation === 'overlaps') expect(hosts[1]).toBe('inside')
      }),
    )
  })
})

describe('iPAddress', () => {
  const block = (...bytes: number[]) => parseIpConstraint(Uint8Array.from(bytes))
  it('wants a mask without holes, and both halves of one length', () => {
    expect(block(10, 0, 0, 0, 255, 0, 0, 0)).toBeDefined()
    expect(block(10, 0, 0, 0, 255, 0, 255, 0)).toBeUndefined()
    expect(block(10, 0, 0, 0, 254, 1, 0, 0)).toBeUndefined()
    expect(block(10, 0, 0, 0)).toBeUndefined()
    expect(block(10, 0, 0, 0, 255, 0, 0)).toBeUndefined()
    expect(parseIpConstraint(new Uint8Array(32))).toBeDefined()
  })

  it('compares under the mask, within one family', () => {
    const ten = block(10, 9, 9, 9, 255, 0, 0, 0)
    if (!ten) throw new Error('a good block')
    expect(isInIpBlock(Uint8Array.of(10, 1, 2, 3), ten)).toBe(true)
    expect(isInIpBlock(Uint8Array.of(11, 1, 2, 3), ten)).toBe(false)
    expect(isInIpBlock(new Uint8Array(16), { address: new Uint8Array(4), mask: new Uint8Array(4) })).toBe(false)
  })

  it.each([
    ['10.0.0.1', '0a000001'],
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['fe80::1:2', `fe80${'00'.repeat(10)}00010002`],
    ['::ffff:10.0.0.1', `${'00'.repeat(10)}ffff0a000001`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1::8', '00010000000000000000000000000008'],
  ])('reads %s', (text, hex) => expect(Buffer.from(parseIpAddress(text) ?? []).toString('hex')).toBe(hex))

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '1.2.3.4.5',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '10.0.0.1::',
    '::1%eth0',
    '[::1]',
    '1:2:3:4:5:6:7::8',
  ])('does not read %o', (text) => expect(parseIpAddress(text)).toBeUndefined())
})

describe('rfc822Name', () => {
  const inside = (name: string, constraint: string): boolean | 'malformed' => {
    const [mailbox, parsed] = [parseMailbox(name), parseMailboxConstraint(constraint)]
    return mailbox && parsed ? isMailboxInside(mailbox, parsed) : 'malformed'
  }
  it.each([
    ['foo@example.com', 'foo@EXAMPLE.com', true],
    ['Foo@example.com', 'foo@example.com', false],
    ['foo@example.com', 'example.com', true],
    ['foo@sub.example.com', 'example.com', false],
    ['foo@sub.example.com', '.example.com', true],
    ['foo@example.com', '.example.com', false],
    ['foo@notexample.com', '.example.com', false],
    ['"foo"@example.com', 'foo@example.com', true],
    ['"a@b"@example.com', 'example.com', true],
    ['"a\\"b"@example.com', 'example.com', true],
    ['user@example.com', '*@example.com', false],
    ['*@example.com', '*@example.com', true],
    ['x@y.test', '', true],
    ['a@b@example.com', 'example.com', 'malformed'],
    ['@example.com', 'example.com', 'malformed'],
    ['foo@', 'example.com', 'malformed'],
    ['foo@example.com', 'a@b@example.com', 'malformed'],
    ['foo@example.com', '@example.com', 'malformed'],
    ['.foo@example.com', 'example.com', 'malformed'],
    ['fo\u0000o@example.com', 'example.com', 'malformed'],
    ['"foo@example.com', 'example.com', 'malformed'],
    ['foo@[10.0.0.1]', 'example.com', 'malformed'],
  ])('%s under %s: %s', (name, constraint, expected) => expect(inside(name, constraint)).toBe(expected))
})

describe('uniformResourceIdentifier', () => {
  const inside = (uri: string, constraint: string): boolean | 'malformed' => {
    const [host, parsed] = [uriHost(uri), parseUriConstraint(constraint)]
    return host !== undefined && parsed ? isUriHostInside(host, parsed) : 'malformed'
  }
  it.each([
    ['spiffe://cluster.local/ns/a/sa/b', 'cluster.local', true],
    ['spiffe://Cluster.LOCAL', 'cluster.local', true],
    ['https://sub.example.com:8443/x?y#z', '.example.com', true],
    ['https://example.com/', '.example.com', false],
    ['https://sub.example.com/', 'example.com', false],
    ['https://user:pw@evil.test/', '.example.com', false],
    ['https://www.example.com@evil.test', '.example.com', false],
    ['https://evil.test/@www.example.com', '.example.com', false],
    ['https://evil.test?@www.example.com', '.example.com', false],
    ['https://evil.test#@www.example.com', '.example.com', false],
    ['https://evil.test\\@www.example.com', '.example.com', 'malformed'],
    ['https://10.0.0.1/', 'example.com', 'malformed'],
    ['https://[::1]/', 'example.com', 'malformed'],
    ['urn:uuid:1234', 'example.com', 'malformed'],
    ['mailto:a@example.com', 'example.com', 'malformed'],
    ['https:///x', 'example.com', 'malformed'],
    ['https://www%2eexample.com/', '.example.com', 'malformed'],
    ['https://example.com:x/', 'example.com', 'malformed'],
    ['https://example.com', 'https://example.com', 'malformed'],
    ['https://example.com', 'example.com:443', 'malformed'],
  ])('%s under %s: %s', (uri, constraint, expected) => expect(inside(uri, constraint)).toBe(expected))
})

describe('on a path', () => {
  let root: IssuedCertificate
  beforeAll(async () => {
    root = await makeCa('CN=root')
  })

  /** Codes for a leaf with these names below a CA with these constraints. */
  const under = async (
    constraints: NameConstraintsInput,
    names: readonly GeneralNameInput[],
    subject = 'CN=leaf',
  ): Promise<readonly string[]> => {
    const ca = await makeCa('CN=fenced', { issuer: root, nameConstraints: constraints })
    return reasonsOf([await makeLeaf(ca, { names, subject }), ca], [root])
  }

  it('permitted sets are intersected: a CA below cannot widen its fence', async () => {
    const outer = await makeCa('CN=outer', { issuer: root, nameConstraints: { permitted: [{ dns: 'a.test' }] } })
    const inner = await makeCa('CN=inner', { issuer: outer, nameConstraints: { permitted: [{ dns: 'a.test' }, { dns: 'b.test' }] } })
    expect(await reasonsOf([await makeLeaf(inner, { names: [{ dns: 'x.a.test' }] }), inner, outer], [root])).toEqual([])
    expect(await reasonsOf([await makeLeaf(inner, { names: [{ dns: 'x.b.test' }] }), inner, outer], [root])).toEqual(['name-not-permitted'])
  })

  it('excluded goes before permitted, and a form without constraints is free', async () => {
    const both = { permitted: [{ dns: 'a.test' }], excluded: [{ dns: 'x.a.test' }] }
    expect(await under(both, [{ dns: 'y.a.test' }, { ip: '10.0.0.1' }])).toEqual([])
    expect(await under(both, [{ dns: 'y.a.test' }, { dns: 'z.x.a.test' }])).toEqual(['name-excluded'])
    expect(await under(both, [{ dns: '*.a.test' }])).toEqual(['name-excluded'])
  })

  it('a wildcard must be wholly inside what is permitted', async () => {
    expect(await under({ permitted: [{ dns: 'foo.a.test' }] }, [{ dns: '*.a.test' }])).toEqual(['name-not-permitted'])
    expect(await under({ permitted: [{ dns: 'a.test' }] }, [{ dns: '*.a.test' }])).toEqual([])
  })

  it('names that cannot be read are refused where their form is constrained', async () => {
    expect(await under({ permitted: [{ dns: 'a.test' }] }, [{ dns: '.a.test' }])).toEqual(['name-malformed'])
    expect(await under({ excluded: [{ dns: 'b.test' }] }, [{ dns: 'a.test\u0000.b.test' }])).toEqual(['name-malformed'])
    expect(await under({ excluded: [{ uri: 'b.test' }] }, [{ uri: 'urn:x:y' }])).toEqual(['name-malformed'])
    expect(await under({ excluded: [{ ip: '10.0.0.0/8' }] }, [{ dns: '.a.test' }])).toEqual([])
  })

  it('constraints that cannot be read refuse whatever stands below', async () => {
    expect(await under({ permitted: [{ dns: '*.a.test' }] }, [{ email: 'a@b.test' }])).toEqual(['name-constraints-malformed'])
    const hole = Uint8Array.of(0x87, 8, 10, 0, 0, 0, 255, 0, 255, 0)
    expect(await under({ excluded: [{ raw: hole }] }, [{ dns: 'a.test' }])).toContain('extension-malformed')
    expect(await under({}, [{ dns: 'a.test' }])).toContain('extension-malformed')
  })

  it('IPv4-mapped addresses do not slip past an excluded block, nor into a permitted one', async () => {
    expect(await under({ excluded: [{ ip: '10.0.0.0/8' }] }, [{ ip: '::ffff:10.1.2.3' }])).toEqual(['name-excluded'])
    expect(await under({ permitted: [{ ip: '10.0.0.0/8' }] }, [{ ip: '::ffff:10.1.2.3' }])).toEqual(['name-not-permitted'])
    expect(await under({ permitted: [{ ip: '10.0.0.0/8' }] }, [{ ip: 'fd00::1' }])).toEqual(['name-not-permitted'])
    expect(await under({ permitted: [{ ip: '10.0.0.0/8' }] }, [{ ip: '10.255.255.255' }])).toEqual([])
  })

  it('directory names: the subject and those in subjectAltName, RDN by RDN from the front', async () => {
    const acme = { permitted: [{ directory: 'O=Acme' }] }
    expect(await under(acme, [{ dns: 'a.test' }], 'O=ACME,CN=x')).toEqual([])
    expect(await under(acme, [{ dns: 'a.test' }], 'O=Acme Evil,CN=x')).toEqual(['name-not-permitted'])
    expect(await under(acme, [{ dns: 'a.test' }], 'CN=x,O=Acme')).toEqual(['name-not-permitted'])
    expect(await under(acme, [{ directory: 'O=Other' }], 'O=Acme,CN=x')).toEqual(['name-not-permitted'])
    expect(await under(acme, [{ dns: 'a.test' }], '')).toEqual([])
    expect(await under({ excluded: [{ directory: 'O=Acme,OU=x' }] }, [{ dns: 'a.test' }], 'O=Acme,OU=x,CN=y')).toEqual(['name-excluded'])
    expect(await under({ excluded: [{ directory: 'O=Acme,OU=x' }] }, [{ dns: 'a.test' }], 'O=Acme,OU=xy')).toEqual([])
  })

  it('an excluded directory name is excluded in every string type, spelling and disguise; a permitted one is not widened by that', async () => {
    const leafUnder = async (constraints: NameConstraintsInput, value: string, encoding?: 'teletex' | 'bmp' | 'ia5' | 'printable') => {
      const ca = await makeCa('CN=fenced', { issuer: root, nameConstraints: constraints })
      const subject = [
        { type: 'O', value, ...(encoding && { encoding }) },
        { type: 'CN', value: 'leaf' },
      ]
      return reasonsOf([await makeLeaf(ca, { subject }), ca], [root])
    }
    const evil = { excluded: [{ directory: 'O=Evil Corp' }] }
    for (const encoding of ['teletex', 'bmp', 'ia5', 'printable'] as const)
      expect(await leafUnder(evil, 'EVIL  corp', encoding), encoding).toEqual(['name-excluded'])
    for (const value of ['Ev\u0001il Corp', 'Ev\u200bil Corp', '\ufeffEvil\u00ad Corp', 'Ｅvil Corp'])
      expect(await leafUnder(evil, value), JSON.stringify(value)).toEqual(['name-excluded'])
    expect(await leafUnder(evil, 'Evil Corporation')).toEqual([])
    const good = { permitted: [{ directory: 'O=Good' }] }
    expect(await leafUnder(good, 'good')).toEqual([])
    expect(await leafUnder(good, 'Go\u200bod')).toEqual(['name-not-permitted'])
    expect(await leafUnder(good, 'Good', 'bmp')).toEqual(['name-not-permitted'])
  })

  it('e-mail addresses in the subject count where subjectAltName has none', async () => {
    const constraints = { permitted: [{ email: 'example.com' }] }
    expect(await under(constraints, [{ dns: 'a.test' }], 'CN=x,EMAILADDRESS=a@evil.test')).toEqual(['name-not-permitted'])
    expect(await under(constraints, [{ dns: 'a.test' }], 'CN=x,EMAILADDRESS=a@example.com')).toEqual([])
    expect(await under(constraints, [{ email: 'b@example.com' }], 'CN=x,EMAILADDRESS=a@evil.test')).toEqual([])
  })

  it('forms without a comparison refuse only where such a name is there and the extension is critical', async () => {
    const other = { other: { oid: '1.3.6.1.4.1.311.20.2.3', utf8Value: 'x' } }
    expect(await under({ excluded: [other] }, [{ dns: 'a.test' }, other])).toEqual(['name-constraints-unsupported'])
    expect(await under({ excluded: [other] }, [{ dns: 'a.test' }])).toEqual([])
    expect(await under({ critical: false, excluded: [other] }, [{ dns: 'a.test' }, other])).toEqual([])
    expect(await under({ critical: false, excluded: [{ dns: 'a.test' }] }, [{ dns: 'a.test' }])).toEqual(['name-excluded'])
  })

  it('self-issued CAs in between are exempt, a self-issued target is not', async () => {
    const fenced = await makeCa('CN=fenced', { issuer: root, nameConstraints: { permitted: [{ dns: 'a.test' }] } })
    const rolled = await makeCa('CN=fenced', { issuer: fenced, names: [{ dns: 'b.test' }] })
    expect(await reasonsOf([await makeLeaf(rolled, { names: [{ dns: 'a.test' }] }), rolled, fenced], [root])).toEqual([])
    expect(await reasonsOf([rolled, fenced], [root])).toEqual(['name-not-permitted'])
    const other = await makeCa('CN=other', { issuer: fenced, names: [{ dns: 'b.test' }] })
    expect(await reasonsOf([await makeLeaf(other, { names: [{ dns: 'a.test' }] }), other, fenced], [root])).toEqual(['name-not-permitted'])
  })

  it("the anchor's constraints count, and another way round a fenced CA is found", async () => {
    const fencedRoot = await makeCa('CN=root', { key: root.key, nameConstraints: { excluded: [{ dns: 'a.test' }] } })
    const leaf = await makeLeaf(root, { names: [{ dns: 'x.a.test' }] })
    expect(await reasonsOf([leaf], [fencedRoot])).toEqual(['name-excluded'])
    const verdict = await validate([leaf], [fencedRoot, root])
    expect(verdict.valid).toBe(true)
  })

  it('many names under many constraints end at the bound on comparisons, undecided', async () => {
    const names = Array.from({ length: 1500 }, (_, i) => ({ dns: `n${i}.test` }))
    const ca = await makeCa('CN=many', {
      issuer: root,
      nameConstraints: { excluded: Array.from({ length: 1500 }, (_, i) => ({ dns: `x${i}.test` })) },
    })
    const leaf = await makeLeaf(ca, { names })
    const verdict = await validate([leaf, ca], [root])
    expect(verdict).toMatchObject({ valid: false, verdict: { status: 'unknown', missing: ['budget'] } })
    expect(verdict.reasons.map(({ code }) => code)).toEqual(['name-comparisons-exceeded'])
    expect(verdict.spent.nameComparisons).toBe(defaultLimits.nameComparisons)
  })
})
