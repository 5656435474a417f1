import { AlgorithmIdentifier, CryptoEngine, PublicKeyInfo } from 'pkijs'
import { toLatin1 } from '../base/bytes.ts'
import type { Verdict } from '../base/verdict.ts'
import { failed, verified } from '../base/verdict.ts'
import { signatureAlgorithmName } from './algorithms.ts'
import { toAsn1BitString } from './asn1.ts'
import type { AlgorithmIdentifier as Identifier } from './certificate.ts'
import { decodePublicKey } from './decode-public-key.ts'
import { encodeBitString, encodeDer } from './encode-der.ts'
import { keyOids } from './key-oids.ts'
import type { PublicKey } from './public-key.ts'
import type { SignedBytes } from './verification-plan.ts'
import { cannotVerify, isVerdict, planVerification, signatureDoesNotVerify } from './verification-plan.ts'

const RSA_ENCRYPTION = encodeDer(0x30, encodeDer(0x06, keyOids.rsaEncryption), Uint8Array.of(0x05, 0x00))

/** Names by which WebCrypto knows the algorithms that are key and signature algorithm in one (RFC 8410 3). */
const EDWARDS: ReadonlyMap<string, string> = new Map([
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
])

/** The form in which WebCrypto takes a key: uncompressed point, NULL for RSA, and keys of type id-RSASSA-PSS as rsaEncryption. */
const importableSpki = (spki: Uint8Array): Uint8Array => {
  const key = decodePublicKey(spki)
  if (!key) return spki
  return key.algorithm === 'RSASSA-PSS' ? encodeDer(0x30, RSA_ENCRYPTION, encodeBitString(key.key)) : key.canonicalSpki
}

const toBytes = (data: BufferSource): Uint8Array =>
  data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/**
 * pkijs's engine over WebCrypto, extended where pkijs provides for it. Public keys go to WebCrypto as SPKI, once each; Ed25519, Ed448,
 * compressed points and keys of type id-RSASSA-PSS are added.
 */
class CachingCryptoEngine extends CryptoEngine {
  readonly #keys = new Map<string, Promise<CryptoKey>>()

  override importKey(
    format: KeyFormat,
    keyData: BufferSource | JsonWebKey,
    algorithm: globalThis.AlgorithmIdentifier,
    extractable: boolean,
    keyUsages: KeyUsage[],
  ): Promise<CryptoKey> {
    if (format !== 'spki' || !(keyData instanceof ArrayBuffer || ArrayBuffer.isView(keyData)))
      return super.importKey(format, keyData, algorithm, extractable, keyUsages)
    const spki = toBytes(keyData)
    const id = `${JSON.stringify(algorithm)} ${toLatin1(spki)}`
    let key = this.#keys.get(id)
    if (!key) {
      key = this.subtle.importKey('spki', new Uint8Array(importableSpki(spki)), algorithm, extractable, keyUsages)
      this.#keys.set(id, key)
    }
    return key
  }

  override async verifyWithPublicKey(
    data: BufferSource,
    signature: Parameters<CryptoEngine['verifyWithPublicKey']>[1],
    publicKeyInfo: PublicKeyInfo,
    signatureAlgorithm: AlgorithmIdentifier,
    shaAlgorithm?: string,
  ): Promise<boolean> {
    const name = EDWARDS.get(signatureAlgorithm.algorithmId)
    if (name === undefined) return super.verifyWithPublicKey(data, signature, publicKeyInfo, signatureAlgorithm, shaAlgorithm)
    const spki = publicKeyInfo.toSchema().toBER(false)
    const key = await this.importKey('spki', spki, { name }, false, ['verify'])
    return this.verify({ name }, key, new Uint8Array(signature.valueBlock.valueHexView), data)
  }
}

/** Puts questions to pkijs's engine; its keys are cached for as long as it lives. */
export interface PkijsVerifier {
  readonly verify: (question: SignedBytes) => Promise<Verdict>
}

const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

const toPkijsAlgorithm = ({ oid, parameters }: Identifier): AlgorithmIdentifier => {
  const plain = new AlgorithmIdentifier({ algorithmId: oid }).toSchema().toBER(false)
  if (!parameters) return AlgorithmIdentifier.fromBER(plain)
  // The OID alone is a short SEQUENCE: two octets of header, then the OID.
  return AlgorithmIdentifier.fromBER(owned(encodeDer(0x30, new Uint8Array(plain).subarray(2), parameters)))
}

const toPkijsKey = (key: PublicKey): PublicKeyInfo => PublicKeyInfo.fromBER(owned(key.canonicalSpki))

/** Makes a verifier over an engine of its own, with no keys imported yet. */
export const createPkijsVerifier = (): PkijsVerifier => {
  const engine = new CachingCryptoEngine({ name: 'kubepki', crypto: globalThis.crypto })
  return {
    verify: async (question) => {
      // What cannot be asked has the same answer here as on the direct way.
      const plan = planVerification(question)
      if (isVerdict(plan)) return plan
      try {
        const algorithm = toPkijsAlgorithm(question.algorithm)
        const signature = toAsn1BitString(question.signature)
        const holds = await engine.verifyWithPublicKey(owned(question.signed), signature, toPkijsKey(question.key), algorithm)
        return holds ? verified : signatureDoesNotVerify
      } catch (error) {
        if (error instanceof Error && error.name === 'DataError') return failed('the key is malformed')
        return cannotVerify(signatureAlgorithmName(question.algorithm.oid))
      }
    },
  }
}
