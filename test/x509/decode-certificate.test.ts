import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { X509Certificate as NodeCertificate } from 'node:crypto'
import fc from 'fast-check'
import { Certificate } from 'pkijs'
import { describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '../../src/base/bytes.ts'
import { readAsn1Tree } from '../../src/x509/asn1.ts'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { readCertificates } from '../../src/x509/pem.ts'
import { concat, der, integer, name, sequence, time } from '../helpers/der-writer.ts'
import type { KeyKind } from '../helpers/make-certificate.ts'
import { makeCertificate, NOT_BEFORE, testKey } from '../helpers/make-certificate.ts'
import { arbitraryExtensions, arbitraryName, arbitrarySerial } from '../helpers/arbitrary-certificate.ts'

const read = (bytes: Uint8Array): X509Certificate => {
  const decoded = decodeCertificate(bytes)
  if (!('certificate' in decoded)) throw new Error(`${decoded.failure.code} ${decoded.failure.detail ?? ''}`)
  return decoded.certificate
}

const EKU = '2.5.29.37'

/** Node's serial has no octet for the sign, and no leading zeros of its own. */
const nodeSerial = (serial: string): string => serial.replace(/^-?0*(?=.)/, '').toUpperCase()

const ipOf = (bytes: Uint8Array): string =>
  bytes.length === 4
    ? bytes.join('.')
    : Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16))
        .join(':')
        .toUpperCase()

const NODE_NAMES: Readonly<Record<string, string>> = { dns: 'DNS', email: 'email', uri: 'URI', ip: 'IP Address' }

/** Everything that node's own X509Certificate (OpenSSL) says of the same bytes. */
const compareWithNode = (bytes: Uint8Array, ours: X509Certificate): void => {
  const node = new NodeCertificate(bytes)
  expect(ours.fingerprint).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase())
  expect(nodeSerial(ours.serial)).toBe(nodeSerial(node.serialNumber))
  expect(ours.notBefore).toBe(Date.parse(node.validFrom))
  expect(ours.notAfter).toBe(Date.parse(node.validTo))
  // OpenSSL's CA flag also wants keyCertSign where there is a keyUsage, and guesses where there is no basicConstraints.
  const { basicConstraints, keyUsage } = ours.extensions
  if (basicConstraints) expect(basicConstraints.ca && (keyUsage?.usages.includes('keyCertSign') ?? true)).toBe(node.ca)
  expect(Buffer.from(ours.publicKey.spki).equals(node.publicKey.export({ type: 'spki', format: 'der' }))).toBe(true)
  const details = node.publicKey.asymmetricKeyDetails
  if (details?.modulusLength !== undefined) {
    expect(ours.publicKey.bits).toBe(details.modulusLength)
    expect(BigInt(ours.publicKey.exponent ?? 0)).toBe(details.publicExponent)
  }
  if (ours.rawExtensions.some(({ oid }) => oid === EKU)) expect(ours.extensions.extendedKeyUsage?.purposes).toEqual(node.keyUsage)
  const names = ours.extensions.subjectAltName?.names ?? []
  if (names.length > 0 && names.every(({ type, value }) => type in NODE_NAMES && !/[^\x21-\x7e]|[,"'\\]/.test(value)))
    expect(names.map((item) => `${NODE_NAMES[item.type] ?? ''}:${item.type === 'ip' ? ipOf(item.bytes) : item.value}`).join(', ')).toBe(
      node.subjectAltName,
    )
}

/** The same fields through pkijs. */
const compareWithPkijs = (bytes: Uint8Array, ours: X509Certificate): void => {
  const theirs = Certificate.fromBER(bytes.slice().buffer)
  expect(ours.version).toBe(theirs.version + 1)
  expect(equalBytes(ours.tbs, theirs.tbsView)).toBe(true)
  expect(equalBytes(ours.signature, theirs.signatureValue.valueBlock.valueHexView)).toBe(true)
  expect(ours.signatureAlgorithm.oid).toBe(theirs.signatureAlgorithm.algorithmId)
  expect(ours.tbsSignatureAlgorithm.oid).toBe(theirs.signature.algorithmId)
  expect(ours.publicKey.oid).toBe(theirs.subjectPublicKeyInfo.algorithm.algorithmId)
  expect(ours.notBefore).toBe(theirs.notBefore.value.getTime())
  expect(ours.notAfter).toBe(theirs.notAfter.value.getTime())
  for (const [name_, other] of [
    [ours.subject, theirs.subject],
    [ours.issuer, theirs.issuer],
  ] as const) {
    expect(name_.rdns.flat().map(({ oid }) => oid)).toEqual(other.typesAndValues.map(({ type }) => type))
    expect(name_.rdns.flat().map(({ value }) => value)).toEqual(other.typesAndValues.map(({ value }) => value.valueBlock.value))
  }
  const extensions = theirs.extensions ?? []
  expect(ours.rawExtensions.map(({ oid, critical, value }) => [oid, critical, toHex(value)])).toEqual(
    extensions.map(({ extnID, critical, extnValue }) => [extnID, critical, toHex(extnValue.valueBlock.valueHexView)]),
  )
}

const KINDS: readonly KeyKind[] = ['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519']

describe('decodeCertificate', () => {
  it('agrees with node and pkijs on certificates of any content', async () => {
    const keys = await Promise.all(KINDS.map((kind) => testKey(kind, 'any')))
    const instant = fc.integer({ min: Date.UTC(1950, 0, 1) / 1000, max: Date.UTC(2120, 0, 1) / 1000 }).map((second) => second * 1000)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(keys.length - 1),
        fc.nat(keys.length - 1),
        arbitraryName,
        arbitraryName,
        arbitrarySerial,
        arbitraryExtensions,
        instant,
        instant,
        async (key, signer, issuer, subject, serial, extensions, from, to) => {
          const subjectKey = keys[key]
          const signerKey = keys[signer]
          if (!subjectKey || !signerKey) throw new Error('no key')
          const bytes = await makeCertificate(subjectKey, signerKey, {
            issuer,
            subject,
            serial,
            extensions: extensions.length > 0 ? extensions : undefined,
            validity: sequence(time(from), time(to)),
          })
          const ours = read(bytes)
          compareWithNode(bytes, ours)
          compareWithPkijs(bytes, ours)
          expect(ours.problems.filter(({ code }) => code.startsWith('der-') || code.includes('malformed'))).toEqual([])
          expect(readAsn1Tree(bytes)?.length).toBe(bytes.length)
        },
      ),
      { numRuns: 120 },
    )
  })

  it('never throws, whatever happens to the bytes, and keeps its facts inside of them', async () => {
    const key = await testKey('P-256', 'any')
    const pool = await Promise.all(
      fc
        .sample(fc.tuple(arbitraryName, arbitraryExtensions), { numRuns: 20, seed: 7 })
        .map(([subject, extensions]) => makeCertificate(key, key, { subject, extensions })),
    )
    const change = fc.record({ at: fc.nat(), kind: fc.constantFrom('flip', 'set', 'drop', 'insert', 'cut'), octet: fc.nat(255) })
    fc.assert(
      fc.property(fc.nat(pool.length - 1), fc.array(change, { minLength: 1, maxLength: 6 }), (index, changes) => {
        let bytes: Uint8Array = pool[index] ?? new Uint8Array(0)
        for (const { at, kind, octet } of changes) {
          const position = at % (bytes.length + 1)
          const [before, after] = [bytes.slice(0, position), bytes.slice(position)]
          if (kind === 'cut') bytes = before
          else if (kind === 'drop') bytes = concat(before, after.subarray(1))
          else if (kind === 'insert') bytes = concat(before, Uint8Array.of(octet), after)
          else if (after.length > 0)
            bytes = concat(before, Uint8Array.of(kind === 'set' ? octet : (after[0] ?? 0) ^ (1 << (octet & 7))), after.subarray(1))
        }
        const decoded = decodeCertificate(bytes)
        if ('failure' in decoded) expect(decoded.failure.code).toMatch(/^[a-z-]+$/)
        else {
          const { subject, issuer, publicKey } = decoded.certificate
          expect(typeof (subject.text + subject.normalized + issuer.text + publicKey.identity + publicKey.sha1KeyIdentifier)).toBe('string')
          for (const { code } of decoded.certificate.problems) expect(code).toMatch(/^[a-z0-9-]+$/)
        }
      }),
      { numRuns: 4_000 },
    )
  })

  it('stops at its bounds in hostile bytes', () => {
    const failure = (bytes: Uint8Array): unknown => {
      const decoded = decodeCertificate(bytes)
      return 'failure' in decoded ? decoded.failure : 'read'
    }
    // The seventeenth level is not looked into: each one more would be one more walk through all that is left.
    const nested = concat(...Array.from({ length: 16_000 }, () => Uint8Array.of(0x30, 0x80)))
    expect(failure(nested)).toEqual({ code: 'length-unsupported', offset: 33 })
    // An arc of 60,000 octets is a number whose digits take time by the square. It is well-formed: only a bound refuses it.
    const arc = new Uint8Array(60_000).fill(0x81)
    arc[arc.length - 1] = 1
    const algorithm = (content: Uint8Array): Uint8Array => sequence(sequence(integer(1), sequence(der(0x06, content))))
    expect(failure(algorithm(arc))).toMatchObject({ code: 'oid-invalid' })
    expect(failure(algorithm(arc.subarray(-19)))).toMatchObject({ code: 'truncated' })
    const many = (count: number): Uint8Array => sequence(sequence(...Array.from({ length: count }, () => name('x'))))
    expect(failure(many(4_000))).toMatchObject({ code: 'unexpected-tag' })
    expect(failure(many(5_000))).toMatchObject({ code: 'too-large' })
    expect(failure(new Uint8Array(60_000).fill(0x30))).toEqual({ code: 'trailing-data', offset: 50 })
  })

  it('fails with a code where the facts cannot be read', async () => {
    const key = await testKey('P-256', 'any')
    const code = (bytes: Uint8Array): unknown => {
      const decoded = decodeCertificate(bytes)
      return 'failure' in decoded ? decoded.failure.code : 'read'
    }
    const good = await makeCertificate(key, key)
    expect(code(good)).toBe('read')
    expect(code(new Uint8Array(0))).toBe('empty')
    expect(code(concat(good, Uint8Array.of(0)))).toBe('trailing-data')
    expect(code(good.subarray(0, 100))).toBe('truncated')
    expect(code(Uint8Array.of(0x31, 0))).toBe('unexpected-tag')
    expect(code(new Uint8Array(70_000))).toBe('too-large')
    const withTimes = async (before: string): Promise<unknown> => {
      const utc = concat(Uint8Array.of(0x17, before.length), new TextEncoder().encode(before))
      return code(await makeCertificate(key, key, { validity: sequence(utc, time(NOT_BEFORE)) }))
    }
    expect(await withTimes('260101000000Z')).toBe('read')
    for (const wrong of [
      '260230000000Z',
      '261301000000Z',
      '260101240000Z',
      '260101006000Z',
      '260101000060Z',
      '26010100000Z',
      '260101000000',
      'x60101000000Z',
      '2601010000000Z',
    ])
      expect(await withTimes(wrong)).toBe('time-invalid')
  })
})

const DUMPS = new URL('../../../shared/dumps/clusters/', import.meta.url)

describe.skipIf(!existsSync(DUMPS))('certificates of real dumps', () => {
  it('agrees with node and pkijs on every one', () => {
    const seen = new Set<string>()
    for (const cluster of readdirSync(DUMPS)) {
      const file = new URL(`${cluster}/dump.yaml`, DUMPS)
      if (!existsSync(file)) continue
      for (const [, value = ''] of readFileSync(file, 'utf8').matchAll(/^ +(?:tls|ca)\.crt: ([A-Za-z0-9+/=]+)$/gm))
        for (const entry of readCertificates(new Uint8Array(Buffer.from(value, 'base64')))) {
          if (!('certificate' in entry) || seen.has(entry.certificate.fingerprint)) continue
          seen.add(entry.certificate.fingerprint)
          compareWithNode(entry.certificate.der, entry.certificate)
          compareWithPkijs(entry.certificate.der, entry.certificate)
        }
    }
    expect(seen.size).toBeGreaterThan(100)
  })
})
