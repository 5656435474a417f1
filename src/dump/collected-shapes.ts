import type { Json, JsonObject, ObjectHints } from './raw-object.ts'
import { isObject } from './raw-object.ts'

/** What a collector's own shape stands for: an object as kubectl would print it, and what the collector left out of it. */
export interface CollectedShape {
  readonly value: JsonObject
  readonly hints: ObjectHints
  /** The collector was asked for this Secret and did not find it: no object, but a proof of absence. */
  readonly provenAbsent?: boolean
}

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const TEMPLATE_KEYS = new Set(['type', 'metadata', 'data'])
const TEMPLATE_DATA = new Set(['ca.crt', 'tls.crt'])

/** A Secret's name and namespace where the layout's path tells them: the parts behind `folder/`. */
const partsBehind = (sourceName: string, folder: string): readonly string[] | undefined => {
  const parts = sourceName.split('/')
  const at = parts.lastIndexOf(folder)
  return at < 0 ? undefined : parts.slice(at + 1)
}

const withoutEnding = (name: string): string => name.replace(/\.(json|ya?ml)$/, '')

/** `namespaces/NS/secrets/yaml/NAME.yaml` of API Connect's postmortem (facts of bundles 1.1). */
const postmortemPath = (sourceName: string): { readonly namespace: string; readonly name: string } | undefined => {
  const parts = partsBehind(sourceName, 'namespaces')
  const [namespace, secrets, yaml, file, ...more] = parts ?? []
  if (namespace === undefined || file === undefined || secrets !== 'secrets' || yaml !== 'yaml' || more.length > 0) return undefined
  return { namespace, name: withoutEnding(file) }
}

/**
 * A TLS Secret as the postmortem's template prints it: neither kind nor apiVersion, two keys at most, no annotations.
 * YAML reads a name such as `1e3` or `null` as no text there; then the path tells it.
 */
const readTemplate = (value: JsonObject, sourceName: string): CollectedShape | undefined => {
  const { type, metadata, data } = value
  if (!Object.keys(value).every((key) => TEMPLATE_KEYS.has(key)) || !Object.hasOwn(value, 'type') || !isObject(metadata)) return undefined
  if (!Object.keys(metadata).every((key) => key === 'name' || key === 'namespace')) return undefined
  if (data !== null && data !== undefined && !(isObject(data) && Object.keys(data).every((key) => TEMPLATE_DATA.has(key)))) return undefined
  const path = postmortemPath(sourceName)
  const told = (key: 'name' | 'namespace'): string | undefined => {
    const found = metadata[key]
    if (typeof found === 'string' && found !== '') return found
    return path?.[key] ?? (typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined)
  }
  const name = told('name')
  const namespace = told('namespace')
  if (name === undefined) return undefined
  return {
    value: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: text(type) ?? 'kubernetes.io/tls',
      metadata: { name, ...(namespace !== undefined && { namespace }) },
      ...(isObject(data) && { data }),
    },
    hints: {
      kind: 'Secret',
      name,
      ...(namespace !== undefined && { namespace }),
      absentKeysUnknown: true,
      absentMetadataUnknown: true,
    },
  }
}

/** Bytes that are not UTF-8 became U+FFFD when Troubleshoot wrote them: the key is there, its value is lost. */
const isLost = (value: Json): boolean => typeof value !== 'string' || value.includes('\ufffd')

/**
 * A Secret of Troubleshoot's secret collector, one file for each key or one for all (facts of bundles 1.2). Values are plain text;
 * type, labels and annotations are not collected.
 */
const readTroubleshoot = (value: JsonObject, sourceName: string): CollectedShape | undefined => {
  const { secretExists, keyExists, data } = value
  const name = text(value['name'])
  if (typeof secretExists !== 'boolean' || name === undefined) return undefined
  // An empty namespace is a selector over all namespaces: path and body keep it empty.
  const namespace = text(value['namespace']) ?? ''
  const reference: JsonObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } }
  const identity: ObjectHints = { kind: 'Secret', namespace, name }
  if (!secretExists) return { value: reference, hints: { ...identity, existenceOnly: true }, provenAbsent: true }
  const values: Record<string, Json> = {}
  const known: Record<string, number | null> = {}
  const put = (key: string, found: Json): void => {
    // `__proto__` is no key of a Secret (Kubernetes allows letters, digits, - _ and .), yet it is one of JSON.
    if (key === '__proto__') return
    if (isLost(found)) known[key] = null
    else values[key] = found
  }
  const hasAll = isObject(data)
  if (hasAll) for (const [key, found] of Object.entries(data)) put(key, found)
  const parts = partsBehind(sourceName, 'secrets')
  const key = text(value['key']) ?? (parts !== undefined && parts.length === 3 ? withoutEnding(parts[2] as string) : undefined)
  if (!hasAll && key !== undefined && keyExists === true) put(key, value['value'] ?? null)
  const hasValues = Object.keys(values).length > 0
  const hasKnown = Object.keys(known).length > 0
  return {
    value: { ...reference, ...(hasValues && { data: values }) },
    hints: {
      ...identity,
      plainData: true,
      absentMetadataUnknown: true,
      ...(!hasAll && { absentKeysUnknown: true }),
      ...(hasKnown && { keysWithoutValue: known }),
      ...(!hasAll && !hasValues && !hasKnown && { existenceOnly: true }),
    },
  }
}

/** `yamls/cluster/…` and `yamls/namespaced/NS/…` of Rancher's support-bundle-kit (facts of bundles 1.5). */
const isKitPath = (sourceName: string): boolean => /(^|\/)yamls\/(namespaced|cluster)\//.test(sourceName)

/** The kit writes the text `"null"` for every empty string and every null. Readers bound the depth. */
const withoutNullTexts = (value: Json): Json => {
  if (value === 'null') return ''
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutNullTexts)
  if (!isObject(value)) return value
  const out: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(out, key, { value: withoutNullTexts(item), enumerable: true, configurable: true, writable: true })
  return out
}

const readKitObject = (value: JsonObject): CollectedShape => {
  const repaired = withoutNullTexts(value) as JsonObject
  // An object that is called null is no invention of the kit: nothing in a cluster has an empty name.
  const metadata = isObject(value['metadata']) ? value['metadata'] : undefined
  const name = text(metadata?.['name'])
  const namespace = text(metadata?.['namespace'])
  return {
    value: repaired,
    hints: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(value['kind'] === 'Secret' && { absentKeysUnknown: true }),
    },
  }
}

/** A value of SOPS, `ENC[AES256_GCM,…]`: the key is there, what it holds is not. */
const isEncrypted = (value: Json): boolean => typeof value === 'string' && value.startsWith('ENC[')

/** A Secret under SOPS: a top-level `sops` map, values encrypted, names and annotations mostly readable (facts of bundles 1.8). */
const readSopsSecret = (value: JsonObject): CollectedShape => {
  const known: Record<string, number | null> = {}
  const readable = (part: Json | undefined): JsonObject | undefined => {
    if (!isObject(part)) return undefined
    const out: Record<string, Json> = {}
    for (const [key, item] of Object.entries(part)) {
      if (key === '__proto__') continue
      if (isEncrypted(item)) known[key] = null
      else out[key] = item
    }
    return out
  }
  const data = readable(value['data'])
  const stringData = readable(value['stringData'])
  const metadata = value['metadata']
  const annotations = isObject(metadata) && isObject(metadata['annotations']) ? Object.values(metadata['annotations']) : []
  const { sops: _sops, ...rest } = value
  return {
    value: { ...rest, ...(data && { data }), ...(stringData && { stringData }) },
    hints: {
      ...(Object.keys(known).length > 0 && { keysWithoutValue: known }),
      ...(annotations.some(isEncrypted) && { absentMetadataUnknown: true }),
    },
  }
}

/**
 * Recognises what a collector wrote in a shape of its own, and gives the object as kubectl would print it with hints about what is
 * missing in it. Works on values with and without kind; the name of the source (a path) may tell what the text does not.
 * @returns undefined where the value is an ordinary object, or none at all
 */
export const recogniseShape = (value: JsonObject, sourceName: string): CollectedShape | undefined => {
  if (value['kind'] === undefined || value['kind'] === null) {
    if (Object.hasOwn(value, 'secretExists')) return readTroubleshoot(value, sourceName)
    return Object.hasOwn(value, 'metadata') ? readTemplate(value, sourceName) : undefined
  }
  if (isKitPath(sourceName)) return readKitObject(value)
  if (value['kind'] === 'Secret' && isObject(value['sops'])) return readSopsSecret(value)
  return undefined
}

/** Kinds of other projects from which a controller makes a Secret. */
const PROVIDERS = new Map([
  ['SealedSecret', 'bitnami.com/'],
  ['ExternalSecret', 'external-secrets.io/'],
])

/** Is this a kind that stands for a Secret whose content is elsewhere? Tells from apiVersion and kind, so that nothing else is parsed. */
export const providesSecretKind = (apiVersion: string | undefined, kind: string | undefined): boolean =>
  kind !== undefined && apiVersion?.startsWith(PROVIDERS.get(kind) ?? '\0') === true

/**
 * The Secret that a SealedSecret or an ExternalSecret stands for: it satisfies a secretName, and what is in it cannot be known here.
 * @returns `namespace/name`, or undefined for any other object
 */
export const providedSecret = (value: JsonObject): string | undefined => {
  if (!providesSecretKind(text(value['apiVersion']), text(value['kind']))) return undefined
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  const spec = isObject(value['spec']) ? value['spec'] : {}
  const made = isObject(spec['target']) ? spec['target'] : isObject(spec['template']) ? spec['template'] : {}
  const madeMetadata = isObject(made['metadata']) ? made['metadata'] : {}
  const target = value['kind'] === 'ExternalSecret' ? text(made['name']) : text(madeMetadata['name'])
  const name = target ?? text(metadata['name'])
  return name === undefined ? undefined : `${text(metadata['namespace']) ?? 'default'}/${name}`
}
