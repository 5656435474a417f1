import type { AlgorithmIdentifier } from './certificate.ts'
import { readPssParameters } from './rsa-pss.ts'

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

/** Hashes in the parameters of RSASSA-PSS, by what {@link readPssParameters} calls them. */
const WEAK_HASHES: ReadonlyMap<string, string> = new Map([
  ['SHA-1', 'SHA-1'],
  ['1.2.840.113549.2.5', 'MD5'],
  ['1.2.840.113549.2.4', 'MD4'],
  ['1.2.840.113549.2.2', 'MD2'],
])

/** The hash of RSASSA-PSS parameters (RFC 4055 3.1), where it is a weak one: left out means SHA-1. Those that cannot be read are not verified. */
const pssDigest = (algorithm: AlgorithmIdentifier): string | undefined =>
  algorithm.parameters ? WEAK_HASHES.get(readPssParameters(algorithm)?.hash ?? '') : 'SHA-1'

/** The name of a signature's hash where it is one that must not vouch for a certificate any more; undefined for all others. */
export const weakDigest = (algorithm: AlgorithmIdentifier): string | undefined =>
  algorithm.oid === RSASSA_PSS ? pssDigest(algorithm) : WEAK.get(algorithm.oid)
