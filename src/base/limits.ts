/** Bounds on hostile input. Each number says where it comes from; a bound that is reached makes what depends on it `unknown`. */
export interface Limits {
  /** Bytes of one object that is read into memory; etcd refuses objects over 1.5 MiB, a Secret's data over 1 MiB. */
  readonly objectBytes: number
  /** Nesting depth of one object; CRD schemas of cert-manager nest less than 20. */
  readonly depth: number
  /** Objects of our kinds in one dump. */
  readonly objects: number
  /** Bytes of one DER certificate; 64 KiB is ample (a certificate with 1,000 names has 30 KiB). */
  readonly certificateBytes: number
  /** PEM blocks read from one value; cert-manager refuses chains over 95,000 bytes. */
  readonly pemBlocks: number
  /** Names in one subjectAltName or entries in one nameConstraints that are looked at. */
  readonly names: number
  /** Signatures verified for one certificate while its issuer is searched; Go stops at 100. */
  readonly signaturesPerCertificate: number
  /** Certificates of one path, anchor included; far more than any PKI has, so that a long path that is valid stays valid. */
  readonly pathLength: number
  /** Candidate issuers tried in one path search. */
  readonly pathCandidates: number
  /** Name-constraint comparisons in one path search; webpki stops at 250,000. */
  readonly nameComparisons: number
}

export const defaultLimits: Limits = {
  objectBytes: 8 * 1024 * 1024,
  depth: 100,
  objects: 1_000_000,
  certificateBytes: 64 * 1024,
  pemBlocks: 1_000,
  names: 10_000,
  signaturesPerCertificate: 100,
  pathLength: 32,
  pathCandidates: 2_000,
  nameComparisons: 250_000,
}
