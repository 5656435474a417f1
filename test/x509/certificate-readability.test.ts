import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isReadableByGo } from '../../src/x509/certificate-readability.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import { readCertificates } from '../../src/x509/pem.ts'
import { ascii, bits, der, extension, integer, oid, sequence } from '../helpers/der-writer.ts'
import type { CertificateParts } from '../helpers/make-certificate.ts'
import { makeCertificate, testKey } from '../helpers/make-certificate.ts'

const CORPUS = new URL('../../../shared/corpus/clients/clients.jsonl.gz', import.meta.url)

interface Row {
  readonly id: string
  readonly chain: readonly string[]
  readonly verdicts: { readonly go: { readonly ok: boolean; readonly why?: string } }
}

describe('isReadableByGo', () => {
  it.skipIf(!existsSync(CORPUS))('agrees with crypto/x509 on every chain of the corpus', () => {
    const rows = gunzipSync(readFileSync(CORPUS))
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row)
    const differences = rows.filter(({ chain, verdicts }) => {
      const entries = chain.flatMap((pem) => readCertificates(pem))
      const readable = entries.every((entry) => 'certificate' in entry && isReadableByGo(entry.certificate))
      return readable === (verdicts.go.why === 'parse')
    })
    expect(rows.length).toBeGreaterThan(1000)
    expect(differences.map(({ id }) => id)).toEqual([])
  })

  it('takes what Go passes over, and refuses what it does not', async () => {
    const key = await testKey('P-256')
    const readable = async (parts: CertificateParts): Promise<boolean> => {
      const decoded = decodeCertificate(await makeCertificate(key, key, parts))
      return 'certificate' in decoded && isReadableByGo(decoded.certificate)
    }
    expect(await readable({})).toBe(true)
    expect(await readable({ extensions: [extension('2.5.29.37', false, sequence())] })).toBe(true)
    expect(await readable({ extensions: [extension('2.5.29.17', false, sequence())] })).toBe(true)
    expect(await readable({ extensions: [extension('1.2.3.4', true, integer(1))] })).toBe(true)
    expect(await readable({ extensions: [extension('2.5.29.30', true, sequence())] })).toBe(false)
    expect(await readable({ extensions: [extension('2.5.29.17', false, sequence(der(0x82, Uint8Array.of(0xff))))] })).toBe(false)
    expect(await readable({ serial: integer(-1) })).toBe(false)
    expect(await readable({ subject: sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x13, ascii('a_b'))))) })).toBe(false)
    const secp256k1 = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.3.132.0.10')), bits(new Uint8Array(65).fill(4)))
    expect(await readable({ spki: secp256k1 })).toBe(false)
    expect(await readable({ spki: sequence(sequence(oid('1.3.101.110')), bits(new Uint8Array(32))) })).toBe(true)
  })
})
