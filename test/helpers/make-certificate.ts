import type { Bytes } from './der-writer.ts'
import { bits, der, integer, name, NULL, oid, sequence, time } from './der-writer.ts'

export type KeyKind = 'RSA-1024' | 'RSA-2048' | 'RSA-3072' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'Ed448'
export type SignatureKind = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

export interface TestKey {
  readonly kind: KeyKind
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly spki: Bytes
}

const generation = (kind: KeyKind): RsaHashedKeyGenParams | EcKeyGenParams | Algorithm => {
  if (kind.startsWith('RSA'))
    return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: Number(kind.slice(4)), publicExponent: Uint8Array.of(1, 0, 1) }
  return kind.startsWith('P-') ? { name: 'ECDSA', namedCurve: kind } : { name: kind }
}

const made = new Map<string, Promise<TestKey>>()

/** A key pair; the same one for the same kind and label, because RSA keys are slow to make. */
export const testKey = (kind: KeyKind, label = ''): Promise<TestKey> => {
  const id = `${kind} ${label}`
  let key = made.get(id)
  if (!key) {
    key = (async (): Promise<TestKey> => {
      const pair = (await crypto.subtle.generateKey(generation(kind), true, ['sign', 'verify'])) as CryptoKeyPair
      return { kind, ...pair, spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)) }
    })()
    made.set(id, key)
  }
  return key
}

const RSA = { 'SHA-1': 5, 'SHA-256': 11, 'SHA-384': 12, 'SHA-512': 13 } as const
const ECDSA = { 'SHA-1': '1', 'SHA-256': '3.2', 'SHA-384': '3.3', 'SHA-512': '3.4' } as const
export const HASH_OIDS = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
} as const

const pssParameters = (hash: SignatureKind, mask: SignatureKind, salt: number): Bytes => {
  const algorithm = (of: SignatureKind): Bytes => sequence(oid(HASH_OIDS[of]), NULL)
  return sequence(der(0xa0, algorithm(hash)), der(0xa1, sequence(oid('1.2.840.113549.1.1.8'), algorithm(mask))), der(0xa2, integer(salt)))
}

/** How a certificate is signed: the padding and salt matter for RSA only. */
export interface Signing {
  readonly hash?: SignatureKind
  readonly pss?: { readonly salt: number; readonly mask?: SignatureKind }
}

export const algorithmFor = (kind: KeyKind, { hash = 'SHA-256', pss }: Signing = {}): Bytes => {
  if (kind === 'Ed25519') return sequence(oid('1.3.101.112'))
  if (kind === 'Ed448') return sequence(oid('1.3.101.113'))
  if (kind.startsWith('P-')) return sequence(oid(`1.2.840.10045.4.${ECDSA[hash]}`))
  if (pss) return sequence(oid('1.2.840.113549.1.1.10'), pssParameters(hash, pss.mask ?? hash, pss.salt))
  return sequence(oid(`1.2.840.113549.1.1.${RSA[hash]}`), NULL)
}

const ecdsaToDer = (raw: Uint8Array): Bytes => {
  const half = raw.length / 2
  const number = (part: Uint8Array): Bytes => integer(BigInt(`0x${Buffer.from(part).toString('hex')}`))
  return sequence(number(raw.subarray(0, half)), number(raw.subarray(half)))
}

export const sign = async (key: TestKey, data: Bytes, { hash = 'SHA-256', pss }: Signing = {}): Promise<Bytes> => {
  if (key.kind.startsWith('P-')) return ecdsaToDer(new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash }, key.privateKey, data)))
  if (key.kind.startsWith('Ed')) return new Uint8Array(await crypto.subtle.sign({ name: key.kind }, key.privateKey, data))
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key.privateKey)
  const rsa = { name: pss ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash }
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, rsa, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign(pss ? { name: 'RSA-PSS', saltLength: pss.salt } : rsa, privateKey, data))
}

/** Everything of a certificate as DER; what is absent has a sound default. */
export interface CertificateParts {
  readonly version?: Uint8Array | false
  readonly serial?: Uint8Array
  readonly issuer?: Uint8Array
  readonly subject?: Uint8Array
  readonly validity?: Uint8Array
  readonly spki?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly outerAlgorithm?: Uint8Array
  /** Behind the key: unique identifiers. */
  readonly uniqueIds?: readonly Uint8Array[]
  readonly extensions?: readonly Uint8Array[]
  readonly behindTbs?: Uint8Array
  readonly signing?: Signing
}

export const DAY = 86_400_000
export const NOT_BEFORE = Date.UTC(2026, 0, 1)

/** Makes a certificate for `key`, signed with `signer`. */
export const makeCertificate = async (key: TestKey, signer: TestKey, parts: CertificateParts = {}): Promise<Bytes> => {
  const algorithm = algorithmFor(signer.kind, parts.signing)
  const version = parts.version === false ? [] : [parts.version ?? der(0xa0, integer(2))]
  const tbs = sequence(
    ...version,
    parts.serial ?? integer(4711),
    parts.innerAlgorithm ?? algorithm,
    parts.issuer ?? name('issuer'),
    parts.validity ?? sequence(time(NOT_BEFORE), time(NOT_BEFORE + 90 * DAY)),
    parts.subject ?? name('subject'),
    parts.spki ?? key.spki,
    ...(parts.uniqueIds ?? []),
    ...(parts.extensions ? [der(0xa3, sequence(...parts.extensions))] : []),
    ...(parts.behindTbs ? [parts.behindTbs] : []),
  )
  return sequence(tbs, parts.outerAlgorithm ?? algorithm, bits(await sign(signer, tbs, parts.signing)))
}

export const toPem = (derBytes: Uint8Array, label = 'CERTIFICATE'): string =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(derBytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${label}-----\n`
