import { withoutKeyText } from '../base/key-text.ts'
import type { Ref } from '../base/ref.ts'
import type { Json, JsonObject, RawObject } from '../dump/raw-object.ts'
import type { FieldReader } from './read-fields.ts'
import { isObject } from '../dump/raw-object.ts'
import { readFields } from './read-fields.ts'
import type { Condition, IssuerRef, Metadata, OwnerReference, Resource } from './resource.ts'

/** Kind, API group and version, namespace and name: what makes an object distinct. Hints from outside the text fill what it lacks. */
export interface Identity {
  readonly kind: string
  readonly group: string
  readonly version: string
  /** Group and version in one. */
  readonly apiVersion: string
  readonly namespace?: string
  readonly name: string
}

/** The cluster-scoped one of our kinds: its namespace is passed over where a dump has one. */
const CLUSTER_SCOPED = new Set(['ClusterIssuer'])

type Api = Pick<Identity, 'group' | 'version' | 'apiVersion'>

/** The two that nearly every object has: one text for each, not one for each object. */
const CERT_MANAGER: Api = { group: 'cert-manager.io', version: 'v1', apiVersion: 'cert-manager.io/v1' }
const CORE: Api = { group: '', version: 'v1', apiVersion: 'v1' }

const apiOf = (text: string): Api => {
  if (text === CORE.apiVersion) return CORE
  if (text === CERT_MANAGER.apiVersion) return CERT_MANAGER
  const slash = text.indexOf('/')
  const version = text.slice(slash + 1)
  return slash > 0 ? { group: text.slice(0, slash), version, apiVersion: text } : { group: '', version, apiVersion: version }
}

const NO_FIELDS: JsonObject = {}

const toldText = (item: Json | undefined): string | undefined => (typeof item === 'string' ? withoutKeyText(item) : undefined)

/** @returns undefined when the object has no name, which no object of a cluster lacks. */
export const identify = ({ value, hints }: RawObject): Identity | undefined => {
  const metadata = isObject(value['metadata']) ? value['metadata'] : NO_FIELDS
  const kind = hints?.kind ?? toldText(value['kind'])
  const name = toldText(hints?.name ?? metadata['name'])
  if (kind === undefined || name === undefined || name === '') return undefined
  const { group, version, apiVersion } = apiOf(toldText(value['apiVersion']) ?? 'v1')
  const namespace = CLUSTER_SCOPED.has(kind) ? undefined : (toldText(hints?.namespace ?? metadata['namespace']) ?? 'default')
  return { kind, group, version, apiVersion, namespace, name }
}

const readOwner = (owner: FieldReader): OwnerReference => ({
  apiVersion: owner.told('apiVersion'),
  kind: owner.told('kind'),
  name: owner.told('name'),
  uid: owner.string('uid'),
  controller: owner.boolean('controller'),
  blockOwnerDeletion: owner.boolean('blockOwnerDeletion'),
})

const readMetadata = (value: JsonObject, identity: Identity): Metadata => {
  const fields = readFields(value).object('metadata') ?? readFields(NO_FIELDS)
  const managed = fields.has('managedFields') ? fields.objects('managedFields').length : 0
  const rawMetadata = value['metadata'] as JsonObject | undefined
  return {
    name: identity.name,
    namespace: identity.namespace,
    uid: fields.string('uid'),
    creationTimestamp: fields.instant('creationTimestamp'),
    deletionTimestamp: fields.instant('deletionTimestamp'),
    generation: fields.number('generation'),
    labels: fields.record('labels'),
    annotations: fields.record('annotations'),
    ownerReferences: fields.objects('ownerReferences').map(readOwner),
    managedFields: managed > 0 ? (rawMetadata?.['managedFields'] as unknown as readonly JsonObject[]) : undefined,
  }
}

/** The conditions of a status, in their order; one without a type is left out. */
export const readConditions = (status: FieldReader | undefined): readonly Condition[] => {
  const conditions: Condition[] = []
  for (const condition of status?.objects('conditions') ?? []) {
    const type = condition.told('type')
    if (type === undefined) continue
    conditions.push({
      type,
      status: condition.told('status') ?? 'Unknown',
      reason: condition.told('reason'),
      message: condition.told('message'),
      lastTransitionTime: condition.instant('lastTransitionTime'),
      observedGeneration: condition.number('observedGeneration'),
    })
  }
  return conditions.slice()
}

/** issuerRef with cert-manager's defaults: no kind is `Issuer`, no group is `cert-manager.io` (facts of cert-manager 2.1). */
export const readIssuerRef = (ref: FieldReader | undefined): IssuerRef | undefined => {
  if (!ref) return undefined
  const name = ref.told('name')
  const kind = ref.told('kind')
  const group = ref.told('group')
  return { name: name ?? '', kind: kind || 'Issuer', group: group || 'cert-manager.io', written: { name, kind, group } }
}

/** The reference to an object. */
export const refOf = ({ kind, namespace, name }: Identity): Ref => (namespace === undefined ? { kind, name } : { kind, namespace, name })

/** What every typed resource has in common. */
export const readResource = (object: RawObject, identity: Identity): Resource => ({
  ref: refOf(identity),
  apiVersion: identity.apiVersion,
  metadata: readMetadata(object.value, identity),
  place: object.place,
  placeOf: object.placeOf,
})
