import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readManagedFields } from '../../src/replay/managed-fields.ts'

const MANAGER = 'cert-manager-certificates-issuing'
const entry = (fieldsV1: unknown, manager = MANAGER): JsonObject => ({ manager, fieldsV1 }) as unknown as JsonObject

const owned = (...entries: JsonObject[]) => {
  const result = readManagedFields(entries, MANAGER)
  if ('malformed' in result) throw new Error(result.malformed)
  return Object.fromEntries(Object.entries(result.owned).map(([key, value]) => [key, [...value].sort()]))
}

describe('managed fields', () => {
  it('of one manager, over all of its entries', () => {
    const metadata = { 'f:metadata': { 'f:labels': { 'f:a': {}, '.': {} }, 'f:annotations': { 'f:x/y': {} } } }
    const data = { 'f:data': { '.': {}, 'f:tls.crt': {}, 'f:nested': { 'f:below': {} } } }
    const owners = { 'f:metadata': { 'f:ownerReferences': { 'k:{"uid":"u-1"}': { '.': {}, 'f:name': {} } } } }
    expect(owned(entry(metadata), entry(data), entry(owners), entry({ 'f:data': { 'f:other': {} } }, 'kubectl'))).toEqual({
      labels: ['a'],
      annotations: ['x/y'],
      dataKeys: ['tls.crt'],
      ownerUids: ['u-1'],
    })
  })

  it('without fieldsV1 are passed over, as are kinds of path elements nobody knows', () => {
    expect(owned(entry(null), entry({ 'f:data': { 'q:zz': {}, 'f:k': null } })).dataKeys).toEqual(['k'])
  })

  it.each([[{ x: {} }], [{ 'zz:tls.crt': {} }], [{ 'f:data': [1] }], [{ 'f:data': 'x' }], ['text'], [{ 'k:{': {} }], [{ 'i:x': {} }]])(
    '%j cannot be read',
    (fields) => {
      expect(readManagedFields([entry(fields)], MANAGER)).toHaveProperty('malformed')
    },
  )

  it('tell the owner references that stood before the malformed entry', () => {
    const owners = { 'f:metadata': { 'f:ownerReferences': { 'k:{"uid":"u-1"}': {} } } }
    const result = readManagedFields([entry(owners), entry({ x: {} })], MANAGER)
    expect('malformed' in result && [...result.ownerUidsBefore]).toEqual(['u-1'])
  })

  it('never throw, however deep or odd', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => void readManagedFields([entry(value)], MANAGER)))
    let deep: unknown = {}
    for (let i = 0; i < 5000; i++) deep = { 'f:a': deep }
    expect(readManagedFields([entry(deep)], MANAGER)).toHaveProperty('malformed')
  })
})
