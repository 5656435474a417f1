import { withoutKeyText } from '../base/key-text.ts'
import type { Limits } from '../base/limits.ts'
import type { FoundPlace, PlaceSource } from './find-place.ts'
import { createPlaceOf } from './find-place.ts'
import { readGeneralYaml } from './general-yaml.ts'
import type { Finds, FoundObject, ListFrame } from './found-object.ts'
import { providedSecret, providesSecretKind, recogniseShape } from './collected-shapes.ts'
import type { IdentitySet } from './identity-set.ts'
import type { ListingFacts, ListingReader } from './listing.ts'
import { createListingReader } from './listing.ts'
import { mayHaveLostBreak, splitAtOldBreaks, hasOldLineBreaks } from './old-line-breaks.ts'
import { isOurKind, readObjectHead } from './object-head.ts'
import type { ObjectHead } from './object-head.ts'
import type { DumpProblem, Json, JsonObject, ObjectHints, RawObject } from './raw-object.ts'
import { decodeText } from './read-lines.ts'
import { readObject } from './read-object.ts'
import type { SecretDataTaker } from './secret-data.ts'
import { dropData, sizesOf, splitSecret } from './secret-data.ts'
import type { SourceLines } from './source-lines.ts'
import type { ItemReader } from './read-items.ts'
import { createItemReader } from './read-items.ts'
import { createReaderMemory } from './reader-memory.ts'
import { readTemplateSecret } from './template-secret.ts'

/** Everything that was found in all sources so far. */
export interface Collected {
  readonly objects: RawObject[]
  readonly problems: DumpProblem[]
  /** Objects of other kinds. */
  readonly others: IdentitySet
  readonly secretListings: Map<string, Set<string>>
  readonly filteredSecretNamespaces: Set<string>
  /** Secrets that a collector asked for and did not find, and those that objects of other projects stand for: `namespace/name`. */
  readonly provenAbsent: Set<string>
  readonly knownElsewhere: Set<string>
  /** `kind/namespace/name` of objects that are there and could not be read. */
  readonly unread: Set<string>
  /** What tables and descriptions of each source told. */
  readonly listings: ListingFacts[]
  /** Lists that were read, empty ones too. */
  lists: number
  truncated: boolean
}

/** Takes the finds of one source. `end` when the source is read. */
export interface Collector extends Finds, Pick<ItemReader, 'ahead' | 'expect'> {
  readonly end: () => void
}

export interface CollectorOptions {
  readonly limits: Limits
  readonly secretData?: SecretDataTaker | undefined
}

interface OpenList {
  readonly secrets: Map<string, Set<string>>
  /** Items without a kind: it may stand behind them. */
  readonly kindless: { readonly value: JsonObject; readonly found: FoundPlace }[]
  readonly kindlessOthers: { readonly name: string; readonly namespace: string }[]
  readonly frame: { readonly kind?: string; readonly apiVersion?: string }
  cutTold: boolean
}

const LOST_BREAKS_TOLD = 1000
/** Problems of one code that are told of one source; the others are counted. */
const PROBLEMS_PER_CODE = 100
/** Problems that cost the object they are told of, or a value in it: whether that object is what it seems is then not known. */
const LOSES_OBJECT = new Set(['yaml-syntax', 'json-syntax', 'line-break-characters', 'too-deep', 'too-large', 'template'])
const encoder = new TextEncoder()

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

interface ObjectName {
  readonly kind: string | undefined
  readonly namespace: string | undefined
  readonly name: string | undefined
}

const NO_METADATA: JsonObject = {}

const nameOf = (value: JsonObject): ObjectName => {
  const metadata = isObject(value['metadata']) ? value['metadata'] : NO_METADATA
  return { kind: text(value['kind']), namespace: text(metadata['namespace']), name: text(metadata['name']) }
}

const groupOf = (apiVersion: string | undefined): string => {
  const slash = apiVersion?.indexOf('/') ?? -1
  return slash < 0 ? '' : (apiVersion ?? '').slice(0, slash)
}

/** A list inside of a list (`jq -s` over outputs), of everything or of one of our kinds. */
const isListKind = (kind: string): boolean =>
  kind === 'List' || (kind.length > 4 && kind.endsWith('List') && isOurKind(undefined, kind.slice(0, -4)))

/** Kind and apiVersion as the frame of a list tells them, as far as it was read. */
const readFrame = (head: string, syntax: 'yaml' | 'json'): { kind?: string; apiVersion?: string } => {
  const found = (key: string): string | undefined => {
    const at = head.indexOf(syntax === 'json' ? `"${key}"` : `${key}:`)
    if (at < 0 || (syntax === 'yaml' && at > 0 && head[at - 1] !== '\n')) return undefined
    const rest = head.slice(at + key.length + (syntax === 'json' ? 2 : 1), at + key.length + 200).trimStart()
    const from = syntax === 'json' ? rest.indexOf('"') + 1 : 0
    const to = syntax === 'json' ? rest.indexOf('"', from) : rest.search(/\s|$/)
    return rest.slice(from, to).replaceAll(/["']/g, '')
  }
  const [kind, apiVersion] = [found('kind'), found('apiVersion')]
  return { ...(kind !== undefined && { kind }), ...(apiVersion !== undefined && { apiVersion }) }
}

/** Takes what a splitter finds in one source: keeps objects of our kinds, counts the others, and tells what could not be read. */
export const createCollector = (source: string, lines: SourceLines, out: Collected, options: CollectorOptions): Collector => {
  const firstObject = out.objects.length
  const firstProblem = out.problems.length
  let listing: ListingReader | undefined
  let oldBreaks = false
  const lists = new Map<number, OpenList>()
  const memory = createReaderMemory(options.secretData === undefined)
  const depth = options.limits.depth
  const placeSource: PlaceSource = { name: source, lines, objectBytes: options.limits.objectBytes }
  const items = createItemReader(depth, memory)
  const problemCounts = new Map<string, number>()
  /** The object before was one of ours: then the next one may be, too. */
  let lastIsOurs = false

  const problem = (code: string, line: number, detail?: string, object?: Partial<ObjectName>): void => {
    const { kind, namespace, name } = object ?? {}
    const count = (problemCounts.get(code) ?? 0) + 1
    problemCounts.set(code, count)
    if (count <= PROBLEMS_PER_CODE)
      out.problems.push({
        code,
        place: { source, line },
        ...(detail !== undefined && { detail: withoutKeyText(detail.slice(0, 200)) }),
        ...(object && {
          object: {
            ...(kind !== undefined && { kind: withoutKeyText(kind) }),
            ...(namespace !== undefined && { namespace: withoutKeyText(namespace) }),
            ...(name !== undefined && { name: withoutKeyText(name) }),
          },
        }),
      })
    if (!LOSES_OBJECT.has(code)) return
    if (object?.name !== undefined && object.kind !== undefined) out.unread.add(`${object.kind}/${object.namespace ?? ''}/${object.name}`)
    // It may have been any of ours.
    else if (object?.kind === undefined || isOurKind(undefined, object.kind)) out.truncated = true
  }

  const listOf = (frame: ListFrame, syntax: 'yaml' | 'json'): OpenList => {
    let list = lists.get(frame.number)
    if (!list) {
      list = { secrets: new Map(), kindless: [], kindlessOthers: [], frame: readFrame(frame.head, syntax), cutTold: false }
      lists.set(frame.number, list)
    }
    return list
  }

  const addOther = (
    apiVersion: string | undefined,
    kind: string,
    namespace: string | undefined,
    name: string | undefined,
    value?: JsonObject,
  ): void => {
    if (name === undefined || name === '' || out.others.size >= options.limits.objects) return
    out.others.add(groupOf(apiVersion), kind, namespace ?? '', name)
    const provided = value && providedSecret(value)
    if (provided !== undefined) out.knownElsewhere.add(provided)
  }

  const keep = (whole: JsonObject, found: FoundPlace, list: OpenList | undefined, hints?: ObjectHints, taken?: unknown): void => {
    if (out.objects.length >= options.limits.objects) {
      if (!problemCounts.has('too-many-objects')) problem('too-many-objects', found.line)
      out.truncated = true
      return
    }
    let value = whole
    let allHints = hints
    if ((value['kind'] ?? hints?.kind) === 'Secret') {
      const { namespace = 'default', name } = nameOf(value)
      if (list && name !== undefined) {
        const names = list.secrets.get(namespace)
        if (names) names.add(name)
        else list.secrets.set(namespace, new Set([name]))
      } else if (!list && hints !== undefined) out.filteredSecretNamespaces.add(hints.namespace ?? namespace)
      if (options.secretData && taken === undefined && !options.secretData.wants(text(value['type']) ?? '')) {
        const dropped = dropData(value)
        value = dropped.value
        if (dropped.keysWithoutValue) allHints = { ...hints, keysWithoutValue: { ...hints?.keysWithoutValue, ...dropped.keysWithoutValue } }
      }
    }
    lastIsOurs = true
    const place = { source, line: found.line }
    const placeOf = createPlaceOf(placeSource, found)
    if (allHints === undefined && taken === undefined) out.objects.push({ value, place, placeOf })
    else out.objects.push({ value, place, placeOf, ...(allHints && { hints: allHints }), ...(taken !== undefined && { taken }) })
  }

  const keepShaped = (value: JsonObject, found: FoundPlace, list: OpenList | undefined): boolean => {
    const shape = recogniseShape(value, source)
    if (shape === undefined) return false
    if (shape.provenAbsent) {
      const { namespace = 'default', name } = nameOf(shape.value)
      out.provenAbsent.add(`${shape.hints.namespace ?? namespace}/${shape.hints.name ?? name ?? ''}`)
    } else keep(shape.value, found, list, shape.hints)
    return true
  }

  const classify = (value: JsonObject, found: FoundObject, list: OpenList | undefined): void => {
    const kind = text(value['kind'])
    const apiVersion = text(value['apiVersion'])
    if (kind !== undefined) {
      const items = value['items']
      if (isListKind(kind) && Array.isArray(items)) {
        out.lists++
        for (const item of items as readonly Json[])
          if (isObject(item))
            classify({ ...(kind !== 'List' && { apiVersion: value['apiVersion'] ?? 'v1', kind: kind.slice(0, -4) }), ...item }, found, list)
        return
      }
      if (!isOurKind(apiVersion, kind)) {
        const { name, namespace } = nameOf(value)
        addOther(apiVersion, kind, namespace, name, value)
      } else if (!keepShaped(value, found, list)) keep(value, found, list)
      return
    }
    const event = value['object']
    if (isObject(event) && typeof value['type'] === 'string' && text(event['kind']) !== undefined) {
      if (value['type'] !== 'DELETED') classify(event, found, undefined)
      return
    }
    const listKind = list?.frame.kind
    if ((listKind === undefined || listKind === 'List') && keepShaped(value, found, undefined)) return
    if (list && isObject(value['metadata'])) {
      const { line, lines: count, indent, syntax } = found
      list.kindless.push({ value, found: { line, lines: count, indent, syntax } })
    } else if (found.cut && value['metadata'] !== undefined) tellCut(found, {}, list)
  }

  const tellCut = (found: FoundObject, object: Partial<ObjectName> | undefined, list: OpenList | undefined): void => {
    out.truncated = true
    if (list) list.cutTold = true
    problem('truncated', found.line, undefined, object)
  }

  const headName = (found: FoundObject, list: OpenList | undefined): Partial<ObjectName> | undefined => {
    const { kind, namespace, name } = readObjectHead(found, true)
    const listKind = list?.frame.kind
    const told = kind ?? (listKind !== undefined && listKind.length > 4 && listKind.endsWith('List') ? listKind.slice(0, -4) : undefined)
    if (told === undefined && name === undefined) return undefined
    return { ...(told !== undefined && { kind: told }), ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) }
  }

  /** Items whose kind is not known yet, and that cannot be of ours, are only counted. */
  const isForeignKindless = (found: FoundObject, head: ObjectHead, list: OpenList | undefined): boolean => {
    if (!list || head.kind !== undefined || head.unsure) return false
    const { kind, apiVersion } = list.frame
    if (kind !== undefined && kind !== 'List') return !isOurKind(apiVersion, kind.slice(0, -4))
    if (found.syntax === 'json' || apiVersion === undefined) return false
    if (apiVersion !== 'v1') return groupOf(apiVersion) !== 'cert-manager.io' && groupOf(apiVersion) !== 'certmanager.k8s.io'
    const names = found.keys.map((key) => decodeText(found.bytes.subarray(key, key + found.indent + 6)).trimStart())
    return !names.some((name) => name.startsWith('data:') || name.startsWith('type:'))
  }

  /** A Secret whose values are all in plain sight: they go to the taker as they stand, and only the rest becomes an object. */
  const readSplit = (found: FoundObject, list: OpenList | undefined, taker: SecretDataTaker): boolean => {
    const split = splitSecret(found)
    if (!split) return false
    const result = readObject({ syntax: 'yaml', bytes: split.rest, indent: found.indent }, depth, memory)
    if (!result.ok || !isObject(result.value) || result.remarks.length > 0 || Object.hasOwn(result.value, 'data')) return false
    if (recogniseShape(result.value, source)) return false
    const { value } = result
    if (taker.wants(split.type)) {
      const taken = taker.take(split.data)
      if (taken === undefined) return false
      keep(value, found, list, undefined, taken)
    } else keep(value, found, list, { keysWithoutValue: sizesOf(split.data) })
    oldBreaks ||= result.oldBreaks
    return true
  }

  /** An item of our kinds that has nothing about it to tell; all others are looked at as objects. */
  const readItem: Finds['item'] = ({ bytes, object: { start, line, indent }, dashes, list }) => {
    if (options.secretData || !lastIsOurs) return undefined
    const item = items.read(bytes, start, indent, dashes)
    if (!item || item.end - start > options.limits.objectBytes || !isObject(item.value)) return undefined
    const { value, end, lines: count } = item
    const kind = text(value['kind'])
    if (kind === undefined || !isOurKind(text(value['apiVersion']), kind)) return undefined
    const found: FoundPlace = { line, lines: count, indent, syntax: 'yaml' }
    const open = listOf(list, 'yaml')
    oldBreaks ||= item.oldBreaks
    if (!keepShaped(value, found, open)) keep(value, found, open)
    return { end, lines: count }
  }

  const readFound = (found: FoundObject): void => {
    const list = found.list && listOf(found.list, found.syntax)
    if (found.cut === 'cut') {
      tellCut(found, headName(found, list), list)
      return
    }
    if (found.stray !== undefined) {
      problem('yaml-syntax', found.stray, 'a line that belongs to no object', headName(found, list))
      return
    }
    const head = readObjectHead(found, false)
    if (
      !head.unsure &&
      head.kind !== undefined &&
      !isOurKind(head.apiVersion, head.kind) &&
      !isListKind(head.kind) &&
      !providesSecretKind(head.apiVersion, head.kind)
    ) {
      lastIsOurs = false
      const named = readObjectHead(found, true)
      addOther(head.apiVersion, head.kind, named.namespace, named.name)
      return
    }
    if (list && isForeignKindless(found, head, list)) {
      const { name, namespace } = readObjectHead(found, true)
      if (name !== undefined) list.kindlessOthers.push({ name, namespace: namespace ?? '' })
      return
    }
    if (list && options.secretData && head.kind === 'Secret' && !head.unsure && !found.cut && found.syntax === 'yaml') {
      if (readSplit(found, list, options.secretData)) return
    }
    readOne(found, list, head.kind)
  }

  const readOne = (found: FoundObject, list: OpenList | undefined, kind?: string): void => {
    const decoded = decodeText(found.bytes)
    if (found.list && found.syntax === 'yaml' && decoded.length < found.bytes.length && hasOldLineBreaks(decoded)) {
      const parts = splitAtOldBreaks(decoded, found.indent - 2)
      if (parts.length > 1 || parts[0]?.text !== decoded) {
        for (const part of parts) {
          readOne({ ...found, bytes: encoder.encode(part.text), keys: [], line: found.line + part.line }, list)
        }
        return
      }
    }
    const template = !found.list && found.syntax === 'yaml' && kind === undefined ? readTemplateSecret(decoded) : undefined
    if (template) {
      if (keepShaped(template, found, undefined)) return
      keep(template, found, undefined, { kind: 'Secret', absentKeysUnknown: true, absentMetadataUnknown: true })
      return
    }
    const result = readObject(found, depth, memory, decoded)
    if (!result.ok) {
      const object = headName(found, list)
      if (found.cut) tellCut(found, object, list)
      else problem(result.code, found.line + result.line, result.detail, object)
      return
    }
    if (!isObject(result.value)) {
      if (found.list === undefined || !found.list.bare) problem('not-an-object', found.line)
      return
    }
    oldBreaks ||= result.oldBreaks
    for (const remark of result.remarks) problem(remark.code, found.line + remark.line, remark.detail, nameOf(result.value))
    classify(result.value, found, list)
  }

  /** Not every object is told: the advice is the same for all of them. */
  const tellLostBreaks = (): void => {
    const told = new Set(out.problems.slice(firstProblem).map(({ place }) => place.line))
    for (const { value, place } of out.objects.slice(firstObject, firstObject + LOST_BREAKS_TOLD)) {
      if (!told.has(place.line) && mayHaveLostBreak(value)) {
        problem('line-break-characters', place.line, 'kubectl prints U+0085 as a blank', nameOf(value))
      }
    }
  }

  const endList = (frame: ListFrame, syntax: 'yaml' | 'json', frameText: string, complete: boolean): void => {
    out.lists++
    const list = listOf(frame, syntax)
    lists.delete(frame.number)
    if (list.kindless.length > 0 || list.kindlessOthers.length > 0) {
      const read = frame.bare || frameText === '' ? undefined : readGeneralYaml(frameText, depth)
      const value = read?.ok === true && isObject(read.value) ? read.value : {}
      const listKind = text(value['kind']) ?? list.frame.kind ?? ''
      const apiVersion = text(value['apiVersion']) ?? list.frame.apiVersion
      const kind = listKind.endsWith('List') ? listKind.slice(0, -4) : ''
      for (const { name, namespace } of list.kindlessOthers) if (kind !== '') addOther(apiVersion, kind, namespace, name)
      for (const { value: item, found } of list.kindless) {
        const { name, namespace } = nameOf(item)
        if (kind === '') continue
        if (isOurKind(apiVersion, kind)) keep({ ...(apiVersion !== undefined && { apiVersion }), kind, ...item }, found, list)
        else addOther(apiVersion, kind, namespace, name)
      }
    }
    if (!complete) {
      out.truncated = true
      if (!list.cutTold) problem('truncated', frame.line)
      return
    }
    for (const [namespace, names] of list.secrets) {
      const known = out.secretListings.get(namespace)
      if (known) for (const name of names) known.add(name)
      else out.secretListings.set(namespace, names)
    }
  }

  return {
    object: readFound,
    item: readItem,
    ahead: items.ahead,
    expect: items.expect,
    listEnd: endList,
    text: (line, bytes) => {
      listing ??= createListingReader(source)
      listing.push(decodeText(bytes), line)
    },
    problem: (code, line, detail) => {
      if (code === 'json-syntax') for (const list of lists.values()) list.cutTold = true
      problem(code, line, detail)
    },
    end: () => {
      if (listing) out.listings.push(listing.end())
      if (oldBreaks) tellLostBreaks()
      for (const [code, count] of problemCounts)
        if (count > PROBLEMS_PER_CODE) out.problems.push({ code, place: { source, line: 1 }, more: count - PROBLEMS_PER_CODE })
    },
  }
}
