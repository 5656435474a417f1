import type { Verdict } from '../base/verdict.ts'
import { failed, verified } from '../base/verdict.ts'
import { signatureAlgorithmName } from './algorithms.ts'
import type { X509Certificate } from './certificate.ts'
import type { PublicKey } from './public-key.ts'
import type { PkijsVerifier } from './pkijs.ts'
import type { SignatureQuery, SignedBytes } from './verification-plan.ts'
import { cannotVerify, isVerdict, planVerification, signatureDoesNotVerify } from './verification-plan.ts'

/** Was `certificate` signed with the key of `issuer`? */
export interface SignatureQuestion {
  readonly certificate: X509Certificate
  readonly issuer: X509Certificate
}

/** Verifies signatures for one analysis: each key is imported once. */
export interface SignatureVerifier {
  /** A question that was put before has its answer already. */
  readonly verify: (certificate: X509Certificate, issuer: X509Certificate) => Promise<Verdict>
  /** Answers in the order of the questions, which are all asked, side by side in batches: none should stand there twice. */
  readonly verifyBatch: (questions: readonly SignatureQuestion[]) => Promise<readonly Verdict[]>
  /** For what is no certificate (a request's own signature). Keys are cached, answers are not. */
  readonly verifyBytes: (question: SignedBytes) => Promise<Verdict>
}

/**
 * Questions put to WebCrypto at once: its threads answer while the caller works on, so that a batch should be as long as that work;
 * each holds some kilobytes until then.
 */
const BATCH = 16_384

/** A key as WebCrypto took it, or the verdict on every signature with it. */
type ImportedKey = CryptoKey | Verdict

const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

const importKey = async (key: PublicKey, algorithm: SignatureQuery['keyAlgorithm']): Promise<ImportedKey> => {
  try {
    return await globalThis.crypto.subtle.importKey('spki', owned(key.canonicalSpki), algorithm, false, ['verify'])
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    return name === 'DataError' ? failed('the key is malformed') : cannotVerify(`a key of ${key.algorithm}`)
  }
}

/** Makes a verifier with empty caches. */
export const createSignatureVerifier = (): SignatureVerifier => {
  const keys = new Map<string, Map<string, Promise<ImportedKey>>>()
  const answers = new Map<string, Promise<Verdict>>()
  let pkijs: Promise<PkijsVerifier> | undefined

  const keyFor = (key: PublicKey, signatureOid: string, algorithm: SignatureQuery['keyAlgorithm']): Promise<ImportedKey> => {
    let ofKey = keys.get(key.identity)
    if (!ofKey) keys.set(key.identity, (ofKey = new Map<string, Promise<ImportedKey>>()))
    let imported = ofKey.get(signatureOid)
    if (!imported) ofKey.set(signatureOid, (imported = importKey(key, algorithm)))
    return imported
  }

  const verifyBytes = async (question: SignedBytes): Promise<Verdict> => {
    const query = planVerification(question)
    if (isVerdict(query)) return query
    if (query.throughPkijs) {
      // pkijs takes a tenth of a second to load: only dumps that need it pay for it.
      pkijs ??= import('./pkijs.ts').then(({ createPkijsVerifier }) => createPkijsVerifier())
      return (await pkijs).verify(question)
    }
    const key = await keyFor(question.key, question.algorithm.oid, query.keyAlgorithm)
    if (isVerdict(key)) return key
    try {
      const holds = await globalThis.crypto.subtle.verify(query.verifyAlgorithm, key, owned(query.signature), owned(question.signed))
      return holds ? verified : signatureDoesNotVerify
    } catch {
      return cannotVerify(signatureAlgorithmName(question.algorithm.oid))
    }
  }

  const ask = ({ certificate, issuer }: SignatureQuestion): Promise<Verdict> => {
    const { tbs, signatureAlgorithm, signature } = certificate
    return verifyBytes({ signed: tbs, algorithm: signatureAlgorithm, signature, key: issuer.publicKey })
  }

  const verify = (certificate: X509Certificate, issuer: X509Certificate): Promise<Verdict> => {
    const id = `${certificate.fingerprint} ${issuer.publicKey.identity}`
    let answer = answers.get(id)
    if (!answer) answers.set(id, (answer = ask({ certificate, issuer })))
    return answer
  }

  return {
    verify,
    verifyBytes,
    verifyBatch: async (questions) => {
      const out: Verdict[] = []
      for (let from = 0; from < questions.length; from += BATCH) {
        for (const verdict of await Promise.all(questions.slice(from, from + BATCH).map(ask))) out.push(verdict)
      }
      return out
    },
  }
}
