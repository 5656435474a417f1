import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import { extendedKeyUsage } from '../../src/testing/extension-writer.ts'
import { describePathReason } from '../../src/x509/path-rejection.ts'
import { validatePath } from '../../src/x509/validate-path.ts'
import { AT, CLIENT_AUTH, decoded, makeCa, makeLeaf, newKey, reasonsOf, SERVER_AUTH, validate } from './path-pki.ts'

let root: IssuedCertificate
let intermediate: IssuedCertificate
let leaf: IssuedCertificate

beforeAll(async () => {
  root = await makeCa('CN=root')
  intermediate = await makeCa('CN=intermediate', { issuer: root })
  leaf = await makeLeaf(intermediate)
})

describe('the answer', () => {
  it('gives the path, target first, with four separate findings a step', async () => {
    const verdict = await validate([leaf, intermediate], [root], { peer: { dns: 'app.example.com' }, purpose: 'server' })
    expect(verdict.valid).toBe(true)
    expect(verdict.verdict).toEqual({ status: 'verified' })
    expect(verdict.reasons).toEqual([])
    expect(verdict.path?.map(({ fingerprint, role }) => [fingerprint, role])).toEqual([
      [leaf.fingerprint, 'target'],
      [intermediate.fingerprint, 'intermediate'],
      [root.fingerprint, 'anchor'],
    ])
    expect(
      verdict.steps.map(({ signature, names, keyIdentifiers, dates }) => [signature, names, keyIdentifiers, dates].map((v) => v?.status)),
    ).toEqual([
      ['verified', 'verified', 'verified', 'verified'],
      ['verified', 'verified', 'verified', 'verified'],
      [undefined, undefined, undefined, 'verified'],
    ])
    expect(verdict.unsupported).toEqual(['policies', 'revocation'])
  })

  it('is plain JSON and the same each time', async () => {
    const [first, second] = await Promise.all([validate([leaf, intermediate], [root]), validate([leaf, intermediate], [root])])
    expect(JSON.parse(JSON.stringify(first))).toEqual(first)
    expect(JSON.stringify(first)).toBe(JSON.stringify(second))
  })

  it('keeps the findings apart: a wrong key identifier beside a good signature', async () => {
    const odd = await makeLeaf(intermediate, { authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(1, 2, 3) } })
    const verdict = await validate([odd, intermediate], [root])
    expect(verdict.valid).toBe(true)
    expect(verdict.steps[0]).toMatchObject({
      signature: { status: 'verified' },
      names: { status: 'verified' },
      keyIdentifiers: { status: 'failed', reason: 'key-identifier-differs' },
    })
  })

  it('compares authorityCertIssuer and serial number where there is no key identifier', async () => {
    const serial = Uint8Array.from(intermediate.serial.match(/../g) ?? [], (hex) => parseInt(hex, 16))
    const right = await makeLeaf(intermediate, { authorityKeyIdentifier: { issuer: 'CN=root', serial } })
    const wrong = await makeLeaf(intermediate, { authorityKeyIdentifier: { issuer: 'CN=other', serial } })
    expect((await validate([right, intermediate], [root])).steps[0]?.keyIdentifiers).toEqual({ status: 'verified' })
    expect((await validate([wrong, intermediate], [root])).steps[0]?.keyIdentifiers).toEqual({
      status: 'failed',
      reason: 'issuer-serial-differs',
    })
  })

  it('describes the nearest path where there is none', async () => {
    const verdict = await validate([leaf], [root])
    expect(verdict).toMatchObject({ valid: false, verdict: { status: 'failed', reason: 'issuer-not-found' } })
    expect(verdict.path).toBeUndefined()
    expect(verdict.nearest?.map(({ fingerprint }) => fingerprint)).toEqual([leaf.fingerprint])
    expect(verdict.reasons).toEqual([
      { code: 'issuer-not-found', certificate: leaf.fingerprint, subject: 'CN=leaf', detail: 'CN=intermediate' },
    ])
    expect(describePathReason(verdict.reasons[0] ?? { code: 'no-anchors' })).toEqual([
      'the issuer of ',
      { value: 'CN=leaf' },
      ' is not here: ',
      { value: 'CN=intermediate' },
    ])
  })

  it('names who signed it under another name', async () => {
    const renamed = await makeLeaf(intermediate, { issuerName: 'CN=somebody else' })
    const verdict = await validate([renamed, intermediate], [root])
    expect(verdict.reasons[0]).toMatchObject({ code: 'issuer-name-differs', subject: 'CN=intermediate' })
  })

  it('puts what is nearest to success first', async () => {
    const expired = await makeLeaf(intermediate, { notAfter: '2026-02-01T00:00:00Z' })
    const codes = await reasonsOf([expired, intermediate], [await makeCa('CN=stranger')], { peer: { dns: 'other.example.com' } })
    expect(codes).toEqual(['peer-name-mismatch', 'expired', 'issuer-not-found'])
  })
})

describe('wrong calls', () => {
  const good = (): Parameters<typeof validatePath>[0] => ({ chain: [leaf.pem], anchors: [root.pem], at: AT })
  it.each([
    ['at', { at: undefined }],
    ['at', { at: 'yesterday' }],
    ['at', { at: new Date(NaN) }],
    ['chain', { chain: [] }],
    ['chain', { chain: 'text' }],
    ['anchors', { anchors: [42] }],
    ['anchors', { anchors: undefined }],
    ['peer', { peer: {} }],
    ['peer.ip', { peer: { ip: '10.0.0' } }],
    ['purpose', { purpose: 'email' }],
    ['maxDepth', { maxDepth: -1 }],
  ])('%s: a TypeError that names it', async (option, change) => {
    await expect(validatePath({ ...good(), ...change } as never)).rejects.toThrow(TypeError)
    await expect(validatePath({ ...good(), ...change } as never)).rejects.toThrow(option)
  })
})

describe('1. decoding', () => {
  it('takes texts with several certificates, DER, and PEM as bytes', async () => {
    const pem = new TextEncoder().encode(root.pem)
    expect((await validatePath({ chain: [leaf.pem + intermediate.pem], anchors: [root.der], at: AT })).valid).toBe(true)
    expect((await validatePath({ chain: [leaf.der, intermediate.der], anchors: [pem], at: new Date(AT) })).valid).toBe(true)
  })

  it('reports what cannot be read and goes on without it', async () => {
    const verdict = await validatePath({ chain: [leaf.pem, 'rubbish'], anchors: [root.pem, Uint8Array.of(0x30, 0)], at: AT })
    expect(verdict.valid).toBe(false)
    expect(verdict.reasons.map(({ code, against }) => [code, against])).toEqual([
      ['issuer-not-found', undefined],
      ['certificate-unreadable', 'chain[1], block 1'],
      ['certificate-unreadable', 'anchors[1], block 1'],
    ])
    expect((await validatePath({ chain: [leaf.pem, 'rubbish', intermediate.pem], anchors: [root.pem], at: AT })).valid).toBe(true)
  })

  it('looks at so many octets of a list, and says that it stopped there', async () => {
    const names = Array.from({ length: 2000 }, (_, i) => ({ dns: `host-${i}.fat.example.com` }))
    const fat = await makeCa('CN=fat', { issuer: root, names })
    const many = new Array<string>(90).fill(fat.pem)
    const early = await validatePath({ chain: [leaf.pem, intermediate.pem, ...many], anchors: [root.pem], at: AT })
    expect(early.valid).toBe(true)
    for (const chain of [[leaf.pem, ...many, intermediate.pem], [leaf.pem + many.join('') + intermediate.pem]]) {
      const late = await validatePath({ chain, anchors: [root.pem], at: AT })
      expect(late.verdict).toMatchObject({ status: 'unknown', missing: ['budget'] })
      expect(late.reasons.map(({ code }) => code)).toContain('input-truncated')
    }
    const expired = await makeLeaf(intermediate, { notAfter: '2026-02-01T00:00:00Z' })
    expect((await validatePath({ chain: [expired.pem, ...many], anchors: [root.pem], at: AT })).verdict.status).toBe('failed')
  })

  describe('a limit that is reached is never a no', () => {
    const unknown = (detail: string) => ({ valid: false, verdict: { status: 'unknown', missing: ['budget'], reason: detail } })
    const manyNames = Array.from({ length: 30 }, (_, index) => ({ dns: `host-${index}.example.com` }))

    it('a certificate that is too large, wherever it stands', async () => {
      const limits = { certificateBytes: 700 }
      const fat = await makeLeaf(intermediate, { names: manyNames })
      expect(fat.der.length).toBeGreaterThan(limits.certificateBytes)
      expect(await validate([fat, intermediate], [root], { limits })).toMatchObject(unknown('too-large'))
      const [fatRoot, fatCa] = [
        await makeCa('CN=fat root', { names: manyNames }),
        await makeCa('CN=fat', { issuer: root, names: manyNames }),
      ]
      expect(await validate([await makeLeaf(fatRoot)], [fatRoot], { limits })).toMatchObject(unknown('too-large'))
      expect(await validate([await makeLeaf(fatCa), fatCa], [root], { limits })).toMatchObject(unknown('too-large'))
      // What is wrong with the target anyway no certificate mends.
      const expired = await makeLeaf(fatCa, { notAfter: '2026-02-01T00:00:00Z' })
      expect((await validate([expired, fatCa], [root], { limits })).verdict.status).toBe('failed')
    })

    it('names that are not looked at, in the target or above it', async () => {
      const limits = { names: 10 }
      const named = await makeLeaf(intermediate, { names: manyNames })
      for (const peer of [undefined, { dns: 'host-2.example.com' }, { dns: 'host-20.example.com' }])
        expect(await validate([named, intermediate], [root], { limits, ...(peer && { peer }) })).toMatchObject(unknown('names-over-limit'))
      const expired = await makeLeaf(intermediate, { names: manyNames, notAfter: '2026-02-01T00:00:00Z' })
      expect((await validate([expired, intermediate], [root], { limits })).verdict.status).toBe('failed')
      expect((await validate([named], [root], { limits })).verdict.status).toBe('failed')
      const above = await makeCa('CN=named', { issuer: root, names: manyNames })
      expect((await validate([await makeLeaf(above), above], [root], { limits })).verdict).toMatchObject({ status: 'unknown' })
    })

    it('more PEM blocks than are read', async () => {
      const limits = { pemBlocks: 3 }
      const ask = (text: string) => validatePath({ chain: [text], anchors: [root.pem], at: AT, limits })
      expect(await ask(leaf.pem + root.pem.repeat(2) + intermediate.pem)).toMatchObject(unknown('pem-too-many-blocks'))
      expect((await ask(leaf.pem + root.pem.repeat(2))).verdict.status).toBe('failed')
    })
  })

  it.each(['', 'rubbish', Uint8Array.of(), Uint8Array.of(0x30, 0x82)])('an unreadable target is a reason: %o', async (input) => {
    const verdict = await validatePath({ chain: [input, leaf.pem], anchors: [root.pem], at: AT })
    expect(verdict).toMatchObject({ valid: false, steps: [] })
    expect(verdict.reasons[0]?.code).toBe('target-unreadable')
  })

  it('refuses bytes behind a certificate', async () => {
    const longer = Uint8Array.from([...leaf.der, 0])
    const verdict = await validatePath({ chain: [longer, intermediate.der], anchors: [root.der], at: AT })
    expect(verdict.reasons[0]).toMatchObject({ code: 'target-unreadable', detail: 'trailing-data' })
  })

  it('refuses a signature that is no whole octets, and does not look at the one of an anchor', async () => {
    // A certificate ends with the BIT STRING of its signature, an ECDSA one of about 70 octets.
    const spoil = async (make: (serial: bigint) => Promise<IssuedCertificate>): Promise<Uint8Array> => {
      for (let serial = 1n; ; serial++) {
        const der = Uint8Array.from((await make(serial)).der)
        const begin = [68, 69, 70, 71, 72, 73].map((length) => der.length - 2 - length).find((at) => der[at] === 3 && der[at + 3] === 0x30)
        if (begin === undefined || ((der[der.length - 1] as number) & 1) === 1) continue
        der[begin + 2] = 1
        return der
      }
    }
    const [bad, badRoot] = [
      await spoil((serial) => makeLeaf(intermediate, { serial })),
      await spoil((serial) => makeCa('CN=root', { key: root.key, serial })),
    ]
    const verdict = await validatePath({ chain: [bad, intermediate.der], anchors: [root.der], at: AT })
    expect(verdict.reasons.map(({ code, detail }) => [code, detail])).toEqual([['encoding-invalid', 'signature-unused-bits']])
    expect((await validatePath({ chain: [leaf.der, intermediate.der], anchors: [badRoot], at: AT })).valid).toBe(true)
  })

  it('refuses two different signature algorithms, a repeated extension, extensions below version 3', async () => {
    const algorithms = await makeLeaf(intermediate, { outerSignature: { scheme: 'ECDSA', hash: 'SHA-384' } })
    const twice = await makeLeaf(intermediate, { extensions: (made) => [...made, ...made.slice(0, 1)] })
    const old = await makeLeaf(intermediate, { version: 2 })
    expect(await reasonsOf([algorithms, intermediate], [root])).toContain('encoding-invalid')
    expect(await reasonsOf([twice, intermediate], [root])).toContain('encoding-invalid')
    expect(await reasonsOf([old, intermediate], [root])).toContain('encoding-invalid')
  })

  it('refuses a key that is no point on its curve', async () => {
    const key = await newKey()
    const off = key.spki.slice()
    off[off.length - 1] = (off[off.length - 1] as number) ^ 1
    const lost = await makeLeaf(intermediate, { key: { ...key, spki: off } })
    const verdict = await validate([lost, intermediate], [root])
    expect(verdict.reasons.map(({ code, detail }) => [code, detail])).toEqual([['encoding-invalid', 'key-malformed']])
    expect(verdict.verdict.status).toBe('failed')
  })

  it('takes odd serial numbers with a finding', async () => {
    for (const serial of [0n, -5n, 2n ** 170n]) {
      const odd = await makeLeaf(intermediate, { serial })
      const verdict = await validate([odd, intermediate], [root])
      expect(verdict.valid).toBe(true)
      expect(verdict.findings.filter((finding) => finding.code.startsWith('serial-'))).toHaveLength(1)
    }
  })
})

describe('3. anchors', () => {
  it('are a subject with a key: a renewed copy of the root vouches for what the old one signed', async () => {
    const renewed = await makeCa('CN=root', { key: root.key, notBefore: '2026-05-01T00:00:00Z', notAfter: '2028-01-01T00:00:00Z' })
    expect((await validate([leaf, intermediate], [renewed])).valid).toBe(true)
    expect((await validate([root], [renewed])).path).toHaveLength(2)
  })

  it('may be intermediates, and the target itself', async () => {
    expect((await validate([leaf], [intermediate])).valid).toBe(true)
    expect((await validate([leaf], [leaf])).path?.map(({ role }) => role)).toEqual(['anchor'])
    const own = await makeLeaf(undefined)
    expect((await validate([own], [own], { peer: { dns: 'app.example.com' } })).valid).toBe(true)
    expect(await reasonsOf([own], [root])).toEqual(['root-not-trusted'])
  })

  it('a self-signed certificate that is no CA vouches for nothing but itself', async () => {
    const key = await newKey()
    const [old, renewed] = [await makeLeaf(undefined, { key }), await makeLeaf(undefined, { key, notAfter: '2028-01-01T00:00:00Z' })]
    expect(await reasonsOf([old], [renewed])).toEqual(['key-usage-forbids-signing', 'not-a-ca'])
  })

  it('count with their dates, path length, key usage, purposes and critical extensions', async () => {
    const expired = await makeCa('CN=root', { key: root.key, notAfter: '2026-02-01T00:00:00Z' })
    const short = await makeCa('CN=root', { key: root.key, pathLength: 0 })
    const mute = await makeCa('CN=root', { key: root.key, keyUsage: ['cRLSign'] })
    const clients = await makeCa('CN=root', { key: root.key, extendedKeyUsage: [CLIENT_AUTH] })
    const strange = await makeCa('CN=root', {
      key: root.key,
      extraExtensions: [{ oid: '1.3.6.1.4.1.99999.1', critical: true, value: Uint8Array.of(5, 0) }],
    })
    expect(await reasonsOf([leaf, intermediate], [expired])).toEqual(['expired'])
    expect(await reasonsOf([leaf, intermediate], [short])).toEqual(['path-length-exceeded'])
    expect(await reasonsOf([leaf, intermediate], [mute])).toEqual(['key-usage-forbids-signing'])
    expect(await reasonsOf([leaf, intermediate], [clients], { purpose: 'server' })).toEqual(['purpose-not-allowed'])
    expect(await reasonsOf([leaf, intermediate], [strange])).toEqual(['critical-extension-unknown'])
    for (const bad of [expired, short, mute, strange]) expect((await validate([leaf, intermediate], [bad, root])).valid).toBe(true)
  })

  it('an expired anchor is not replaced by a copy that was only sent along', async () => {
    const expired = await makeCa('CN=root', { key: root.key, notAfter: '2026-02-01T00:00:00Z' })
    expect((await validate([leaf, intermediate, root], [expired])).valid).toBe(false)
  })

  it('without one that can be read nothing is valid', async () => {
    expect(await reasonsOf([leaf, intermediate, root], [])).toEqual(['root-not-trusted', 'no-anchors'])
  })
})

describe('4. signature, dates, names', () => {
  it('refuses a spoilt signature and another key', async () => {
    const spoilt = await makeLeaf(intermediate, { breakSignature: true })
    const foreign = await makeLeaf(intermediate, { signWith: await newKey() })
    expect(await reasonsOf([spoilt, intermediate], [root])).toEqual(['signature-invalid'])
    expect(await reasonsOf([foreign, intermediate], [root])).toEqual(['signature-invalid'])
  })

  it('refuses SHA-1 below an anchor and takes it in the anchor', async () => {
    const key = await newKey({ algorithm: 'RSA', size: 2048 })
    const weakRoot = await makeCa('CN=weak', { key, signature: { scheme: 'RSA-PKCS1', hash: 'SHA-1' } })
    const good = await makeLeaf(weakRoot)
    const pss = await makeLeaf(weakRoot, { signature: { scheme: 'RSA-PSS', hash: 'SHA-1' } })
    const weak = await makeLeaf(weakRoot, { signature: { scheme: 'RSA-PKCS1', hash: 'SHA-1' } })
    expect(await reasonsOf([good], [weakRoot])).toEqual([])
    expect(await reasonsOf([weak], [weakRoot])).toEqual(['weak-signature'])
    expect(await reasonsOf([pss], [weakRoot])).toEqual(['weak-signature'])
    for (const certificate of [pss, weak]) expect(decoded(certificate).problems.map(({ code }) => code)).toContain('signature-sha1')
    expect(decoded(good).problems.map(({ code }) => code)).not.toContain('signature-sha1')
    const middle = await makeCa('CN=middle', { issuer: weakRoot, signature: { scheme: 'RSA-PKCS1', hash: 'SHA-1' } })
    expect(await reasonsOf([await makeLeaf(middle), middle], [weakRoot])).toEqual(['weak-signature'])
  })

  it.each([
    [{ algorithm: 'RSA', size: 2048 }],
    [{ algorithm: 'ECDSA', size: 256 }],
    [{ algorithm: 'ECDSA', size: 384 }],
    [{ algorithm: 'ECDSA', size: 521 }],
    [{ algorithm: 'Ed25519' }],
  ] as const)('verifies what cert-manager makes: %o', async (spec) => {
    const ca = await makeCa('CN=ca', { key: await newKey(spec) })
    expect(await reasonsOf([await makeLeaf(ca)], [ca])).toEqual([])
    expect(await reasonsOf([await makeLeaf(ca, { breakSignature: true })], [ca])).not.toEqual([])
  })

  it('dates hold from notBefore to notAfter, both included, in whole seconds', async () => {
    const at = (instant: string) => reasonsOf([leaf, intermediate], [root], { at: instant })
    expect(await at('2025-12-31T23:59:59.999Z')).toContain('not-yet-valid')
    expect(await at('2026-01-01T00:00:00Z')).toEqual([])
    expect(await at('2027-01-01T00:00:00.999Z')).toEqual([])
    expect(await at('2027-01-01T00:00:01Z')).toContain('expired')
  })

  it('names chain whatever the string type, case and blanks', async () => {
    const spaced = await makeCa('CN=My Own  Root')
    const below = await makeLeaf(spaced, { issuerName: [{ type: 'CN', value: '  MY   own root ', encoding: 'printable' }] })
    expect(await reasonsOf([below], [spaced])).toEqual([])
    const joined = await makeLeaf(spaced, { issuerName: [{ type: 'CN', value: 'MyOwn Root', encoding: 'printable' }] })
    expect(await reasonsOf([joined], [spaced])).toContain('issuer-name-differs')
    const other = await makeLeaf(intermediate, { issuerName: [{ type: 'CN', value: 'InterMEDIATE', encoding: 'printable' }] })
    const control = await makeLeaf(intermediate, { issuerName: [{ type: 'CN', value: 'inter\u0001mediate', encoding: 'utf8' }] })
    expect(await reasonsOf([other, intermediate], [root])).toEqual([])
    expect(await reasonsOf([control, intermediate], [root])).toContain('issuer-name-differs')
  })

  it('an algorithm that cannot be verified here leaves the question open', async () => {
    const unknown = await makeLeaf(intermediate, {
      extensions: (made) => made,
      signature: { scheme: 'ECDSA', hash: 'SHA-256' },
      outerSignature: { scheme: 'ECDSA', hash: 'SHA-256' },
    })
    // ecdsa-with-SHA224 (1.2.840.10045.4.3.1) in both places: WebCrypto does not know it.
    const der = Uint8Array.from(unknown.der)
    const oid = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
    for (let i = 0; i + oid.length <= der.length; i++) if (oid.every((byte, j) => der[i + j] === byte)) der[i + 7] = 1
    const verdict = await validatePath({ chain: [der, intermediate.der], anchors: [root.der], at: AT })
    expect(verdict).toMatchObject({ valid: false, verdict: { status: 'unknown', missing: ['algorithm'] } })
    expect(verdict.reasons.map(({ code }) => code)).toEqual(['signature-unverifiable'])
  })
})

describe('5. certification authorities', () => {
  it('need cA, and keyCertSign where there is a key usage', async () => {
    const plain = await makeCa('CN=intermediate', { key: intermediate.key, issuer: root, ca: false })
    const bare = await makeCa('CN=intermediate', { key: intermediate.key, issuer: root, extensions: () => [] })
    const old = await makeCa('CN=intermediate', { key: intermediate.key, issuer: root, version: 1, extensions: () => [] })
    const mute = await makeCa('CN=intermediate', { key: intermediate.key, issuer: root, keyUsage: ['digitalSignature'] })
    const free = await makeCa('CN=intermediate', {
      key: intermediate.key,
      issuer: root,
      extensions: (made) => made.filter(({ oid }) => oid !== '2.5.29.15'),
    })
    expect(await reasonsOf([leaf, plain], [root])).toContain('not-a-ca')
    expect(await reasonsOf([leaf, bare], [root])).toContain('not-a-ca')
    expect(await reasonsOf([leaf, old], [root])).toContain('not-a-ca')
    expect(await reasonsOf([leaf, mute], [root])).toEqual(['key-usage-forbids-signing'])
    expect(await reasonsOf([leaf, free], [root])).toEqual([])
  })

  it('path length counts intermediates that are not self-issued, and not the target', async () => {
    const limited = await makeCa('CN=limited', { issuer: root, pathLength: 0 })
    const below = await makeCa('CN=below', { issuer: limited })
    expect(await reasonsOf([await makeLeaf(limited), limited], [root])).toEqual([])
    expect(await reasonsOf([below, limited], [root])).toEqual([])
    expect(await reasonsOf([await makeLeaf(below), below, limited], [root])).toEqual(['path-length-exceeded'])
    const rolled = await makeCa('CN=limited', { issuer: limited })
    expect(await reasonsOf([await makeLeaf(rolled), rolled, limited], [root])).toEqual([])
  })

  it('maxDepth is the largest number of intermediates', async () => {
    const second = await makeCa('CN=second', { issuer: intermediate })
    const deep = await makeLeaf(second)
    expect(await reasonsOf([deep, second, intermediate], [root], { maxDepth: 2 })).toEqual([])
    expect(await reasonsOf([deep, second, intermediate], [root], { maxDepth: 1 })).toEqual(['depth-exceeded'])
    expect(await reasonsOf([leaf, intermediate], [root], { maxDepth: 0 })).toEqual(['depth-exceeded'])
    expect(await reasonsOf([leaf], [intermediate], { maxDepth: 0 })).toEqual([])
  })
})

describe('7. critical extensions', () => {
  const unknownExtension = { oid: '1.3.6.1.4.1.99999.7', value: Uint8Array.of(5, 0) }
  it('unknown ones refuse, in the target and above, only where critical', async () => {
    const strange = await makeLeaf(intermediate, { extraExtensions: [{ ...unknownExtension, critical: true }] })
    const calm = await makeLeaf(intermediate, { extraExtensions: [unknownExtension] })
    const above = await makeCa('CN=intermediate', {
      key: intermediate.key,
      issuer: root,
      extraExtensions: [{ ...unknownExtension, critical: true }],
    })
    expect(await reasonsOf([strange, intermediate], [root])).toEqual(['critical-extension-unknown'])
    expect(await reasonsOf([calm, intermediate], [root])).toEqual([])
    expect(await reasonsOf([leaf, above], [root])).toEqual(['critical-extension-unknown'])
    expect(await reasonsOf([leaf, above, intermediate], [root])).toEqual([])
  })

  it('malformed ones that are known refuse, critical or not', async () => {
    for (const oid of [
      '2.5.29.14',
      '2.5.29.15',
      '2.5.29.17',
      '2.5.29.19',
      '2.5.29.30',
      '2.5.29.31',
      '2.5.29.35',
      '2.5.29.37',
      '1.3.6.1.5.5.7.1.1',
    ]) {
      const extension = { oid, critical: false, value: Uint8Array.of(2, 1, 0) }
      const bad = await makeLeaf(intermediate, { extensions: (made) => [...made.filter((item) => item.oid !== oid), extension] })
      expect(await reasonsOf([bad, intermediate], [root]), oid).toContain('extension-malformed')
    }
  })
})

describe('8. policies', () => {
  const policies = Uint8Array.of(0x30, 6, 0x30, 4, 6, 2, 0x2a, 3)
  it('certificatePolicies may be critical, the three that constrain may not', async () => {
    const withPolicy = await makeLeaf(intermediate, { extraExtensions: [{ oid: '2.5.29.32', critical: true, value: policies }] })
    expect((await validate([withPolicy, intermediate], [root])).findings.map(({ code }) => code)).toContain('policies-not-evaluated')
    expect(await reasonsOf([withPolicy, intermediate], [root])).toEqual([])
    const broken = await makeLeaf(intermediate, { extraExtensions: [{ oid: '2.5.29.32', critical: true, value: Uint8Array.of(0x30, 0) }] })
    expect(await reasonsOf([broken, intermediate], [root])).toEqual(['extension-malformed'])
    for (const value of [Uint8Array.of(5, 0), Uint8Array.of(0x30, 6, 0x30, 4, 6, 2, 0x2a, 0x83)]) {
      const calm = await makeLeaf(intermediate, { extraExtensions: [{ oid: '2.5.29.32', critical: false, value }] })
      expect(await reasonsOf([calm, intermediate], [root])).toEqual(['extension-malformed'])
    }
    for (const oid of ['2.5.29.33', '2.5.29.36', '2.5.29.54']) {
      const ca = await makeCa('CN=intermediate', {
        key: intermediate.key,
        issuer: root,
        extraExtensions: [{ oid, critical: true, value: Uint8Array.of(0x30, 0) }],
      })
      expect(await reasonsOf([leaf, ca], [root]), oid).toEqual(['critical-extension-unknown'])
    }
  })
})

describe('9. extended key usage', () => {
  it('must allow the purpose in every certificate that has one', async () => {
    const client = await makeLeaf(intermediate, { extendedKeyUsage: [CLIENT_AUTH] })
    const any = await makeLeaf(intermediate, { extendedKeyUsage: ['2.5.29.37.0'] })
    const narrow = await makeCa('CN=intermediate', { key: intermediate.key, issuer: root, extendedKeyUsage: [CLIENT_AUTH] })
    const both = await makeLeaf(intermediate, { extendedKeyUsage: [SERVER_AUTH, CLIENT_AUTH] })
    expect(await reasonsOf([client, intermediate], [root], { purpose: 'server' })).toEqual(['purpose-not-allowed'])
    expect(await reasonsOf([client, intermediate], [root], { purpose: 'client' })).toEqual([])
    expect(await reasonsOf([client, intermediate], [root])).toEqual([])
    expect(await reasonsOf([any, intermediate], [root], { purpose: 'server' })).toEqual([])
    expect(await reasonsOf([both, narrow], [root], { purpose: 'server' })).toEqual(['purpose-not-allowed'])
    expect(await reasonsOf([both, narrow], [root], { purpose: 'client' })).toEqual([])
  })

  it('an empty one is malformed, whatever is asked for', async () => {
    const empty = await makeLeaf(intermediate, { extraExtensions: [extendedKeyUsage([])] })
    expect(await reasonsOf([empty, intermediate], [root])).toEqual(['extension-malformed'])
  })
})

describe('10. the peer', () => {
  it('is matched by subjectAltName alone', async () => {
    const named = await makeLeaf(intermediate, { subject: 'CN=db.example.com', names: [] })
    expect(await reasonsOf([leaf, intermediate], [root], { peer: { dns: 'APP.example.com.' } })).toEqual([])
    expect(await reasonsOf([leaf, intermediate], [root], { peer: { dns: 'db.example.com' } })).toEqual(['peer-name-mismatch'])
    expect(await reasonsOf([named, intermediate], [root], { peer: { dns: 'db.example.com' } })).toEqual(['peer-name-absent'])
    expect(await reasonsOf([leaf, intermediate], [root], { peer: null })).toEqual([])
  })
})

describe('hostile bytes', () => {
  it('one octet changed below the anchor, and the path is not valid; nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (inLeaf, position, change) => {
        const spoilt = Uint8Array.from((inLeaf ? leaf : intermediate).der)
        const at = position % spoilt.length
        spoilt[at] = (spoilt[at] as number) ^ change
        const chain = inLeaf ? [spoilt, intermediate.der] : [leaf.der, spoilt]
        const verdict = await validatePath({ chain, anchors: [root.der], at: AT })
        expect(verdict.valid).toBe(false)
        expect(verdict.reasons.length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })

  it('whatever is put in, the answer is an answer', async () => {
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(leaf.pem, intermediate.pem, root.der),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(input, { minLength: 1, maxLength: 5 }),
        fc.array(input, { maxLength: 5 }),
        fc.string(),
        async (chain, anchors, dns) => {
          const verdict = await validatePath({ chain, anchors, at: AT, peer: { dns } })
          expect(verdict.valid).toBe(verdict.verdict.status === 'verified')
          expect(verdict.valid).toBe(verdict.reasons.length === 0)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('12. findings', () => {
  it('stand beside a valid path and name the certificate', async () => {
    const ca = await makeCa('CN=ca', { basicConstraintsCritical: false, subjectKeyIdentifier: 'none' })
    const odd = await makeLeaf(ca, { names: [{ dns: 'my_app.example.com' }, { dns: '10.0.0.1' }], namesCritical: true })
    const verdict = await validate([odd], [ca])
    expect(verdict.valid).toBe(true)
    const codes = new Map(verdict.findings.map(({ code, certificate }) => [code, certificate]))
    for (const code of ['basic-constraints-not-critical', 'ski-missing-in-ca']) expect(codes.get(code), code).toBe(ca.fingerprint)
    for (const code of ['san-dns-syntax', 'san-dns-is-address', 'san-critical', 'aki-missing'])
      expect(codes.get(code), code).toBe(odd.fingerprint)
  })

  it('a healthy chain has none', async () => {
    expect((await validate([leaf, intermediate], [root])).findings).toEqual([])
  })
})
