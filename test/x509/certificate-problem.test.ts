import { describe, expect, it } from 'vitest'
import type { CertificateProblemCode } from '../../src/x509/certificate-problem.ts'
import { certificateProblemKind, certificateProblems } from '../../src/x509/certificate-problem.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import {
  ascii,
  bits,
  boolean,
  concat,
  der,
  extension,
  hex,
  integer,
  name,
  NULL,
  octets,
  oid,
  sequence,
  set,
  time,
  utf8,
} from '../helpers/der-writer.ts'
import type { CertificateParts } from '../helpers/make-certificate.ts'
import { algorithmFor, makeCertificate, NOT_BEFORE, testKey } from '../helpers/make-certificate.ts'

const codesOf = (bytes: Uint8Array): readonly string[] => {
  const decoded = decodeCertificate(bytes)
  if ('failure' in decoded) throw new Error(`${decoded.failure.code} ${decoded.failure.detail ?? ''}`)
  return decoded.certificate.problems.map(({ code }) => code)
}

const SKI = extension('2.5.29.14', false, octets(new Uint8Array(20).fill(1)))
const AKI = extension('2.5.29.35', false, sequence(der(0x80, new Uint8Array(20).fill(1))))
const BC = extension('2.5.29.19', true, sequence(boolean(true)))
const KU = extension('2.5.29.15', true, bits(Uint8Array.of(0x06), 1))
const SAN = extension('2.5.29.17', false, sequence(der(0x82, ascii('a.example'))))
const CA: CertificateParts = { extensions: [BC, KU, SKI, AKI] }
const LEAF: CertificateParts = { extensions: [AKI, SAN] }

const utc = (text: string): Uint8Array => der(0x17, ascii(text))
const general = (text: string): Uint8Array => der(0x18, ascii(text))
const validity = (from: Uint8Array): CertificateParts => ({ ...LEAF, validity: sequence(from, time(Date.UTC(2099, 0, 1))) })
const leafWith = (...extensions: readonly Uint8Array[]): CertificateParts => ({ extensions: [AKI, SAN, ...extensions] })
const caWith = (...extensions: readonly Uint8Array[]): CertificateParts => ({ extensions: [...(CA.extensions ?? []), ...extensions] })
const nameOf = (tag: number, content: Uint8Array): Uint8Array => sequence(set(sequence(oid('2.5.4.3'), der(tag, content))))
const subtree = (...content: readonly Uint8Array[]): Uint8Array => extension('2.5.29.30', true, sequence(der(0xa0, sequence(...content))))

/** What to write to get a problem, and which others come with it. */
const cases: Partial<Record<CertificateProblemCode, readonly [CertificateParts, ...CertificateProblemCode[]]>> = {
  'der-length-not-minimal': [{ ...LEAF, subject: concat(Uint8Array.of(0x30, 0x81, 0x0e), name('abc').subarray(2)) }],
  'der-length-indefinite': [{ ...LEAF, subject: concat(Uint8Array.of(0x30, 0x80), name('abc').subarray(2), Uint8Array.of(0, 0)) }],
  'der-boolean': [{ extensions: [extension('2.5.29.19', true, sequence(Uint8Array.of(1, 1, 1))), KU, SKI, AKI] }],
  'der-bit-string-padding': [leafWith(extension('2.5.29.15', true, bits(Uint8Array.of(0x8f), 3)))],
  'der-trailing-data': [{ ...LEAF, behindTbs: NULL }],
  'version-default-encoded': [{ version: der(0xa0, integer(0)) }, 'aki-missing'],
  'serial-not-minimal': [{ ...LEAF, serial: Uint8Array.of(2, 2, 0, 5) }],
  'serial-zero': [{ ...LEAF, serial: integer(0) }],
  'serial-negative': [{ ...LEAF, serial: integer(-77) }],
  'serial-too-long': [{ ...LEAF, serial: integer(2n ** 165n) }],
  'signature-algorithm-differs': [{ ...LEAF, innerAlgorithm: algorithmFor('P-384', { hash: 'SHA-384' }) }],
  'signature-md5': [{ ...LEAF, ...same(sequence(oid('1.2.840.113549.1.1.4'), NULL)) }],
  'signature-sha1': [{ ...LEAF, ...same(algorithmFor('P-256', { hash: 'SHA-1' })) }],
  'name-empty-rdn': [{ ...LEAF, subject: sequence(set()) }],
  'name-set-order': [
    { ...LEAF, subject: sequence(set(sequence(oid('2.5.4.11'), der(0x0c, utf8('b'))), sequence(oid('2.5.4.3'), der(0x0c, utf8('a'))))) },
  ],
  'name-string-invalid': [{ ...LEAF, subject: nameOf(0x16, Uint8Array.of(0xc3, 0x28)) }],
  'name-string-encoding': [{ ...LEAF, subject: nameOf(0x0c, Uint8Array.of(0xc3, 0x28)) }],
  'name-string-type': [{ ...LEAF, subject: nameOf(0x02, Uint8Array.of(1)) }],
  'issuer-empty': [{ ...LEAF, issuer: sequence() }],
  'ca-subject-empty': [{ ...CA, subject: sequence() }, 'subject-empty-without-san'],
  'subject-empty-without-san': [{ extensions: [AKI], subject: sequence() }],
  'san-not-critical': [{ ...LEAF, subject: sequence() }],
  'time-no-seconds': [validity(utc('2601010000Z'))],
  'time-fraction': [validity(general('20510101000000.5Z'))],
  'time-offset': [validity(utc('260101000000+0100'))],
  'time-generalized-before-2050': [validity(general('20260101000000Z'))],
  'validity-reversed': [{ ...LEAF, validity: sequence(time(NOT_BEFORE), time(NOT_BEFORE - 1000)) }],
  'key-malformed': [
    { ...LEAF, spki: sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')), bits(new Uint8Array(64).fill(4))) },
  ],
  'key-parameters': [{ ...LEAF, spki: sequence(sequence(oid('1.3.101.112'), NULL), bits(new Uint8Array(32))) }],
  'key-curve-parameters': [{ ...LEAF, spki: sequence(sequence(oid('1.2.840.10045.2.1'), sequence()), bits(new Uint8Array(65).fill(4))) }],
  'key-weak': [
    { ...LEAF, spki: sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), bits(sequence(integer(2n ** 1023n + 1n), integer(3)))) },
  ],
  'unique-id': [{ ...LEAF, uniqueIds: [der(0x81, Uint8Array.of(0, 1))] }],
  'unique-id-in-v1': [{ version: false, uniqueIds: [der(0x82, Uint8Array.of(0, 1))] }, 'aki-missing'],
  'extensions-without-v3': [{ ...LEAF, version: der(0xa0, integer(1)) }],
  'extensions-empty': [{ extensions: [] }, 'aki-missing'],
  'extension-duplicate': [leafWith(SAN)],
  'extension-malformed': [leafWith(extension('2.5.29.37', false, integer(1)))],
  'extension-critical-default-encoded': [leafWith(sequence(oid('1.2.3.4'), boolean(false), octets(NULL)))],
  'critical-extension-unknown': [leafWith(extension('1.2.3.4', true, NULL))],
  'basic-constraints-not-critical': [{ extensions: [extension('2.5.29.19', false, sequence(boolean(true))), KU, SKI, AKI] }],
  'basic-constraints-default-encoded': [leafWith(extension('2.5.29.19', true, sequence(boolean(false))))],
  'path-length-without-ca': [leafWith(extension('2.5.29.19', true, sequence(integer(1))))],
  'key-usage-missing-in-ca': [{ extensions: [BC, SKI, AKI] }],
  'key-usage-empty': [leafWith(extension('2.5.29.15', true, Uint8Array.of(3, 2, 7, 0)))],
  'key-usage-not-minimal': [leafWith(extension('2.5.29.15', true, bits(Uint8Array.of(0x80), 0)))],
  'key-cert-sign-without-ca': [leafWith(KU)],
  'extended-key-usage-empty': [leafWith(extension('2.5.29.37', false, sequence())), 'extension-malformed'],
  'subject-alt-name-empty': [{ extensions: [AKI, extension('2.5.29.17', false, sequence())] }, 'extension-malformed'],
  'name-constraints-empty': [caWith(extension('2.5.29.30', true, sequence())), 'extension-malformed'],
  'name-constraints-distance': [caWith(subtree(der(0x82, ascii('a')), der(0x80, Uint8Array.of(1))))],
  'name-constraints-default-encoded': [caWith(subtree(der(0x82, ascii('a')), der(0x80, Uint8Array.of(0))))],
  'name-constraints-in-non-ca': [leafWith(subtree(der(0x82, ascii('a'))))],
  'name-constraints-not-critical': [caWith(extension('2.5.29.30', false, sequence(der(0xa1, sequence(der(0x82, ascii('a')))))))],
  'ski-missing-in-ca': [{ extensions: [BC, KU, AKI] }],
  'ski-empty': [leafWith(extension('2.5.29.14', false, octets(new Uint8Array(0))))],
  'ski-critical': [leafWith(extension('2.5.29.14', true, octets(new Uint8Array(20))))],
  'aki-missing': [{ extensions: [SAN] }],
  'aki-critical': [{ extensions: [SAN, extension('2.5.29.35', true, sequence(der(0x80, new Uint8Array(20))))] }],
  'aki-incomplete': [
    { extensions: [SAN, extension('2.5.29.35', false, sequence(der(0x80, new Uint8Array(20)), der(0x82, Uint8Array.of(1))))] },
  ],
  'aia-critical': [
    leafWith(extension('1.3.6.1.5.5.7.1.1', true, sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x86, ascii('http://x')))))),
  ],
}

function same(algorithm: Uint8Array): CertificateParts {
  return { innerAlgorithm: algorithm, outerAlgorithm: algorithm }
}

/** Made in another way below. */
const ELSEWHERE: readonly string[] = ['der-integer-not-minimal', 'signature-unused-bits', 'names-over-limit']

describe('problems of a certificate', () => {
  it('are none for a sound CA and a sound leaf', async () => {
    const key = await testKey('P-256')
    expect(codesOf(await makeCertificate(key, key, CA))).toEqual([])
    expect(codesOf(await makeCertificate(key, key, LEAF))).toEqual([])
    expect(codesOf(await makeCertificate(key, key, { extensions: [BC, KU, SKI], issuer: name('x'), subject: name('x') }))).toEqual([])
  })

  it.each(Object.entries(cases).filter(([code]) => !ELSEWHERE.includes(code)))('%s', async (code, [parts, ...others]) => {
    const key = await testKey('P-256')
    expect([...codesOf(await makeCertificate(key, key, parts))].sort()).toEqual([code, ...others].sort())
  })

  it('are all of the table, and each is made by a test', () => {
    expect(Object.keys(certificateProblems).filter((code) => !(code in cases) && !ELSEWHERE.includes(code))).toEqual([])
    expect(certificateProblemKind('der-boolean')?.rejects).toBe(true)
    expect(certificateProblemKind('name-string-encoding')?.rejects).toBe(true)
    expect(certificateProblemKind('toString')).toBeUndefined()
  })

  it('der-integer-not-minimal, signature-unused-bits, names-over-limit', async () => {
    const key = await testKey('P-256')
    const padded = caWith()
    const pathLength = extension('2.5.29.19', true, sequence(boolean(true), Uint8Array.of(2, 2, 0, 1)))
    expect(codesOf(await makeCertificate(key, key, { ...padded, extensions: [pathLength, KU, SKI, AKI] }))).toEqual([
      'der-integer-not-minimal',
    ])
    const decoded = decodeCertificate(await makeCertificate(key, key, LEAF))
    if (!('certificate' in decoded)) throw new Error(decoded.failure.code)
    const signature = decoded.certificate.signature.map((octet) => octet & 0xfe)
    expect(codesOf(sequence(decoded.certificate.tbs, algorithmFor('P-256'), bits(signature, 1)))).toEqual(['signature-unused-bits'])
    expect(certificateProblemKind('signature-unused-bits')?.rejects).toBe(true)
    const names = Array.from({ length: 10_001 }, () => hex('8200'))
    expect(codesOf(await makeCertificate(key, key, { extensions: [AKI, extension('2.5.29.17', false, sequence(...names))] }))).toContain(
      'names-over-limit',
    )
  })

  it('keeps few problems of one kind, and never drops a kind', async () => {
    const key = await testKey('P-256')
    const many = Array.from({ length: 200 }, (_, i) => extension(`1.2.3.${i}`, true, NULL))
    const codes = codesOf(await makeCertificate(key, key, { extensions: [...many, KU] }))
    expect(codes.filter((code) => code === 'critical-extension-unknown').length).toBeLessThan(10)
    expect(codes).toContain('key-cert-sign-without-ca')
  })
})
