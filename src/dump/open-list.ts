import type { FoundPlace } from './find-place.ts'
import type { FoundObject, ListFrame } from './found-object.ts'
import { isOurKind } from './object-head.ts'
import type { ObjectHead } from './object-head.ts'
import type { ListedNames } from './listed-names.ts'
import { addListed } from './listed-names.ts'
import type { ObjectName } from './object-name.ts'
import { groupOf } from './object-name.ts'
import type { JsonObject } from './raw-object.ts'
import { decodeText } from './read-lines.ts'

/** Kind and apiVersion of a list, as far as its frame tells them. */
interface FrameHead {
  readonly kind?: string
  readonly apiVersion?: string
}

/** A list whose end was not read yet. */
export interface OpenList {
  /** Names of its Secrets and issuers: it holds these and no others, if it is whole. */
  readonly names: ListedNames
  /** The namespace of its objects so far, and whether there are others. */
  namespace: string | undefined
  ofAllNamespaces: boolean
  /** Items without a kind: it may stand behind them. */
  readonly kindless: { readonly value: JsonObject; readonly found: FoundPlace }[]
  readonly kindlessOthers: { readonly name: string; readonly namespace: string }[]
  readonly frame: FrameHead
  /** That its end is missing was told. */
  cutTold: boolean
}

const readFrame = (head: string, syntax: 'yaml' | 'json'): FrameHead => {
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

/** A list of which nothing but the head of its frame was read. */
export const openList = (frame: ListFrame, syntax: 'yaml' | 'json'): OpenList => ({
  names: new Map(),
  namespace: undefined,
  ofAllNamespaces: false,
  kindless: [],
  kindlessOthers: [],
  frame: readFrame(frame.head, syntax),
  cutTold: false,
})

/** Notes an object of our kinds that the list holds. */
export const noteItem = (list: OpenList, { kind, namespace = 'default', name }: ObjectName): void => {
  const isCluster = kind === 'ClusterIssuer'
  if (name !== undefined && (isCluster || kind === 'Secret' || kind === 'Issuer'))
    addListed(list.names, kind, isCluster ? '' : namespace, [name])
  if (isCluster) return
  list.namespace ??= namespace
  list.ofAllNamespaces ||= list.namespace !== namespace
}

/** What the items of this kind of list are; undefined for a List of everything. */
export const itemKindOf = (listKind: string | undefined): string | undefined =>
  listKind !== undefined && listKind.length > 4 && listKind.endsWith('List') ? listKind.slice(0, -4) : undefined

/** A list inside of a list (`jq -s` over outputs), of everything or of one of our kinds. */
export const isListKind = (kind: string): boolean => {
  const itemKind = itemKindOf(kind)
  return kind === 'List' || (itemKind !== undefined && isOurKind(undefined, itemKind))
}

/** Is this item, whose kind is not known yet, certainly none of ours? Such items are only counted. */
export const isForeignKindless = (found: FoundObject, head: ObjectHead, list: OpenList): boolean => {
  if (head.kind !== undefined || head.unsure) return false
  const { kind, apiVersion } = list.frame
  if (kind !== undefined && kind !== 'List') return !isOurKind(apiVersion, kind.slice(0, -4))
  if (found.syntax === 'json' || apiVersion === undefined) return false
  if (apiVersion !== 'v1') return groupOf(apiVersion) !== 'cert-manager.io' && groupOf(apiVersion) !== 'certmanager.k8s.io'
  const names = found.keys.map((key) => decodeText(found.bytes.subarray(key, key + found.indent + 6)).trimStart())
  return !names.some((name) => name.startsWith('data:') || name.startsWith('type:'))
}

/** Does the frame of this list say that there is more of it? `get --raw` with a limit, and what programs write of one page. */
export const isFirstPage = (frameText: string): boolean => /continue"?:[ \t]*"?[\w+/=-]{8}|remainingItemCount"?:[ \t]*[1-9]/.test(frameText)
