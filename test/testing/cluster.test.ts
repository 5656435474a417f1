import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { CertificateSpec, Cluster, KubernetesObject } from '../../src/testing/index.ts'
import { cluster, createKeyPool, issueCertificate } from '../../src/testing/index.ts'
import type {
  CertificateObject,
  CertificateRequestObject,
  Condition,
  IssuerObject,
  SecretObject,
} from '../../src/testing/kubernetes-objects.ts'
import { pemBlocks, textOfBase64 } from '../../src/testing/pem-writer.ts'

const keys = createKeyPool()
const now = '2026-11-24T04:20:28Z'
const elliptic = { algorithm: 'ECDSA', size: 256 } as const
const ca = { isCA: true, duration: '87600h', privateKey: elliptic } as const

/** SelfSigned → root → middle → leaf, all in namespace `team`. */
const tree = (certManagerVersion = 'v1.21.1'): Cluster =>
  cluster({ now, namespace: 'team', keys, certManagerVersion })
    .selfSignedIssuer('boot')
    .certificate('root', { issuer: 'boot', commonName: 'root', ...ca })
    .caIssuer('root')
    .certificate('middle', { issuer: 'root', commonName: 'middle', ...ca })
    .caIssuer('middle')
    .certificate('leaf', { issuer: 'middle', dnsNames: ['leaf.team.svc'], privateKey: elliptic })

const object = async <T extends KubernetesObject>(from: Cluster, kind: T['kind'], name: string, namespace?: string): Promise<T> => {
  const found = (await from.toObjects()).find((candidate) => {
    const { metadata } = candidate
    return candidate.kind === kind && metadata.name === name && (namespace === undefined || metadata.namespace === namespace)
  })
  if (found === undefined) throw new Error(`no ${kind} ${name}`)
  return found as T
}
const chainOf = ({ data }: SecretObject, key = 'tls.crt'): X509Certificate[] =>
  pemBlocks(textOfBase64(data?.[key] ?? '')).map((block) => new X509Certificate(block))
const secretOf = (from: Cluster, name: string, namespace?: string): Promise<SecretObject> =>
  object<SecretObject>(from, 'Secret', name, namespace)
const conditionsOf = (conditions: readonly Condition[] = []): string[] =>
  conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)

describe('issuing', () => {
  it('fills Secrets as cert-manager does under a root and under an intermediate', async () => {
    const built = tree()
    const [root, middle, leaf] = await Promise.all(['root', 'middle', 'leaf'].map((name) => secretOf(built, name)))
    if (root === undefined || middle === undefined || leaf === undefined) throw new Error('a Secret is missing')
    expect(root.data?.['tls.crt']).toBe(root.data?.['ca.crt'])
    expect(chainOf(middle)).toHaveLength(1)
    expect(middle.data?.['ca.crt']).toBe(root.data?.['ca.crt'])
    const [own, above] = chainOf(leaf)
    const [anchor] = chainOf(leaf, 'ca.crt')
    if (own === undefined || above === undefined || anchor === undefined) throw new Error('the chain is short')
    expect(own.verify(above.publicKey) && above.verify(anchor.publicKey) && own.checkIssued(above) && above.checkIssued(anchor)).toBe(true)
    expect(own.checkPrivateKey(createPrivateKey(textOfBase64(leaf.data?.['tls.key'] ?? '')))).toBe(true)
    expect(own.subjectAltName).toBe('DNS:leaf.team.svc')
  })

  it('writes status, request and annotations', async () => {
    const built = tree()
    const { status, metadata } = await object<CertificateObject>(built, 'Certificate', 'leaf')
    expect(status).toMatchObject({ notBefore: now, notAfter: '2027-02-22T04:20:28Z', renewalTime: '2027-01-23T04:20:28Z', revision: 1 })
    expect(conditionsOf(status.conditions)).toEqual(['Ready=True Ready'])
    const request = await object<CertificateRequestObject>(built, 'CertificateRequest', 'leaf-1')
    expect(request.metadata.ownerReferences?.[0]?.uid).toBe(metadata.uid)
    const { data, metadata: secret } = await secretOf(built, 'leaf')
    expect(request.status).toMatchObject({ certificate: data?.['tls.crt'], ca: data?.['ca.crt'] })
    expect(secret.annotations).toMatchObject({ 'cert-manager.io/alt-names': 'leaf.team.svc', 'cert-manager.io/issuer-name': 'middle' })
  })

  it('is the same dump for the same steps and keys', async () => {
    const rsa = { algorithm: 'RSA', size: 2048 } as const
    const build = (): Promise<string> =>
      cluster({ now, keys }).selfSignedIssuer('s').certificate('a', { issuer: 's', commonName: 'a', privateKey: rsa }).toYaml()
    expect(await build()).toBe(await build())
  })

  it('prints YAML and JSON of the same objects', async () => {
    const built = tree()
    const items = JSON.parse(JSON.stringify(await built.toObjects())) as unknown
    expect(parse(await built.toYaml())).toMatchObject({ kind: 'List', items })
    expect(JSON.parse(await built.toJson())).toEqual(parse(await built.toYaml()))
  })

  it('issues a Certificate that waited, once its issuer is there', async () => {
    const built = cluster({ now, keys }).certificate('early', { issuer: 'late', commonName: 'early', privateKey: elliptic })
    const waiting = await object<CertificateObject>(built, 'Certificate', 'early')
    expect(conditionsOf(waiting.status.conditions)).toEqual(['Issuing=True DoesNotExist', 'Ready=False DoesNotExist'])
    const { status } = await object<CertificateRequestObject>(built, 'CertificateRequest', 'early-1')
    expect(status.conditions?.[1]?.message).toBe('Referenced "Issuer" not found: issuer.cert-manager.io "late" not found')
    built.selfSignedIssuer('late')
    expect(conditionsOf((await object<CertificateObject>(built, 'Certificate', 'early')).status.conditions)).toEqual(['Ready=True Ready'])
    expect((await built.toObjects()).filter(({ kind }) => kind === 'Secret')).toHaveLength(1)
  })

  it('takes a ClusterIssuer’s Secret from the cluster resource namespace', async () => {
    const built = tree().copySecret('root', 'cert-manager', { as: 'platform' }).clusterIssuer('platform', { secretName: 'platform' })
    built.certificate('global', { issuer: { kind: 'ClusterIssuer', name: 'platform' }, commonName: 'global', privateKey: elliptic })
    expect((await object<IssuerObject>(built, 'ClusterIssuer', 'platform')).metadata.namespace).toBeUndefined()
    const [own] = chainOf(await secretOf(built, 'global'))
    expect(own?.issuer).toBe('CN=root')
  })

  it('has ACME’s chain without ca.crt, and Vault’s with it', async () => {
    const built = cluster({ now, keys }).acmeIssuer('le').vaultIssuer('vault')
    built.certificate('a', { issuer: 'le', dnsNames: ['a.example'], privateKey: elliptic })
    built.certificate('v', { issuer: 'vault', dnsNames: ['v.example'], privateKey: elliptic })
    const [acme, vault] = [await secretOf(built, 'a'), await secretOf(built, 'v')]
    expect([chainOf(acme).length, acme.data?.['ca.crt']]).toEqual([2, undefined])
    expect([chainOf(vault).length, chainOf(vault, 'ca.crt')[0]?.subject]).toEqual([2, 'CN=vault root'])
  })
})

describe('rotation', () => {
  const verifies = async (built: Cluster, child: string, parent: string): Promise<boolean> => {
    const [certificate] = chainOf(await secretOf(built, child))
    const [issuer] = chainOf(await secretOf(built, parent))
    return issuer !== undefined && certificate?.verify(issuer.publicKey) === true
  }

  it('re-keys a CA by default since 1.18, keeps the key before', async () => {
    expect(await verifies(tree('v1.21.1').renew('root'), 'middle', 'root')).toBe(false)
    expect(await verifies(tree('v1.17.4').renew('root'), 'middle', 'root')).toBe(true)
    expect(await verifies(tree('v1.21.1').renew('root', { keepKey: true }), 'middle', 'root')).toBe(true)
  })

  it('changes the SKI of a kept key where an upgrade crosses 1.19', async () => {
    const built = tree('v1.18.6').upgrade('v1.21.1').renew('root', { keepKey: true })
    const [middle] = chainOf(await secretOf(built, 'middle'))
    const [root] = chainOf(await secretOf(built, 'root'))
    if (middle === undefined || root === undefined) throw new Error('a certificate is missing')
    expect([middle.verify(root.publicKey), middle.checkIssued(root)]).toEqual([true, false])
  })

  it('keeps as many requests as the version does', async () => {
    const requests = async (built: Cluster): Promise<string[]> =>
      (await built.toObjects()).filter(({ kind }) => kind === 'CertificateRequest').map(({ metadata }) => metadata.name)
    expect(await requests(tree().renew('leaf').renew('leaf'))).toEqual(['leaf-3', 'middle-1', 'root-1'])
    expect(await requests(tree('v1.17.0').renew('leaf'))).toEqual(['leaf-1', 'leaf-2', 'middle-1', 'root-1'])
  })

  it('remembers every certificate', async () => {
    const built = tree().renew('leaf', { at: '2027-01-23T04:20:28Z' })
    const history = await built.issued('leaf')
    expect(history.map(({ notBefore }) => notBefore.toISOString())).toEqual(['2026-11-24T04:20:28.000Z', '2027-01-23T04:20:28.000Z'])
    expect(new Set(history.map(({ fingerprint }) => fingerprint)).size).toBe(2)
  })
})

describe('faults', () => {
  it('denies, fails, leaves unapproved and gets stuck', async () => {
    const built = tree()
      .deny('leaf')
      .failRequest('middle', 'Error signing certificate: no')
      .leaveUnapproved('root')
      .stuckIssuing('leaf', { at: '2026-12-01T00:00:00Z' })
    const leaf = await object<CertificateObject>(built, 'Certificate', 'leaf')
    expect(conditionsOf(leaf.status.conditions)).toEqual(['Issuing=True ManuallyTriggered', 'Ready=True Ready'])
    expect(leaf.status.failedIssuanceAttempts).toBe(1)
    const conditions = async (name: string): Promise<string[]> =>
      conditionsOf((await object<CertificateRequestObject>(built, 'CertificateRequest', name)).status.conditions)
    expect(await conditions('leaf-2')).toEqual(['Denied=True policy.cert-manager.io', 'Ready=False Denied'])
    expect(await conditions('middle-2')).toEqual(['Approved=True cert-manager.io', 'Ready=False Failed'])
    expect(await conditions('root-2')).toEqual([])
  })

  it('refuses to sign with a key that is not the CA’s', async () => {
    const built = tree()
    const strange = textOfBase64((await secretOf(built, 'leaf')).data?.['tls.key'] ?? '')
    built.editSecret('middle', () => ({ 'tls.key': strange })).renew('leaf')
    const { status } = await object<CertificateRequestObject>(built, 'CertificateRequest', 'leaf-2')
    expect(status.conditions?.[1]?.reason).toBe('Failed')
    expect((await object<IssuerObject>(built, 'Issuer', 'middle')).status?.conditions?.[0]?.status).toBe('True')
  })

  it('sees that a CA issuer’s Secret is gone or no CA', async () => {
    const built = tree().caIssuer('bogus', { secretName: 'leaf' }).deleteSecret('root')
    const reason = async (name: string): Promise<string | undefined> =>
      (await object<IssuerObject>(built, 'Issuer', name)).status?.conditions?.[0]?.reason
    expect([await reason('bogus'), await reason('root'), await reason('middle')]).toEqual([
      'ErrInvalidKeyPair',
      'ErrGetKeyPair',
      'KeyPairVerified',
    ])
  })

  it('makes a second Certificate of one Secret wait', async () => {
    const built = tree().certificate('copycat', { issuer: 'middle', secretName: 'leaf', commonName: 'copycat', privateKey: elliptic })
    const { status } = await object<CertificateObject>(built, 'Certificate', 'copycat')
    expect(conditionsOf(status.conditions)).toEqual(['Ready=False IncorrectCertificate'])
  })

  it('hangs where policy Never keeps a key that no longer fits', async () => {
    const privateKey = { algorithm: 'RSA', size: 2048, rotationPolicy: 'Never' } as const
    const built = tree().editSpec('leaf', { privateKey }).renew('leaf')
    const { status, metadata } = await object<CertificateObject>(built, 'Certificate', 'leaf')
    expect([conditionsOf(status.conditions)[0], status.nextPrivateKeySecretName, metadata.generation]).toEqual([
      'Issuing=True ManuallyTriggered',
      undefined,
      2,
    ])
  })

  it('makes what cert-manager would not: constraints, dates, names, a broken signature', async () => {
    const built = tree()
      .renew('middle', { overrides: { pathLength: 0, notAfter: '2026-12-01T00:00:00Z' } })
      .renew('leaf', { overrides: { subject: '', issuerName: 'CN=elsewhere', breakSignature: true } })
    const [middle] = chainOf(await secretOf(built, 'middle'))
    expect(new Date(middle?.validTo ?? '').toISOString()).toBe('2026-12-01T00:00:00.000Z')
    const [leaf, above] = chainOf(await secretOf(built, 'leaf'))
    expect([leaf?.issuer, above?.subject]).toEqual(['CN=elsewhere', 'CN=middle'])
  })

  it('takes a CA from elsewhere, and edits and removes values', async () => {
    const key = await keys.key({ algorithm: 'Ed25519' }, 0)
    const own = await issueCertificate({
      key,
      subject: 'CN=own',
      notBefore: now,
      notAfter: '2030-01-01T00:00:00Z',
      ca: true,
      keyUsage: ['keyCertSign'],
    })
    const built = cluster({ now, keys })
      .secret('own', { chain: [own] })
      .caIssuer('own')
    built.certificate('a', { issuer: 'own', commonName: 'a', privateKey: elliptic }).editSecret('a', ({ 'tls.crt': chain = '' }) => ({
      'ca.crt': undefined,
      'tls.crt': chain + chain,
    }))
    const secret = await secretOf(built, 'a')
    expect([chainOf(secret).length, chainOf(secret)[0]?.issuer, secret.data?.['ca.crt']]).toEqual([2, 'CN=own', undefined])
    await expect(built.deleteSecret('nobody').toObjects()).rejects.toThrow('no Secret nobody')
  })
})

/** What differs from run to run, or was put there by kubectl apply. */
const comparable = (items: readonly KubernetesObject[]): Record<string, unknown> => {
  const volatile = /^(uid|resourceVersion|creationTimestamp|lastTransitionTime|notBefore|notAfter|renewalTime|request|ca|certificate|data)$/
  const entries = items.map((item): [string, unknown] => [
    `${item.kind}/${item.metadata.namespace ?? ''}/${item.metadata.name}`,
    JSON.parse(
      JSON.stringify(item, (field, value: unknown) => {
        if (field === 'kubectl.kubernetes.io/last-applied-configuration') return undefined
        if (
          field === 'annotations' &&
          JSON.stringify(value).startsWith('{"kubectl.kubernetes.io/last-applied') &&
          Object.keys(value as object).length === 1
        )
          return undefined
        if (field === 'cert-manager.io/private-key-secret-name') return String(value).replace(/-[a-z0-9]{5}$/, '')
        // Which of two conditions is written first is a race between controllers.
        if (field === 'conditions') return (value as Condition[]).sort((left, right) => (left.type < right.type ? -1 : 1))
        if (field === 'data') return Object.keys(value as object).sort()
        return volatile.test(field) && typeof value === 'string' ? 'volatile' : value
      }),
    ),
  ])
  return Object.fromEntries(entries)
}

const dumps = '../shared/dumps/clusters'

describe.skipIf(!existsSync(dumps))('a real cluster, built again from its issuers and specs', () => {
  it.each(['healthy-apic', 'healthy-tree', 'issuer-missing', 'ca-rekeyed'])('%s has the same objects', async (name) => {
    const { items } = parse(readFileSync(`${dumps}/${name}/dump.yaml`, 'utf8')) as { items: KubernetesObject[] }
    const again = cluster({ now, keys, namespace: 'apic' })
    for (const item of items) {
      const namespace = item.metadata.namespace
      if (item.kind === 'Issuer' || item.kind === 'ClusterIssuer') {
        again.issuer(item.metadata.name, item.spec, {
          kind: item.kind,
          ...(namespace === undefined ? {} : { namespace }),
        })
      }
    }
    const certificates = items.filter((item): item is CertificateObject => item.kind === 'Certificate')
    for (const { metadata, spec } of certificates) {
      const { issuerRef, privateKey, ...rest } = spec
      const fast: CertificateSpec['privateKey'] = privateKey
      const namespace = metadata.namespace ?? 'apic'
      again.certificate(metadata.name, { ...rest, issuer: issuerRef, namespace, ...(fast === undefined ? {} : { privateKey: fast }) })
    }
    // Secrets without cert-manager’s annotations were copied by hand from the namespace of their Certificate.
    for (const { kind, metadata } of items) {
      const filled = metadata.annotations?.['cert-manager.io/certificate-name'] !== undefined || metadata.generateName !== undefined
      if (kind !== 'Secret' || filled) continue
      const from = certificates.find(({ spec }) => spec.secretName === metadata.name)?.metadata.namespace ?? 'apic'
      again.copySecret(metadata.name, metadata.namespace ?? 'apic', { namespace: from }).patch(
        'Secret',
        metadata.name,
        (copy) => {
          delete copy.metadata.annotations
          delete copy.metadata.labels
        },
        metadata.namespace === undefined ? {} : { namespace: metadata.namespace },
      )
    }
    for (const { metadata, status } of certificates) {
      const namespace = metadata.namespace ?? 'apic'
      for (let revision = 1; revision < (status.revision ?? 1); revision++) again.renew(metadata.name, { namespace })
    }
    const stable = (objects: readonly KubernetesObject[]): Record<string, unknown> =>
      comparable(objects.filter(({ metadata }) => metadata.generateName === undefined))
    const [mine, real] = [stable(await again.toObjects()), stable(items)]
    const unnamed = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replace(/"nextPrivateKeySecretName":"([^"]*)-[a-z0-9]{5}"/g, '"nextPrivateKeySecretName":"$1"'))
    expect(unnamed(mine)).toEqual(unnamed(real))
  })
})
