import { readChildren, readElement, readOid } from './ber.ts'
import type { ClientAlgorithm, ClientCertificate, ClientKey } from './client-certificate.ts'
import type { Refusal } from './client.ts'
import { refuse, unsure } from './client.ts'
import type { ClientFamily } from './habits.ts'
import { oids } from './oids.ts'

/** A signature algorithm told apart as far as clients do. `parameters`: of the AlgorithmIdentifier; for PSS whether they are exactly as RFC 4055 recommends. */
export interface SignatureScheme {
  readonly scheme: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa' | 'ed25519' | 'ed448' | 'other'
  readonly hash: string
  readonly parameters: 'absent' | 'null' | 'other'
  readonly mgfHash?: string
  readonly salt?: number
  /** Hash identifiers with NULL, salt as long as the hash, no trailer field written. */
  readonly canonical?: boolean
}

const pkcs1: Record<string, string> = {
  '1.2.840.113549.1.1.2': 'md2',
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
}
const ecdsa: Record<string, string> = {
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
const digests: Record<string, string> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
export const digestLength: Record<string, number> = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 }

const lookup = (table: Record<string, string>, oid: string): string | undefined => (Object.hasOwn(table, oid) ? table[oid] : undefined)

interface AlgorithmRead {
  readonly oid: string
  readonly parameters?: Uint8Array
}

const readAlgorithmIdentifier = (bytes: Uint8Array): AlgorithmRead | undefined => {
  const seq = readElement(bytes, 0, bytes.length)
  const parts = seq?.tag === 0x30 ? readChildren(bytes, seq) : undefined
  const oid = parts?.[0]?.tag === 0x06 ? readOid(bytes, parts[0].contentStart, parts[0].contentEnd) : undefined
  if (oid === undefined) return undefined
  const parameters = parts?.[1]
  return parameters ? { oid, parameters: bytes.subarray(parameters.start, parameters.end) } : { oid }
}

const isNull = (bytes: Uint8Array | undefined): boolean => bytes?.length === 2 && bytes[0] === 5 && bytes[1] === 0

const pssScheme = (parameters: Uint8Array | undefined): SignatureScheme => {
  const other: SignatureScheme = { scheme: 'other', hash: '', parameters: 'other' }
  const seq = parameters && readElement(parameters, 0, parameters.length)
  const parts = parameters && seq?.tag === 0x30 ? readChildren(parameters, seq) : undefined
  if (!parameters || !parts) return other
  let [hash, mgfHash, salt] = ['sha1', 'sha1', 20]
  let [nulls, trailer] = [0, 1]
  for (const part of parts) {
    const inner = parameters.subarray(part.contentStart, part.contentEnd)
    if (part.tag === 0xa0 || part.tag === 0xa1) {
      let read = readAlgorithmIdentifier(inner)
      if (part.tag === 0xa1) read = read?.oid === oids.mgf1 && read.parameters ? readAlgorithmIdentifier(read.parameters) : undefined
      const name = read && lookup(digests, read.oid)
      if (!read || name === undefined) return other
      if (isNull(read.parameters)) nulls++
      if (part.tag === 0xa0) hash = name
      else mgfHash = name
    } else {
      const number = readElement(inner, 0, inner.length)
      if (number?.tag !== 0x02 || number.contentEnd - number.contentStart > 2) return other
      let value = 0
      for (let i = number.contentStart; i < number.contentEnd; i++) value = value * 256 + (inner[i] as number)
      if (part.tag === 0xa2) salt = value
      else trailer = value
    }
  }
  if (trailer !== 1) return other
  const canonical = nulls === 2 && parts.length === 3 && salt === digestLength[hash] && hash === mgfHash
  return { scheme: 'rsa-pss', hash, mgfHash, salt, parameters: 'other', canonical }
}

/** Reads a signature's AlgorithmIdentifier. */
export const schemeOf = ({ oid, parameters }: ClientAlgorithm): SignatureScheme => {
  const state = parameters === undefined ? 'absent' : isNull(parameters) ? 'null' : 'other'
  const rsaHash = lookup(pkcs1, oid)
  if (rsaHash !== undefined) return { scheme: 'rsa-pkcs1', hash: rsaHash, parameters: state }
  const ecHash = lookup(ecdsa, oid)
  if (ecHash !== undefined) return { scheme: 'ecdsa', hash: ecHash, parameters: state }
  if (oid === oids.rsassaPss) return pssScheme(parameters)
  if (oid === oids.ed25519) return { scheme: 'ed25519', hash: '', parameters: state }
  if (oid === oids.ed448) return { scheme: 'ed448', hash: '', parameters: state }
  return { scheme: 'other', hash: '', parameters: state }
}

/** Hashes with which each client verifies a certificate signed by RSA or ECDSA. */
export const signatureHashes: Readonly<Record<ClientFamily, readonly string[]>> = {
  go: ['sha256', 'sha384', 'sha512'],
  openssl: ['sha224', 'sha256', 'sha384', 'sha512'],
  java: ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
  rustls: ['sha256', 'sha384', 'sha512'],
}

/** Keys that each client verifies with: smallest and largest RSA modulus, curves, and the other types. */
export const keyHabits: Readonly<
  Record<
    ClientFamily,
    {
      readonly rsa: readonly [number, number]
      readonly curves: readonly string[]
      readonly others: readonly string[]
      readonly compressed: boolean
    }
  >
> = {
  go: { rsa: [1024, Infinity], curves: ['P-224', 'P-256', 'P-384', 'P-521'], others: [oids.ed25519], compressed: false },
  openssl: {
    rsa: [2048, 16384],
    curves: ['P-224', 'P-256', 'P-384', 'P-521', 'secp256k1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
    others: [oids.ed25519, oids.ed448, oids.rsassaPss],
    compressed: true,
  },
  java: { rsa: [1024, 16384], curves: ['P-256', 'P-384', 'P-521'], others: [oids.ed25519, oids.ed448, oids.rsassaPss], compressed: false },
  rustls: { rsa: [2048, 8192], curves: ['P-256', 'P-384', 'P-521'], others: [oids.ed25519], compressed: false },
}

const curveNames: Record<string, string> = {
  '1.3.132.0.33': 'P-224',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
}

/** Whether a client works with a key at all. */
export const checkKey = (key: ClientKey, family: ClientFamily): Refusal | undefined => {
  const habit = keyHabits[family]
  const { oid } = key.algorithm
  if (key.misshapen) return refuse('unsupported-key', 'of a wrong length')
  // OpenSSL cannot decode it and counts a missing key among the weak ones.
  if (key.offCurve) return refuse(family === 'openssl' ? 'weak-key' : 'unsupported-key', 'a point that is not on its curve')
  if (oid === oids.rsaEncryption || oid === oids.rsassaPss) {
    if (oid === oids.rsassaPss && !habit.others.includes(oid)) return refuse('unsupported-key', 'id-RSASSA-PSS')
    if (key.bits === undefined) return refuse('unsupported-key', 'RSA key that cannot be read')
    if (family === 'openssl' && key.bits < 2048 && key.bits > 1900) return unsure('RSA modulus a little under 2048 bits')
    return key.bits < habit.rsa[0] || key.bits > habit.rsa[1] ? refuse('weak-key', `RSA ${key.bits}`) : undefined
  }
  if (oid === oids.ecPublicKey) {
    if (key.curve === undefined) return refuse('unsupported-key', 'explicit curve parameters')
    const name = lookup(curveNames, key.curve)
    if (name === undefined) return family === 'openssl' ? unsure(`curve ${key.curve}`) : refuse('unsupported-key', `curve ${key.curve}`)
    if (!habit.curves.includes(name)) return refuse(name === 'P-192' ? 'weak-key' : 'unsupported-key', name)
    if (key.point === 4) return undefined
    if (key.point === 2 || key.point === 3) return habit.compressed ? undefined : refuse('unsupported-key', 'compressed point')
    return refuse('unsupported-key', 'curve point that cannot be read')
  }
  return habit.others.includes(oid) ? undefined : refuse('unsupported-key', oid)
}

/** Whether key type and signature algorithm belong together; OpenSSL asks that already when it looks for an issuer. */
export const keyFits = (key: ClientKey, { scheme }: SignatureScheme): boolean => {
  switch (key.algorithm.oid) {
    case oids.rsaEncryption:
      return scheme === 'rsa-pkcs1' || scheme === 'rsa-pss'
    case oids.rsassaPss:
      return scheme === 'rsa-pss'
    case oids.ecPublicKey:
      return scheme === 'ecdsa'
    case oids.ed25519:
      return scheme === 'ed25519'
    case oids.ed448:
      return scheme === 'ed448'
    default:
      return false
  }
}

/** Whether a client verifies signatures of this algorithm at all, whatever the key. */
export const checkScheme = (certificate: ClientCertificate, family: ClientFamily): Refusal | undefined => {
  const scheme = schemeOf(certificate.algorithm)
  const weak = scheme.hash === 'md5' || scheme.hash === 'md2' || scheme.hash === 'sha1'
  const unsupported = refuse(
    weak ? 'weak-signature' : 'unsupported-algorithm',
    scheme.hash === '' ? certificate.algorithm.oid : scheme.hash,
  )
  switch (scheme.scheme) {
    case 'ed25519':
      return scheme.parameters !== 'absent' && (family === 'go' || family === 'rustls')
        ? refuse('unsupported-algorithm', 'Ed25519 with parameters')
        : undefined
    case 'ed448':
      return family === 'openssl' || family === 'java' ? undefined : refuse('unsupported-algorithm', 'Ed448')
    case 'rsa-pkcs1':
    case 'rsa-pss':
    case 'ecdsa':
      break
    case 'other':
      return family === 'go' || family === 'rustls' ? unsupported : unsure(`signature algorithm ${certificate.algorithm.oid}`)
  }
  if (!signatureHashes[family].includes(scheme.hash)) return unsupported
  if (scheme.scheme === 'rsa-pss') {
    const exact = scheme.salt === digestLength[scheme.hash] && scheme.mgfHash === scheme.hash
    if (family === 'go' && !exact) return refuse('unsupported-algorithm', 'RSA-PSS with another salt length or mask hash')
    if (family === 'rustls' && !scheme.canonical) return refuse('unsupported-algorithm', 'RSA-PSS with other parameters')
  }
  if (family === 'rustls' && scheme.scheme === 'ecdsa' && scheme.parameters !== 'absent')
    return refuse('unsupported-algorithm', 'ECDSA with parameters')
  if ((family === 'rustls' || family === 'java') && scheme.scheme === 'rsa-pkcs1' && scheme.parameters === 'other')
    return refuse('unsupported-algorithm', 'RSA with parameters')
  return undefined
}
