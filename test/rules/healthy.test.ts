import { describe, expect, it } from 'vitest'
import type { Cluster } from '../../src/testing/index.ts'
import { expectHealthy, issueCertificate } from '../../src/testing/index.ts'
import type { PrivateKeySpec } from '../../src/testing/kubernetes-objects.ts'
import { NOW, ca, key, leaf, reportOf, rootAndLeaves, start, threeLevels, withRoot } from './rule-cases.ts'

const algorithms: readonly PrivateKeySpec[] = [
  { algorithm: 'RSA', size: 2048 },
  { algorithm: 'RSA', size: 3072, encoding: 'PKCS8' },
  { algorithm: 'ECDSA', size: 256 },
  { algorithm: 'ECDSA', size: 384, encoding: 'PKCS8' },
  { algorithm: 'ECDSA', size: 521 },
  { algorithm: 'Ed25519', encoding: 'PKCS8' },
  { algorithm: 'Ed25519' },
]

const group = 'certmanager.step.sm'

const outside = async () => {
  const built = start()
  const root = await issueCertificate({
    key: (await keyPairs(built))[0],
    subject: 'CN=step root',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2036-01-01T00:00:00Z',
    ca: true,
  })
  return built
    .externalIssuer('step', { group, kind: 'StepIssuer', chain: [root] })
    .certificate('web', leaf({ name: 'step', kind: 'StepIssuer', group }))
}

/** A key from the pool of a cluster. */
const keyPairs = async (built: Cluster) => {
  const first = await withRoot(built.selfSignedIssuer('boot'), 'unused').issued('unused')
  const pair = first[0]?.key
  if (pair === undefined) throw new Error('nothing was issued')
  return [pair] as const
}

/** A ClusterIssuer `platform` whose CA lies in this namespace. */
const otherNamespace = (clusterResourceNamespace: string): Cluster =>
  start({ clusterResourceNamespace })
    .clusterIssuer('boot')
    .certificate('platform', {
      issuer: { kind: 'ClusterIssuer', name: 'boot' },
      namespace: clusterResourceNamespace,
      commonName: 'platform',
      ...ca,
    })
    .clusterIssuer('platform', { secretName: 'platform' })
    .certificate('web', leaf({ kind: 'ClusterIssuer', name: 'platform' }))

describe('a healthy cluster gives no error and no warning', () => {
  it.each(algorithms.map((item) => [`${item.algorithm ?? ''} ${item.size ?? ''} ${item.encoding ?? 'PKCS1'}`, item] as const))(
    'CA and certificate of %s',
    async (_name, algorithm) => {
      const privateKey = { ...algorithm, rotationPolicy: 'Never' } as const
      const of = (): Cluster =>
        withRoot(start().selfSignedIssuer('boot'), 'root', { privateKey }).certificate('web', leaf('root', { privateKey }))
      expectHealthy(await reportOf({ what: '', of }), 'warning')
    },
  )

  it.each<readonly [string, () => Cluster]>([
    ['one CA and three certificates', () => rootAndLeaves()],
    ['a tree of CAs', () => threeLevels().certificate('api', leaf('root')).certificate('db', leaf('middle'))],
    ['everything renewed once', () => threeLevels().renew('root', { at: '2026-12-01T00:00:00Z' }).renew('middle').renew('web')],
    [
      'a CA that an older cert-manager issued',
      () => rootAndLeaves({ certManagerVersion: 'v1.12.0' }).upgrade('v1.21.1').renew('web', { at: '2026-12-01T00:00:00Z' }),
    ],
    [
      'two namespaces with a copied CA',
      () =>
        withRoot(start().selfSignedIssuer('boot'), 'ingress-ca')
          .certificate('web', leaf('ingress-ca'))
          .copySecret('ingress-ca', 'gateway')
          .caIssuer('ingress-ca', { namespace: 'gateway' })
          .certificate('gw', leaf('ingress-ca', { namespace: 'gateway' })),
    ],
    [
      'a CA of a ClusterIssuer, used by two namespaces',
      () =>
        start()
          .clusterIssuer('boot')
          .certificate('platform', {
            issuer: { kind: 'ClusterIssuer', name: 'boot' },
            namespace: 'cert-manager',
            commonName: 'platform',
            ...ca,
          })
          .clusterIssuer('platform', { secretName: 'platform' })
          .certificate('web', leaf({ kind: 'ClusterIssuer', name: 'platform' }))
          .certificate('web', leaf({ kind: 'ClusterIssuer', name: 'platform' }, { namespace: 'shop' })),
    ],
    [
      'a ClusterIssuer whose CA is in kube-system, and another CA in a Secret of that name in cert-manager',
      () =>
        otherNamespace('kube-system')
          .selfSignedIssuer('boot', { namespace: 'cert-manager' })
          .certificate('platform', { issuer: 'boot', namespace: 'cert-manager', commonName: 'webhooks', ...ca })
          .caIssuer('platform', { namespace: 'cert-manager' }),
    ],
    [
      'a ClusterIssuer whose CA is in one of two namespaces, and Secrets in cert-manager without it',
      () =>
        otherNamespace('pki')
          .copySecret('platform', 'shop', { namespace: 'pki' })
          .selfSignedIssuer('boot', { namespace: 'cert-manager' })
          .certificate('hook', { issuer: 'boot', namespace: 'cert-manager', commonName: 'hook', privateKey: key })
          .certificate('hook2', { issuer: 'boot', namespace: 'cert-manager', commonName: 'hook2', privateKey: key }),
    ],
    ['ACME', () => start().acmeIssuer('le').certificate('web', leaf('le'))],
    [
      'ACME of a ClusterIssuer',
      () =>
        start()
          .acmeIssuer('le', { kind: 'ClusterIssuer' })
          .certificate('web', leaf({ kind: 'ClusterIssuer', name: 'le' })),
    ],
    ['Vault', () => start().vaultIssuer('vault').certificate('web', leaf('vault'))],
    ['Venafi', () => start().venafiIssuer('tpp').certificate('web', leaf('tpp'))],
    [
      'a certificate that signs itself',
      () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('web', leaf('boot', { commonName: 'web' })),
    ],
    ['Secrets that are none of ours', () => rootAndLeaves().secret('app', { data: { password: 'hunter2', 'tls.crt': 'mine' } })],
    ['nothing but issuers', () => start().selfSignedIssuer('boot').acmeIssuer('le')],
    [
      'names of every kind, key usages, constraints that are kept',
      () =>
        withRoot(start().selfSignedIssuer('boot'), 'root', {
          nameConstraints: { permitted: { dnsDomains: ['svc'], ipRanges: ['10.0.0.0/8'] }, critical: true },
        }).certificate('web', {
          issuer: 'root',
          dnsNames: ['web.apic.svc', '*.web.apic.svc'],
          ipAddresses: ['10.1.2.3'],
          usages: ['server auth', 'client auth'],
          privateKey: key,
        }),
    ],
  ])('%s', async (_name, of) => {
    expectHealthy(await reportOf({ what: '', of }), 'warning')
  })

  it('an issuer of another project', async () => {
    const built = await outside()
    expectHealthy(await reportOf({ what: '', of: () => built }), 'warning')
  })

  it('says what it saw', async () => {
    const report = await reportOf({ what: '', of: () => rootAndLeaves(), at: NOW })
    expect(report.counts).toMatchObject({ issuers: 2, certificates: 4, secrets: 4 })
    expect(report.notEvaluable).toEqual([])
  })
})
