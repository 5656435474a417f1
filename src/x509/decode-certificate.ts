import { equalBytes } from '../base/bytes.ts'
import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type {
  AlgorithmIdentifier,
  CertificateFailure,
  CertificateProblem,
  Extensions,
  RawExtension,
  X509Certificate,
} from './certificate.ts'
import { profileProblems } from './certificate-profile.ts'
import type { CertificateProblemCode } from './certificate-problem.ts'
import { readName } from './decode-name.ts'
import { readAlgorithm, readPublicKey } from './decode-public-key.ts'
import type { DerCursor, DerNotes } from './der.ts'
import {
  atEnd,
  bitStringContent,
  createDerNotes,
  derCursor,
  DerError,
  encodingOf,
  enter,
  expectElement,
  integerContent,
  isIntegerMinimal,
  noteRest,
  optionalElement,
  smallInteger,
  tags,
} from './der.ts'
import { sha256Hex } from './digest.ts'
import { readExtensions } from './extensions/decode-extensions.ts'
import { serialText } from './serial.ts'
import { readTime } from './time.ts'

export type DecodedCertificate = { readonly certificate: X509Certificate } | { readonly failure: CertificateFailure }

const NOTE_CODES: readonly (readonly [keyof DerNotes, CertificateProblemCode])[] = [
  ['lengthIndefinite', 'der-length-indefinite'],
  ['lengthNotMinimal', 'der-length-not-minimal'],
  ['integerNotMinimal', 'der-integer-not-minimal'],
  ['booleanNotDer', 'der-boolean'],
  ['bitStringPadding', 'der-bit-string-padding'],
  ['trailingData', 'der-trailing-data'],
]

const NO_EXTENSIONS: { readonly extensions: Extensions; readonly rawExtensions: readonly RawExtension[] } = {
  extensions: {},
  rawExtensions: [],
}

const sameAlgorithm = (a: AlgorithmIdentifier, b: AlgorithmIdentifier): boolean =>
  a.oid === b.oid &&
  (a.parameters === undefined ? b.parameters === undefined : b.parameters !== undefined && equalBytes(a.parameters, b.parameters))

const readVersion = (tbs: DerCursor, note: (code: CertificateProblemCode) => void): 1 | 2 | 3 => {
  const wrapper = optionalElement(tbs, 0xa0)
  if (!wrapper) return 1
  const inside = enter(tbs, wrapper)
  const version = smallInteger(inside, expectElement(inside, tags.integer, 'version'), 'version')
  noteRest(inside)
  if (version === 0) note('version-default-encoded')
  if (version !== 0 && version !== 1 && version !== 2) throw new DerError('version-unsupported', wrapper.start)
  return (version + 1) as 1 | 2 | 3
}

const readSerial = (tbs: DerCursor, note: (code: CertificateProblemCode) => void): string => {
  const element = expectElement(tbs, tags.integer, 'serialNumber')
  const length = element.to - element.from
  // The number's own codes say it better than the general one.
  const content = integerContent({ ...tbs, notes: createDerNotes() }, element, 'serialNumber')
  if (!isIntegerMinimal(content)) note('serial-not-minimal')
  const text = serialText(content)
  if (text.startsWith('-')) note('serial-negative')
  else if (/^0+$/.test(text)) note('serial-zero')
  if (length > 20) note('serial-too-long')
  return text
}

const read = (der: Uint8Array, limits: Limits): X509Certificate => {
  const notes = createDerNotes()
  const problems: CertificateProblem[] = []
  const note = (code: string, detail?: string): void => {
    if (problems.filter((problem) => problem.code === code).length < PROBLEMS_OF_A_KIND)
      problems.push(detail === undefined ? { code } : { code, detail })
  }
  const file = derCursor(der, notes)
  const whole = expectElement(file, tags.sequence, 'Certificate')
  if (!atEnd(file)) throw new DerError('trailing-data', file.at)
  const outer = enter(file, whole)
  const tbsElement = expectElement(outer, tags.sequence, 'tbsCertificate')
  const tbs = enter(outer, tbsElement)

  const version = readVersion(tbs, note)
  const serial = readSerial(tbs, note)
  const tbsSignatureAlgorithm = readAlgorithm(tbs, 'signature')
  const issuer = readName(tbs, 'issuer', note)
  const validity = enter(tbs, expectElement(tbs, tags.sequence, 'validity'))
  const notBefore = readTime(validity, 'notBefore')
  const notAfter = readTime(validity, 'notAfter')
  noteRest(validity)
  const subject = readName(tbs, 'subject', note)
  const publicKey = readPublicKey(tbs, note)
  // Primitive by definition ([1] and [2] IMPLICIT BIT STRING); a constructed one is BER.
  const uniqueId = optionalElement(tbs, 0x81) ?? optionalElement(tbs, 0xa1)
  const otherUniqueId = optionalElement(tbs, 0x82) ?? optionalElement(tbs, 0xa2)
  const wrapper = optionalElement(tbs, 0xa3)
  let { extensions, rawExtensions } = NO_EXTENSIONS
  if (wrapper) {
    const inside = enter(tbs, wrapper)
    ;({ extensions, rawExtensions } = readExtensions(inside, limits, note))
    noteRest(inside)
  }
  noteRest(tbs)

  const signatureAlgorithm = readAlgorithm(outer, 'signatureAlgorithm')
  const signatureElement = expectElement(outer, tags.bitString, 'signatureValue')
  const { bits: signature, unused } = bitStringContent(outer, signatureElement, 'signatureValue')
  noteRest(outer)

  if (unused > 0) note('signature-unused-bits')
  if (!sameAlgorithm(tbsSignatureAlgorithm, signatureAlgorithm)) note('signature-algorithm-differs')
  if (uniqueId || otherUniqueId) note(version === 1 ? 'unique-id-in-v1' : 'unique-id')
  for (const [time, what] of [
    [notBefore, 'notBefore'],
    [notAfter, 'notAfter'],
  ] as const)
    for (const flaw of time.flaws) note(`time-${flaw}`, what)
  for (const [flag, code] of NOTE_CODES) if (notes[flag]) note(code)

  const certificate: X509Certificate = {
    fingerprint: sha256Hex(der),
    der,
    tbs: encodingOf(outer, tbsElement),
    version,
    serial,
    tbsSignatureAlgorithm,
    signatureAlgorithm,
    signature,
    issuer,
    subject,
    notBefore: notBefore.at,
    notAfter: notAfter.at,
    publicKey,
    extensions,
    rawExtensions,
    problems,
  }
  for (const problem of profileProblems(certificate)) note(problem.code, problem.detail)
  return certificate
}

/** Problems of one code that are kept of one certificate: hostile input repeats itself. */
const PROBLEMS_OF_A_KIND = 4

/**
 * Decodes one X.509 certificate (RFC 5280 4.1). It fails where the facts cannot be read without doubt: truncated, no SEQUENCE,
 * data behind the certificate, a date that no calendar has, larger than `limits.certificateBytes`. What can be read although it is
 * not DER, or not RFC 5280's profile, is in the certificate's `problems` (certificate-problem.ts has the list).
 */
export const decodeCertificate = (der: Uint8Array, limits: Limits = defaultLimits): DecodedCertificate => {
  if (der.length === 0) return { failure: { code: 'empty' } }
  if (der.length > limits.certificateBytes) return { failure: { code: 'too-large', detail: String(der.length) } }
  try {
    return { certificate: read(der, limits) }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return { failure: { code: error.code, offset: error.offset, ...(error.detail !== undefined && { detail: error.detail }) } }
  }
}
