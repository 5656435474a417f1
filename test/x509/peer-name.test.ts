import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { checkPeerName, matchesHost, referenceLabels } from '../../src/x509/peer-name.ts'
import { decoded, makeLeaf } from './path-pki.ts'

const matches = (presented: string, asked: string): boolean => {
  const labels = referenceLabels(asked)
  return labels !== undefined && matchesHost(presented, labels)
}

describe('host names', () => {
  it.each([
    ['example.com', 'EXAMPLE.com', true],
    ['example.com', 'example.com.', true],
    ['example.com.', 'example.com', false],
    ['*.example.com', 'foo.example.com', true],
    ['*.example.com', 'xn--bcher-kva.example.com', true],
    ['*.EXAMPLE.com', 'foo.example.COM', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'a.b.example.com', false],
    ['f*.example.com', 'foo.example.com', false],
    ['*foo.example.com', 'xfoo.example.com', false],
    ['foo.*.com', 'foo.example.com', false],
    ['*.*.com', 'foo.example.com', false],
    ['*.com', 'example.com', false],
    ['*', 'localhost', false],
    ['localhost', 'localhost', true],
    ['my-svc.my_ns.svc', 'my-svc.my_ns.svc', true],
    ['example.com\u0000.evil.test', 'example.com', false],
    ['10.0.0.1', '10.0.0.1', false],
    ['*.0.0.1', '10.0.0.1', false],
    ['bücher.test', 'bücher.test', false],
    ['', '', false],
  ])('%o for %o: %s', (presented, asked, expected) => expect(matches(presented, asked)).toBe(expected))

  it('a name stands for itself, and a wildcard for exactly one more label', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,4}[a-z])?$/)
    const host = fc.array(label, { minLength: 2, maxLength: 5 }).map((labels) => [...labels, 'test'].join('.'))
    fc.assert(
      fc.property(host, label, (name, first) => {
        expect(matches(name, name)).toBe(true)
        expect(matches(`*.${name}`, `${first}.${name}`)).toBe(true)
        expect(matches(`*.${name}`, `${first}.${first}.${name}`)).toBe(false)
        expect(matches(`*.${name}`, name)).toBe(false)
      }),
    )
  })

  it('never throws and never matches what it cannot read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (presented, asked) => {
        const labels = referenceLabels(asked)
        if (labels === undefined) return
        if (matchesHost(presented, labels)) expect(/^[\x21-\x7e]+$/.test(presented)).toBe(true)
      }),
    )
  })
})

describe('a certificate', () => {
  let leaf: X509Certificate
  let bare: X509Certificate
  beforeAll(async () => {
    leaf = decoded(
      await makeLeaf(undefined, {
        subject: 'CN=cn.example.com',
        names: [{ dns: 'a.example.com' }, { dns: '10.9.9.9' }, { ip: '10.0.0.1' }, { ip: '::1' }],
      }),
    )
    bare = decoded(await makeLeaf(undefined, { subject: 'CN=cn.example.com', names: [{ email: 'a@example.com' }] }))
  })

  it.each([
    [{ dns: 'a.example.com' }, undefined],
    [{ dns: 'cn.example.com' }, 'peer-name-mismatch'],
    [{ dns: '10.0.0.1' }, 'peer-name-malformed'],
    [{ dns: 'bücher.test' }, 'peer-name-malformed'],
    [{ ip: '10.0.0.1' }, undefined],
    [{ ip: '0:0:0:0:0:0:0:1' }, undefined],
    [{ ip: '10.9.9.9' }, 'peer-name-mismatch'],
    [{ ip: '::ffff:10.0.0.1' }, 'peer-name-mismatch'],
    [{ dns: 'a.example.com', ip: '10.0.0.1' }, undefined],
    [{ dns: 'a.example.com', ip: '10.0.0.2' }, 'peer-name-mismatch'],
  ] as const)('%o: %s', (peer, expected) => expect(checkPeerName(leaf, peer)).toBe(expected))

  it('without hosts and addresses stands for none of them', () => {
    expect(checkPeerName(bare, { dns: 'cn.example.com' })).toBe('peer-name-absent')
    expect(checkPeerName(bare, { ip: '10.0.0.1' })).toBe('peer-name-absent')
  })
})
