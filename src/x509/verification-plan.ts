import type { Verdict } from '../base/verdict.ts'
import { failed, unknown } from '../base/verdict.ts'
import { signatureSchemes } from './algorithms.ts'
import type { AlgorithmIdentifier } from './certificate.ts'
import { ecdsaSignatureToRaw } from './ecdsa-signature.ts'
import type { PublicKey } from './public-key.ts'
import { readPssParameters } from './rsa-pss.ts'

/** Bytes, the algorithm and value of the signature over them, and the key that is asked about. */
export interface SignedBytes {
  readonly signed: Uint8Array
  readonly algorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  readonly key: PublicKey
}

/** OpenSSL, under most WebCrypto, answers "no" to every signature of a larger key (OPENSSL_RSA_MAX_MODULUS_BITS). */
const MAX_RSA_BITS = 16_384

const CURVE_NAMES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521'])

/** The verdict where the key and the algorithm fit and the signature is not the one. */
export const signatureDoesNotVerify = failed('the signature does not verify with this key')

/** The verdict on what is beyond this library or this machine: `unknown`, and the name of the algorithm. */
export const cannotVerify = (what: string): Verdict => unknown(['algorithm'], `${what} cannot be verified here`)

/** What WebCrypto is asked: how to import the key, what to verify with, and the signature in its form. */
export interface SignatureQuery {
  readonly keyAlgorithm: RsaHashedImportParams | EcKeyImportParams | Algorithm
  readonly verifyAlgorithm: Algorithm | EcdsaParams | RsaPssParams
  readonly signature: Uint8Array
  /** Not one of the plain algorithms: pkijs's engine is to answer. */
  readonly throughPkijs: boolean
}

const isRsaKey = ({ algorithm }: PublicKey): boolean => algorithm === 'RSA' || algorithm === 'RSASSA-PSS'

const rsaLimits = (key: PublicKey): Verdict | undefined => {
  if (key.bits === undefined) return failed('the key is malformed')
  // RFC 8017 3.1: odd and at least 3. With 1 every signature could be made by anybody.
  if (key.exponent !== undefined && (key.exponent < 3 || key.exponent % 2 === 0)) return failed('the key is malformed')
  if (key.bits > MAX_RSA_BITS || key.exponent === undefined) return cannotVerify(`an RSA key of ${key.bits} bits`)
  return undefined
}

const planPss = (question: SignedBytes): SignatureQuery | Verdict => {
  const { key, algorithm, signature } = question
  const parameters = readPssParameters(algorithm)
  if (!parameters) return cannotVerify('RSASSA-PSS with parameters that RFC 4055 does not have')
  if (parameters.hash !== parameters.maskHash)
    return cannotVerify(`RSASSA-PSS with hash ${parameters.hash} and mask hash ${parameters.maskHash}`)
  if (!parameters.hash.startsWith('SHA-')) return cannotVerify(`RSASSA-PSS with hash ${parameters.hash}`)
  const limit =
    key.algorithm === 'RSASSA-PSS' && key.parameters ? readPssParameters({ oid: key.oid, parameters: key.parameters }) : undefined
  // RFC 4055 3.3: the parameters of a key bind the signatures that are made with it.
  if (limit && (limit.hash !== parameters.hash || limit.maskHash !== parameters.maskHash || limit.saltLength > parameters.saltLength))
    return failed('the key is not for RSASSA-PSS signatures with these parameters')
  return (
    rsaLimits(key) ?? {
      keyAlgorithm: { name: 'RSA-PSS', hash: parameters.hash },
      verifyAlgorithm: { name: 'RSA-PSS', saltLength: parameters.saltLength },
      signature,
      throughPkijs: true,
    }
  )
}

/** Turns a question into what WebCrypto is asked, or into the verdict where it need not or cannot be asked. */
export const planVerification = (question: SignedBytes): SignatureQuery | Verdict => {
  const { key, algorithm, signature } = question
  const scheme = signatureSchemes.get(algorithm.oid)
  if (!scheme) return cannotVerify(`signature algorithm ${algorithm.oid}`)
  const mismatch = failed(`the signature is ${scheme.name}, the key is ${key.algorithm === 'other' ? key.oid : key.algorithm}`)
  if (scheme.key === 'RSA') {
    if (!isRsaKey(key)) return mismatch
    if (scheme.padding === 'PSS') return planPss(question)
    if (key.algorithm === 'RSASSA-PSS') return failed(`the signature is ${scheme.name}, the key is for RSASSA-PSS only`)
    if (!scheme.hash) return cannotVerify(scheme.name)
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: scheme.hash }
    return rsaLimits(key) ?? { keyAlgorithm: rsa, verifyAlgorithm: rsa, signature, throughPkijs: false }
  }
  if (scheme.key === 'ECDSA') {
    if (key.algorithm !== 'ECDSA') return mismatch
    if (!scheme.hash) return cannotVerify(scheme.name)
    if (key.curve === undefined) return cannotVerify('a key on a curve without a name')
    if (!CURVE_NAMES.has(key.curve)) return cannotVerify(`a key on curve ${key.curve}`)
    const raw = ecdsaSignatureToRaw(signature, key.curve)
    if (!raw) return failed('the signature is no DER-encoded ECDSA signature for this curve')
    return {
      keyAlgorithm: { name: 'ECDSA', namedCurve: key.curve },
      verifyAlgorithm: { name: 'ECDSA', hash: scheme.hash },
      signature: raw,
      throughPkijs: false,
    }
  }
  if (scheme.key === 'DSA' || scheme.key === 'ML-DSA') return cannotVerify(scheme.name)
  if (key.algorithm !== scheme.key) return mismatch
  return { keyAlgorithm: { name: scheme.key }, verifyAlgorithm: { name: scheme.key }, signature, throughPkijs: false }
}

/** Is the answer already there, without asking WebCrypto? */
export const isVerdict = (value: object): value is Verdict => 'status' in value
