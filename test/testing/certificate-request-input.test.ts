import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { toHex } from '../../src/base/bytes.ts'
import { requestOfSpec } from '../../src/testing/certificate-request-input.ts'
import { generateKeyPair } from '../../src/testing/key-pair.ts'
import type { CertificateSpec } from '../../src/testing/kubernetes-objects.ts'
import { encodeName, nameOfSubject } from '../../src/testing/name-writer.ts'
import { decodeCertificateSigningRequest } from '../../src/x509/decode-certificate-signing-request.ts'
import { readPem } from '../../src/x509/pem.ts'

interface Row {
  readonly id: string
  readonly certificate: { readonly spec: CertificateSpec & { readonly encodeUsagesInRequest?: boolean } }
  readonly expected: { readonly csr?: { readonly subjectHex: string; readonly extensions: readonly { oid: string; valueHex: string }[] } }
}

const FILE = new URL('../fixtures/policies/defaults-v1.21.1-sample.jsonl.gz', import.meta.url)

it("a spec's CSR has the subject and the extensions that cert-manager writes", async () => {
  const lines = gunzipSync(readFileSync(FILE)).toString().split('\n').filter(Boolean)
  const key = await generateKeyPair({ algorithm: 'ECDSA' })
  let authorities = 0
  for (const { id, certificate, expected } of lines.map((line) => JSON.parse(line) as Row)) {
    // The builders have no field for a request without usages.
    if (!expected.csr || certificate.spec.encodeUsagesInRequest === false) continue
    const [block] = readPem(await requestOfSpec(certificate.spec, key))
    const decoded = decodeCertificateSigningRequest(block?.der ?? new Uint8Array())
    if (!('request' in decoded)) throw new Error(id)
    const { subject, rawExtensions } = decoded.request
    if (certificate.spec.isCA) authorities++
    expect([id, toHex(subject.der)]).toEqual([id, expected.csr.subjectHex])
    const shown = rawExtensions.map(({ oid, value }) => `${oid} ${toHex(value)}`).sort()
    expect([id, shown]).toEqual([id, expected.csr.extensions.map(({ oid, valueHex }) => `${oid} ${valueHex}`).sort()])
  }
  expect(authorities).toBeGreaterThan(0)
})

it('the attributes of a subject stand in the order of pkix.Name.ToRDNSequence', () => {
  const fields = { localities: ['Bonn'], provinces: ['NRW'], streetAddresses: ['S 1'], postalCodes: ['53'] }
  const whole = { countries: ['DE'], organizations: ['Acme'], organizationalUnits: ['Ops'], commonName: 'x', serialNumber: '7', ...fields }
  const text = 'C=DE,ST=NRW,L=Bonn,STREET=S 1,POSTALCODE=53,O=Acme,OU=Ops,CN=x,SERIALNUMBER=7'
  expect(toHex(encodeName(nameOfSubject(whole)))).toBe(toHex(encodeName(text)))
})
