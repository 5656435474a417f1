import type { Json, JsonObject } from '../dump/raw-object.ts'
import { isObject } from '../dump/raw-object.ts'

const ALGORITHMS: Readonly<Record<string, string>> = { rsa: 'RSA', ecdsa: 'ECDSA' }
const ENCODINGS: Readonly<Record<string, string>> = { pkcs1: 'PKCS1', pkcs8: 'PKCS8' }

const mapped = (value: Json | undefined, table: Readonly<Record<string, string>>): Json | undefined =>
  typeof value === 'string' ? (Object.hasOwn(table, value) ? table[value] : value) : value

/**
 * Turns the spec of a Certificate of any served API version into that of cert-manager.io/v1, as cert-manager's own conversion does:
 * `organization` replaces subject.organizations where it is not empty; any of the three `key*` fields makes a privateKey;
 * unknown algorithm and encoding strings pass through.
 */
export const normalizeCertificateSpec = (version: string, spec: JsonObject): JsonObject => {
  if (version === 'v1') return spec
  const out: Record<string, Json> = { ...spec }
  for (const [older, current] of [
    ['emailSANs', 'emailAddresses'],
    ['uriSANs', 'uris'],
  ] as const) {
    if (out[older] !== undefined && out[current] === undefined) out[current] = out[older]
    delete out[older]
  }
  const organization = out['organization']
  if (Array.isArray(organization) && organization.length > 0) {
    out['subject'] = { ...(isObject(out['subject']) ? out['subject'] : {}), organizations: organization as Json }
  }
  delete out['organization']
  const keys = { algorithm: mapped(out['keyAlgorithm'], ALGORITHMS), size: out['keySize'], encoding: mapped(out['keyEncoding'], ENCODINGS) }
  const written = Object.entries(keys).filter((entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null)
  if (written.length > 0) out['privateKey'] = { ...(isObject(out['privateKey']) ? out['privateKey'] : {}), ...Object.fromEntries(written) }
  for (const key of ['keyAlgorithm', 'keySize', 'keyEncoding']) delete out[key]
  return out
}
