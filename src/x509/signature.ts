import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import { signatureAlgorithmName, signatureSchemes } from './algorithms.ts'
import type { AlgorithmIdentifier, X509Certificate } from './certificate.ts'
import { ecdsaSignatureToRaw } from './ecdsa-signature.ts'
import type { PublicKey } from './public-key.ts'
import { readPssParameters } from './rsa-pss.ts'

/** Was `certificate` signed with the key of `issuer`? */
export interface SignatureQuestion {
  readonly certificate: X509Certificate
  readonly issuer: X509Certificate
}

/** Bytes, the algorithm and value of the signature over them, and the key that is asked about. */
export interface SignedBytes {
  readonly signed: Uint8Array
  readonly algorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
  readonly key: PublicKey
}

/** Verifies signatures for one analysis: each key is imported once, and each question is answered once. */
export interface SignatureVerifier {
  readonly verify: (certificate: X509Certificate, issuer: X509Certificate) => Promise<Verdict>
  /** Answers in the order of the questions; they run side by side in batches. */
  readonly verifyBatch: (questions: readonly SignatureQuestion[]) => Promise<readonly Verdict[]>
  /** For what is no certificate (a request's own signature). Keys are cached, answers are not. */
  readonly verifyBytes: (question: SignedBytes) => Promise<Verdict>
}

/** Questions put to WebCrypto at once: enough to keep its threads busy, few enough to stay small. */
const BATCH = 256

/** OpenSSL, under most WebCrypto, answers "no" to every signature of a larger key (OPENSSL_RSA_MAX_MODULUS_BITS). */
const MAX_RSA_BITS = 16_384

const CURVE_NAMES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521'])

export const signatureDoesNotVerify = failed('the signature does not verify with this key')

const notHere = (what: string): Verdict => unknown(['algorithm'], `${what} cannot be verified here`)

/** What WebCrypto is asked: how to import the key, what to verify with, and the signature in its form. */
export interface SignatureQuery {
  readonly keyAlgorithm: RsaHashedImportParams | EcKeyImportParams | Algorithm
  readonly verifyAlgorithm: Algorithm | EcdsaParams | RsaPssParams
  readonly signature: Uint8Array
  /** pkijs's engine is to answer: RSASSA-PSS, and keys that are not plain. */
  readonly throughPkijs: boolean
}

const isRsaKey = ({ algorithm }: PublicKey): boolean => algorithm === 'RSA' || algorithm === 'RSASSA-PSS'

const rsaLimits = (key: PublicKey): Verdict | undefined => {
  if (key.bits === undefined) return failed('the key is malformed')
  if (key.bits > MAX_RSA_BITS || key.exponent === undefined) return notHere(`an RSA key of ${key.bits} bits`)
  return undefined
}

const planPss = (question: SignedBytes): SignatureQuery | Verdict => {
  const { key, algorithm, signature } = question
  const parameters = readPssParameters(algorithm)
  if (!parameters) return notHere('RSASSA-PSS with parameters that RFC 4055 does not have')
  if (parameters.hash !== parameters.maskHash)
    return notHere(`RSASSA-PSS with hash ${parameters.hash} and mask hash ${parameters.maskHash}`)
  if (!parameters.hash.startsWith('SHA-')) return notHere(`RSASSA-PSS with hash ${parameters.hash}`)
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
  if (!scheme) return notHere(`signature algorithm ${algorithm.oid}`)
  const mismatch = failed(`the signature is ${scheme.name}, the key is ${key.algorithm === 'other' ? key.oid : key.algorithm}`)
  if (scheme.key === 'RSA') {
    if (!isRsaKey(key)) return mismatch
    if (scheme.padding === 'PSS') return planPss(question)
    if (key.algorithm === 'RSASSA-PSS') return failed(`the signature is ${scheme.name}, the key is for RSASSA-PSS only`)
    if (!scheme.hash) return notHere(scheme.name)
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: scheme.hash }
    return rsaLimits(key) ?? { keyAlgorithm: rsa, verifyAlgorithm: rsa, signature, throughPkijs: false }
  }
  if (scheme.key === 'ECDSA') {
    if (key.algorithm !== 'ECDSA') return mismatch
    if (!scheme.hash) return notHere(scheme.name)
    if (key.curve === undefined) return notHere('a key on a curve without a name')
    if (!CURVE_NAMES.has(key.curve)) return notHere(`a key on curve ${key.curve}`)
    const raw = ecdsaSignatureToRaw(signature, key.curve)
    if (!raw) return failed('the signature is no DER-encoded ECDSA signature for this curve')
    return {
      keyAlgorithm: { name: 'ECDSA', namedCurve: key.curve },
      verifyAlgorithm: { name: 'ECDSA', hash: scheme.hash },
      signature: raw,
      throughPkijs: false,
    }
  }
  if (scheme.key === 'DSA' || scheme.key === 'ML-DSA') return notHere(scheme.name)
  if (key.algorithm !== scheme.key) return mismatch
  return { keyAlgorithm: { name: scheme.key }, verifyAlgorithm: { name: scheme.key }, signature, throughPkijs: false }
}

/** A key as WebCrypto took it, or the verdict on every signature with it. */
type ImportedKey = CryptoKey | Verdict

const isVerdict = (value: ImportedKey | SignatureQuery): value is Verdict => 'status' in value

const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

const importKey = async (key: PublicKey, algorithm: SignatureQuery['keyAlgorithm']): Promise<ImportedKey> => {
  try {
    return await globalThis.crypto.subtle.importKey('spki', owned(key.canonicalSpki), algorithm, false, ['verify'])
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    return name === 'DataError' ? failed('the key is malformed') : notHere(`a key of ${key.algorithm}`)
  }
}

/** Makes a verifier with empty caches. */
export const createSignatureVerifier = (): SignatureVerifier => {
  const keys = new Map<string, Promise<ImportedKey>>()
  const answers = new Map<string, Promise<Verdict>>()

  const keyFor = (key: PublicKey, algorithm: SignatureQuery['keyAlgorithm']): Promise<ImportedKey> => {
    const id = `${key.identity} ${algorithm.name} ${'hash' in algorithm ? String(algorithm.hash) : ''}`
    let imported = keys.get(id)
    if (!imported) {
      imported = importKey(key, algorithm)
      keys.set(id, imported)
    }
    return imported
  }

  const verifyBytes = async (question: SignedBytes): Promise<Verdict> => {
    const query = planVerification(question)
    if (isVerdict(query)) return query
    if (query.throughPkijs) {
      const { verifyWithPkijs } = await import('./pkijs.ts')
      return verifyWithPkijs(question)
    }
    const key = await keyFor(question.key, query.keyAlgorithm)
    if (isVerdict(key)) return key
    try {
      const holds = await globalThis.crypto.subtle.verify(query.verifyAlgorithm, key, owned(query.signature), owned(question.signed))
      return holds ? verified : signatureDoesNotVerify
    } catch {
      return notHere(signatureAlgorithmName(question.algorithm.oid))
    }
  }

  const verify = (certificate: X509Certificate, issuer: X509Certificate): Promise<Verdict> => {
    const id = `${certificate.fingerprint} ${issuer.publicKey.identity}`
    let answer = answers.get(id)
    if (!answer) {
      const { tbs, signatureAlgorithm, signature } = certificate
      answer = verifyBytes({ signed: tbs, algorithm: signatureAlgorithm, signature, key: issuer.publicKey })
      answers.set(id, answer)
    }
    return answer
  }

  return {
    verify,
    verifyBytes,
    verifyBatch: async (questions) => {
      const out: Verdict[] = []
      for (let from = 0; from < questions.length; from += BATCH) {
        const batch = questions.slice(from, from + BATCH)
        out.push(...(await Promise.all(batch.map(({ certificate, issuer }) => verify(certificate, issuer)))))
      }
      return out
    },
  }
}

/** One question, without any cache: for more than one, make a verifier. */
export const verifySignature = (certificate: X509Certificate, issuer: X509Certificate): Promise<Verdict> =>
  createSignatureVerifier().verify(certificate, issuer)
