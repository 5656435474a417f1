// node scripts/run.mjs scripts/make-examples.ts: writes the dumps under examples/api-connect. Only keys and signatures differ from run to run.
import { writeFileSync } from 'node:fs'
import type { CertificateInput } from '../src/testing/index.ts'
import { cluster } from '../src/testing/index.ts'

const installed = '2026-11-24T04:20:28Z'
const renewed = '2026-11-24T04:38:12Z'

/** API Connect's Management Server: a self-signed CA for ten years, and what it signs for two. */
const management = cluster({ now: installed, namespace: 'apic', certManagerVersion: 'v1.21.1' })
  .selfSignedIssuer('selfsigning-issuer')
  .certificate('abc-management-ca', {
    issuer: 'selfsigning-issuer',
    commonName: 'abc-management-ca',
    isCA: true,
    duration: '87600h0m0s',
    renewBefore: '720h0m0s',
    privateKey: { algorithm: 'RSA', size: 2048, rotationPolicy: 'Never' },
    usages: ['digital signature', 'key encipherment', 'cert sign'],
  })
  .caIssuer('abc-management-ca')
  .certificate('abc-management-client', endEntity('abc-management-client', 'client auth'))
  .certificate('abc-management-natscluster-mgmt', endEntity('abc-management-natscluster-mgmt', 'server auth'))
  .certificate('abc-management-server', endEntity('abc-management-server', 'server auth'))

writeFileSync('examples/api-connect/healthy.yaml', await management.toYaml())

// As API Connect's documents renew a CA: delete its Secret, cert-manager makes it again with a new key. Then one forgets the certificates below.
management.deleteSecret('abc-management-ca', { at: renewed }).renew('abc-management-ca')
writeFileSync('examples/api-connect/ca-renewed.yaml', await management.toYaml())

function endEntity(name: string, purpose: string): CertificateInput {
  return {
    issuer: 'abc-management-ca',
    commonName: name,
    dnsNames: [name, `${name}.apic`, `${name}.apic.svc`],
    duration: '17520h0m0s',
    renewBefore: '720h0m0s',
    privateKey: { algorithm: 'RSA', size: 2048, rotationPolicy: 'Always' },
    usages: ['signing', 'key encipherment', purpose],
  }
}
