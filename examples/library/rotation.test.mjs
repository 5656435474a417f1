// node --test examples/library/rotation.test.mjs: a test suite of your own, with a cluster of real keys and no cluster.
import { test } from 'node:test'
import { analyze } from 'kubepki'
import { cluster, expectDiagnostic, expectHealthy } from 'kubepki/testing'

const management = () =>
  cluster({ now: '2026-11-24T04:00:00Z', namespace: 'apic' })
    .selfSignedIssuer('selfsigning-issuer')
    .certificate('management-ca', { issuer: 'selfsigning-issuer', isCA: true, commonName: 'management-ca', duration: '87600h' })
    .caIssuer('management-ca')
    .certificate('management-server', { issuer: 'management-ca', dnsNames: ['management.apic.svc'] })

const reportOf = async (built) => analyze(await built.toSources(), { at: await built.now() })

test('a new installation is healthy', async () => {
  expectHealthy(await reportOf(management()))
})

test('a CA that is renewed with a new key takes the certificates below it along', async () => {
  const report = await reportOf(management().renew('management-ca', { at: '2026-12-01T00:00:00Z' }))
  expectDiagnostic(report, 'ca-rekeyed', { severity: 'error', names: ['Certificate/apic/management-server'], count: 1 })
})
