import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { readManagedFields } from '../../src/replay/managed-fields.ts'

const MANAGER = 'cert-manager-certificates-issuing'
const entry = (fieldsV1: unknown, manager = MANAGER): JsonObject => ({ manager, fieldsV1 }) as unknown as JsonObject

const owned = (...entries: JsonObject[]) => {
  const result = readManagedFields(entries, MANAGER)
  if (!('owned' in result)) throw new Error(JSON.stringify(result))
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

  it('of which each path repeats a long one above it are not written out', () => {
    const children = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f:${index}`, {}]))
    const nested = entry({ 'f:metadata': { 'f:annotations': { [`f:${'a'.repeat(100_000)}`]: children } } })
    expect(readManagedFields([nested], MANAGER)).toEqual({ budgetSpent: true })
    let deep: object = { 'f:x': {} }
    for (let level = 0; level < 60; level++) deep = { [`f:${'a'.repeat(20_000)}`]: deep }
    expect(readManagedFields([entry({ 'f:metadata': { 'f:labels': deep } })], MANAGER)).toEqual({ budgetSpent: true })
  })

  it('of one level, as Secrets have them, are all read, however many', () => {
    const flat = entry({ 'f:metadata': { 'f:annotations': Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`f:a${i}`, {}])) } })
    expect(owned(flat).annotations).toHaveLength(50_000)
  })

  it('never throw, however deep or odd', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => void readManagedFields([entry(value)], MANAGER)))
    let deep: unknown = {}
    for (let i = 0; i < 5000; i++) deep = { 'f:a': deep }
    expect(readManagedFields([entry(deep)], MANAGER)).toHaveProperty('malformed')
  })
})
