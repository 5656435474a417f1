import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { readCertificates } from '../../src/x509/pem.ts'
import { isParsedByGo, readCertificateNames } from '../../src/replay/certificate-names.ts'
import { ascii, bits, der, extension, integer, NULL, oid, sequence, set } from '../helpers/der-writer.ts'
import type { CertificateParts } from '../helpers/make-certificate.ts'
import { makeCertificate, testKey } from '../helpers/make-certificate.ts'

const CORPUS = new URL('../../../shared/corpus/clients/clients.jsonl.gz', import.meta.url)

interface Row {
  readonly id: string
  readonly chain: readonly string[]
  readonly verdicts: { readonly go: { readonly ok: boolean; readonly why?: string } }
}

const made = async (parts: CertificateParts): Promise<X509Certificate> => {
  const key = await testKey('P-256')
  const decoded = decodeCertificate(await makeCertificate(key, key, parts))
  if ('failure' in decoded) throw new Error(decoded.failure.code)
  return decoded.certificate
}

const nameOf = (tag: number, text: string, type = '2.5.4.3'): Uint8Array => sequence(set(sequence(oid(type), der(tag, ascii(text)))))
const DNS = der(0x82, ascii('a.example'))
const withExtension = (id: string, critical: boolean, value: Uint8Array): CertificateParts => ({
  extensions: [extension(id, critical, value)],
})
const san = (...names: readonly Uint8Array[]): CertificateParts => withExtension('2.5.29.17', false, sequence(...names))
const permits = (base: Uint8Array): CertificateParts => withExtension('2.5.29.30', true, sequence(der(0xa0, sequence(base))))
const notBefore = (tag: number, text: string): CertificateParts => ({
  validity: sequence(der(tag, ascii(text)), der(0x17, ascii('300101000000Z'))),
})
const keyOf = (algorithm: Uint8Array, content: Uint8Array): CertificateParts => ({ spki: sequence(algorithm, bits(content)) })
const EC = '1.2.840.10045.2.1'

/** As Go 1.26.8 answered for each of them. */
const TAKEN: Readonly<Record<string, CertificateParts>> = {
  plain: {},
  'a UTCTime with an offset': notBefore(0x17, '260101000000+0100'),
  'a directoryName of a type that no name has': san(der(0xa4, nameOf(0x1a, 'x')), DNS),
  'a directoryName with a character that PrintableString lacks': san(der(0xa4, nameOf(0x13, 'a_b')), DNS),
  'an otherName without a value': san(der(0xa0, sequence(oid('1.2.3'))), DNS),
  'a choice that no name has': san(der(0x89, ascii('x')), DNS),
  'something behind the names': withExtension('2.5.29.17', false, Uint8Array.of(...sequence(DNS), ...NULL)),
  'no name': san(),
  'a malformed address': san(der(0x81, ascii('@@'))),
  'a URI': san(der(0x86, ascii('spiffe://a/b'))),
  'an AKI whose issuer has a flaw': withExtension(
    '2.5.29.35',
    false,
    sequence(der(0x80, new Uint8Array(20)), der(0xa1, der(0xa4, nameOf(0x13, 'a_b'))), der(0x82, Uint8Array.of(1))),
  ),
  'a location of authorityInfoAccess that is no name': withExtension(
    '1.3.6.1.5.5.7.1.1',
    false,
    sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x89, ascii('x')))),
  ),
  'no purpose': withExtension('2.5.29.37', false, sequence()),
  'an unknown critical extension': withExtension('1.2.3.4', true, integer(1)),
  'a long serial number': { serial: integer(2n ** 165n) },
  'a key of an algorithm that Go does not know': keyOf(sequence(oid('1.3.101.110')), new Uint8Array(32)),
}

const REFUSED: Readonly<Record<string, CertificateParts>> = {
  'a GeneralizedTime without seconds': notBefore(0x18, '202601010000Z'),
  'a NumericString with letters': { subject: nameOf(0x12, 'abc') },
  'a PrintableString with an underscore': { subject: nameOf(0x13, 'a_b') },
  'a VisibleString': { subject: nameOf(0x1a, 'x') },
  'an attribute type of a large number': { subject: nameOf(0x0c, 'x', '1.2.4294967299') },
  'a dNSName constraint with an empty label': permits(der(0x82, ascii('a..b'))),
  'a dNSName constraint with a dot at its end': permits(der(0x82, ascii('example.com.'))),
  'a URI constraint that is no host': permits(der(0x86, ascii('http://x y'))),
  'no constraint': withExtension('2.5.29.30', true, sequence()),
  'a purpose of a large number': withExtension('2.5.29.37', false, sequence(oid('1.2.4294967299'))),
  'an extension of a large number': withExtension('1.2.4294967299', false, integer(1)),
  'a repeated policy': withExtension('2.5.29.32', false, sequence(sequence(oid('1.2.3')), sequence(oid('1.2.3')))),
  'malformed policies': withExtension('2.5.29.32', false, integer(1)),
  'a malformed inhibitAnyPolicy': withExtension('2.5.29.54', false, sequence()),
  'a relative name of a distribution point': withExtension(
    '2.5.29.31',
    false,
    sequence(sequence(der(0xa0, der(0xa1, sequence(oid('2.5.4.3'), der(12, ascii('x'))))))),
  ),
  'an address of five octets': san(der(0x87, Uint8Array.of(1, 2, 3, 4, 5))),
  'a host name that is no text': san(der(0x82, Uint8Array.of(0xff))),
  'a choice that no name has, and a host name that is no text': san(der(0x89, ascii('x')), der(0x82, Uint8Array.of(0xff))),
  'a URI with a blank in its host': san(der(0x86, ascii('http://a b/'))),
  'a negative serial number': { serial: integer(-1) },
  'a curve that Go does not know': keyOf(sequence(oid(EC), oid('1.3.132.0.10')), new Uint8Array(65).fill(4)),
  'a compressed point': keyOf(sequence(oid(EC), oid('1.2.840.10045.3.1.7')), new Uint8Array(33).fill(2)),
  'an RSA key without NULL': keyOf(sequence(oid('1.2.840.113549.1.1.1')), sequence(integer(2n ** 1023n + 1n), integer(3))),
  'an Ed25519 key with parameters': keyOf(sequence(oid('1.3.101.112'), NULL), new Uint8Array(32)),
}

describe('isParsedByGo', () => {
  it.each(Object.entries(TAKEN))('takes %s', async (_, parts) => {
    expect(isParsedByGo(await made(parts))).toBe(true)
  })

  it.each(Object.entries(REFUSED))('refuses %s', async (_, parts) => {
    expect(isParsedByGo(await made(parts))).toBe(false)
  })

  it.skipIf(!existsSync(CORPUS))('agrees with crypto/x509 on every chain of the corpus', () => {
    const rows = gunzipSync(readFileSync(CORPUS))
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row)
    const differences = rows.filter(({ chain, verdicts }) => {
      const entries = chain.flatMap((pem) => readCertificates(pem))
      const parsed = entries.every((entry) => 'certificate' in entry && isParsedByGo(entry.certificate))
      return parsed === (verdicts.go.why === 'parse')
    })
    expect(rows.length).toBeGreaterThan(1000)
    expect(differences.map(({ id }) => id)).toEqual([])
  })
})

describe('readCertificateNames', () => {
  it('has the names beside one that breaks its definition', async () => {
    const certificate = await made(san(der(0x89, ascii('x')), DNS, der(0x81, ascii('a@b')), der(0x87, Uint8Array.of(1, 2, 3, 4))))
    const names = readCertificateNames(certificate)
    expect(names).toMatchObject({ dnsNames: ['a.example'], emailAddresses: ['a@b'], hasSubjectAltName: true })
    expect(names?.ipKeys).toHaveLength(1)
  })
})
