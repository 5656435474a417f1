import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

describe('OpenShift’s Template', () => {
  const issuer = (name: string, namespace: string): JsonObject => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { name, namespace },
    spec: { selfSigned: {} },
  })
  const template = (apiVersion: string, ...objects: readonly JsonObject[]): JsonObject => ({
    apiVersion,
    kind: 'Template',
    metadata: { name: 't' },
    objects,
    parameters: [{ name: 'NAME' }],
  })
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: '${NAME}', namespace: 'demo' } }

  it.each([
    ['YAML', printKubectlYaml],
    ['JSON', JSON.stringify],
  ])('gives its objects as a List does: %s', async (_syntax, print) => {
    const inner = { apiVersion: 'v1', kind: 'List', items: [issuer('b', 'demo')] }
    for (const apiVersion of ['template.openshift.io/v1', 'v1']) {
      const dump = await readDump({ name: 't', text: print(template(apiVersion, issuer('a', 'demo'), service, inner)) })
      expect(dump.objects.map(({ value }) => value)).toStrictEqual([issuer('a', 'demo'), issuer('b', 'demo')])
      // The Template and the Service.
      expect([dump.problems, dump.others]).toStrictEqual([[], 2])
      // Nobody says that a namespace has no other issuers than these.
      expect(dump.coverage.issuerListings).toStrictEqual(new Map())
    }
  })

  it.each([
    [issuer('a', '${NAMESPACE}'), { kind: 'Issuer', namespace: '${NAMESPACE}', name: 'a' }, false],
    [issuer('${NAME}-ca', 'demo'), { kind: 'Issuer', namespace: 'demo' }, true],
  ])('tells which objects wait for parameters', async (object, told, mayBeAny) => {
    const dump = await readDump({ name: 't', text: printKubectlYaml(template('template.openshift.io/v1', object, issuer('b', 'demo'))) })
    expect(dump.objects.map(({ value }) => value)).toStrictEqual([issuer('b', 'demo')])
    expect(dump.problems).toMatchObject([{ code: 'template', object: told }])
    expect(dump.problems[0]?.object).toStrictEqual(told)
    expect(dump.coverage.truncated).toBe(mayBeAny)
  })

  it('of another group is none', async () => {
    const dump = await readDump({ name: 't', text: printKubectlYaml(template('example.com/v1', issuer('a', 'demo'))) })
    expect([dump.objects, dump.others]).toStrictEqual([[], 1])
  })
})
