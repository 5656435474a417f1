import type { RawObject } from '../dump/raw-object.ts'
import type { IssuerResource, IssuerType } from './issuer.ts'
import { readFields } from './read-fields.ts'
import type { Identity } from './read-resource.ts'
import { readConditions, readResource } from './read-resource.ts'

/** The order in which the controller looks when several are set (cert-manager pkg/api/util/issuers.go). */
const TYPES: readonly IssuerType[] = ['acme', 'ca', 'vault', 'selfSigned', 'venafi']

/** Issuer and ClusterIssuer have had the same shape in every API version. */
export const readIssuer = (object: RawObject, identity: Identity): IssuerResource => {
  const fields = readFields(object.value)
  const spec = fields.object('spec')
  const status = fields.object('status')
  const caSecretName = spec?.object('ca')?.told('secretName')
  return Object.assign(readResource(object, identity), {
    types: TYPES.filter((type) => spec?.has(type)),
    ...(caSecretName !== undefined && caSecretName !== '' && { caSecretName }),
    spec: fields.raw('spec') ?? {},
    conditions: readConditions(status),
    hasStatus: status !== undefined,
  })
}
