import type { AlgorithmIdentifier, Extensions, RawExtension } from './certificate.ts'
import type { Name } from './name.ts'
import type { PublicKey } from './public-key.ts'

/** The facts of a PKCS #10 request (RFC 2986). The request's own signature is kept, not verified here. */
export interface CertificateSigningRequest {
  readonly der: Uint8Array
  /** The DER of certificationRequestInfo: what the signature is over. */
  readonly info: Uint8Array
  readonly subject: Name
  readonly publicKey: PublicKey
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** Content of the signature's BIT STRING. */
  readonly signature: Uint8Array
  /** Extensions of the extensionRequest attribute. */
  readonly extensions: Extensions
  readonly rawExtensions: readonly RawExtension[]
}
