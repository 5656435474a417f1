import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providedSecret, recogniseShape } from '../../src/dump/collected-shapes.ts'
import type { Json, JsonObject } from '../../src/dump/raw-object.ts'

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

describe('the Secret template of the postmortem', () => {
  const template: JsonObject = {
    type: 'kubernetes.io/tls',
    metadata: { name: 'abc-management-ca', namespace: 'apic' },
    data: { 'ca.crt': 'QUJD', 'tls.crt': 'QUJD' },
  }

  it('is a Secret wherever it lies', () => {
    expect(recogniseShape(template, 'x.yaml')).toEqual({
      value: { apiVersion: 'v1', kind: 'Secret', ...template },
      hints: { kind: 'Secret', namespace: 'apic', name: 'abc-management-ca', absentKeysUnknown: true, absentMetadataUnknown: true },
    })
  })

  it.each<[Json, string]>([
    [1000, '1e3'],
    [null, 'null'],
    [true, 'true'],
  ])('takes the name from the path where YAML read %j', (name, told) => {
    const shape = recogniseShape(
      { ...template, metadata: { name, namespace: 0 } },
      `a.zip/kubernetes/namespaces/0/secrets/yaml/${told}.yaml`,
    )
    expect(shape?.hints).toMatchObject({ name: told, namespace: '0' })
    expect(shape?.value['metadata']).toEqual({ name: told, namespace: '0' })
  })

  it.each<[string, JsonObject]>([
    ['another key', { ...template, spec: {} }],
    ['labels', { ...template, metadata: { name: 'a', namespace: 'b', labels: {} } }],
    ['another value', { ...template, data: { 'tls.key': 'x' } }],
    ['no name', { ...template, metadata: { namespace: 'b' } }],
    ['a kind', { ...template, kind: 'Secret' }],
    ['no type', { metadata: { name: 'a' }, data: {} }],
  ])('is not what has %s', (_what, value) => {
    expect(recogniseShape(value, 'x.yaml')).toBeUndefined()
  })
})

describe('Secrets of Troubleshoot', () => {
  const body = (more: JsonObject): JsonObject => ({ namespace: 'apic', name: 'a', key: '', secretExists: true, keyExists: false, ...more })

  it('has the value of one key', () => {
    const shape = recogniseShape(body({ key: 'tls.crt', keyExists: true, value: PEM }), 'b/secrets/apic/a/tls.crt.json')
    expect(shape?.value).toEqual({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'apic' }, data: { 'tls.crt': PEM } })
    expect(shape?.hints).toEqual({
      kind: 'Secret',
      namespace: 'apic',
      name: 'a',
      plainData: true,
      absentMetadataUnknown: true,
      absentKeysUnknown: true,
    })
  })

  it('has a key without its value', () => {
    const shape = recogniseShape(body({ key: 'tls.key', keyExists: true }), 'b/secrets/apic/a/tls.key.json')
    expect(shape?.hints).toMatchObject({ keysWithoutValue: { 'tls.key': null }, absentKeysUnknown: true })
    expect(shape?.hints.existenceOnly).toBeUndefined()
    expect(shape?.value).not.toHaveProperty('data')
  })

  it('has all keys, and then an absent key is absent', () => {
    const shape = recogniseShape(body({ key: 'tls.crt', data: { 'tls.crt': PEM, 'keystore.p12': '\ufffd0' } }), 'b/secrets/apic/a.json')
    expect(shape?.value['data']).toEqual({ 'tls.crt': PEM })
    expect(shape?.hints).toMatchObject({ plainData: true, keysWithoutValue: { 'keystore.p12': null } })
    expect(shape?.hints.absentKeysUnknown).toBeUndefined()
  })

  it('has nothing but its existence', () => {
    expect(recogniseShape(body({}), 'b/secrets/apic/a.json')?.hints).toMatchObject({ existenceOnly: true })
  })

  it('proves absence', () => {
    const shape = recogniseShape(body({ secretExists: false }), 'b/secrets/apic/a/tls.crt.json')
    expect(shape).toMatchObject({ provenAbsent: true, hints: { namespace: 'apic', name: 'a', existenceOnly: true } })
  })

  it('keeps the empty namespace of a selector over all namespaces', () => {
    expect(recogniseShape(body({ namespace: '' }), 'b/secrets/a.json')?.hints.namespace).toBe('')
  })
})

describe('other shapes', () => {
  it('reads the text "null" of support-bundle-kit as empty, but not in names', () => {
    const shape = recogniseShape(
      {
        kind: 'Certificate',
        metadata: { name: 'null', annotations: { 'cert-manager.io/ip-sans': 'null' } },
        spec: { commonName: 'null', dnsNames: ['null', 'a'], issuerRef: { group: 'null', name: 'x' } },
      },
      'supportbundle/yamls/namespaced/default/cert-manager.io/v1/certificates.yaml',
    )
    expect(shape?.value['spec']).toEqual({ commonName: '', dnsNames: ['', 'a'], issuerRef: { group: '', name: 'x' } })
    expect(shape?.hints.name).toBe('null')
  })

  it.each(['prod-yamls/cluster/dump.yaml', 'a/yamls/clusters/x.yaml', 'a/x.yamls/namespaced/y.yaml'])('is no kit in %s', (path) => {
    expect(recogniseShape({ kind: 'Certificate', metadata: { name: 'a' }, spec: { secretName: 'null' } }, path)).toBeUndefined()
    expect(recogniseShape({ kind: 'Certificate' }, 'yamls/cluster/x.yaml')).toBeDefined()
  })

  it('says of the kit’s Secrets that absent keys say nothing', () => {
    const shape = recogniseShape({ kind: 'Secret', metadata: { name: 'a' }, data: {} }, 'b/yamls/namespaced/default/v1/secrets.yaml')
    expect(shape?.hints.absentKeysUnknown).toBe(true)
  })

  it('turns values under SOPS into keys without value', () => {
    const shape = recogniseShape(
      {
        kind: 'Secret',
        metadata: { name: 'a' },
        data: { 'tls.key': 'ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]', 'ca.crt': 'QUJD' },
        sops: { mac: 'm' },
      },
      'a.yaml',
    )
    expect(shape?.value).toEqual({ kind: 'Secret', metadata: { name: 'a' }, data: { 'ca.crt': 'QUJD' } })
    expect(shape?.hints.keysWithoutValue).toEqual({ 'tls.key': null })
  })

  it.each<[JsonObject, string | undefined]>([
    [
      {
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
        metadata: { name: 'a', namespace: 'n' },
        spec: { target: { name: 'b' } },
      },
      'n/b',
    ],
    [{ apiVersion: 'external-secrets.io/v1beta1', kind: 'ExternalSecret', metadata: { name: 'a', namespace: 'n' }, spec: {} }, 'n/a'],
    [{ apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', metadata: { name: 'a' }, spec: { encryptedData: {} } }, 'default/a'],
    [{ apiVersion: 'example.com/v1', kind: 'SealedSecret', metadata: { name: 'a' } }, undefined],
    [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } }, undefined],
  ])('knows the Secret that another object stands for: %#', (value, expected) => {
    expect(providedSecret(value)).toBe(expected)
  })

  it('never throws, and never pollutes a prototype', () => {
    const shapes = fc.record(
      {
        kind: fc.constantFrom('Secret', 'ExternalSecret', null),
        metadata: fc.jsonValue(),
        data: fc.jsonValue(),
        type: fc.jsonValue(),
        secretExists: fc.boolean(),
        keyExists: fc.boolean(),
        key: fc.jsonValue(),
        value: fc.jsonValue(),
        name: fc.oneof(fc.string(), fc.jsonValue()),
        namespace: fc.jsonValue(),
        spec: fc.jsonValue(),
        sops: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom('a', 'b/secrets/n/x/k.json', 'b/yamls/cluster/x.yaml', 'namespaces/n/secrets/yaml/1e3.yaml'),
        (value, name) => {
          recogniseShape(value as JsonObject, name)
          providedSecret(value as JsonObject)
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
        },
      ),
    )
    const hostile = JSON.parse('{"secretExists":true,"name":"a","data":{"__proto__":{"polluted":1},"constructor":"x"}}') as JsonObject
    expect(Object.keys((recogniseShape(hostile, 'a')?.value['data'] ?? {}) as object)).toEqual(['constructor'])
  })
})
