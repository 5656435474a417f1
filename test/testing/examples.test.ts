import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { JsonValue, KubernetesObject } from '../../src/testing/index.ts'
import { printKubectlYaml } from '../../src/testing/index.ts'
import type { CertificateObject, SecretObject } from '../../src/testing/kubernetes-objects.ts'
import { textOfBase64 } from '../../src/testing/pem-writer.ts'

const leaves = ['abc-management-client', 'abc-management-natscluster-mgmt', 'abc-management-server']
const text = (file: string): string => readFileSync(new URL(`../../examples/api-connect/${file}`, import.meta.url), 'utf8')
const itemsOf = (file: string): KubernetesObject[] => (parse(text(file)) as { items: KubernetesObject[] }).items
const certificateIn = (items: readonly KubernetesObject[], name: string, key: string): X509Certificate => {
  const secret = items.find((item): item is SecretObject => item.kind === 'Secret' && item.metadata.name === name)
  return new X509Certificate(textOfBase64(secret?.data?.[key] ?? ''))
}

describe.each(['healthy.yaml', 'ca-renewed.yaml'])('example %s', (file) => {
  it('has API Connect’s objects, all Ready', () => {
    const items = itemsOf(file)
    const names = (kind: string): string[] => items.filter((item) => item.kind === kind).map(({ metadata }) => metadata.name)
    expect(names('Issuer')).toEqual(['abc-management-ca', 'selfsigning-issuer'])
    expect(names('Certificate')).toEqual(['abc-management-ca', ...leaves])
    expect(names('Secret')).toEqual(['abc-management-ca', ...leaves])
    for (const item of items.filter((object): object is CertificateObject => object.kind === 'Certificate')) {
      expect(item.status.conditions?.map(({ type, status }) => [type, status])).toEqual([['Ready', 'True']])
    }
  })

  it('is printed as kubectl prints', () => {
    expect(printKubectlYaml(parse(text(file)) as JsonValue) === text(file)).toBe(true)
  })

  it('has leaves signed by their own ca.crt', () => {
    const items = itemsOf(file)
    for (const leaf of leaves) {
      const issuer = certificateIn(items, leaf, 'ca.crt')
      expect(certificateIn(items, leaf, 'tls.crt').verify(issuer.publicKey)).toBe(true)
      expect(certificateIn(items, leaf, 'tls.crt').checkIssued(issuer)).toBe(true)
    }
  })
})

describe('the CA in force', () => {
  it.each([
    ['healthy.yaml', true],
    ['ca-renewed.yaml', false],
  ])('%s: it signed the leaves: %s', (file, signed) => {
    const items = itemsOf(file)
    const authority = certificateIn(items, 'abc-management-ca', 'tls.crt')
    expect(leaves.map((leaf) => certificateIn(items, leaf, 'tls.crt').verify(authority.publicKey))).toEqual(leaves.map(() => signed))
    expect(leaves.map((leaf) => certificateIn(items, leaf, 'tls.crt').issuer)).toEqual(leaves.map(() => authority.subject))
  })
})
