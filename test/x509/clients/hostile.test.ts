import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { equalBytes } from '../../../src/base/bytes.ts'
import { createKeyPool } from '../../../src/testing/key-pair.ts'
import type { IssuedCertificate } from '../../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../../src/testing/certificate-builder.ts'
import { readElement } from '../../../src/x509/clients/ber.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import type { ClientCertificate } from '../../../src/x509/clients/client-certificate.ts'
import { readClientCertificate } from '../../../src/x509/clients/client-certificate.ts'
import { askSignatures, predictClients, readClientSubjects } from '../../../src/x509/clients/predict-clients.ts'
import { predictWith } from '../../../src/x509/clients/predict-with.ts'
import { createSignatureVerifier } from '../../../src/x509/signature.ts'

const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' }
const AT = '2027-03-01T00:00:00Z'
const pool = createKeyPool()

describe('hostile input', () => {
  let root: IssuedCertificate
  let leaf: IssuedCertificate
  beforeAll(async () => {
    const spec = { algorithm: 'ECDSA' } as const
    root = await issueCertificate({
      key: await pool.key(spec, 1),
      subject: 'CN=root',
      ca: true,
      keyUsage: ['keyCertSign'],
      nameConstraints: { permitted: [{ dns: 'svc' }] },
      ...dates,
    })
    leaf = await issueCertificate({
      key: await pool.key(spec, 2),
      subject: 'CN=leaf',
      issuer: root,
      names: [{ dns: 'svc.ns.svc' }, { uri: 'spiffe://a/b' }],
      ...dates,
    })
  })

  test('the reader never throws and never reads beyond its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const element = readElement(bytes, 0, bytes.length)
        if (element) expect(element.end).toBeLessThanOrEqual(bytes.length)
        readClientCertificate(bytes)
      }),
    )
  })

  test('a certificate with any bytes changed is answered, and accepted only where nothing that was signed has changed', async () => {
    const { tbs } = readClientCertificate(leaf.der) as ClientCertificate
    const from = tbs.byteOffset - leaf.der.byteOffset
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(leaf.der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const der = leaf.der.slice()
        for (const [at, value] of changes) der[at] = value
        const said = await predictClients({ chain: [der, root.der], anchors: [root.der], peer: { dns: 'svc.ns.svc' }, at: AT })
        const isSigned = equalBytes(der.subarray(from, from + tbs.length), tbs)
        for (const client of clients) expect(said[client].accepts === true && !isSigned, client).toBe(false)
      }),
      { numRuns: 150 },
    )
  })

  test('what is no certificate, no instant or too much is no crash', async () => {
    const none = await predictClients({ chain: ['nothing'], anchors: [], at: AT })
    for (const client of clients) expect(none[client].accepts).toBe(false)
    const when = await predictClients({ chain: [leaf.pem], anchors: [root.pem], at: 'yesterday' })
    for (const client of clients) expect(when[client].accepts).toBe('unknown')
    const many = await predictClients({ chain: Array.from({ length: 500 }, () => leaf.pem), anchors: [root.pem], at: AT })
    for (const client of clients) expect(many[client].accepts).toBe('unknown')
  })

  test('what is too large to be looked at is unknown, wherever it stands', async () => {
    const names = Array.from({ length: 3_500 }, (_, index) => ({ dns: `host-${index}.example.com` }))
    const large = await issueCertificate({ key: leaf.key, subject: 'CN=large', issuer: root, names, ...dates })
    for (const [chain, anchors] of [
      [[large], [root]],
      [[leaf, large], [root]],
      [[leaf], [large, root]],
    ] as const) {
      const said = await predictClients({ chain: chain.map(({ pem }) => pem), anchors: anchors.map(({ pem }) => pem), at: AT })
      for (const client of clients) expect(said[client].accepts).toBe('unknown')
    }
  })

  test('many CAs of one name that lead nowhere end at each client’s bound', async () => {
    const spec = { algorithm: 'ECDSA' } as const
    const crowd: IssuedCertificate[] = []
    for (let i = 0; i < 24; i++) {
      const key = await pool.key(spec, 10 + i)
      crowd.push(
        await issueCertificate({
          key,
          subject: 'CN=crowd',
          signWith: await pool.key(spec, 10 + ((i + 1) % 24)),
          issuerName: 'CN=crowd',
          ca: true,
          ...dates,
        }),
      )
    }
    const last = await issueCertificate({
      key: await pool.key(spec, 2),
      subject: 'CN=leaf',
      issuer: crowd[0],
      names: [{ dns: 'a' }],
      ...dates,
    })
    const sent = [last, ...crowd].map(({ pem }) => pem)
    const verifier = createSignatureVerifier()
    let verified = 0
    const chain = readClientSubjects(sent)
    const anchors = readClientSubjects([root.pem])
    await askSignatures([...chain, ...anchors], {
      ...verifier,
      verifyBytes: (question) => {
        verified++
        return verifier.verifyBytes(question)
      },
    })
    // Each of 25 certificates by each of 24 keys would be 600.
    expect(verified).toBeLessThanOrEqual(400)
    const said = await predictClients({ chain: sent, anchors: [root.pem], at: AT })
    for (const client of clients) {
      expect(said[client].accepts).not.toBe(true)
      // Were every signature good, there were as many ways through the crowd as orders of it. Only Go and rustls go back to try another
      // one, and their search says that it stopped.
      let looked = 0
      const signed = (): 'good' => {
        looked++
        return 'good'
      }
      const verdict = predictWith({ chain, anchors, purpose: 'server', at: Date.parse(AT), signed }, client)
      expect(verdict.accepts).toBe(client === 'go' || client === 'rustls' ? 'unknown' : false)
      // The candidates that a client tries are used up on the first way up, before the last of the crowd is come to.
      expect(looked).toBeLessThan(crowd.length)
    }
  })

  test('the synchronous half gives the same answers', async () => {
    const chain = readClientSubjects([leaf.pem])
    const anchors = readClientSubjects([root.pem])
    const signed = await askSignatures([...chain, ...anchors])
    const peer = { dns: 'svc.ns.svc' }
    const said = await predictClients({ chain: [leaf.pem], anchors: [root.pem], peer, at: AT })
    for (const client of clients)
      expect(predictWith({ chain, anchors, peer, purpose: 'server', at: Date.parse(AT), signed }, client)).toEqual(said[client])
  })
})
