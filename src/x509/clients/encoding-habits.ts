import type { Flaw } from './client-certificate.ts'
import type { ClientFamily } from './habits.ts'
import { oids } from './oids.ts'

/**
 * What a client makes of a certificate with a flaw in its encoding.
 * `parse`: it cannot be read. `invalid`: it is read and then neither issues nor is issued (OpenSSL). `signature`: its signature never verifies.
 * `date`: its dates are an error when they are looked at. `use`: reading it is put off, a path with it fails. `unread`: a non-critical extension
 * is passed over, a critical one cannot be parsed (Java). `unsure`: not known here; `maybe-parse`: not known whether it can be read.
 */
export type EncodingEffect = 'parse' | 'invalid' | 'signature' | 'date' | 'use' | 'unread' | 'unsure' | 'maybe-parse'

/** One row of the table: the effect by client family, nothing where it is taken. */
export type EncodingRow = Partial<Record<ClientFamily | 'rustlsAnchor' | 'opensslAnchor', EncodingEffect>>

const all: EncodingRow = { go: 'parse', openssl: 'parse', java: 'parse', rustls: 'parse', rustlsAnchor: 'parse' }
const notDer: EncodingRow = { go: 'parse', rustls: 'parse', rustlsAnchor: 'parse' }
const goOnly: EncodingRow = { go: 'parse' }
const badTime: EncodingRow = { go: 'parse', openssl: 'date', java: 'parse', rustls: 'use' }
const lenientTime: EncodingRow = { go: 'parse', openssl: 'date', rustls: 'use' }

/** By flaw of the certificate, its names and its dates. */
export const encodingHabits: Readonly<Record<string, EncodingRow>> = {
  // Whether a CA file with such a certificate loads depends on OpenSSL's loading function.
  'trailing-bytes': { go: 'parse', openssl: 'parse', opensslAnchor: 'maybe-parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'trailing-in-certificate': { openssl: 'parse', java: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'trailing-in-tbs': { openssl: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'length-indefinite': notDer,
  'length-redundant': notDer,
  'tbs-length': { java: 'signature' },
  'version-explicit-v1': { rustls: 'parse', rustlsAnchor: 'parse' },
  'version-unknown': { go: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'version-malformed': { ...all, java: 'maybe-parse' },
  'serial-negative': goOnly,
  'serial-padded': { go: 'parse', openssl: 'parse' },
  'serial-empty': { go: 'parse', openssl: 'parse', java: 'parse' },
  'algorithms-differ': { go: 'parse', openssl: 'signature', java: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'algorithms-differ-in-null': { go: 'parse', openssl: 'signature', rustls: 'parse', rustlsAnchor: 'parse' },
  'issuer-empty': { java: 'parse' },
  'subject-empty-in-v1': { java: 'parse' },
  'subject-empty-without-san': { java: 'parse' },
  'subject-empty-san-not-critical': { java: 'parse' },
  'validity-trailing': { openssl: 'parse', java: 'parse', rustls: 'use' },
  'key-unreadable': { go: 'parse', java: 'parse' },
  'key-rsa-parameters': goOnly,
  'key-ec-curve': goOnly,
  'key-ec-parameters': { go: 'parse', java: 'parse' },
  'key-ec-compressed': { go: 'parse', java: 'parse' },
  // OpenSSL finds out when it looks at the key: see checkKey. webpki never looks at the key of an end entity.
  'key-off-curve': goOnly,
  'key-rsa-numbers': goOnly,
  'key-small': { java: 'parse' },
  'key-trailing': { go: 'unsure', openssl: 'parse', java: 'parse' },
  'key-parameters': { go: 'unsure', openssl: 'unsure', java: 'unsure' },
  'signature-unused-bits': { go: 'signature', openssl: 'signature', rustls: 'parse', rustlsAnchor: 'parse' },
  'signature-padding': goOnly,
  'signature-empty': all,
  'unique-id': { rustls: 'parse', rustlsAnchor: 'parse' },
  'unique-id-form': { go: 'unsure', openssl: 'maybe-parse', java: 'maybe-parse' },
  'extensions-without-v3': { java: 'parse' },
  'critical-not-der': notDer,
  'oid-arc-large': goOnly,
  'name-printable-character': goOnly,
  'name-utf8-invalid': { go: 'parse', openssl: 'parse' },
  'name-bmp-invalid': { go: 'parse', openssl: 'parse' },
  'name-bmp-noncharacter': goOnly,
  'name-ia5-invalid': goOnly,
  'name-numeric-invalid': goOnly,
  'name-string-type': goOnly,
  'name-value-type': { go: 'parse', openssl: 'parse' },
  'time-unreadable': badTime,
  'time-type': { ...badTime, openssl: 'parse' },
  'time-out-of-range': badTime,
  'time-no-zone': badTime,
  'time-day-of-month': lenientTime,
  'time-fraction': lenientTime,
  'time-generalized-no-seconds': lenientTime,
  'time-offset-zero': lenientTime,
  'time-offset': { openssl: 'date', rustls: 'use' },
  'time-offset-24': { go: 'unsure', openssl: 'date', java: 'parse', rustls: 'use' },
  'time-no-seconds-offset': { openssl: 'date', java: 'parse', rustls: 'use' },
  'time-no-seconds': { openssl: 'date', rustls: 'use' },
  'time-before-1970': { rustls: 'use' },
}

const goReads = new Set<string>([
  oids.keyUsage,
  oids.basicConstraints,
  oids.subjectAltName,
  oids.nameConstraints,
  oids.crlDistributionPoints,
  oids.authorityKeyIdentifier,
  oids.policyConstraints,
  oids.extendedKeyUsage,
  oids.subjectKeyIdentifier,
  oids.certificatePolicies,
  oids.policyMappings,
  oids.inhibitAnyPolicy,
  oids.authorityInfoAccess,
])
const opensslReads = new Set<string>([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.netscapeCertType,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
  oids.subjectAltName,
  oids.nameConstraints,
  oids.crlDistributionPoints,
  oids.proxyCertInfo,
  oids.ipAddrBlocks,
  oids.autonomousSysIds,
])
const rustlsReads = new Set<string>([
  oids.keyUsage,
  oids.subjectAltName,
  oids.basicConstraints,
  oids.nameConstraints,
  oids.crlDistributionPoints,
  oids.extendedKeyUsage,
  oids.signedCertificateTimestamps,
])

const reads: Record<ClientFamily, ReadonlySet<string>> = {
  go: goReads,
  openssl: opensslReads,
  java: new Set([...goReads, ...opensslReads, oids.issuerAltName, oids.freshestCrl, oids.privateKeyUsagePeriod, oids.subjectInfoAccess]),
  rustls: rustlsReads,
}

/** By flaw of an extension's content. */
export const extensionHabits: Readonly<Record<string, EncodingRow>> = {
  'extension-malformed': { go: 'parse', openssl: 'invalid', java: 'unread', rustls: 'use' },
  'extension-trailing': { java: 'unread', rustls: 'parse', rustlsAnchor: 'parse' },
  'extension-duplicate': { go: 'parse', openssl: 'invalid', java: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'length-not-der': { go: 'parse', rustls: 'parse', rustlsAnchor: 'parse' },
  'bc-boolean-not-der': { go: 'parse', rustls: 'use' },
  'bc-path-length-negative': { go: 'parse', openssl: 'invalid', rustls: 'use' },
  'bc-path-length-over-255': { rustls: 'use' },
  'bc-path-length-huge': { java: 'unread' },
  'bc-path-length-padded': { go: 'parse', openssl: 'invalid', rustls: 'use' },
  'general-name-content': { openssl: 'invalid', java: 'unread' },
  'general-name-tag': { openssl: 'invalid', java: 'unread' },
  'general-name-empty': { openssl: 'invalid' },
  'aki-names-empty': { java: 'unread' },
  'aki-part': { openssl: 'invalid', java: 'unread' },
  'cdp-empty-point': { openssl: 'invalid', java: 'unread' },
  'cdp-relative-name': goOnly,
  'eku-oid-large': goOnly,
  'policies-repeated': goOnly,
  'bc-trailing-inside': { openssl: 'invalid', rustls: 'use' },
  'ku-padding': goOnly,
  'san-ip-length': { go: 'parse' },
  'san-ip-length-odd': { go: 'parse', java: 'unread' },
  'san-not-ia5': goOnly,
  'san-empty': { java: 'unread' },
  'san-email-empty': { java: 'unread' },
  'san-uri-go': goOnly,
  'san-uri-java': { java: 'unread' },
  'san-uri-odd': { go: 'unsure', java: 'unsure' },
  'nc-empty': goOnly,
  'nc-go': goOnly,
  'nc-java': { java: 'unread' },
}

/** The effect of one flaw on one client; `role` tells rustls' trust anchors, of which it reads less. */
export const effectOf = (flaw: Flaw, family: ClientFamily, role: 'sent' | 'anchor'): EncodingEffect | undefined => {
  const row = 'oid' in flaw ? extensionHabits[flaw.code] : encodingHabits[flaw.code]
  if (!row) return undefined
  if (family === 'openssl' && role === 'anchor' && row.opensslAnchor) return row.opensslAnchor
  const column = family === 'rustls' && role === 'anchor' ? 'rustlsAnchor' : family
  if (!('oid' in flaw)) return row[column]
  const looked = reads[family].has(flaw.oid)
  if (flaw.code === 'extension-duplicate' && (family === 'go' || family === 'java')) return 'parse'
  if (!looked) return undefined
  if (family === 'rustls' && flaw.oid === oids.keyUsage && flaw.code !== 'extension-duplicate') return undefined
  if (flaw.code === 'extension-trailing' && family === 'go') return flaw.oid === oids.nameConstraints ? 'parse' : undefined
  if (flaw.code === 'extension-malformed' && family === 'rustls') {
    if (flaw.outer) return 'parse'
    if (flaw.oid === oids.extendedKeyUsage || flaw.oid === oids.nameConstraints) return undefined
    return flaw.oid === oids.crlDistributionPoints ? undefined : flaw.oid === oids.subjectAltName || role === 'sent' ? 'use' : undefined
  }
  if (row[column] === 'unread') return flaw.critical ? 'parse' : 'unread'
  return row[column]
}
