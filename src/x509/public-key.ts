import { equalBytes } from '../base/bytes.ts'

/** What a SubjectPublicKeyInfo says. `bits` is the modulus length of RSA and the field size of an elliptic curve. */
export interface PublicKey {
  /** DER of the whole SubjectPublicKeyInfo: the key's identity by bytes. */
  readonly spki: Uint8Array
  readonly algorithm: 'RSA' | 'RSASSA-PSS' | 'ECDSA' | 'Ed25519' | 'Ed448' | 'other'
  readonly oid: string
  /** Content of subjectPublicKey's BIT STRING. */
  readonly key: Uint8Array
  /** DER of the algorithm's parameters, where there are any. */
  readonly parameters?: Uint8Array
  readonly bits?: number
  /** `P-256`, `P-384`, `P-521`, or the dotted OID of a curve without a name here. */
  readonly curve?: string
  /** RSA public exponent, where it fits. */
  readonly exponent?: number
  /** The EC point is given compressed (RFC 5480 2.2). */
  readonly compressedPoint?: boolean
  /** First 20 bytes each of SHA-1 and SHA-256 over subjectPublicKey's bits: RFC 5280 4.2.1.2 (1) and RFC 7093 2 (1); lower-case hex. Computed on first use. */
  readonly sha1KeyIdentifier: string
  readonly sha256KeyIdentifier: string
  /** `spki`, written in the one form under which equal keys are equal bytes: uncompressed point, NULL for RSA, DER. Computed on first use. */
  readonly canonicalSpki: Uint8Array
  /**
   * Key under which two keys are the same key, whatever the encoding of point or parameters: compare this, not `spki`.
   * SHA-256 of `canonicalSpki`, lower-case hex: the SPKI fingerprint that other tools show. Computed on first use.
   */
  readonly identity: string
}

/** Are the two one key, whatever the encoding? As comparing `identity`, without a hash for it. */
export const isSameKey = (a: PublicKey, b: PublicKey): boolean => a === b || equalBytes(a.canonicalSpki, b.canonicalSpki)

/** What a private key's text told before its bytes were let go: the public half, or why not. Never any private byte. */
export type PrivateKeyFacts =
  | { readonly status: 'read'; readonly publicKey: PublicKey; readonly form: 'PKCS1' | 'SEC1' | 'PKCS8' }
  | { readonly status: 'unreadable'; readonly code: 'not-pem' | 'encrypted' | 'ec-parameters-first' | 'unsupported' | 'malformed' }
