import { describe, expect, test } from 'vitest'
import type { IssuedCertificate } from '../../../src/testing/certificate-builder.ts'
import type { Client } from '../../../src/x509/clients/client.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import { predictClients } from '../../../src/x509/clients/predict-clients.ts'
import { ec, makeCa, makeLeaf } from '../../helpers/client-pki.ts'

// The bounds on name constraints. What takes time by the square of what is sent outlasts the time that a test has.

const predict = (chain: readonly IssuedCertificate[], anchors: readonly IssuedCertificate[]) =>
  predictClients({ chain: chain.map(({ der }) => der), anchors: anchors.map(({ der }) => der), at: '2027-03-01T00:00:00Z' })
const verdicts = async (...question: Parameters<typeof predict>): Promise<Record<Client, boolean | 'unknown'>> => {
  const said = await predict(...question)
  return Object.fromEntries(clients.map((client) => [client, said[client].accepts])) as Record<Client, boolean | 'unknown'>
}
const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const openssls = (accepts: boolean | 'unknown') => ({ openssl: accepts, opensslPartial: accepts, opensslStrict: accepts })

describe('name constraints of a hostile size', () => {
  test.each([
    ['a host name', { dns: 'a'.repeat(60_000) }, { dns: 'b' }],
    ['a mailbox', { email: `${'a'.repeat(30_000)}@${'a'.repeat(30_000)}` }, { email: 'b' }],
    ['a URI', { uri: `https://${'a'.repeat(60_000)}` }, { uri: 'b.' }],
  ])('%s of 60,000 octets under 7,000 subtrees', async (_, name, subtree) => {
    const root = await makeCa(1)
    // Java looks at constraints of the anchor no more than at its dates.
    const ca = await makeCa(2, { issuer: root, nameConstraints: { permitted: repeat(7_000, subtree) } })
    const leaf = await makeLeaf(ca, { names: [name] })
    for (const accepts of Object.values(await verdicts([leaf, ca], [root]))) expect(accepts).toBe(false)
  })

  test('the same octets in many names and subtrees', async () => {
    const root = await makeCa(1, { nameConstraints: { permitted: repeat(450, { dns: 'b'.repeat(120) }) } })
    const leaf = await makeLeaf(root, { names: repeat(450, { dns: 'a'.repeat(120) }) })
    expect(await verdicts([leaf], [root])).toEqual({ go: false, ...openssls(false), java: true, rustls: false })
  })

  test('the comparisons are counted over all paths', async () => {
    const crowd: IssuedCertificate[] = []
    for (let i = 1; i < 100; i++)
      crowd.push(await makeCa(1, { subject: 'CN=crowd', serial: BigInt(i), nameConstraints: { excluded: repeat(490, { dns: 'svc' }) } }))
    const leaf = await makeLeaf(crowd[0] as IssuedCertificate, { names: [...repeat(499, { dns: 'a' }), { dns: 'svc' }] })
    const said = await predict([leaf], crowd)
    expect(said.go).toEqual({ accepts: 'unknown', reason: 'unknown: not predicted (too many names and constraints)' })
    expect(said.rustls.accepts).toBe(false)
    // webpki goes no further, whatever another anchor allows.
    const lenient = await makeCa(1, { subject: 'CN=crowd' })
    expect((await predict([leaf], [...crowd, lenient])).rustls.accepts).toBe(false)
    expect((await predict([leaf], [crowd[0] as IssuedCertificate, lenient])).rustls.accepts).toBe(true)
  })

  test('webpki makes 250,000 comparisons, of the others more is unknown', async () => {
    const leaf = async (root: IssuedCertificate) => makeLeaf(root, { names: repeat(498, { dns: 'svc' }) })
    const most = await makeCa(1, { nameConstraints: { excluded: repeat(500, { dns: 'a' }) } })
    expect(await verdicts([await leaf(most)], [most])).toEqual({ go: true, ...openssls(true), java: true, rustls: true })
    const over = await makeCa(1, { nameConstraints: { excluded: repeat(502, { dns: 'a' }) } })
    expect(await verdicts([await leaf(over)], [over])).toEqual({ go: 'unknown', ...openssls('unknown'), java: true, rustls: false })
  })

  test('the octets are counted over all pairs of a path', async () => {
    const [name, subtree] = [{ dns: 'a'.repeat(28_000) }, { dns: 'b'.repeat(28_000) }]
    const root = await makeCa(0)
    const path: IssuedCertificate[] = [root]
    for (let i = 1; i < 48; i++)
      path.unshift(
        await makeCa(i, {
          issuer: path[0] as IssuedCertificate,
          names: [name],
          nameConstraints: { excluded: [subtree] },
          key: await ec(i),
        }),
      )
    const leaf = await makeLeaf(path[0] as IssuedCertificate, { names: [name] })
    expect(await verdicts([leaf, ...path], [root])).toMatchObject({ go: 'unknown', ...openssls('unknown') })
  })

  test('two CAs one above the other with thousands of subtrees each', async () => {
    const root = await makeCa(1)
    const upper = await makeCa(2, { issuer: root, nameConstraints: { permitted: repeat(9_000, { dns: 'a' }) } })
    const lower = await makeCa(3, { issuer: upper, nameConstraints: { permitted: repeat(9_000, { dns: 'b' }) } })
    const leaf = await makeLeaf(lower)
    expect(await verdicts([leaf, lower, upper], [root])).toMatchObject({ go: false, ...openssls(false), java: 'unknown' })
  })
})
