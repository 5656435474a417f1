import type { RawObject } from '../dump/raw-object.ts'
import { readFields } from './read-fields.ts'
import type { Identity } from './read-resource.ts'
import { readResource } from './read-resource.ts'
import type { SecretData } from './secret-data.ts'
import type { SecretResource } from './secret.ts'

/** Reads what a Secret has beside its values, and puts to it what those say. */
export const readSecret = (object: RawObject, identity: Identity, data: SecretData): SecretResource => {
  const { ref, apiVersion, metadata, place, placeOf } = readResource(object, identity)
  return {
    ref,
    apiVersion,
    metadata,
    place,
    placeOf,
    type: readFields(object.value).string('type'),
    keys: data.keys,
    tlsCrt: data.tlsCrt,
    caCrt: data.caCrt,
    tlsKey: data.tlsKey,
    combinedPemMatches: data.combinedPemMatches,
    keyDerMatches: data.keyDerMatches,
    metadataKnown: !object.hints?.absentMetadataUnknown && !object.hints?.existenceOnly,
    existenceOnly: object.hints?.existenceOnly === true,
  }
}
