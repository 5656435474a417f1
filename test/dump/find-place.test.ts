import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { RawObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlList } from '../arbitraries/kubectl-yaml.ts'

const issuer = (name: string) => ({ apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name }, spec: { selfSigned: {} } })

/** What an analysis keeps of an object: where its values stand. */
const keptOf = async (): Promise<{ readonly placeOf: RawObject['placeOf']; readonly value: WeakRef<object> }> => {
  const { objects } = await readDump({ name: 'dump', text: printKubectlList(['a', 'b', 'c'].map(issuer)) })
  return { placeOf: objects[1]!.placeOf, value: new WeakRef(objects[2]!.value) }
}

it('placeOf of one object keeps no other object in memory', async () => {
  const { placeOf, value } = await keptOf()
  // A WeakRef holds its target to the end of the job in which it was made.
  await new Promise(setImmediate)
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  expect(value.deref()).toBeUndefined()
  expect(placeOf(['spec', 'selfSigned'])).toEqual({ source: 'dump', line: 14, path: '/spec/selfSigned' })
})
