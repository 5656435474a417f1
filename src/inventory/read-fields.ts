import { parseInstant } from '../base/instant.ts'
import type { Json, JsonObject } from '../dump/raw-object.ts'
import { parseGoDuration } from './go-duration.ts'

/** An object of JSON: neither null nor an array. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads typed fields of one object. A field of another type than the API says is read as absent and noted by its JSON pointer;
 * null is absent, as it is for the API server.
 */
export interface FieldReader {
  readonly string: (key: string) => string | undefined
  readonly number: (key: string) => number | undefined
  readonly boolean: (key: string) => boolean | undefined
  readonly strings: (key: string) => readonly string[] | undefined
  /** A Go duration, in milliseconds. */
  readonly duration: (key: string) => number | undefined
  /** An RFC 3339 time, in epoch milliseconds. */
  readonly instant: (key: string) => number | undefined
  readonly record: (key: string) => Readonly<Record<string, string>>
  readonly raw: (key: string) => JsonObject | undefined
  readonly object: (key: string) => FieldReader | undefined
  readonly objects: (key: string) => readonly FieldReader[]
  readonly has: (key: string) => boolean
  /** The value as it stands, of whatever type. */
  readonly value: (key: string) => Json | undefined
}

/** A reader of one object’s fields. What is there with another type is left out and its JSON pointer added to `malformed`; `pointer` is the object’s own. */
export const readFields = (value: JsonObject, pointer: string, malformed: string[]): FieldReader => {
  const get = <T>(key: string, accept: (value: Json) => T | undefined): T | undefined => {
    const found = Object.hasOwn(value, key) ? value[key] : undefined
    if (found === undefined || found === null) return undefined
    const accepted = accept(found)
    if (accepted === undefined) malformed.push(`${pointer}/${key}`)
    return accepted
  }
  const list = (key: string): readonly Json[] => get(key, (found) => (Array.isArray(found) ? (found as readonly Json[]) : undefined)) ?? []
  return {
    string: (key) => get(key, (found) => (typeof found === 'string' ? found : undefined)),
    number: (key) => get(key, (found) => (typeof found === 'number' && Number.isFinite(found) ? found : undefined)),
    boolean: (key) => get(key, (found) => (typeof found === 'boolean' ? found : undefined)),
    strings: (key) =>
      get(key, (found) =>
        Array.isArray(found) && found.every((item) => typeof item === 'string') ? (found as readonly string[]) : undefined,
      ),
    duration: (key) => get(key, (found) => (typeof found === 'string' ? parseGoDuration(found) : undefined)),
    instant: (key) => get(key, (found) => (typeof found === 'string' ? parseInstant(found) : undefined)),
    record: (key) => {
      const found = get(key, (item) => (isObject(item) ? item : undefined))
      const out = Object.create(null) as Record<string, string>
      for (const [name, item] of Object.entries(found ?? {})) {
        if (typeof item === 'string') out[name] = item
        else malformed.push(`${pointer}/${key}/${name}`)
      }
      return out
    },
    raw: (key) => get(key, (found) => (isObject(found) ? found : undefined)),
    object: (key) => {
      const found = get(key, (item) => (isObject(item) ? item : undefined))
      return found && readFields(found, `${pointer}/${key}`, malformed)
    },
    objects: (key) => {
      const out: FieldReader[] = []
      list(key).forEach((item, index) => {
        if (isObject(item)) out.push(readFields(item, `${pointer}/${key}/${index}`, malformed))
        else malformed.push(`${pointer}/${key}/${index}`)
      })
      return out
    },
    has: (key) => Object.hasOwn(value, key) && value[key] !== null && value[key] !== undefined,
    value: (key) => (Object.hasOwn(value, key) ? value[key] : undefined),
  }
}
