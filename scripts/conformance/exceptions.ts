import { readFileSync } from 'node:fs'

/** Case id → why it may fall. */
export type ExceptionList = ReadonlyMap<string, string>

/** Reads test/conformance/exceptions.json: one object, case id to reason. */
export const readExceptions = (): ExceptionList => {
  const file = new URL('../../test/conformance/exceptions.json', import.meta.url)
  const value = JSON.parse(readFileSync(file, 'utf8')) as unknown
  if (typeof value !== 'object' || value === null) throw new Error('exceptions.json: not an object')
  return new Map(
    Object.entries(value).map(([id, reason]) => {
      if (typeof reason !== 'string' || reason === '') throw new Error(`exceptions.json: no reason for ${id}`)
      return [id, reason]
    }),
  )
}
