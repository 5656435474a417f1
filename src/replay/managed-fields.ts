import { goQuote } from './go-quote.ts'
import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'

/** What one field manager owns on a Secret, as far as cert-manager asks. */
export interface OwnedFields {
  readonly labels: ReadonlySet<string>
  readonly annotations: ReadonlySet<string>
  /** Keys of data that are owned themselves. */
  readonly dataKeys: ReadonlySet<string>
  /** uids of the owner references that are owned. */
  readonly ownerUids: ReadonlySet<string>
}

export type ReadManagedFields =
  | { readonly owned: OwnedFields }
  /** cert-manager would fail to parse the entry; `ownerUids` are those of the entries before it, which one check still sees. */
  | { readonly malformed: string; readonly ownerUidsBefore: ReadonlySet<string> }

/** `budgetSpent`: the paths of the entries are too long together to be written out. */
export type ManagedFields = ReadManagedFields | { readonly budgetSpent: true }

/** A set of field paths (FieldsV1): which children are owned themselves, and what lies below them. */
interface FieldSet {
  readonly members: Set<string>
  readonly children: Map<string, FieldSet>
}

/** Thrown inside this file only. */
class FieldsSyntax extends Error {}

/** Thrown inside this file only, where the paths' budget is used up. */
class BudgetSpent extends Error {}

/** Deeper than any object of the API; FieldsV1 mirrors the object's own depth. */
const MAX_DEPTH = 64

/**
 * Characters that the paths of one Secret may repeat of the paths above them. Labels and annotations lie on one level, so that
 * those of a real Secret repeat nothing.
 */
const MAX_REPEATED = 64 * 1024

const isJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const printValue = (value: Json | undefined): string => (typeof value === 'string' ? goQuote(value) : JSON.stringify(value))

/** One key of FieldsV1 as a path element; undefined for a kind of element that is passed over. */
const readElement = (key: string): string | undefined => {
  if (key.length < 2) throw new FieldsSyntax('parsing key as path element: key must be 2 characters long:')
  if (key[1] !== ':') throw new FieldsSyntax(`parsing key as path element: missing colon: ${key}`)
  const rest = key.slice(2)
  if (key[0] === 'f') return key
  if (key[0] === 'i') {
    if (!/^-?\d{1,10}$/.test(rest)) throw new FieldsSyntax('parsing key as path element: not an index')
    return key
  }
  if (key[0] === 'k') {
    const value = isJson(rest)
    if (!isJsonObject(value)) throw new FieldsSyntax('parsing key as path element: not an object')
    return `k:${JSON.stringify(Object.entries(value).sort((a, b) => (a[0] < b[0] ? -1 : 1)))}`
  }
  if (key[0] === 'v') {
    if (isJson(rest) === undefined) throw new FieldsSyntax('parsing key as path element: not a value')
    return key
  }
  return undefined
}

const readSet = (
  value: Json | undefined,
  depth: number,
): { readonly set: FieldSet; readonly isMember: boolean; readonly isEmpty: boolean } => {
  const set: FieldSet = { members: new Set(), children: new Map() }
  if (value === null) return { set, isMember: true, isEmpty: true }
  if (!isJsonObject(value) || depth > MAX_DEPTH) throw new FieldsSyntax('ReadMapCB: expect { or n')
  let isMember = false
  let isEmpty = true
  for (const [key, below] of Object.entries(value)) {
    if (key === '.') {
      isMember = true
      continue
    }
    const element = readElement(key)
    if (element === undefined) continue
    isEmpty = false
    const child = readSet(below, depth + 1)
    if (child.isMember) set.members.add(element)
    if (!child.isEmpty) set.children.set(element, child.set)
  }
  return { set, isMember: isMember || isEmpty, isEmpty }
}

const EMPTY: FieldSet = { members: new Set(), children: new Map() }

const below = (set: FieldSet, element: string): FieldSet => set.children.get(element) ?? EMPTY

/** A path element as cert-manager prints it: `.name`, `[3]`, `[="value"]`, `[a=1,b="x"]`. */
const printElement = (element: string): string => {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('i:')) return `[${rest}]`
  const value = isJson(rest)
  if (element.startsWith('v:')) return `[=${printValue(value)}]`
  const pairs = Array.isArray(value) ? (value as readonly (readonly [string, Json])[]) : []
  return `[${pairs.map(([name, wanted]) => `${name}=${printValue(wanted)}`).join(',')}]`
}

/** Writes down every owned path below a set as cert-manager prints it: the first element's dot is cut off. */
const collectPaths = (set: FieldSet, prefix: string, out: Set<string>, budget: { left: number }): void => {
  const extend = (element: string): string => {
    if ((budget.left -= prefix.length) < 0) throw new BudgetSpent()
    return prefix + printElement(element)
  }
  for (const member of set.members) {
    const path = extend(member)
    out.add(path.startsWith('.') ? path.slice(1) : path)
  }
  for (const [element, child] of set.children) collectPaths(child, extend(element), out, budget)
}

const fieldNames = (set: FieldSet, out: Set<string>): void => {
  for (const member of set.members) if (member.startsWith('f:')) out.add(member.slice(2))
}

const collectOwnerUids = (set: FieldSet, out: Set<string>): void => {
  for (const member of set.members) {
    if (!member.startsWith('k:')) continue
    const pairs = isJson(member.slice(2))
    if (!Array.isArray(pairs) || pairs.length !== 1) continue
    const [name, uid] = pairs[0] as readonly Json[]
    if (name === 'uid' && typeof uid === 'string') out.add(uid)
  }
}

/** Reads metadata.managedFields for one manager (sigs.k8s.io/structured-merge-diff, FieldsV1). */
export const readManagedFields = (entries: readonly JsonObject[], manager: string): ManagedFields => {
  const [labels, annotations, dataKeys, ownerUids] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  const budget = { left: MAX_REPEATED }
  for (const entry of entries) {
    if (!isJsonObject(entry) || entry['manager'] !== manager || entry['fieldsV1'] === undefined || entry['fieldsV1'] === null) continue
    let set: FieldSet
    try {
      set = readSet(entry['fieldsV1'], 0).set
    } catch (error) {
      if (error instanceof FieldsSyntax) return { malformed: error.message, ownerUidsBefore: ownerUids }
      throw error
    }
    const metadata = below(set, 'f:metadata')
    try {
      collectPaths(below(metadata, 'f:labels'), '', labels, budget)
      collectPaths(below(metadata, 'f:annotations'), '', annotations, budget)
    } catch (error) {
      if (error instanceof BudgetSpent) return { budgetSpent: true }
      throw error
    }
    fieldNames(below(set, 'f:data'), dataKeys)
    collectOwnerUids(below(metadata, 'f:ownerReferences'), ownerUids)
  }
  return { owned: { labels, annotations, dataKeys, ownerUids } }
}
