import type { Place } from '../base/place.ts'
import type { FoundObject } from './found-object.ts'
import type { LinePrefix } from './line-prefix.ts'
import { withoutPrefixOf } from './line-prefix.ts'
import { findLineInYaml } from './general-yaml.ts'
import type { RawObject } from './raw-object.ts'
import type { SourceLines } from './source-lines.ts'

/** Where an object was found. */
export type FoundPlace = Pick<FoundObject, 'line' | 'lines' | 'indent' | 'syntax'>

/** The source that an object was found in. Every object holds it, and with it nothing of what was read. */
export interface PlaceSource {
  readonly name: string
  readonly lines: SourceLines
  /** Longer objects are not read again. */
  readonly objectBytes: number
}

const pointer = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/**
 * `placeOf` of an object. Made here, not where objects are collected: a function keeps all that the functions around it can see, and
 * what is made of an object outlives the collected values by far.
 * @param prefixes what stands before each of its lines
 */
export const createPlaceOf = (
  source: PlaceSource,
  { line, lines, indent, syntax }: FoundPlace,
  prefixes: readonly LinePrefix[],
): RawObject['placeOf'] => {
  return (path): Place => {
    const place = { source: source.name, line, path: pointer(path) }
    // Of an object on one line there is nothing to look for, and that line may hold all of the dump (`kubectl get --raw`, `jq -c`).
    const shown = lines > 1 ? source.lines.read(line, lines) : undefined
    const whole = shown === undefined ? undefined : prefixes.reduce(withoutPrefixOf, shown)
    if (whole === undefined || whole.length > source.objectBytes) return place
    if (syntax === 'json') return { ...place, line: line + findLineInYaml(whole.slice(whole.indexOf('{')), path) }
    return { ...place, line: line + findLineInYaml(indent > 0 ? ' '.repeat(indent) + whole.slice(indent) : whole, path) }
  }
}
