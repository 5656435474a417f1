/** What is known of one problem code. */
export interface CertificateProblemKind {
  readonly meaning: string
  /** RFC 5280 section, unless another document is named. */
  readonly source: string
  /** A validator that follows RFC 5280 to the letter must refuse a path with this certificate. */
  readonly rejects: boolean
  /** A rule for the issuer that is broken; validators do not look at it, or need not. */
  readonly lint: boolean
}

type Kind = (meaning: string, source: string) => CertificateProblemKind

const refuse: Kind = (meaning, source) => ({ meaning, source, rejects: true, lint: false })
const lint: Kind = (meaning, source) => ({ meaning, source, rejects: false, lint: true })

/**
 * All that can be wrong with a certificate whose facts could be read. The codes are stable; whoever judges a certificate looks them up
 * here and never by their spelling.
 */
export const certificateProblems = {
  'der-length-indefinite': refuse('a length is indefinite: BER, not DER', '4.1; X.690 10.1'),
  'der-length-not-minimal': refuse('a length is written with more octets than it needs', '4.1; X.690 10.1'),
  'der-integer-not-minimal': refuse('an INTEGER is padded', '4.1; X.690 8.3.2'),
  'der-boolean': refuse('a BOOLEAN is neither 00 nor FF', '4.1; X.690 11.1'),
  'der-bit-string-padding': refuse('the unused bits of a BIT STRING are set', '4.1; X.690 11.2.1'),
  'der-trailing-data': refuse('something stands behind the last field of a SEQUENCE', '4.1'),

  'version-default-encoded': refuse('version v1 is written although it is the default', '4.1.2.1; X.690 11.5'),
  'serial-not-minimal': refuse('the serial number is padded', '4.1.2.2; X.690 8.3.2'),
  'serial-zero': lint('the serial number is zero', '4.1.2.2'),
  'serial-negative': lint('the serial number is negative', '4.1.2.2'),
  'serial-too-long': lint('the serial number has more than 20 octets', '4.1.2.2'),
  'signature-algorithm-differs': refuse('the signature algorithm inside and outside of the signed part differ', '4.1.1.2'),
  'signature-unused-bits': refuse('the signature is no whole number of octets', '4.1.1.3'),
  'signature-md5': lint('signed with MD5 or MD2, which is broken', 'RFC 6151'),
  'signature-sha1': lint('signed with SHA-1, which is broken', 'RFC 9155'),

  'name-empty-rdn': refuse('a relative distinguished name has no attribute', '4.1.2.4'),
  'name-set-order': lint('the attributes of a multi-valued RDN are not in DER order', '4.1; X.690 11.6'),
  'name-string-invalid': lint('a name holds octets that are not in the character set of its string type', '4.1.2.4'),
  'name-string-encoding': refuse('a name holds octets that encode no text in its string type', '4.1.2.4; RFC 3629 3'),
  'name-string-type': lint('a name holds a value that is no string', '4.1.2.4'),
  'issuer-empty': lint('the issuer name is empty', '4.1.2.4'),
  'ca-subject-empty': lint('a CA has an empty subject', '4.1.2.6'),
  'subject-empty-without-san': lint('neither the subject nor subjectAltName names anybody', '4.1.2.6'),
  'san-not-critical': lint('the subject is empty and subjectAltName is not critical', '4.2.1.6'),

  'time-no-seconds': refuse('a time has no seconds', '4.1.2.5'),
  'time-fraction': refuse('a time has a fraction of a second', '4.1.2.5.2'),
  'time-offset': refuse('a time is not given in UTC', '4.1.2.5'),
  'time-generalized-before-2050': lint('a time before 2050 is a GeneralizedTime', '4.1.2.5'),
  'validity-reversed': lint('notAfter lies before notBefore', '4.1.2.5'),

  'key-malformed': refuse('the public key is not what its algorithm says', '4.1.2.7'),
  'key-parameters': lint('the parameters of the key are not the ones of its algorithm', 'RFC 3279 2.3.1; RFC 8410 3'),
  'key-curve-parameters': refuse('the curve is not named but described', 'RFC 5480 2.1.1'),
  'key-weak': lint('an RSA key of less than 2048 bits, or a curve of less than 224', 'NIST SP 800-131A'),

  'unique-id': lint('a unique identifier is present', '4.1.2.8'),
  'unique-id-in-v1': refuse('a unique identifier in a version 1 certificate', '4.1.2.8'),
  'extensions-without-v3': refuse('extensions in a version 1 or 2 certificate', '4.1.2.9'),
  'extensions-empty': refuse('the list of extensions is empty', '4.1.2.9'),
  'extension-duplicate': refuse('an extension occurs twice', '4.2'),
  'extension-malformed': refuse('the content of an extension is not what its definition says', '4.2'),
  'extension-critical-default-encoded': lint('critical FALSE is written although it is the default', '4.2; X.690 11.5'),
  'critical-extension-unknown': refuse('a critical extension is not known here', '4.2, 6.1.4 (o), 6.1.5 (f)'),
  'names-over-limit': refuse('there are more names than are looked at', '-'),

  'basic-constraints-not-critical': lint('basicConstraints of a CA is not critical', '4.2.1.9'),
  'basic-constraints-default-encoded': lint('cA FALSE is written although it is the default', '4.2.1.9; X.690 11.5'),
  'path-length-without-ca': lint('a path length without cA or without keyCertSign', '4.2.1.9'),
  'key-usage-missing-in-ca': lint('a CA has no keyUsage', '4.2.1.3'),
  'key-usage-empty': lint('keyUsage has no bit set', '4.2.1.3'),
  'key-usage-not-minimal': lint('keyUsage has zero bits at its end', '4.2.1.3; X.690 11.2.2'),
  'key-cert-sign-without-ca': lint('keyCertSign without cA', '4.2.1.3, 4.2.1.9'),
  'extended-key-usage-empty': refuse('extKeyUsage names no purpose', '4.2.1.12'),
  'subject-alt-name-empty': refuse('subjectAltName has no name', '4.2.1.6'),
  'name-constraints-empty': refuse('nameConstraints constrains nothing', '4.2.1.10'),
  'name-constraints-distance': refuse('nameConstraints with minimum or maximum', '4.2.1.10'),
  'name-constraints-default-encoded': lint('minimum 0 is written although it is the default', '4.2.1.10; X.690 11.5'),
  'name-constraints-in-non-ca': lint('nameConstraints in a certificate that is no CA', '4.2.1.10'),
  'name-constraints-not-critical': lint('nameConstraints is not critical', '4.2.1.10'),
  'ski-missing-in-ca': lint('a CA has no subjectKeyIdentifier', '4.2.1.2'),
  'ski-empty': lint('subjectKeyIdentifier is empty', '4.2.1.2'),
  'ski-critical': lint('subjectKeyIdentifier is critical', '4.2.1.2'),
  'aki-missing': lint('no authorityKeyIdentifier with a key identifier, and not self-signed', '4.2.1.1'),
  'aki-critical': lint('authorityKeyIdentifier is critical', '4.2.1.1'),
  'aki-incomplete': lint('authorityKeyIdentifier has an issuer or a serial number, but not both', '4.2.1.1'),
  'aia-critical': lint('authorityInfoAccess is critical', '4.2.2.1'),
} as const satisfies Readonly<Record<string, CertificateProblemKind>>

export type CertificateProblemCode = keyof typeof certificateProblems

const byCode: ReadonlyMap<string, CertificateProblemKind> = new Map(Object.entries(certificateProblems))

/** What is known of a code; undefined for a code that no decoder here gives. */
export const certificateProblemKind = (code: string): CertificateProblemKind | undefined => byCode.get(code)
