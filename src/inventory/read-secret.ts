import { equalBytes } from '../base/bytes.ts'
import type { Json, JsonObject, RawObject } from '../dump/raw-object.ts'
import { firstPemBlockDer } from '../x509/pem.ts'
import { readKeyPairPrivateKey, readPrivateKey } from '../x509/private-key.ts'
import type { CertificateBundleReader } from './read-certificate-bundle.ts'
import { isObject, readFields } from './read-fields.ts'
import type { Identity } from './read-resource.ts'
import { readResource } from './read-resource.ts'
import type { ShownValue } from './redaction.ts'
import { readShownValue } from './redaction.ts'
import type { CertificateBundle, SecretResource, ValueStatus } from './secret.ts'

/** Longer than any mark or size in words, in base64. */
const LONGEST_MARK = 600

/** tls-combined.pem is tls.key, one line end, tls.crt (cert-manager pkg/apis/certmanager/v1, CombinedPEM). */
const combinedPem = (key: Uint8Array, certificates: Uint8Array): Uint8Array => {
  const out = new Uint8Array(key.length + 1 + certificates.length)
  out.set(key)
  out[key.length] = 0x0a
  out.set(certificates, key.length + 1)
  return out
}

/** Both readings of a key; the second only where it can differ from the first. */
const readKeyFacts = async (bytes: Uint8Array): Promise<Pick<SecretResource['tlsKey'], 'facts' | 'keyPairFacts'>> => {
  const facts = await readPrivateKey(bytes)
  return facts.status === 'read' ? { facts } : { facts, keyPairFacts: await readKeyPairPrivateKey(bytes) }
}

/** data, and stringData of hand-written manifests over it, as text that is either base64 or plain. */
const dataOf = (value: JsonObject): { readonly data: JsonObject; readonly plainKeys: ReadonlySet<string> } => {
  const data = isObject(value['data']) ? value['data'] : {}
  const stringData = isObject(value['stringData']) ? value['stringData'] : {}
  return { data: { ...data, ...stringData }, plainKeys: new Set(Object.keys(stringData)) }
}

/**
 * Reads a Secret. The private key is turned into facts about its public half here, and its bytes go no further:
 * neither the result nor any problem holds them.
 */
export const readSecret = async (object: RawObject, identity: Identity, bundles: CertificateBundleReader): Promise<SecretResource> => {
  const malformed: string[] = []
  const fields = readFields(object.value, '', malformed)
  const { data, plainKeys } = dataOf(object.value)
  const hints = object.hints
  const known = hints?.keysWithoutValue ?? {}
  const present = new Map<string, ShownValue>()
  const read = (key: string): ShownValue => {
    const value: Json | undefined = Object.hasOwn(data, key) ? data[key] : undefined
    const shown = readShownValue(value, hints?.plainData === true || plainKeys.has(key))
    if (shown.status === 'absent' && Object.hasOwn(known, key)) return { status: 'masked', ...(known[key] != null && { size: known[key] }) }
    if (shown.status === 'absent' && (hints?.absentKeysUnknown || hints?.existenceOnly)) return { status: 'unknown' }
    if (shown.status === 'empty' && hints?.absentKeysUnknown) return key === 'ca.crt' ? { status: 'absent' } : { status: 'unknown' }
    return shown
  }
  const show = (key: string): ShownValue => {
    const shown = present.get(key) ?? read(key)
    present.set(key, shown)
    return shown
  }
  const text = (name: string): string | undefined => (typeof data[name] === 'string' && Object.hasOwn(data, name) ? data[name] : undefined)
  const bundle = (name: string): CertificateBundle => bundles.known(text(name)) ?? bundles.read(text(name), show(name))
  const [tlsCrt, caCrt, key] = [bundle('tls.crt'), bundle('ca.crt'), show('tls.key')]
  const statusOf = (name: string): ValueStatus => {
    if (name === 'tls.crt') return tlsCrt.status
    if (name === 'ca.crt') return caCrt.status
    const value = text(name)
    // A long text is a value, whatever it says; only short ones can be marks.
    return value !== undefined && value.length > LONGEST_MARK ? 'present' : show(name).status
  }
  const keys = new Map<string, ValueStatus>()
  for (const name of [...new Set([...Object.keys(data), ...Object.keys(known)])].sort()) keys.set(name, statusOf(name))
  const combined = show('tls-combined.pem')
  const keyDer = show('key.der')
  const certificate = combined.status === 'present' ? show('tls.crt') : undefined
  const firstBlock = key.status === 'present' && keyDer.status === 'present' ? firstPemBlockDer(key.bytes) : undefined
  const type = fields.string('type')
  return {
    ...readResource(object, identity, malformed),
    ...(type !== undefined && { type }),
    keys,
    tlsCrt,
    caCrt,
    tlsKey: {
      status: key.status,
      ...(key.status === 'present' && (await readKeyFacts(key.bytes))),
      ...(key.status === 'masked' && key.size !== undefined && { sizeHint: key.size }),
    },
    ...(combined.status === 'present' &&
      key.status === 'present' &&
      certificate?.status === 'present' && { combinedPemMatches: equalBytes(combined.bytes, combinedPem(key.bytes, certificate.bytes)) }),
    ...(keyDer.status === 'present' && firstBlock && { keyDerMatches: equalBytes(keyDer.bytes, firstBlock) }),
    metadataKnown: !hints?.absentMetadataUnknown && !hints?.existenceOnly,
    existenceOnly: hints?.existenceOnly === true,
  }
}
