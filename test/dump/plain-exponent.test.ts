import { describe, expect, it } from 'vitest'
import { parseDump } from '../../src/index.ts'

/** As PyYAML and yq print it: in YAML 1.1 `1e3` is a string and needs no quotes. */
const dump = `apiVersion: v1
items:
- apiVersion: v1
  data: {}
  kind: Secret
  metadata:
    name: 1e3
    namespace: shop
- apiVersion: cert-manager.io/v1
  kind: Certificate
  metadata:
    name: 1e3
    namespace: shop
  spec:
    duration: 1e+3
    secretName: 1e3
kind: List
`

describe('a plain scalar of digits, e and digits', () => {
  it('is the text that YAML 1.1 takes it for, with a sign the number that both take it for', async () => {
    const { objects, problems } = await parseDump([{ name: 'dump.yaml', text: dump }])
    expect(problems).toEqual([])
    expect(objects.map((object) => object.value)).toMatchObject([
      { kind: 'Secret', metadata: { name: '1e3' } },
      { kind: 'Certificate', metadata: { name: '1e3' }, spec: { secretName: '1e3', duration: 1000 } },
    ])
  })
})
