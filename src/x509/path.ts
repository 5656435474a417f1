import type { Verdict } from '../base/verdict.ts'
import type { PathReason } from './path-rejection.ts'

/** What the end-entity certificate is to be used for (RFC 5280 4.2.1.12: id-kp-serverAuth, id-kp-clientAuth). */
export type PathPurpose = 'server' | 'client'

/** One certificate of a path, named so that it can be found again. Times are RFC 3339. */
export interface PathCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly notBefore: string
  readonly notAfter: string
  readonly role: 'target' | 'intermediate' | 'anchor'
}

/**
 * One certificate of a path and how it hangs on the one above it. The four findings stand side by side: none of them is worked out from
 * another. Above an anchor there is nothing, so it has its dates alone.
 */
export interface PathStep {
  readonly certificate: string
  readonly issuer?: string
  /** The signature verifies with the issuer's key. */
  readonly signature?: Verdict
  /** The issuer name is the issuer's subject (RFC 5280 7.1). */
  readonly names?: Verdict
  /** The authority key identifier is the issuer's subject key identifier; unknown where one of the two is absent. */
  readonly keyIdentifiers?: Verdict
  /** The certificate is valid at the instant asked for. */
  readonly dates: Verdict
}

/** A remark on a certificate that does not break the path by itself: a rule of the RFC 5280 profile, a weak key, a deviation from DER. */
export interface PathFinding {
  readonly code: string
  readonly certificate: string
  readonly subject: string
  readonly detail?: string
}

/** The answer of `validatePath`. Plain JSON; codes are stable, sentences come from `describePathReason`. */
export interface PathVerdict {
  /** A path was found, and everything asked for holds on it. */
  readonly valid: boolean
  /** `unknown` where nothing is wrong with the target itself, and a way to an anchor was left open: an algorithm that cannot be verified here, a used-up budget. */
  readonly verdict: Verdict
  readonly at: string
  /** The path, target first and anchor last; only where it is valid. */
  readonly path?: readonly PathCertificate[]
  /** Where it is not: the path that came nearest. It ends at an anchor, or at the certificate above which nothing was found. */
  readonly nearest?: readonly PathCertificate[]
  /** The steps of `path` or `nearest`. */
  readonly steps: readonly PathStep[]
  /** Why not, what is nearest to success first: see path-rejection.ts for the order. Empty where valid. */
  readonly reasons: readonly PathReason[]
  /** Candidate issuers that were looked at and not taken, each with its reason, in the same order. */
  readonly rejectedCandidates: readonly PathReason[]
  /** How many more of them there were. */
  readonly omittedCandidates: number
  readonly findings: readonly PathFinding[]
  /** What RFC 5280 section 6 also has and this does not do: certificate policies and revocation. */
  readonly unsupported: readonly ('policies' | 'revocation')[]
  readonly spent: { readonly candidates: number; readonly signatures: number; readonly nameComparisons: number }
}
