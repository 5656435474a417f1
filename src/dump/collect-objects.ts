import type { Limits } from '../base/limits.ts'
import { isCollectorsIssuers } from './collectors-issuers.ts'
import { endBeforeStray } from './end-before-stray.ts'
import type { FoundPlace, PlaceSource } from './find-place.ts'
import { createPlaceOf } from './find-place.ts'
import { readGeneralYaml } from './general-yaml.ts'
import type { Finds, FoundObject, ListFrame } from './found-object.ts'
import { providedSecret, providesSecretKind, recogniseShape } from './collected-shapes.ts'
import type { IdentitySet } from './identity-set.ts'
import type { LinePrefix } from './line-prefix.ts'
import type { ListedNames } from './listed-names.ts'
import { addListed } from './listed-names.ts'
import type { ListingFacts, ListingReader } from './listing.ts'
import { createListingReader } from './listing.ts'
import { mayHaveLostBreak, splitAtOldBreaks, hasOldLineBreaks } from './old-line-breaks.ts'
import { isOurKind, readObjectHead } from './object-head.ts'
import type { ObjectName } from './object-name.ts'
import { groupOf, nameOf, stringOf } from './object-name.ts'
import type { OpenList } from './open-list.ts'
import { isFirstPage, isForeignKindless, isListKind, itemKindOf, noteItem, openList } from './open-list.ts'
import type { ToldProblems } from './problem-log.ts'
import { createProblemLog } from './problem-log.ts'
import type { Json, JsonObject, ObjectHints, RawObject } from './raw-object.ts'
import { isObject } from './raw-object.ts'
import { decodeText } from './read-lines.ts'
import { readObject } from './read-object.ts'
import type { SecretDataTaker } from './secret-data.ts'
import { dropData, sizesOf, splitSecret } from './secret-data.ts'
import type { SourceLines } from './source-lines.ts'
import type { ItemReader } from './read-items.ts'
import { createItemReader } from './read-items.ts'
import { hasParameters, isTemplateKind, templateObjects } from './openshift-template.ts'
import { createReaderMemory } from './reader-memory.ts'
import { readTemplateSecret } from './template-secret.ts'

/** Everything that was found in all sources so far. */
export interface Collected extends ToldProblems {
  readonly objects: RawObject[]
  /** Objects of other kinds. */
  readonly others: IdentitySet
  /** Issuers that stand where collectors write all of a namespace. */
  readonly collected: ListedNames
  readonly filteredSecretNamespaces: Set<string>
  /** Secrets that a collector asked for and did not find, and those that objects of other projects stand for: `namespace/name`. */
  readonly provenAbsent: Set<string>
  readonly knownElsewhere: Set<string>
  /** What tables and descriptions of each source told. */
  readonly listings: ListingFacts[]
  /** Lists that were read, empty ones too. */
  lists: number
}

/** Takes the finds of one source. `end` when the source is read. */
export interface Collector extends Finds, Pick<ItemReader, 'ahead' | 'expect'> {
  readonly end: () => void
}

export interface CollectorOptions {
  readonly limits: Limits
  readonly secretData?: SecretDataTaker | undefined
  /** What stands before each line of the object that is given, and is no part of it; the outermost first. */
  readonly prefixes: () => readonly LinePrefix[]
  /** Reads what stands behind an object and was taken for a part of it. */
  readonly readBehind: Finds['text']
}

const LOST_BREAKS_TOLD = 1000
const encoder = new TextEncoder()

/** Takes what a splitter finds in one source: keeps objects of our kinds, counts the others, and tells what could not be read. */
export const createCollector = (source: string, lines: SourceLines, out: Collected, options: CollectorOptions): Collector => {
  const firstObject = out.objects.length
  const firstProblem = out.problems.length
  let listing: ListingReader | undefined
  let oldBreaks = false
  const lists = new Map<number, OpenList>()
  const isCollectors = isCollectorsIssuers(source)
  const memory = createReaderMemory(options.secretData === undefined)
  const depth = options.limits.depth
  const placeSource: PlaceSource = { name: source, lines, objectBytes: options.limits.objectBytes }
  const items = createItemReader(depth, memory)
  const log = createProblemLog(source, out)
  const problem = log.tell
  /** The object before was one of ours: then the next one may be, too. */
  let lastIsOurs = false

  const listOf = (frame: ListFrame, syntax: 'yaml' | 'json'): OpenList => {
    let list = lists.get(frame.number)
    if (!list) lists.set(frame.number, (list = openList(frame, syntax)))
    return list
  }

  const listingReader = (): ListingReader => (listing ??= createListingReader(source))

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
      if (!log.isTold('too-many-objects')) problem('too-many-objects', found.line)
      out.truncated = true
      return
    }
    let value = whole
    let allHints = hints
    const identity = nameOf(value)
    const kind = identity.kind ?? hints?.kind
    if (list) noteItem(list, { ...identity, kind })
    if (isCollectors && (kind === 'Issuer' || kind === 'ClusterIssuer') && identity.name !== undefined)
      addListed(out.collected, kind, kind === 'Issuer' ? (identity.namespace ?? 'default') : '', [identity.name])
    if (kind === 'Secret') {
      if (!list && hints !== undefined) out.filteredSecretNamespaces.add(hints.namespace ?? identity.namespace ?? 'default')
      if (options.secretData && taken === undefined && !options.secretData.wants(stringOf(value, 'type') ?? '')) {
        const dropped = dropData(value)
        value = dropped.value
        if (dropped.keysWithoutValue) allHints = { ...hints, keysWithoutValue: { ...hints?.keysWithoutValue, ...dropped.keysWithoutValue } }
      }
    }
    lastIsOurs = true
    const place = { source, line: found.line }
    const placeOf = createPlaceOf(placeSource, found, options.prefixes())
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
    const kind = stringOf(value, 'kind')
    const apiVersion = stringOf(value, 'apiVersion')
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
        if (isTemplateKind(apiVersion, kind)) for (const object of templateObjects(value)) classifyOfTemplate(object, found)
      } else if (!keepShaped(value, found, list)) keep(value, found, list)
      return
    }
    const event = value['object']
    if (isObject(event) && typeof value['type'] === 'string' && stringOf(event, 'kind') !== undefined) {
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

  /** Of an object that waits for parameters not even the name is known. */
  const classifyOfTemplate = (object: JsonObject, found: FoundObject): void => {
    const { kind, namespace, name } = nameOf(object)
    if (!isOurKind(stringOf(object, 'apiVersion'), kind) || !hasParameters(object)) classify(object, found, undefined)
    else problem('template', found.line, undefined, { kind, namespace, ...(name !== undefined && !hasParameters(name) && { name }) })
  }

  const tellCut = (found: FoundObject, object: Partial<ObjectName> | undefined, list: OpenList | undefined): void => {
    out.truncated = true
    if (list) list.cutTold = true
    problem('truncated', found.line, undefined, object)
  }

  const headName = (found: FoundObject, list: OpenList | undefined): Partial<ObjectName> | undefined => {
    const { kind, namespace, name } = readObjectHead(found, true)
    const told = kind ?? itemKindOf(list?.frame.kind)
    if (told === undefined && name === undefined) return undefined
    return { ...(told !== undefined && { kind: told }), ...(namespace !== undefined && { namespace }), ...(name !== undefined && { name }) }
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
    const kind = stringOf(value, 'kind')
    if (kind === undefined || !isOurKind(stringOf(value, 'apiVersion'), kind)) return undefined
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
    if (found.stray) {
      const { line, at } = found.stray
      const end = list ? undefined : endBeforeStray(found, at, depth)
      if (end === undefined) problem('yaml-syntax', line, 'a line that belongs to no object', headName(found, list))
      else {
        const keys = found.keys.filter((key) => key < end)
        readFound({ ...found, bytes: found.bytes.subarray(0, end), lines: line - found.line, keys, stray: undefined })
        options.readBehind(line, found.bytes.subarray(at))
      }
      return
    }
    const head = readObjectHead(found, false)
    if (
      !head.unsure &&
      head.kind !== undefined &&
      !isOurKind(head.apiVersion, head.kind) &&
      !isListKind(head.kind) &&
      !providesSecretKind(head.apiVersion, head.kind) &&
      !isTemplateKind(head.apiVersion, head.kind)
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

  /** Items without a kind are of the kind that the list is of: that may stand behind them. */
  const settleKindless = (list: OpenList, frame: ListFrame, frameText: string): void => {
    const read = frame.bare || frameText === '' ? undefined : readGeneralYaml(frameText, depth)
    const value = read?.ok === true && isObject(read.value) ? read.value : {}
    const kind = itemKindOf(stringOf(value, 'kind') ?? list.frame.kind)
    if (kind === undefined) return
    const apiVersion = stringOf(value, 'apiVersion') ?? list.frame.apiVersion
    for (const { name, namespace } of list.kindlessOthers) addOther(apiVersion, kind, namespace, name)
    for (const { value: item, found } of list.kindless) {
      const { name, namespace } = nameOf(item)
      if (isOurKind(apiVersion, kind)) keep({ ...(apiVersion !== undefined && { apiVersion }), kind, ...item }, found, list)
      else addOther(apiVersion, kind, namespace, name)
    }
  }

  const endList = (frame: ListFrame, syntax: 'yaml' | 'json', frameText: string, complete: boolean): void => {
    // An array always has entries. That none of them is an object of Kubernetes makes it bullets of a text, or something else.
    if (!frame.bare) out.lists++
    const list = listOf(frame, syntax)
    lists.delete(frame.number)
    if (list.kindless.length > 0 || list.kindlessOthers.length > 0) settleKindless(list, frame, frameText)
    if (!complete) {
      out.truncated = true
      if (!list.cutTold) problem('truncated', frame.line)
      return
    }
    // kubectl never prints an array: one of issuers may be what somebody put together of single ones.
    if (frame.bare) list.names.delete('Issuer')
    if (frame.bare) list.names.delete('ClusterIssuer')
    if (!isFirstPage(frameText)) listingReader().list({ line: frame.line, names: list.names, ofAllNamespaces: list.ofAllNamespaces })
  }

  return {
    object: readFound,
    item: readItem,
    ahead: items.ahead,
    expect: items.expect,
    listEnd: endList,
    text: (line, bytes) => listingReader().push(decodeText(bytes), line),
    problem: (code, line, detail) => {
      if (code === 'json-syntax') for (const list of lists.values()) list.cutTold = true
      problem(code, line, detail)
    },
    end: () => {
      if (listing) out.listings.push(listing.end())
      if (oldBreaks) tellLostBreaks()
      log.end()
    },
  }
}
