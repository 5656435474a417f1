import type { AlgorithmIdentifier, Extensions, RawExtension } from './certificate.ts'
import type { Name } from './name.ts'
import type { PublicKey } from './public-key.ts'

/** The facts of a PKCS #10 request (RFC 2986). The request's own signature is kept, not verified here. */
export interface CertificateSigningRequest {
  readonly der: Uint8Array
  readonly subject: Name
  readonly publicKey: PublicKey
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** Extensions of the extensionRequest attribute. */
  readonly extensions: Extensions
  readonly rawExtensions: readonly RawExtension[]
}
