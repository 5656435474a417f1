import type { Client } from './client.ts'
import type { NameComparison } from './client-name.ts'
import { oids } from './oids.ts'

/** Which column of the encoding table, of the signature table and of the name matchers a client reads. */
export type ClientFamily = 'go' | 'openssl' | 'java' | 'rustls'

/** One validator as the values of its habits. The search and the checks are the same for all; `docs/clients.md` is printed from this table. */
export interface ClientHabits {
  readonly client: Client
  readonly family: ClientFamily
  readonly title: string
  readonly source: string
  /** How issuer and subject are compared. */
  readonly names: NameComparison
  /** A sent certificate that cannot be parsed fails the whole list, or is passed over unless it is the leaf. */
  readonly unreadableSent: 'fails-all' | 'passed-over'
  /** The same of an anchor. */
  readonly unreadableAnchor: 'fails-all' | 'passed-over'
  readonly search: {
    /** `depth-first` tries every candidate; `first-fit` settles on one issuer at each step; `sent-order` takes the list as sent when its names chain. */
    readonly strategy: 'depth-first' | 'first-fit' | 'sent-order'
    /** What the AKI does: nothing but order, a filter on every issuer, or a filter on the anchor of a list taken as sent. */
    readonly authorityKeyIdentifier: 'hint' | 'filter' | 'filter-anchor-as-sent'
    /** Two certificates count as the same one in a path: by subject and key, also with equal SAN, or only when identical. */
    readonly repeats: 'subject-key' | 'subject-key-san' | 'identical'
    readonly maxIntermediates: number
    /** Candidates looked at before the client gives up; beyond it the prediction is unknown. */
    readonly budget: number
    /** The path builder looks at the dates of anchors all the same, but not of those that issued the leaf. */
    readonly builderAnchorDates?: boolean
  }
  readonly anchor: {
    /** A path may end at any anchor, or only at one that is self-signed. */
    readonly anyEnds: boolean
    /** The sent leaf is itself an anchor: taken (with or without its dates), taken when no other path is found, or not looked for. */
    readonly leaf: 'taken' | 'taken-without-dates' | 'last-resort' | 'no'
    readonly dates: boolean
    readonly basicConstraints: 'required' | 'v3-required' | 'tolerated-with-key-usage' | 'ignored'
    readonly keyUsage: boolean
    readonly pathLength: boolean
    readonly extendedKeyUsage: boolean
    readonly nameConstraints: boolean
    readonly criticalExtensions: boolean
  }
  /** The very second of notAfter counts as valid. */
  readonly notAfterInclusive: boolean
  /** notBefore after notAfter is an error of its own. */
  readonly invertedDates: 'by-instant' | 'refused'
  readonly caKeyUsage: boolean
  /** An all-zero keyUsage counts as absent, fails, or makes the certificate useless. */
  readonly emptyKeyUsage: 'as-absent' | 'fails'
  /** Which CAs the path length does not count. */
  readonly pathLengthSkips: 'none' | 'self-issued'
  readonly leafMayBeCa: boolean
  /** keyUsage bits of the leaf (digitalSignature 1, keyEncipherment 4, keyAgreement 16), one of which must be there. */
  readonly leafKeyUsage?: { readonly server: number; readonly client: number }
  readonly netscapeCertType: boolean
  readonly extendedKeyUsage: {
    readonly scope: 'leaf' | 'path-without-anchor' | 'path'
    readonly any: boolean
    readonly serverGatedCrypto: boolean
    readonly emptyRefused: boolean
  }
  /** Critical extensions that the client processes; any other critical one fails the path. */
  readonly critical: readonly string[]
  /** RFC 5280 policies: processed, or only refused when critical, or ignored. */
  readonly policies: 'processed' | 'ignored'
  readonly nameConstraints: {
    /** Self-issued certificates other than the leaf are exempt. */
    readonly selfIssuedExempt: boolean
    /** A CN that looks like a host is held against DNS constraints where there is no dNSName. */
    readonly commonName: boolean
  }
  readonly host: {
    /** CN is looked at where there is no dNSName: not at all, every CN, or the last one. */
    readonly commonName: 'never' | 'all' | 'last'
  }
  /** Checks of X509_V_FLAG_X509_STRICT. */
  readonly strict: boolean
}

const policyOids = [oids.certificatePolicies, oids.policyMappings, oids.policyConstraints, oids.inhibitAnyPolicy] as const
const common = [oids.basicConstraints, oids.keyUsage, oids.extendedKeyUsage, oids.subjectAltName, oids.nameConstraints] as const

const go: ClientHabits = {
  client: 'go',
  family: 'go',
  title: 'Go crypto/x509 (1.26)',
  source: 'crypto/x509 verify.go, parser.go, constraints.go',
  names: 'bytes',
  unreadableSent: 'fails-all',
  unreadableAnchor: 'passed-over',
  search: { strategy: 'depth-first', authorityKeyIdentifier: 'hint', repeats: 'subject-key-san', maxIntermediates: 100, budget: 100 },
  anchor: {
    anyEnds: true,
    leaf: 'taken',
    dates: true,
    basicConstraints: 'v3-required',
    keyUsage: true,
    pathLength: true,
    extendedKeyUsage: true,
    nameConstraints: true,
    criticalExtensions: true,
  },
  notAfterInclusive: true,
  invertedDates: 'by-instant',
  caKeyUsage: true,
  emptyKeyUsage: 'as-absent',
  pathLengthSkips: 'none',
  leafMayBeCa: true,
  netscapeCertType: false,
  extendedKeyUsage: { scope: 'path', any: true, serverGatedCrypto: false, emptyRefused: false },
  critical: [...common, ...policyOids, oids.crlDistributionPoints],
  policies: 'processed',
  nameConstraints: { selfIssuedExempt: false, commonName: false },
  host: { commonName: 'never' },
  strict: false,
}

const openssl: ClientHabits = {
  client: 'openssl',
  family: 'openssl',
  title: 'OpenSSL 3 (nginx, Node; security level 2)',
  source: 'crypto/x509 x509_vfy.c, v3_purp.c, v3_ncons.c, v3_utl.c',
  names: 'openssl',
  unreadableSent: 'fails-all',
  unreadableAnchor: 'fails-all',
  search: { strategy: 'first-fit', authorityKeyIdentifier: 'filter', repeats: 'identical', maxIntermediates: 100, budget: 2_000 },
  anchor: {
    anyEnds: false,
    leaf: 'no',
    dates: true,
    basicConstraints: 'tolerated-with-key-usage',
    keyUsage: true,
    pathLength: true,
    extendedKeyUsage: true,
    nameConstraints: true,
    criticalExtensions: true,
  },
  notAfterInclusive: false,
  invertedDates: 'by-instant',
  caKeyUsage: true,
  emptyKeyUsage: 'fails',
  pathLengthSkips: 'self-issued',
  leafMayBeCa: true,
  leafKeyUsage: { server: 1 | 4 | 16, client: 1 | 16 },
  netscapeCertType: true,
  extendedKeyUsage: { scope: 'path', any: false, serverGatedCrypto: true, emptyRefused: true },
  critical: [
    ...common,
    ...policyOids,
    oids.crlDistributionPoints,
    oids.netscapeCertType,
    oids.ocspNoCheck,
    oids.proxyCertInfo,
    oids.ipAddrBlocks,
    oids.autonomousSysIds,
  ],
  policies: 'ignored',
  nameConstraints: { selfIssuedExempt: true, commonName: true },
  host: { commonName: 'all' },
  strict: false,
}

const opensslPartial: ClientHabits = {
  ...openssl,
  client: 'opensslPartial',
  title: 'OpenSSL 3 with partial chains (curl)',
  anchor: { ...openssl.anchor, anyEnds: true, leaf: 'last-resort' },
}

const opensslStrict: ClientHabits = {
  ...opensslPartial,
  client: 'opensslStrict',
  title: 'OpenSSL 3 with partial chains, strict (Python 3.13)',
  strict: true,
}

const java: ClientHabits = {
  client: 'java',
  family: 'java',
  title: 'Java PKIX (OpenJDK 17)',
  source: 'sun.security.validator.PKIXValidator, sun.security.provider.certpath, sun.security.x509, sun.security.util.HostnameChecker',
  names: 'java',
  unreadableSent: 'fails-all',
  unreadableAnchor: 'fails-all',
  search: {
    strategy: 'sent-order',
    authorityKeyIdentifier: 'filter-anchor-as-sent',
    repeats: 'subject-key-san',
    maxIntermediates: 5,
    budget: 2_000,
    builderAnchorDates: true,
  },
  anchor: {
    anyEnds: true,
    leaf: 'taken-without-dates',
    dates: false,
    basicConstraints: 'v3-required',
    keyUsage: true,
    pathLength: false,
    extendedKeyUsage: false,
    nameConstraints: false,
    criticalExtensions: false,
  },
  notAfterInclusive: true,
  invertedDates: 'by-instant',
  caKeyUsage: true,
  emptyKeyUsage: 'fails',
  pathLengthSkips: 'self-issued',
  leafMayBeCa: true,
  leafKeyUsage: { server: 1, client: 1 },
  netscapeCertType: true,
  extendedKeyUsage: { scope: 'leaf', any: true, serverGatedCrypto: true, emptyRefused: true },
  critical: [...common, ...policyOids],
  policies: 'processed',
  nameConstraints: { selfIssuedExempt: true, commonName: true },
  host: { commonName: 'last' },
  strict: false,
}

const rustls: ClientHabits = {
  client: 'rustls',
  family: 'rustls',
  title: 'rustls (webpki 0.103, aws-lc-rs)',
  source: 'webpki verify_cert.rs, cert.rs, subject_name',
  names: 'bytes',
  unreadableSent: 'passed-over',
  unreadableAnchor: 'passed-over',
  search: { strategy: 'depth-first', authorityKeyIdentifier: 'hint', repeats: 'subject-key', maxIntermediates: 6, budget: 100 },
  anchor: {
    anyEnds: true,
    leaf: 'no',
    dates: false,
    basicConstraints: 'ignored',
    keyUsage: false,
    pathLength: false,
    extendedKeyUsage: false,
    nameConstraints: true,
    criticalExtensions: false,
  },
  notAfterInclusive: true,
  invertedDates: 'refused',
  caKeyUsage: false,
  emptyKeyUsage: 'as-absent',
  pathLengthSkips: 'none',
  leafMayBeCa: false,
  netscapeCertType: false,
  extendedKeyUsage: { scope: 'path-without-anchor', any: false, serverGatedCrypto: false, emptyRefused: true },
  critical: [...common, oids.crlDistributionPoints, oids.signedCertificateTimestamps],
  policies: 'ignored',
  nameConstraints: { selfIssuedExempt: false, commonName: false },
  host: { commonName: 'never' },
  strict: false,
}

/** The table: one row of habits for each client. */
export const habits: Readonly<Record<Client, ClientHabits>> = { go, openssl, opensslPartial, opensslStrict, java, rustls }
