import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits } from '../../src/base/limits.ts'
import { compareBy } from '../../src/base/order.ts'
import type { Verdict } from '../../src/base/verdict.ts'
import { failed, unknown, verified } from '../../src/base/verdict.ts'
import type { IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import type { KeyPair } from '../../src/testing/key-pair.ts'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import type { PathNode } from '../../src/x509/path-graph.ts'
import { buildPathGraph, keyIdentifierMatches } from '../../src/x509/path-graph.ts'
import type { PathQuestion } from '../../src/x509/path-search.ts'
import { runDialogue, searchPath } from '../../src/x509/path-search.ts'
import { createSignatureVerifier } from '../../src/x509/signature.ts'
import { judgePath, validatePath } from '../../src/x509/validate-path.ts'
import { AT, decoded, makeCa, makeLeaf, newKey, validate } from './path-pki.ts'

/** The certificates of a path from the target to an anchor; undefined where there is none. */
const findPath = (
  question: PathQuestion,
  oracle: (issuer: X509Certificate, subject: X509Certificate) => Verdict,
): readonly X509Certificate[] | undefined => runDialogue(searchPath(question), oracle).path?.map((node) => node.certificate)

const NO_KEY_IDENTIFIERS = { subjectKeyIdentifier: 'none', authorityKeyIdentifier: 'none' } as const

describe('finding a way', () => {
  it('goes back from a dead end, whatever the order', async () => {
    const [good, dead] = [await makeCa('CN=root'), await makeCa('CN=gone')]
    const key = await newKey()
    const [byDead, byGood] = [await makeCa('CN=sub', { key, issuer: dead }), await makeCa('CN=sub', { key, issuer: good })]
    const leaf = await makeLeaf(byGood)
    for (const pool of [
      [byDead, byGood],
      [byGood, byDead],
    ])
      expect((await validate([leaf, ...pool], [good])).path?.map(({ subject }) => subject)).toEqual(['CN=leaf', 'CN=sub', 'CN=root'])
    expect((await validate([leaf, byDead], [good])).valid).toBe(false)
  })

  it('prefers what is valid now', async () => {
    const root = await makeCa('CN=root')
    const key = await newKey()
    const [old, renewed] = [
      await makeCa('CN=sub', { key, issuer: root, notAfter: '2026-02-01T00:00:00Z' }),
      await makeCa('CN=sub', { key, issuer: root }),
    ]
    const leaf = await makeLeaf(renewed)
    const verdict = await validate([leaf, old, renewed], [root])
    expect(verdict.valid).toBe(true)
    expect(verdict.rejectedCandidates).toMatchObject([{ code: 'expired', candidate: old.fingerprint }])
    const onlyOld = await validate([leaf, old], [root])
    expect(onlyOld.rejectedCandidates).toMatchObject([{ code: 'expired', candidate: old.fingerprint, issuerOf: leaf.fingerprint }])
    expect(onlyOld.nearest?.map(({ role }) => role)).toEqual(['target', 'intermediate', 'anchor'])
  })

  it('takes key identifiers for a hint and never for proof', async () => {
    const root = await makeCa('CN=root')
    const real = await makeCa('CN=sub', { issuer: root, subjectKeyIdentifier: Uint8Array.of(1) })
    const leaf = await makeLeaf(real, { authorityKeyIdentifier: { keyIdentifier: Uint8Array.of(2) } })
    const decoy = await makeCa('CN=sub', { issuer: root, subjectKeyIdentifier: Uint8Array.of(2) })
    const verdict = await validate([leaf, decoy, real], [root])
    expect(verdict.valid).toBe(true)
    expect(verdict.rejectedCandidates).toMatchObject([{ code: 'signature-invalid', candidate: decoy.fingerprint }])
  })

  it('ends a circle of CAs that certify each other', async () => {
    const [keyA, keyB] = [await newKey(), await newKey()]
    const [a, b] = [await makeCa('CN=a', { key: keyA }), await makeCa('CN=b', { key: keyB })]
    const [aByB, bByA] = [await makeCa('CN=a', { key: keyA, issuer: b }), await makeCa('CN=b', { key: keyB, issuer: a })]
    const leaf = await makeLeaf(aByB)
    const lost = await validate([leaf, aByB, bByA], [await makeCa('CN=root')])
    expect(lost.reasons.map(({ code }) => code)).toEqual(['no-path-to-anchor'])
    expect((await validate([leaf, aByB, bByA], [b])).valid).toBe(true)
    // A way that turns back to a CA on it, by another certificate of that CA, is rejected with a reason like any other.
    const [root, keyC] = [await makeCa('CN=root'), await newKey()]
    const c = await makeCa('CN=c', { key: keyC, nameConstraints: { permitted: [{ dns: 'other.test' }] } })
    const [cByA, aByRoot, again] = [
      await makeCa('CN=c', { key: keyC, issuer: a }),
      await makeCa('CN=a', { key: keyA, issuer: root, pathLength: 0 }),
      await makeCa('CN=a', { key: keyA, issuer: c }),
    ]
    const turned = await validate([await makeLeaf(cByA), cByA, aByRoot, again], [root])
    expect(turned.valid).toBe(false)
    const circle = turned.rejectedCandidates.filter(
      ({ candidate, issuerOf }) => candidate === cByA.fingerprint && issuerOf === again.fingerprint,
    )
    expect([turned.reasons[0]?.code, circle.length]).toEqual(['path-length-exceeded', 0])
    const other = await makeCa('CN=c', { key: keyC, issuer: a, serial: 5n })
    const both = await validate([await makeLeaf(cByA), cByA, other, aByRoot, again], [root])
    expect(both.rejectedCandidates).toContainEqual(expect.objectContaining({ candidate: other.fingerprint, issuerOf: again.fingerprint }))
  })

  it('follows long paths', async () => {
    const root = await makeCa('CN=ca 0')
    const line = [root]
    for (let i = 1; i <= 20; i++) line.push(await makeCa(`CN=ca ${i}`, { issuer: line[i - 1] as IssuedCertificate }))
    const leaf = await makeLeaf(line[20])
    expect((await validate([leaf, ...line.slice(1)], [root])).path).toHaveLength(22)
    expect((await validate([leaf, ...line.slice(1)], [root], { limits: { pathLength: 12 } })).valid).toBe(false)
    expect((await validate([leaf, ...line.slice(1)], [root], { limits: { ...defaultLimits } })).valid).toBe(true)
  })
})

describe('what is left open', () => {
  it('a fault on one way does not hide that another could not be decided', async () => {
    const root = await makeCa('CN=root')
    const key = await newKey()
    const expired = await makeCa('CN=sub', { key, issuer: root, notAfter: '2026-02-01T00:00:00Z' })
    const current = await makeCa('CN=sub', { key, issuer: root })
    const leaf = await makeLeaf(current)
    const oracle = (issuer: X509Certificate, subject: X509Certificate): Verdict =>
      subject.fingerprint === current.fingerprint && issuer.fingerprint === root.fingerprint ? unknown(['algorithm']) : verified
    const ask = (...pool: IssuedCertificate[]) =>
      judgePath({ target: decoded(leaf), pool: pool.map(decoded), anchors: [decoded(root)], rules: { at: Date.parse(AT) } }, oracle)
    expect(ask(expired).verdict.status).toBe('failed')
    expect(ask(expired, current)).toMatchObject({ valid: false, verdict: { status: 'unknown', missing: ['algorithm'] } })
  })
})

describe('budgets', () => {
  it('many CAs of one name without key identifiers: the right one is found, each of them looked at once', async () => {
    const root = await makeCa('CN=root')
    const many: IssuedCertificate[] = []
    for (let i = 0; i < 150; i++) many.push(await makeCa('CN=sub', { issuer: root, ...NO_KEY_IDENTIFIERS }))
    for (const issuer of [many[0], many[149]]) {
      const leaf = await makeLeaf(issuer, NO_KEY_IDENTIFIERS)
      const verdict = await validate([leaf, ...many], [root])
      expect(verdict.valid).toBe(true)
      // Every CA is looked at once below the leaf, then the anchor; no key is asked twice.
      expect(verdict.spent.candidates).toBe(many.length + 1)
      expect(verdict.spent.signatures).toBeLessThanOrEqual(many.length + 1)
    }
  })

  it('a used-up budget is no verdict', async () => {
    const root = await makeCa('CN=root')
    const many: IssuedCertificate[] = []
    for (let i = 0; i < 30; i++) many.push(await makeCa('CN=sub', { issuer: root, ...NO_KEY_IDENTIFIERS }))
    const leaf = await makeLeaf(undefined, { issuerName: 'CN=sub', ...NO_KEY_IDENTIFIERS })
    const verdict = await validate([leaf, ...many], [root], { limits: { signaturesPerCertificate: 1 } })
    expect(verdict.spent.signatures).toBeLessThanOrEqual(10)
    expect(verdict.verdict).toMatchObject({ status: 'unknown', missing: ['budget'] })
    expect(verdict.reasons.map(({ code }) => code)).toContain('budget-exhausted')
    expect((await validate([leaf, ...many], [root])).verdict.status).toBe('failed')
  })

  it('CAs that all certify each other, none of them trusted, end at the bound on candidates', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => newKey()))
    const selves = await Promise.all(keys.map((key, i) => makeCa(`CN=ca ${i}`, { key })))
    const mesh: IssuedCertificate[] = []
    for (const [i, key] of keys.entries())
      for (const [j, issuer] of selves.entries()) if (i !== j) mesh.push(await makeCa(`CN=ca ${i}`, { key, issuer }))
    const leaf = await makeLeaf(selves[0])
    const stranger = await makeCa('CN=ca 7')
    const lost = await validate([leaf, ...mesh], [stranger])
    // Ways through the mesh are as many as orders of its CAs: the search stops, and says that it did.
    expect(lost).toMatchObject({ valid: false, verdict: { status: 'unknown', missing: ['budget'] } })
    expect(lost.reasons.map(({ code }) => code)).toContain('budget-exhausted')
    expect(lost.spent.candidates).toBe(defaultLimits.pathCandidates)
    // Each certificate is asked for once by each key of its issuer's name, however many ways lead over it. Those of ca 7 have two.
    expect(lost.spent.signatures).toBeLessThanOrEqual(mesh.length + 1 + (keys.length - 1))
    const found = await validate([leaf, ...mesh], [stranger, selves[5] as IssuedCertificate])
    expect(found.valid).toBe(true)
    expect(found.spent.candidates).toBeLessThan(mesh.length)
  })

  it('thousands of CAs of one name and key: the order is made once, and not at all when no candidate is left', async () => {
    const anchor = await makeCa('CN=x', { key: await newKey({ algorithm: 'Ed25519' }), ...NO_KEY_IDENTIFIERS })
    const many: IssuedCertificate[] = []
    const key = await newKey({ algorithm: 'Ed25519' })
    const from = Date.parse('2026-01-01T00:00:00Z')
    for (let i = 0; i < 3_000; i++) {
      const notBefore = new Date(from + ((i * 7_919) % 3_000) * 1_000)
      many.push(await makeCa('CN=x', { key, notBefore, serial: BigInt(i + 1), ...NO_KEY_IDENTIFIERS }))
    }
    const leaf = await makeLeaf(many[0], { key: anchor.key, ...NO_KEY_IDENTIFIERS })
    const ders = many.map(({ der }) => der)
    const verdict = await validatePath({ chain: [leaf.der, ...ders], anchors: [anchor.der], at: AT })
    expect(verdict.verdict).toMatchObject({ status: 'unknown', missing: ['budget'] })
    expect(verdict.spent.candidates).toBe(defaultLimits.pathCandidates)
  })

  it('a budget of candidates that is just enough leaves nothing open', async () => {
    const [sub, stranger] = [await makeCa('CN=sub', { issuerName: 'CN=nobody' }), await makeCa('CN=root')]
    const leaf = await makeLeaf(sub)
    const ask = (pathCandidates: number) => validate([leaf, sub], [stranger], { limits: { pathCandidates } })
    expect((await ask(1)).verdict.status).toBe('failed')
    expect((await ask(0)).verdict).toMatchObject({ status: 'unknown', missing: ['budget'] })
  })

  it('many ways that all end at the same fence are decided, and the one that does not is found', async () => {
    const [fenced, open] = [
      await makeCa('CN=level 12', { nameConstraints: { permitted: [{ dns: 'other.test' }] } }),
      await makeCa('CN=level 12', { pathLength: 12 }),
    ]
    const short = await makeCa('CN=level 12', { pathLength: 10 })
    const keys = await Promise.all(Array.from({ length: 24 }, () => newKey()))
    const pool: IssuedCertificate[] = []
    for (const top of [fenced, short, open]) pool.push(await makeCa('CN=level 11', { key: keys[23] as KeyPair, issuer: top }))
    for (let level = 10; level >= 0; level--)
      for (const own of [0, 1])
        for (const above of [0, 1]) {
          const issuer = await makeCa(`CN=level ${level + 1}`, { key: keys[level === 10 ? 23 : 2 * level + 2 + above] as KeyPair })
          pool.push(await makeCa(`CN=level ${level}`, { key: keys[2 * level + own] as KeyPair, issuer, serial: BigInt(above + 1) }))
        }
    const leaf = await makeLeaf(await makeCa('CN=level 0', { key: keys[0] as KeyPair }))
    const lost = await validate([leaf, ...pool], [fenced, short])
    expect(lost.verdict.status).toBe('failed')
    expect(lost.reasons.map(({ code }) => code)).not.toContain('budget-exhausted')
    expect((await validate([leaf, ...pool], [fenced, short, open])).valid).toBe(true)
  })

  it('forgets no count of rejected candidates', async () => {
    const root = await makeCa('CN=root')
    const many: IssuedCertificate[] = []
    for (let i = 0; i < 120; i++)
      many.push(await makeCa('CN=sub', { issuer: root, notAfter: '2026-02-01T00:00:00Z', key: root.key, serial: BigInt(i + 1) }))
    const verdict = await validate([await makeLeaf(many[0]), ...many], [root])
    expect(verdict.rejectedCandidates.length + verdict.omittedCandidates).toBe(120)
  })
})

/** A random PKI: CAs over few names and keys, some of them faulty, so that paths run together, apart and in circles. */
interface RandomPki {
  readonly all: readonly X509Certificate[]
  readonly leaf: X509Certificate
  readonly oracle: (issuer: X509Certificate, subject: X509Certificate) => Verdict
  /** Subjects that a CA excludes, by the CA's fingerprint. */
  readonly excluded: ReadonlyMap<string, string>
}

describe('properties', () => {
  const NAMES = 4
  let pki: RandomPki

  beforeAll(async () => {
    const keys: KeyPair[] = await Promise.all(Array.from({ length: NAMES + 1 }, () => newKey()))
    const caOf = (name: number, key: number) => makeCa(`CN=ca ${name}`, { key: keys[key] as KeyPair })
    const cas: IssuedCertificate[] = []
    for (let i = 0; i < NAMES; i++) cas.push(await caOf(i, i))
    const made = [...cas]
    for (let i = 0; i < NAMES; i++)
      for (let j = 0; j < NAMES; j++) {
        const options = { key: keys[i] as KeyPair, issuer: cas[j] as IssuedCertificate, serial: BigInt(i * NAMES + j + 1) }
        made.push(await makeCa(`CN=ca ${i}`, { ...options, ...((i + j) % 3 === 0 && { pathLength: j % 2 }) }))
        if ((i * j) % 4 === 1) made.push(await makeCa(`CN=ca ${i}`, { ...options, serial: 99n, notAfter: '2026-02-01T00:00:00Z' }))
      }
    // The same name with another key: signatures that fail.
    made.push(await caOf(0, NAMES))
    const excluded = new Map<string, string>()
    for (const [i, subject] of ['CN=leaf', 'CN=ca 1', 'CN=leaf', 'CN=ca 2'].entries())
      for (const issuer of cas) {
        const nameConstraints = { excluded: [{ directory: subject }] }
        const fenced = await makeCa(`CN=ca ${i}`, { key: keys[i] as KeyPair, issuer, nameConstraints, serial: 200n })
        made.push(fenced)
        excluded.set(fenced.fingerprint, subject)
      }
    const all = made.map(decoded)
    const leaf = decoded(await makeLeaf(cas[0]))
    const signed = new Set<string>()
    const verifier = createSignatureVerifier()
    for (const subject of [...all, leaf])
      for (const issuer of all)
        if ((await verifier.verify(subject, issuer)).status === 'verified')
          signed.add(`${subject.fingerprint}/${issuer.publicKey.identity}`)
    pki = {
      all,
      leaf,
      excluded,
      oracle: (issuer, subject) => (signed.has(`${subject.fingerprint}/${issuer.publicKey.identity}`) ? verified : failed('no')),
    }
  })

  const question = (pool: readonly X509Certificate[], anchors: readonly X509Certificate[], maxDepth?: number) => ({
    target: pki.leaf,
    pool,
    anchors,
    rules: { at: Date.parse(AT), ...(maxDepth !== undefined && { maxDepth }) },
  })

  /** Every path, by brute force over certificates: RFC 5280 6.1 written down once more, without any cleverness. */
  const existsPath = (pool: readonly X509Certificate[], anchors: readonly X509Certificate[], maxDepth: number): boolean => {
    const isSelfIssued = (certificate: X509Certificate) => certificate.subject.normalized === certificate.issuer.normalized
    const usable = (ca: X509Certificate, below: number): boolean =>
      ca.notAfter >= Date.parse(AT) && (ca.extensions.basicConstraints?.pathLength ?? Infinity) >= below
    const isFencedOut = (ca: X509Certificate, used: readonly X509Certificate[]): boolean =>
      [pki.leaf, ...used.filter((other) => !isSelfIssued(other))].some((other) => other.subject.text === pki.excluded.get(ca.fingerprint))
    const climb = (top: X509Certificate, used: readonly X509Certificate[], below: number): boolean => {
      const fits = (ca: X509Certificate) =>
        top.issuer.normalized === ca.subject.normalized &&
        pki.oracle(ca, top).status === 'verified' &&
        usable(ca, below) &&
        !isFencedOut(ca, used)
      if (anchors.some(fits)) return true
      return pool.some((ca) => {
        const deeper = below + (isSelfIssued(ca) ? 0 : 1)
        return !used.includes(ca) && deeper <= maxDepth && used.length < 7 && fits(ca) && climb(ca, [...used, ca], deeper)
      })
    }
    return climb(pki.leaf, [], 0)
  }

  const subsets = () => {
    const indices = fc.uniqueArray(fc.nat(pki.all.length - 1), { maxLength: 12 })
    const few = fc.uniqueArray(fc.nat(pki.all.length - 1), { minLength: 1, maxLength: 2 })
    return fc
      .tuple(indices, few)
      .map(
        ([pool, anchors]) => [pool.map((i) => pki.all[i] as X509Certificate), anchors.map((i) => pki.all[i] as X509Certificate)] as const,
      )
  }

  it('finds a path exactly where there is one', () => {
    fc.assert(
      fc.property(subsets(), fc.integer({ min: 0, max: 4 }), ([pool, anchors], maxDepth) => {
        expect(findPath(question(pool, anchors, maxDepth), pki.oracle) !== undefined).toBe(existsPath(pool, anchors, maxDepth))
      }),
      { numRuns: 500 },
    )
  })

  it('the path that is found is one: names chain, signatures verify, the anchor is an anchor', () => {
    fc.assert(
      fc.property(subsets(), ([pool, anchors]) => {
        const path = findPath(question(pool, anchors), pki.oracle)
        if (!path) return
        expect(path[0]).toBe(pki.leaf)
        expect(anchors).toContain(path[path.length - 1])
        for (let i = 0; i + 1 < path.length; i++) {
          const [below, above] = [path[i] as X509Certificate, path[i + 1] as X509Certificate]
          expect(below.issuer.normalized).toBe(above.subject.normalized)
          expect(pki.oracle(above, below).status).toBe('verified')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('candidates stand by reasons, key identifier, distance, age and fingerprint', () => {
    fc.assert(
      fc.property(subsets(), ([pool, anchors]) => {
        const graph = buildPathGraph(pki.leaf, pool, anchors, { at: Date.parse(AT) })
        for (const certificate of [pki.leaf, ...pool]) {
          const named = graph.nodes.filter((node) => node.certificate.subject.normalized === certificate.issuer.normalized)
          expect(graph.hasIssuers(certificate)).toBe(named.length > 0)
          expect(graph.issuersOf(certificate)).toEqual(
            [...named].sort(
              compareBy<PathNode>(
                (node) => node.reasons.length,
                (node) => (keyIdentifierMatches(certificate, node.certificate) === true ? 0 : 1),
                (node) => graph.distance(node) ?? Infinity,
                (node) => -node.certificate.notBefore,
                (node) => node.certificate.fingerprint,
              ),
            ),
          )
        }
      }),
      { numRuns: 100 },
    )
  })

  it('the order of pool and anchors changes nothing in the answer', () => {
    fc.assert(
      fc.property(subsets(), fc.func(fc.integer()), ([pool, anchors], weigh) => {
        const shuffle = (list: readonly X509Certificate[]) => [...list].sort((a, b) => weigh(a.fingerprint) - weigh(b.fingerprint))
        expect(judgePath(question(shuffle(pool), shuffle(anchors)), pki.oracle)).toEqual(judgePath(question(pool, anchors), pki.oracle))
      }),
      { numRuns: 100 },
    )
  })

  it('more certificates in the pool never break a path, and taking away all anchors does', () => {
    fc.assert(
      fc.property(subsets(), subsets(), ([pool, anchors], [more]) => {
        if (findPath(question(pool, anchors), pki.oracle)) expect(findPath(question([...pool, ...more], anchors), pki.oracle)).toBeDefined()
        expect(findPath(question([...pool, ...anchors], []), pki.oracle)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})
