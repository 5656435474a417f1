import type { Name } from './name.ts'
import type { PublicKey } from './public-key.ts'

/** An AlgorithmIdentifier (RFC 5280 4.1.1.2): dotted OID and the DER of its parameters, when there are any. */
export interface AlgorithmIdentifier {
  readonly oid: string
  readonly parameters?: Uint8Array
}

/** RFC 5280 4.2.1.6. Values are text as the certificate has it (IP addresses in their usual text form). */
export type GeneralName =
  | { readonly type: 'dns'; readonly value: string }
  | { readonly type: 'email'; readonly value: string }
  | { readonly type: 'uri'; readonly value: string }
  | { readonly type: 'ip'; readonly value: string; readonly bytes: Uint8Array }
  | { readonly type: 'directory'; readonly name: Name; readonly value: string }
  | { readonly type: 'other'; readonly oid: string; readonly bytes: Uint8Array; readonly value: string }
  | { readonly type: 'registered-id'; readonly value: string }
  | { readonly type: 'x400' | 'edi'; readonly value: string }

/** RFC 5280 4.2.1.10. An IP subtree has 8 or 32 bytes: address and mask. `minimum`/`maximum` only where they are written. */
export interface GeneralSubtree {
  readonly base: GeneralName
  readonly minimum?: number
  readonly maximum?: number
}

export type KeyUsageName =
  | 'digitalSignature'
  | 'contentCommitment'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly'

/** One extension as it stands: order, OID, criticality, and the content of its OCTET STRING. */
export interface RawExtension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
  /** The extension is one of those decoded below and its content is not what its definition says. */
  readonly malformed?: boolean
}

export interface Extensions {
  readonly basicConstraints?: { readonly critical: boolean; readonly ca: boolean; readonly pathLength?: number }
  readonly keyUsage?: { readonly critical: boolean; readonly usages: readonly KeyUsageName[] }
  /** Dotted OIDs of KeyPurposeId, in the certificate's order. */
  readonly extendedKeyUsage?: { readonly critical: boolean; readonly purposes: readonly string[] }
  readonly subjectAltName?: { readonly critical: boolean; readonly names: readonly GeneralName[] }
  readonly nameConstraints?: {
    readonly critical: boolean
    readonly permitted?: readonly GeneralSubtree[]
    readonly excluded?: readonly GeneralSubtree[]
  }
  readonly subjectKeyIdentifier?: { readonly critical: boolean; readonly keyIdentifier: Uint8Array }
  readonly authorityKeyIdentifier?: {
    readonly critical: boolean
    readonly keyIdentifier?: Uint8Array
    readonly issuer?: readonly GeneralName[]
    readonly serial?: string
  }
  /** URIs of RFC 5280 4.2.1.13, in order. */
  readonly crlDistributionPoints?: { readonly critical: boolean; readonly uris: readonly string[] }
  readonly authorityInfoAccess?: { readonly critical: boolean; readonly ocsp: readonly string[]; readonly caIssuers: readonly string[] }
}

/**
 * What is wrong with a certificate's encoding although its facts could be read. The closed list of codes, with their meaning and whether
 * a strict validator refuses, is in certificate-problem.ts; sentences live in rules and renderers.
 */
export interface CertificateProblem {
  readonly code: string
  readonly detail?: string
}

/** The facts of one X.509 certificate, read by the strict DER reader. Times are epoch milliseconds, UTC. */
export interface X509Certificate {
  /** SHA-256 of the DER, lower-case hex: its identity everywhere. */
  readonly fingerprint: string
  readonly der: Uint8Array
  /** The DER of tbsCertificate: what the signature is over. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2 | 3
  /** Lower-case hex of the magnitude in whole octets, without the octet that only holds the sign; `-` in front of a negative one. */
  readonly serial: string
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier
  readonly signatureAlgorithm: AlgorithmIdentifier
  /** Content of the signature's BIT STRING. */
  readonly signature: Uint8Array
  readonly issuer: Name
  readonly subject: Name
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: PublicKey
  readonly extensions: Extensions
  readonly rawExtensions: readonly RawExtension[]
  readonly problems: readonly CertificateProblem[]
}

/** Why bytes are no certificate at all. `code` is stable, `offset` counts bytes from the start of the DER. */
export interface CertificateFailure {
  readonly code: string
  readonly detail?: string
  readonly offset?: number
}
