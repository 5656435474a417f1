import type { JsonObject } from './raw-object.ts'
import { isObject } from './raw-object.ts'

/** What an object says of itself, as far as it says it in strings. */
export interface ObjectName {
  readonly kind: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
}

const NO_METADATA: JsonObject = {}

/** Its value where it is a string. */
export const stringOf = (object: JsonObject, key: string): string | undefined => {
  const value = object[key]
  return typeof value === 'string' ? value : undefined
}

/** Kind and name of an object, read from its value. */
export const nameOf = (object: JsonObject): ObjectName => {
  const metadata = isObject(object['metadata']) ? object['metadata'] : NO_METADATA
  return { kind: stringOf(object, 'kind'), namespace: stringOf(metadata, 'namespace'), name: stringOf(metadata, 'name') }
}

/** The group of an apiVersion; the core group is empty. */
export const groupOf = (apiVersion: string | undefined): string => {
  const slash = apiVersion?.indexOf('/') ?? -1
  return slash < 0 ? '' : (apiVersion ?? '').slice(0, slash)
}
