import { parseInstant } from '../base/instant.ts'
import { withoutKeyText } from '../base/key-text.ts'
import type { Json, JsonObject } from '../dump/raw-object.ts'
import { isObject } from '../dump/raw-object.ts'
import { parseGoDuration } from './go-duration.ts'

/** Reads typed fields of one object. A field of another type than the API says is read as absent; so is null, as by the API server. */
export interface FieldReader {
  string(key: string): string | undefined
  /** A string that is a name or a message and may be told: without what may be key material. */
  told(key: string): string | undefined
  number(key: string): number | undefined
  boolean(key: string): boolean | undefined
  strings(key: string): readonly string[] | undefined
  /** A Go duration, in milliseconds. */
  duration(key: string): number | undefined
  /** An RFC 3339 time, in epoch milliseconds. */
  instant(key: string): number | undefined
  record(key: string): Readonly<Record<string, string>>
  raw(key: string): JsonObject | undefined
  object(key: string): FieldReader | undefined
  objects(key: string): readonly FieldReader[]
  has(key: string): boolean
  /** The value as it stands, of whatever type. */
  value(key: string): Json | undefined
}

const asString = (found: Json): string | undefined => (typeof found === 'string' ? found : undefined)
const asTold = (found: Json): string | undefined => (typeof found === 'string' ? withoutKeyText(found) : undefined)
const asNumber = (found: Json): number | undefined => (typeof found === 'number' && Number.isFinite(found) ? found : undefined)
const asBoolean = (found: Json): boolean | undefined => (typeof found === 'boolean' ? found : undefined)
const asObject = (found: Json): JsonObject | undefined => (isObject(found) ? found : undefined)
const asList = (found: Json): readonly Json[] | undefined => (Array.isArray(found) ? (found as readonly Json[]) : undefined)
const asStrings = (found: Json): readonly string[] | undefined =>
  Array.isArray(found) && found.every((item) => typeof item === 'string') ? found : undefined
const asDuration = (found: Json): number | undefined => (typeof found === 'string' ? parseGoDuration(found) : undefined)
const asInstant = (found: Json): number | undefined => (typeof found === 'string' ? parseInstant(found) : undefined)

/**
 * A map of texts that inherits nothing: a label may be called `constructor`. Made by a constructor, it is an ordinary object to the
 * engine, not the slow and large kind that an object without a prototype becomes.
 */
const TextMap = function TextMap() {
  // Nothing of its own.
} as unknown as new () => Record<string, string>
TextMap.prototype = Object.freeze(Object.create(null) as object)

const NOTHING: Readonly<Record<string, string>> = Object.freeze(new TextMap())

const NO_READERS: readonly FieldReader[] = Object.freeze([])

/** A class, not closures: a dump has tens of thousands of objects, and each has several of these. */
class ObjectFields implements FieldReader {
  readonly #value: JsonObject

  constructor(value: JsonObject) {
    this.#value = value
  }

  #get<T>(key: string, accept: (value: Json) => T | undefined): T | undefined {
    const found = Object.hasOwn(this.#value, key) ? this.#value[key] : undefined
    return found === undefined || found === null ? undefined : accept(found)
  }

  string(key: string): string | undefined {
    return this.#get(key, asString)
  }

  told(key: string): string | undefined {
    return this.#get(key, asTold)
  }

  number(key: string): number | undefined {
    return this.#get(key, asNumber)
  }

  boolean(key: string): boolean | undefined {
    return this.#get(key, asBoolean)
  }

  strings(key: string): readonly string[] | undefined {
    return this.#get(key, asStrings)
  }

  duration(key: string): number | undefined {
    return this.#get(key, asDuration)
  }

  instant(key: string): number | undefined {
    return this.#get(key, asInstant)
  }

  record(key: string): Readonly<Record<string, string>> {
    const found = this.#get(key, asObject)
    if (found === undefined) return NOTHING
    const out = new TextMap()
    for (const name of Object.keys(found)) {
      const item = found[name]
      if (typeof item === 'string') out[withoutKeyText(name)] = item
    }
    return out
  }

  raw(key: string): JsonObject | undefined {
    return this.#get(key, asObject)
  }

  object(key: string): FieldReader | undefined {
    const found = this.#get(key, asObject)
    return found && new ObjectFields(found)
  }

  objects(key: string): readonly FieldReader[] {
    const list = this.#get(key, asList)
    if (!list) return NO_READERS
    const out: FieldReader[] = []
    for (const item of list) if (isObject(item)) out.push(new ObjectFields(item))
    return out
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key) && this.#value[key] !== null && this.#value[key] !== undefined
  }

  value(key: string): Json | undefined {
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined
  }
}

/** A reader of one object’s fields. */
export const readFields = (value: JsonObject): FieldReader => new ObjectFields(value)
