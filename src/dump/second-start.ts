import { findKeyEnd, findNewline, keyName } from './read-lines.ts'

/** Where another object begins inside of what was taken for one: the line between them is lost or damaged. */
export interface SecondStart {
  readonly at: number
  readonly line: number
  /** Keys that belong to the first object. */
  readonly keys: number
}

interface Keys {
  readonly start: number
  readonly line: number
  readonly indent: number
  readonly keys: readonly number[]
  readonly stray?: SecondStart
}

const KIND = 107
const METADATA = 109

/** Offset of the key itself: a key is noted as its line, or as what stands behind the dash. */
const nameStart = (bytes: Uint8Array, key: number, indent: number): number => (bytes[key] === 32 ? key + indent : key)

const nameAt = (bytes: Uint8Array, key: number, indent: number): string => {
  const from = nameStart(bytes, key, indent)
  const newline = findNewline(bytes, from)
  const colon = findKeyEnd(bytes, from, newline < 0 ? bytes.length : newline)
  return colon < 0 ? '' : keyName(bytes, from, colon)
}

/** Is there any hope of a second object? `kind` and `metadata` are the only keys with their letter that every object has. */
const mayRepeat = (bytes: Uint8Array, { keys, indent }: Keys): boolean => {
  let kinds = 0
  let metadata = 0
  for (const key of keys) {
    const first = bytes[nameStart(bytes, key, indent)]
    if (first === KIND) kinds++
    else if (first === METADATA) metadata++
  }
  return kinds > 1 && metadata > 1
}

const lineOf = (bytes: Uint8Array, from: number, to: number, first: number): number => {
  let line = first
  for (let at = bytes.indexOf(10, from); at >= 0 && at < to; at = bytes.indexOf(10, at + 1)) line++
  return line
}

/**
 * Finds a second object in the text of an item: its `kind` and `metadata` come twice. The second begins at the line that cannot stand
 * in the first (its damaged first line), else where the sorted keys begin anew, else at the first key that comes again.
 */
export const findSecondStart = (bytes: Uint8Array, object: Keys): SecondStart | undefined => {
  const { keys, indent, stray } = object
  if (!mayRepeat(bytes, object)) return undefined
  const names = keys.map((key) => nameAt(bytes, key, indent))
  const firsts = new Map<string, number>()
  const repeated = new Set<string>()
  let again = -1
  for (const [index, name] of names.entries()) {
    if (name === '') continue
    if (!firsts.has(name)) firsts.set(name, index)
    else {
      repeated.add(name)
      if (again < 0) again = index
    }
  }
  if (again < 0 || !repeated.has('kind') || !repeated.has('metadata')) return undefined
  const known = firsts.get(names[again] as string) as number
  if (stray && stray.keys > known && stray.keys <= again) return stray
  let from = again
  for (let index = known + 1; index <= again; index++) if ((names[index] as string) < (names[index - 1] as string)) from = index
  const at = keys[from] as number
  return { at, line: lineOf(bytes, object.start, at, object.line), keys: from }
}
