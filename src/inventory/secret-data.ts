import { concatBytes, equalBytes } from '../base/bytes.ts'
import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { SecretDataTaker } from '../dump/secret-data.ts'
import type { Json, JsonObject, ObjectHints, RawObject } from '../dump/raw-object.ts'
import { firstPemBlockDer } from '../x509/pem.ts'
import { readKeyPairPrivateKey, readPrivateKey } from '../x509/private-key.ts'
import type { PrivateKeyFacts } from '../x509/public-key.ts'
import type { CertificateBundleReader } from './read-certificate-bundle.ts'
import { createCertificateBundleReader } from './read-certificate-bundle.ts'
import { isObject } from '../dump/raw-object.ts'
import type { ShownValue } from './redaction.ts'
import { LONGEST_MARK, readShownValue } from './redaction.ts'
import type { CertificateBundle, SecretResource, ValueStatus } from './secret.ts'
import { asTlsCrt } from './secret.ts'

/** What the values of one Secret say. Its private key's bytes are gone when this exists. */
export interface SecretData extends Pick<SecretResource, 'keys' | 'tlsCrt' | 'caCrt' | 'tlsKey' | 'combinedPemMatches' | 'keyDerMatches'> {
  /** Equal for equal values: tells two copies of one Secret apart. */
  readonly content: string
}

/** Reads the values of Secrets: as they are read from a dump (`wants` and `take`), or from an object that has them. */
export interface SecretDataReader extends SecretDataTaker {
  readonly bundles: CertificateBundleReader
  readonly read: (object: RawObject) => SecretData | Promise<SecretData>
}

/** Types of Secrets that other controllers own and that never hold what cert-manager issued. */
const FOREIGN_TYPES = new Set([
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
  'bootstrap.kubernetes.io/token',
])

/** What `take` leaves in `RawObject.taken`. */
class TakenData {
  readonly data: SecretData | Promise<SecretData>
  constructor(data: SecretData | Promise<SecretData>) {
    this.data = data
  }
}

const LINE_END = Uint8Array.of(0x0a)

/** tls-combined.pem is tls.key, one line end, tls.crt (cert-manager pkg/apis/certmanager/v1, CombinedPEM). */
const combinedPem = (key: Uint8Array, certificates: Uint8Array): Uint8Array => concatBytes([key, LINE_END, certificates])

type KeyFacts = Pick<SecretResource['tlsKey'], 'facts' | 'keyPairFacts'>

const secondReading = async (facts: PrivateKeyFacts, bytes: Uint8Array): Promise<KeyFacts> => ({
  facts,
  keyPairFacts: await readKeyPairPrivateKey(bytes),
})

/** Both readings of a key; the second only where it can differ from the first. */
const readKeyFacts = (bytes: Uint8Array): KeyFacts | Promise<KeyFacts> => {
  const facts = readPrivateKey(bytes)
  if (facts instanceof Promise) return facts.then((read) => (read.status === 'read' ? { facts: read } : secondReading(read, bytes)))
  return facts.status === 'read' ? { facts } : secondReading(facts, bytes)
}

/** Where the key is that of a certificate beside it, as it should be, the two share one public key: it is hashed and kept once. */
const withSharedKey = (read: KeyFacts, { certificates }: CertificateBundle): KeyFacts => {
  const { facts } = read
  if (facts?.status !== 'read') return read
  const own = certificates.find(({ publicKey }) => equalBytes(publicKey.canonicalSpki, facts.publicKey.canonicalSpki))
  return own ? { facts: { status: 'read', publicKey: own.publicKey, form: facts.form } } : read
}

/** FNV-1a of a value's text, in two halves that begin differently: it only tells copies of one Secret apart. */
const digest = (value: Json | Uint8Array): string => {
  const text = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)
  let [a, b] = [0x811c9dc5, 0x01000193]
  for (let i = 0; i < text.length; i++) {
    const code = typeof text === 'string' ? text.charCodeAt(i) : (text[i] as number)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
  }
  return `${text.length}:${a >>> 0}:${b >>> 0}`
}

const bundleContent = ({ status, entries }: CertificateBundle): string =>
  `${status} ${entries.map((entry) => ('certificate' in entry ? entry.certificate.fingerprint : `${entry.failure.code}@${entry.failure.offset}`)).join(' ')}`

const keyContent = ({ status, facts, sizeHint }: SecretResource['tlsKey']): string =>
  facts?.status === 'read' ? facts.publicKey.identity : `${status} ${facts?.code ?? ''} ${sizeHint ?? ''}`

/** The values by their keys, and how they are written. */
interface Values {
  readonly values: ReadonlyMap<string, Json | Uint8Array>
  /** Keys whose values are text, not base64. */
  readonly isPlain: (key: string) => boolean
  readonly hints: ObjectHints | undefined
  /** Called for octets that are no base64 text. */
  readonly onOdd?: () => void
}

/** Holds no more than it shows: a closure would keep the text of the whole dump in memory. */
class ReadData implements SecretData {
  readonly keys: SecretData['keys']
  readonly tlsCrt: CertificateBundle
  readonly caCrt: CertificateBundle
  readonly tlsKey: SecretData['tlsKey']
  readonly combinedPemMatches?: boolean
  readonly keyDerMatches?: boolean
  readonly #others: string

  constructor(shown: Omit<SecretData, 'content'>, others: string) {
    this.keys = shown.keys
    this.tlsCrt = shown.tlsCrt
    this.caCrt = shown.caCrt
    this.tlsKey = shown.tlsKey
    if (shown.combinedPemMatches !== undefined) this.combinedPemMatches = shown.combinedPemMatches
    if (shown.keyDerMatches !== undefined) this.keyDerMatches = shown.keyDerMatches
    this.#others = others
  }

  get content(): string {
    return JSON.stringify([bundleContent(this.tlsCrt), bundleContent(this.caCrt), keyContent(this.tlsKey), this.#others])
  }
}

const lengthOf = (value: Json | Uint8Array | undefined): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : 0

const OWN_KEYS = ['ca.crt', 'tls.crt', 'tls.key']

const readValues = (
  { values, isPlain, hints, onOdd }: Values,
  bundles: CertificateBundleReader,
  keysOf: KeysReader,
): SecretData | Promise<SecretData> => {
  const known = hints?.keysWithoutValue ?? {}
  /** Everything that was decoded: any of it may hold a key. */
  const decoded: Uint8Array[] = []
  const wipe = (): void => {
    for (const bytes of decoded) bytes.fill(0)
  }
  const read = (key: string): ShownValue => {
    const value = values.get(key)
    const shown = readShownValue(value, isPlain(key))
    if (shown.status === 'present') decoded.push(shown.bytes)
    if (value instanceof Uint8Array && shown.status !== 'present') onOdd?.()
    if (shown.status === 'absent' && Object.hasOwn(known, key)) return { status: 'masked', ...(known[key] != null && { size: known[key] }) }
    if (shown.status === 'absent' && (hints?.absentKeysUnknown || hints?.existenceOnly)) return { status: 'unknown' }
    if (shown.status === 'empty' && hints?.absentKeysUnknown) return key === 'ca.crt' ? { status: 'absent' } : { status: 'unknown' }
    return shown
  }
  // The same ca.crt stands in thousands of Secrets, and is the tls.crt of the one above them; another tls.crt stands nowhere again.
  const bundle = (name: string, isShared: boolean): CertificateBundle => {
    const value = values.get(name)
    return bundles.known(value) ?? bundles.read(isShared || lengthOf(value) <= LONGEST_MARK ? value : undefined, read(name))
  }
  const tlsCrt = asTlsCrt(bundle('tls.crt', false))
  const caCrt = bundle('ca.crt', true)
  const key = read('tls.key')
  const statusOf = (name: string): ValueStatus => {
    if (name === 'tls.crt') return tlsCrt.status
    if (name === 'ca.crt') return caCrt.status
    if (name === 'tls.key') return key.status
    // A long text is a value, whatever it says; only short ones can be marks.
    return lengthOf(values.get(name)) > LONGEST_MARK ? 'present' : read(name).status
  }
  const names = [...new Set([...values.keys(), ...Object.keys(known)])].sort()
  const keys = keysOf(names.map((name) => [name, statusOf(name)]))
  const combined = keys.has('tls-combined.pem') ? read('tls-combined.pem') : undefined
  const keyDer = keys.has('key.der') ? read('key.der') : undefined
  const certificate = combined?.status === 'present' ? read('tls.crt') : undefined
  const firstBlock = key.status === 'present' && keyDer?.status === 'present' ? firstPemBlockDer(key.bytes) : undefined
  const expected = key.status === 'present' && certificate?.status === 'present' ? combinedPem(key.bytes, certificate.bytes) : undefined
  for (const made of [firstBlock, expected]) if (made) decoded.push(made)
  const matches = {
    ...(combined?.status === 'present' && expected && { combinedPemMatches: equalBytes(combined.bytes, expected) }),
    ...(keyDer?.status === 'present' && firstBlock && { keyDerMatches: equalBytes(keyDer.bytes, firstBlock) }),
  }
  let others = ''
  for (const [name, value] of values) {
    if (OWN_KEYS.includes(name)) continue
    others += `${name} ${digest(value)} `
    if (value instanceof Uint8Array && value.some((octet) => octet >= 0x80)) onOdd?.()
  }
  const size = key.status === 'masked' && key.size !== undefined ? { sizeHint: key.size } : {}
  const finish = (facts: KeyFacts): SecretData =>
    new ReadData({ keys, tlsCrt, caCrt, tlsKey: { status: key.status, ...withSharedKey(facts, tlsCrt), ...size }, ...matches }, others)
  const facts = key.status === 'present' ? readKeyFacts(key.bytes) : {}
  if (facts instanceof Promise) return facts.then(finish).finally(wipe)
  wipe()
  return finish(facts)
}

/** Makes the map of a Secret's keys: nearly all Secrets have the same ones, and share it. */
type KeysReader = (statuses: readonly (readonly [string, ValueStatus])[]) => SecretResource['keys']

/** Different sets of keys that are remembered. */
const SETS = 1000

const createKeysReader = (): KeysReader => {
  const known = new Map<string, SecretResource['keys']>()
  return (statuses) => {
    const text = statuses.join()
    const keys = known.get(text) ?? new Map(statuses)
    if (known.size < SETS) known.set(text, keys)
    return keys
  }
}

const NO_VALUES: JsonObject = {}

/** A reader with empty caches: each PEM text, and each certificate in them, is decoded once. */
export const createSecretDataReader = (limits: Limits = defaultLimits): SecretDataReader => {
  const bundles = createCertificateBundleReader(limits)
  const keysOf = createKeysReader()
  const never = (): boolean => false
  return {
    bundles,
    wants: (type) => !FOREIGN_TYPES.has(type),
    take: (data) => {
      const odd = { seen: false }
      const onOdd = (): void => void (odd.seen = true)
      const taken = new TakenData(readValues({ values: data, isPlain: never, hints: undefined, onOdd }, bundles, keysOf))
      return odd.seen ? undefined : taken
    },
    read: ({ value, hints, taken }) => {
      if (taken instanceof TakenData) return taken.data
      // stringData of hand-written manifests stands over data.
      const data = isObject(value['data']) ? value['data'] : NO_VALUES
      const stringData = isObject(value['stringData']) ? value['stringData'] : NO_VALUES
      const values = new Map([...Object.entries(data), ...Object.entries(stringData)])
      const isPlain = (key: string): boolean => hints?.plainData === true || Object.hasOwn(stringData, key)
      return readValues({ values, isPlain, hints }, bundles, keysOf)
    },
  }
}
