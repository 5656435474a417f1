import type { Phrase } from '../base/phrase.ts'
import { say } from '../base/phrase.ts'

/**
 * Why a certificate cannot stand where it would have to stand. In the order of usefulness: the nearer the front, the less is missing.
 * Names first (the path is whole, only the question differs), then time, then what the certificate says about itself, then the shape of the
 * path, then what could not be decided, then missing links, then unreadable input.
 */
const ORDER = [
  'peer-name-mismatch',
  'peer-name-absent',
  'peer-name-malformed',
  'purpose-not-allowed',
  'expired',
  'not-yet-valid',
  'path-length-exceeded',
  'depth-exceeded',
  'name-excluded',
  'name-not-permitted',
  'name-malformed',
  'name-constraints-unsupported',
  'name-constraints-malformed',
  'key-usage-forbids-signing',
  'not-a-ca',
  'weak-signature',
  'critical-extension-unknown',
  'extension-malformed',
  'encoding-invalid',
  'signature-unverifiable',
  'name-comparisons-exceeded',
  'budget-exhausted',
  'issuer-name-differs',
  'signature-invalid',
  'root-not-trusted',
  'no-path-to-anchor',
  'issuer-not-found',
  'target-unreadable',
  'no-anchors',
  'certificate-unreadable',
  'input-truncated',
] as const

export type PathReasonCode = (typeof ORDER)[number]

/** One reason. Plain data: sentences are made by {@link describePathReason}. */
export interface PathReason {
  readonly code: PathReasonCode
  /** Fingerprint and subject of the certificate that the reason is about. */
  readonly certificate?: string
  readonly subject?: string
  /** Of a rejected candidate: its fingerprint, and that of the certificate that it was to be the issuer of. */
  readonly candidate?: string
  readonly issuerOf?: string
  /** A name, an OID, a date, a problem code: what exactly. Text of the input. */
  readonly detail?: string
  /** Which subtree, which limit, which input: what it met. */
  readonly against?: string
  /** Subject of the CA whose name constraints those are. */
  readonly by?: string
}

const RANK: ReadonlyMap<string, number> = new Map(ORDER.map((code, index) => [code, index]))

/** Place in the order of usefulness: 0 is nearest to success. */
export const reasonRank = (reason: PathReason): number => RANK.get(reason.code) ?? ORDER.length

/** What of the input was not looked at, because there is more than a limit allows. */
const OVER_LIMIT: ReadonlySet<string> = new Set(['too-large', 'names-over-limit', 'pem-too-many-blocks'])

/** Does the reason say that a limit on what is read was reached? */
export const isOverLimit = ({ code, detail }: PathReason): boolean =>
  code === 'input-truncated' ||
  ((code === 'encoding-invalid' || code === 'certificate-unreadable' || code === 'target-unreadable') && OVER_LIMIT.has(detail ?? ''))

/** Reasons that leave the question open instead of answering it with no. */
export const isOpenReason = (reason: PathReason): boolean =>
  reason.code === 'signature-unverifiable' ||
  reason.code === 'name-comparisons-exceeded' ||
  reason.code === 'budget-exhausted' ||
  isOverLimit(reason)

/** The reason as a sentence, our words and the input's values kept apart. */
export const describePathReason = (reason: PathReason): Phrase => {
  const subject = reason.subject ?? ''
  const detail = reason.detail ?? ''
  const against = reason.against ?? ''
  const by = reason.by ?? 'a CA above it'
  switch (reason.code) {
    case 'peer-name-mismatch':
      return say`${subject} is not a certificate for ${detail}`
    case 'peer-name-absent':
      return say`${subject} names no host and no address in its subjectAltName, so it cannot stand for ${detail}`
    case 'peer-name-malformed':
      return say`${detail} is not a host name or address that a certificate could be for`
    case 'purpose-not-allowed':
      return say`the extended key usage of ${subject} does not allow ${detail}`
    case 'expired':
      return say`${subject} expired on ${detail}`
    case 'not-yet-valid':
      return say`${subject} is not valid before ${detail}`
    case 'path-length-exceeded':
      return say`${subject} allows ${detail} CA certificates below it, and there are ${against}`
    case 'depth-exceeded':
      return say`the path through ${subject} is longer than the ${against} intermediates that were asked for`
    case 'name-excluded':
      return say`the name ${detail} in ${subject} is excluded by ${by} (${against})`
    case 'name-not-permitted':
      return say`the name ${detail} in ${subject} is not among those that ${by} permits`
    case 'name-malformed':
      return say`the name ${detail} in ${subject} cannot be held against the name constraints of ${by}`
    case 'name-constraints-unsupported':
      return say`${by} constrains names of ${subject} in a way that cannot be judged here (${detail})`
    case 'name-constraints-malformed':
      return say`the name constraints of ${subject} are malformed (${detail})`
    case 'key-usage-forbids-signing':
      return say`the key usage of ${subject} does not allow it to sign certificates`
    case 'not-a-ca':
      return say`${subject} is not a CA`
    case 'weak-signature':
      return say`${subject} is signed with ${detail}`
    case 'critical-extension-unknown':
      return say`${subject} has a critical extension that is not known here: ${detail}`
    case 'extension-malformed':
      return say`the extension ${detail} of ${subject} is malformed`
    case 'encoding-invalid':
      return say`the encoding of ${subject} is not what RFC 5280 wants: ${detail}`
    case 'signature-unverifiable':
      return say`the signature of ${subject} cannot be verified here (${detail})`
    case 'name-comparisons-exceeded':
      return say`the name constraints above ${subject} want more comparisons than are made here`
    case 'budget-exhausted':
      return say`the search was given up after ${detail}`
    case 'issuer-name-differs':
      return say`${subject} signed it, but bears another name than the issuer's`
    case 'signature-invalid':
      return say`${subject} bears the issuer's name, but its key did not make the signature`
    case 'root-not-trusted':
      return say`${subject} signs itself and is not among the trust anchors`
    case 'no-path-to-anchor':
      return say`nothing above ${subject} leads to a trust anchor`
    case 'issuer-not-found':
      return say`the issuer of ${subject} is not here: ${detail}`
    case 'target-unreadable':
      return say`the first certificate cannot be read: ${detail}`
    case 'no-anchors':
      return say`no trust anchor could be read`
    case 'certificate-unreadable':
      return say`a certificate in ${against} cannot be read: ${detail}`
    case 'input-truncated':
      return say`only the first ${detail} certificates of ${against} were looked at`
  }
}
