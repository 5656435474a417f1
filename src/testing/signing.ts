import type { Bytes } from './der-writer.ts'
import { contextConstructed, integer, nullValue, objectIdentifier, sequence } from './der-writer.ts'
import type { KeyPair } from './key-pair.ts'
import { curveOf } from './key-pair.ts'

export type HashName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** A signature algorithm by scheme and hash. */
export type SignatureScheme =
  | { readonly scheme: 'RSA-PKCS1'; readonly hash: HashName }
  | { readonly scheme: 'RSA-PSS'; readonly hash: HashName; readonly saltLength?: number }
  | { readonly scheme: 'ECDSA'; readonly hash: HashName }
  | { readonly scheme: 'Ed25519' }
  | { readonly scheme: 'Ed448' }

const hashOids: Record<HashName, string> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
}
const rsaOids: Record<HashName, string> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
}
const ecdsaOids: Record<HashName, string> = {
  'SHA-1': '1.2.840.10045.4.1',
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
}
const hashOctets: Record<HashName, number> = { 'SHA-1': 20, 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }

/** The algorithm that cert-manager takes for a signing key: the hash follows the RSA size or the curve (pkg/util/pki/generate.go). */
export function schemeForKey(key: KeyPair): SignatureScheme {
  switch (key.spec.algorithm) {
    case 'RSA':
      return { scheme: 'RSA-PKCS1', hash: hashForRsaSize(key.spec.size ?? 2048) }
    case 'RSASSA-PSS':
      return { scheme: 'RSA-PSS', hash: hashForRsaSize(key.spec.size ?? 2048) }
    case 'ECDSA':
      return { scheme: 'ECDSA', hash: key.spec.size === 384 ? 'SHA-384' : key.spec.size === 521 ? 'SHA-512' : 'SHA-256' }
    case 'Ed25519':
      return { scheme: 'Ed25519' }
    default:
      return { scheme: 'Ed448' }
  }
}

/** AlgorithmIdentifier of a signature, with the parameters that its definition asks for. */
export function algorithmIdentifier(scheme: SignatureScheme): Bytes {
  switch (scheme.scheme) {
    case 'RSA-PKCS1':
      return sequence(objectIdentifier(rsaOids[scheme.hash]), nullValue())
    case 'RSA-PSS':
      return sequence(objectIdentifier('1.2.840.113549.1.1.10'), pssParameters(scheme.hash, scheme.saltLength ?? hashOctets[scheme.hash]))
    case 'ECDSA':
      return sequence(objectIdentifier(ecdsaOids[scheme.hash]))
    case 'Ed25519':
      return sequence(objectIdentifier('1.3.101.112'))
    default:
      return sequence(objectIdentifier('1.3.101.113'))
  }
}

/** Signs with WebCrypto; ECDSA's pair of numbers becomes Ecdsa-Sig-Value (RFC 3279 2.2.3). Throws where key and scheme do not fit. */
export async function sign(scheme: SignatureScheme, key: KeyPair, data: Bytes): Promise<Bytes> {
  switch (scheme.scheme) {
    case 'RSA-PKCS1': {
      const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: scheme.hash }
      return raw(algorithm, algorithm, key, data)
    }
    case 'RSA-PSS': {
      const saltLength = scheme.saltLength ?? hashOctets[scheme.hash]
      return raw({ name: 'RSA-PSS', hash: scheme.hash }, { name: 'RSA-PSS', saltLength }, key, data)
    }
    case 'ECDSA': {
      if (key.spec.algorithm !== 'ECDSA') throw new Error(`ECDSA asked of a key of type ${key.spec.algorithm}`)
      const curve = curveOf(key.spec)
      const pair = await raw({ name: 'ECDSA', namedCurve: curve.name }, { name: 'ECDSA', hash: scheme.hash }, key, data)
      return sequence(integer(pair.subarray(0, curve.octets)), integer(pair.subarray(curve.octets)))
    }
    default:
      return raw({ name: scheme.scheme }, { name: scheme.scheme }, key, data)
  }
}

async function raw(
  importAs: AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams,
  signAs: AlgorithmIdentifier | RsaPssParams | EcdsaParams,
  key: KeyPair,
  data: Bytes,
): Promise<Bytes> {
  const privateKey = await crypto.subtle.importKey('pkcs8', key.pkcs8, importAs, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign(signAs, privateKey, data))
}

/** RFC 4055 3.1. All fields written out, as OpenSSL does; a salt of 20 and SHA-1 are DER's defaults and left out. */
function pssParameters(hash: HashName, saltLength: number): Bytes {
  const salt = saltLength === 20 ? [] : [contextConstructed(2, integer(saltLength))]
  if (hash === 'SHA-1') return sequence(...salt)
  const digest = sequence(objectIdentifier(hashOids[hash]), nullValue())
  const maskGeneration = sequence(objectIdentifier('1.2.840.113549.1.1.8'), digest)
  return sequence(contextConstructed(0, digest), contextConstructed(1, maskGeneration), ...salt)
}

function hashForRsaSize(size: number): HashName {
  if (size >= 4096) return 'SHA-512'
  return size >= 3072 ? 'SHA-384' : 'SHA-256'
}
