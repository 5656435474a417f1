import type { AlgorithmIdentifier } from './certificate.ts'
import { readDer } from './path-der.ts'

/** Signature algorithms over hashes for which collisions are made (RFC 3279, RFC 4055, OIW), with the hash's name. */
const WEAK: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'MD2'],
  ['1.2.840.113549.1.1.3', 'MD4'],
  ['1.2.840.113549.1.1.4', 'MD5'],
  ['1.2.840.113549.1.1.5', 'SHA-1'],
  ['1.3.14.3.2.3', 'MD5'],
  ['1.3.14.3.2.13', 'SHA-1'],
  ['1.3.14.3.2.15', 'SHA-1'],
  ['1.3.14.3.2.27', 'SHA-1'],
  ['1.3.14.3.2.29', 'SHA-1'],
  ['1.2.840.10040.4.3', 'SHA-1'],
  ['1.2.840.10045.4.1', 'SHA-1'],
])

const RSASSA_PSS = '1.2.840.113549.1.1.10'

/** Contents of the OIDs of hashes that can stand in the parameters of RSASSA-PSS, as numbers joined by dots. */
const WEAK_HASHES: ReadonlyMap<string, string> = new Map([
  ['43.14.3.2.26', 'SHA-1'],
  ['42.134.72.134.247.13.2.5', 'MD5'],
  ['42.134.72.134.247.13.2.4', 'MD4'],
  ['42.134.72.134.247.13.2.2', 'MD2'],
])

/** The hash of RSASSA-PSS parameters (RFC 4055 3.1), where it is a weak one: left out means SHA-1. */
const pssDigest = (parameters: Uint8Array | undefined): string | undefined => {
  const all = parameters && readDer(parameters, 0, parameters.length)
  if (!parameters || !all || all.tag !== 0x30) return 'SHA-1'
  const wrapper = readDer(parameters, all.from, all.to)
  if (wrapper?.tag !== 0xa0) return 'SHA-1'
  const algorithm = readDer(parameters, wrapper.from, wrapper.to)
  const oid = algorithm && readDer(parameters, algorithm.from, algorithm.to)
  return oid && WEAK_HASHES.get(parameters.subarray(oid.from, oid.to).join('.'))
}

/** The name of a signature's hash where it is one that must not vouch for a certificate any more; undefined for all others. */
export const weakDigest = (algorithm: AlgorithmIdentifier): string | undefined =>
  algorithm.oid === RSASSA_PSS ? pssDigest(algorithm.parameters) : WEAK.get(algorithm.oid)
