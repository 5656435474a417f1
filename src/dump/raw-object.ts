import type { Place } from '../base/place.ts'

/** A JSON value as a dump holds it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** An object of JSON: neither null nor an array. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One Kubernetes object as read, before any meaning: of our kinds whole, of all others only counted. */
export interface RawObject {
  readonly value: JsonObject
  /** First line of the object in its source. */
  readonly place: Place
  /** Line of a value inside the object (`['data', 'tls.crt']`); works it out when asked, and falls back on the object's own line. */
  readonly placeOf: (path: readonly (string | number)[]) => Place
  /**
   * What a reader already knows from outside the object's text: a bundle's path may tell kind, namespace and name
   * (postmortem Secrets have no kind), Troubleshoot's values are text and not base64.
   */
  readonly hints?: ObjectHints
  /** What a `SecretDataTaker` made of this Secret's values: they stand nowhere else, and `value` has no `data`. */
  readonly taken?: unknown
}

export interface ObjectHints {
  readonly kind?: string
  readonly namespace?: string
  readonly name?: string
  /** Data values of this Secret are plain text, not base64 (Troubleshoot). */
  readonly plainData?: boolean
  /** Keys known to exist whose values are not here (Troubleshoot's keyExists, `describe`), with their size where it is told. */
  readonly keysWithoutValue?: Readonly<Record<string, number | null>>
  /** Only name and existence are known (Troubleshoot's secretExists). */
  readonly existenceOnly?: boolean
  /** The collector writes only some keys, so that an absent key says nothing (postmortem: `tls.key`). */
  readonly absentKeysUnknown?: boolean
  /** The collector drops metadata (labels, annotations), so that absent annotations say nothing. */
  readonly absentMetadataUnknown?: boolean
}

/** What was wrong with the input itself. Sentences live in the input rules. */
export interface DumpProblem {
  /** Closed, kebab-case: `yaml-syntax`, `json-syntax`, `truncated`, `not-text`, `empty`, `duplicate-key`, `too-large`, `too-deep`, `not-an-object`, `line-break-characters`, `no-objects`, … */
  readonly code: string
  readonly place: Place
  /** Facts of the input: never more than 200 characters, never a value of a Secret. */
  readonly detail?: string
  /** Not one problem, but so many more of this code, which stand nowhere. */
  readonly more?: number
  /** The object concerned, where it is known. */
  readonly object?: { readonly kind?: string; readonly namespace?: string; readonly name?: string }
}
