import type { Bytes } from './der-writer.ts'
import {
  bitString,
  bytesToHex,
  contextConstructed,
  integer,
  objectIdentifier,
  octetString,
  readChildren,
  readContent,
  sequence,
} from './der-writer.ts'
import { pem } from './pem-writer.ts'

/** The kinds of key that cert-manager makes, and three more that other CAs make. */
export type KeySpec =
  | { readonly algorithm: 'RSA'; readonly size?: number }
  | { readonly algorithm: 'ECDSA'; readonly size?: 256 | 384 | 521 }
  | { readonly algorithm: 'Ed25519' }
  | { readonly algorithm: 'Ed448' }
  /** A key that its SubjectPublicKeyInfo restricts to PSS (RFC 4055 1.2): id-RSASSA-PSS without parameters. */
  | { readonly algorithm: 'RSASSA-PSS'; readonly size?: number }

/** How a private key is written into `tls.key`: `PKCS1` stands for SEC 1 where the key is an elliptic one, as in cert-manager. */
export type KeyEncoding = 'PKCS1' | 'PKCS8'

/** A key pair made for tests. Both halves as DER, so that it can be imported for any hash. */
export interface KeyPair {
  readonly spec: KeySpec
  readonly pkcs8: Bytes
  readonly spki: Bytes
  /** Content of subjectPublicKey's BIT STRING: what key identifiers are made from (RFC 5280 4.2.1.2). */
  readonly publicKeyBits: Bytes
  /** Hex of the public key's bits: equal for equal keys. */
  readonly id: string
}

/** Hands out key number `index` of a kind: the same one for the same index. */
export interface KeyPool {
  key(spec: KeySpec, index: number): Promise<KeyPair>
}

const curves = {
  256: { name: 'P-256', oid: '1.2.840.10045.3.1.7', octets: 32 },
  384: { name: 'P-384', oid: '1.3.132.0.34', octets: 48 },
  521: { name: 'P-521', oid: '1.3.132.0.35', octets: 66 },
} as const

/** Name, OID and field length of the curve of an ECDSA key. */
export function curveOf(spec: KeySpec & { algorithm: 'ECDSA' }): { name: string; oid: string; octets: number } {
  return curves[spec.size ?? 256]
}

/** A key pool that generates each key on first use and keeps it: share one between tests, RSA keys are slow to make. */
export function createKeyPool(): KeyPool {
  const keys = new Map<string, Promise<KeyPair>>()
  return {
    key(spec, index) {
      const size = 'size' in spec ? spec.size : undefined
      const id = `${spec.algorithm}/${size ?? 'default'}/${index}`
      const known = keys.get(id)
      if (known !== undefined) return known
      const made = generateKeyPair(spec)
      keys.set(id, made)
      return made
    },
  }
}

/** A new random key pair, from WebCrypto. Throws where the runtime has no such algorithm. */
export async function generateKeyPair(spec: KeySpec): Promise<KeyPair> {
  const generated = await crypto.subtle.generateKey(generateParameters(spec), true, ['sign', 'verify'])
  if (!('privateKey' in generated)) throw new Error('not a key pair')
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', generated.privateKey))
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', generated.publicKey))
  return keyPairOf(spec, pkcs8, spec.algorithm === 'RSASSA-PSS' ? restrictToPss(spki) : spki)
}

/** A key pair from DER made elsewhere (a large RSA key that is too slow to generate in a test). The two halves must belong together. */
export function keyPairOf(spec: KeySpec, pkcs8: Uint8Array, spki: Uint8Array): KeyPair {
  const subjectPublicKey = readChildren(spki)[1]
  if (subjectPublicKey === undefined) throw new Error('not a SubjectPublicKeyInfo')
  const publicKeyBits = new Uint8Array(readContent(subjectPublicKey).slice(1))
  return { spec, pkcs8: new Uint8Array(pkcs8), spki: new Uint8Array(spki), publicKeyBits, id: bytesToHex(publicKeyBits) }
}

/** The private key as cert-manager writes it: PKCS #1 and SEC 1 by default, PKCS #8 on demand and always for Ed25519. */
export function privateKeyPem(pair: KeyPair, encoding: KeyEncoding = 'PKCS1'): string {
  const inner = readChildren(pair.pkcs8)[2]
  if (encoding === 'PKCS8' || inner === undefined) return pem('PRIVATE KEY', pair.pkcs8)
  if (pair.spec.algorithm === 'RSA') return pem('RSA PRIVATE KEY', readContent(inner))
  if (pair.spec.algorithm === 'ECDSA') return pem('EC PRIVATE KEY', sec1(pair, readContent(inner)))
  return pem('PRIVATE KEY', pair.pkcs8)
}

/** The public key as a PEM block of type PUBLIC KEY. */
export function publicKeyPem(pair: KeyPair): string {
  return pem('PUBLIC KEY', pair.spki)
}

/** RFC 5915 with parameters and public key, as Go writes it; WebCrypto's PKCS #8 leaves the parameters out. */
function sec1(pair: KeyPair, ecPrivateKey: Bytes): Bytes {
  const secret = readChildren(ecPrivateKey)[1]
  if (pair.spec.algorithm !== 'ECDSA' || secret === undefined) throw new Error('not an elliptic curve key')
  const curve = curveOf(pair.spec)
  return sequence(
    integer(1),
    octetString(readContent(secret)),
    contextConstructed(0, objectIdentifier(curve.oid)),
    contextConstructed(1, bitString(pair.publicKeyBits)),
  )
}

/** The same key under id-RSASSA-PSS instead of rsaEncryption. */
function restrictToPss(spki: Uint8Array): Bytes {
  const subjectPublicKey = readChildren(spki)[1]
  if (subjectPublicKey === undefined) throw new Error('not a SubjectPublicKeyInfo')
  return sequence(sequence(objectIdentifier('1.2.840.113549.1.1.10')), subjectPublicKey)
}

function generateParameters(spec: KeySpec): AlgorithmIdentifier | RsaHashedKeyGenParams | EcKeyGenParams {
  switch (spec.algorithm) {
    case 'RSA':
    case 'RSASSA-PSS':
      return { name: 'RSASSA-PKCS1-v1_5', modulusLength: spec.size ?? 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' }
    case 'ECDSA':
      return { name: 'ECDSA', namedCurve: curveOf(spec).name }
    default:
      return { name: spec.algorithm }
  }
}
