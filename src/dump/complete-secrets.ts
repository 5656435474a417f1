import type { ListingFacts } from './listing.ts'
import type { ObjectHints, RawObject } from './raw-object.ts'
import { isObject } from './raw-object.ts'

/**
 * Gives Secrets whose collector dropped their metadata and some of their keys what `describe` tells of them (facts of bundles 1.1:
 * owner and issuer are knowable in a postmortem). No other object is touched, and no object comes into being.
 */
export const completeSecrets = (objects: readonly RawObject[], listings: readonly ListingFacts[]): readonly RawObject[] => {
  const described = new Map(
    listings.flatMap((facts) => facts.describedSecrets.map((secret) => [`${secret.namespace}/${secret.name}`, secret])),
  )
  if (described.size === 0) return objects
  return objects.map((object) => {
    const { hints, value } = object
    if (!hints?.absentMetadataUnknown || hints.kind !== 'Secret') return object
    const metadata = isObject(value['metadata']) ? value['metadata'] : {}
    const part = (key: 'name' | 'namespace'): string | undefined =>
      hints[key] ?? (typeof metadata[key] === 'string' ? metadata[key] : undefined)
    const secret = described.get(`${part('namespace') ?? ''}/${part('name') ?? ''}`)
    if (!secret) return object
    const data = isObject(value['data']) ? value['data'] : {}
    const held = (key: string): boolean => Object.hasOwn(data, key) && data[key] !== null && data[key] !== ''
    const unseen = Object.entries(secret.keySizes).filter(([key, size]) => !held(key) && size !== 0)
    const completed: ObjectHints = {
      ...hints,
      keysWithoutValue: { ...hints.keysWithoutValue, ...Object.fromEntries(unseen) },
      absentKeysUnknown: false,
      absentMetadataUnknown: !secret.annotationsWhole,
    }
    // The template prints an absent key and an empty one alike; describe tells them apart.
    const empty = Object.entries(secret.keySizes).flatMap(([key, size]) => (size === 0 && !held(key) ? [[key, ''] as const] : []))
    const shown = Object.fromEntries([...Object.entries(data).filter(([key]) => held(key)), ...empty])
    return {
      ...object,
      value: { ...value, metadata: { ...metadata, labels: secret.labels, annotations: secret.annotations }, data: shown },
      hints: completed,
    }
  })
}
