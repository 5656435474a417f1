import { withoutKeyText } from '../base/key-text.ts'
import type { Json, JsonObject, RawObject } from '../dump/raw-object.ts'
import type { FieldReader } from './read-fields.ts'
import { isObject, readFields } from './read-fields.ts'
import type { Condition, IssuerRef, Metadata, OwnerReference, Resource } from './resource.ts'

/** Kind, API group and version, namespace and name: what makes an object distinct. Hints from outside the text fill what it lacks. */
export interface Identity {
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly namespace?: string
  readonly name: string
}

/** The cluster-scoped one of our kinds: its namespace is passed over where a dump has one. */
const CLUSTER_SCOPED = new Set(['ClusterIssuer'])

/** @returns undefined when the object has no name, which no object of a cluster lacks. */
export const identify = ({ value, hints }: RawObject): Identity | undefined => {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  const text = (item: Json | undefined): string | undefined => (typeof item === 'string' ? withoutKeyText(item) : undefined)
  const kind = hints?.kind ?? text(value['kind'])
  const name = text(hints?.name ?? metadata['name'])
  if (kind === undefined || name === undefined || name === '') return undefined
  const apiVersion = text(value['apiVersion']) ?? 'v1'
  const slash = apiVersion.indexOf('/')
  const [group, version] = slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
  const namespace = CLUSTER_SCOPED.has(kind) ? undefined : (text(hints?.namespace ?? metadata['namespace']) ?? 'default')
  return { kind, group, version, name, ...(namespace !== undefined && { namespace }) }
}

const readOwner = (owner: FieldReader): OwnerReference => ({
  apiVersion: owner.told('apiVersion'),
  kind: owner.told('kind'),
  name: owner.told('name'),
  uid: owner.string('uid'),
  controller: owner.boolean('controller'),
  blockOwnerDeletion: owner.boolean('blockOwnerDeletion'),
})

const readMetadata = (value: JsonObject, identity: Identity, malformed: string[]): Metadata => {
  const fields = readFields(value, '', malformed).object('metadata') ?? readFields({}, '/metadata', malformed)
  const managed = fields.has('managedFields') ? fields.objects('managedFields').length : 0
  const rawMetadata = value['metadata'] as JsonObject | undefined
  return {
    name: identity.name,
    ...(identity.namespace !== undefined && { namespace: identity.namespace }),
    uid: fields.string('uid'),
    creationTimestamp: fields.instant('creationTimestamp'),
    deletionTimestamp: fields.instant('deletionTimestamp'),
    generation: fields.number('generation'),
    labels: fields.record('labels'),
    annotations: fields.record('annotations'),
    ownerReferences: fields.objects('ownerReferences').map(readOwner),
    ...(managed > 0 && { managedFields: rawMetadata?.['managedFields'] as unknown as readonly JsonObject[] }),
  }
}

/** The conditions of a status, in their order; one without a type is left out. */
export const readConditions = (status: FieldReader | undefined): readonly Condition[] =>
  (status?.objects('conditions') ?? []).flatMap((condition): Condition[] => {
    const type = condition.told('type')
    if (type === undefined) return []
    return [
      {
        type,
        status: condition.told('status') ?? 'Unknown',
        reason: condition.told('reason'),
        message: condition.told('message'),
        lastTransitionTime: condition.instant('lastTransitionTime'),
        observedGeneration: condition.number('observedGeneration'),
      },
    ]
  })

/** issuerRef with cert-manager's defaults: no kind is `Issuer`, no group is `cert-manager.io` (facts of cert-manager 2.1). */
export const readIssuerRef = (ref: FieldReader | undefined): IssuerRef | undefined => {
  if (!ref) return undefined
  const [name, kind, group] = [ref.told('name'), ref.told('kind'), ref.told('group')]
  return { name: name ?? '', kind: kind || 'Issuer', group: group || 'cert-manager.io', written: { name, kind, group } }
}

/** What every typed resource has in common. */
export const readResource = (object: RawObject, identity: Identity, malformed: string[]): Resource => ({
  ref: { kind: identity.kind, ...(identity.namespace !== undefined && { namespace: identity.namespace }), name: identity.name },
  apiVersion: identity.group === '' ? identity.version : `${identity.group}/${identity.version}`,
  metadata: readMetadata(object.value, identity, malformed),
  place: object.place,
  placeOf: object.placeOf,
  malformedFields: malformed,
})
