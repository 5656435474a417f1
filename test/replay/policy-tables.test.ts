import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { runCase } from '../../scripts/conformance/policy-cases.ts'
import { buildCertificateChain } from '../../src/replay/chain-builder.ts'
import { isParsedByGo } from '../../src/replay/certificate-names.ts'
import { readCertificates } from '../../src/x509/pem.ts'
import { readPrivateKey } from '../../src/x509/private-key.ts'

/**
 * What cert-manager's own code said of PEM texts and bundles: a sample in test/fixtures, and all of it where the corpus lies beside the
 * repository.
 */
const SAMPLE = new URL('../fixtures/policies/x509/', import.meta.url)
const CORPUS = new URL('../../../shared/corpus/policies/', import.meta.url)
const VERSIONS = ['v1.12.17', 'v1.14.7', 'v1.18.6', 'v1.21.1']

const readLines = (url: URL): string[] => {
  const bytes = readFileSync(url)
  const text = (url.pathname.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
  return text.split('\n').filter((line) => line !== '')
}

const readRows = (url: URL): PemRow[] => readLines(url).map((line) => JSON.parse(line) as PemRow)

interface PemRow {
  readonly id: string
  readonly inputBase64: string
  readonly expected: {
    readonly privateKey: { readonly spkiHex?: string; readonly error?: string }
    readonly certificates: { readonly commonNames?: readonly string[]; readonly error?: string }
  }
}

/** All certificates of a value as cert-manager has them, or undefined where it refuses the value. */
const asCertManagerReads = (input: string | Uint8Array): readonly X509Certificate[] | undefined => {
  const out: X509Certificate[] = []
  for (const entry of readCertificates(input)) {
    if ('certificate' in entry && isParsedByGo(entry.certificate)) out.push(entry.certificate)
    else if (!('failure' in entry && entry.failure.code.startsWith('pem-'))) return undefined
  }
  return out.length > 0 ? out : undefined
}

const commonName = ({ subject }: X509Certificate): string => subject.rdns.flat().findLast(({ oid }) => oid === '2.5.4.3')?.value ?? ''

const pemDifferences = async (rows: readonly PemRow[]): Promise<readonly string[]> => {
  const out: string[] = []
  for (const { id, inputBase64, expected } of rows) {
    const bytes = new Uint8Array(Buffer.from(inputBase64, 'base64'))
    const key = await readPrivateKey(bytes)
    if ((key.status === 'read' ? toHex(key.publicKey.spki) : undefined) !== expected.privateKey.spkiHex) out.push(`${id} key`)
    const names = asCertManagerReads(bytes)?.map(commonName)
    if (JSON.stringify(names) !== JSON.stringify(expected.certificates.commonNames)) out.push(`${id} certificates`)
  }
  return out
}

describe('PEM as cert-manager reads it', () => {
  it('agrees on the sample', async () => {
    const rows = readRows(new URL('pem.jsonl.gz', SAMPLE))
    expect(rows.length).toBeGreaterThan(50)
    expect(await pemDifferences(rows)).toEqual([])
  })

  it.skipIf(!existsSync(CORPUS))('agrees on the whole corpus', async () => {
    const rows = VERSIONS.flatMap((version) => readRows(new URL(`pem-${version}.jsonl`, CORPUS)))
    expect(rows.length).toBeGreaterThan(200)
    expect(await pemDifferences(rows)).toEqual([])
  })
})

describe('ParseSingleCertificateChain', () => {
  it('agrees with cert-manager on the sample', async () => {
    const lines = readLines(new URL('chain.jsonl.gz', SAMPLE))
    expect(lines.length).toBeGreaterThan(80)
    const differences: string[] = []
    for (const line of lines) for (const difference of (await runCase('chain', line)).differences) differences.push(difference)
    expect(differences).toEqual([])
  })

  it('refuses an empty list and more than 1000 certificates', () => {
    const many = Array.from({ length: 1001 }, (_, i) => ({ fingerprint: String(i), der: new Uint8Array() }) as X509Certificate)
    for (const sortsChain of [true, false]) {
      expect(buildCertificateChain([], () => false, { sortsChain })).toHaveProperty('error')
      expect(buildCertificateChain(many, () => false, { sortsChain })).toEqual({
        error: 'certificate chain is too long, must be less than 1000 certificates',
      })
    }
  })
})
