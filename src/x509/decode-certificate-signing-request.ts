import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { CertificateFailure, Extensions, RawExtension } from './certificate.ts'
import type { CertificateSigningRequest } from './certificate-signing-request.ts'
import { readName } from './decode-name.ts'
import { readAlgorithm, readPublicKey } from './decode-public-key.ts'
import type { DerCursor } from './der.ts'
import {
  atEnd,
  bitStringContent,
  derCursor,
  DerError,
  enter,
  encodingOf,
  expectElement,
  optionalElement,
  smallInteger,
  tags,
} from './der.ts'
import { readExtensions } from './extensions/decode-extensions.ts'
import { readOid } from './oid.ts'

/** PKCS #9 extensionRequest (RFC 2985 5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'

export type DecodedCertificateSigningRequest = { readonly request: CertificateSigningRequest } | { readonly failure: CertificateFailure }

interface Requested {
  readonly extensions: Extensions
  readonly rawExtensions: readonly RawExtension[]
}

const readAttributes = (info: DerCursor, limits: Limits): Requested => {
  const attributes = optionalElement(info, 0xa0)
  let requested: Requested | undefined
  if (attributes) {
    const list = enter(info, attributes)
    while (!atEnd(list)) {
      const attribute = enter(list, expectElement(list, tags.sequence, 'attribute'))
      if (readOid(attribute, 'attribute type') !== EXTENSION_REQUEST || requested) continue
      const values = enter(attribute, expectElement(attribute, tags.set, 'attribute values'))
      if (!atEnd(values)) requested = readExtensions(values, limits, () => undefined)
    }
  }
  return requested ?? { extensions: {}, rawExtensions: [] }
}

const read = (der: Uint8Array, limits: Limits): CertificateSigningRequest => {
  const file = derCursor(der)
  const outer = enter(file, expectElement(file, tags.sequence, 'CertificationRequest'))
  if (!atEnd(file)) throw new DerError('trailing-data', file.at)
  const infoElement = expectElement(outer, tags.sequence, 'certificationRequestInfo')
  const info = enter(outer, infoElement)
  if (smallInteger(info, expectElement(info, tags.integer, 'version'), 'version') !== 0)
    throw new DerError('version-unsupported', infoElement.from)
  const subject = readName(info, 'subject', () => undefined)
  const publicKey = readPublicKey(info, () => undefined)
  const { extensions, rawExtensions } = readAttributes(info, limits)
  const signatureAlgorithm = readAlgorithm(outer, 'signatureAlgorithm')
  const { bits: signature } = bitStringContent(outer, expectElement(outer, tags.bitString, 'signature'), 'signature')
  return { der, info: encodingOf(outer, infoElement), subject, publicKey, signatureAlgorithm, signature, extensions, rawExtensions }
}

/** Decodes a PKCS #10 request (RFC 2986 4). The same failure codes as decodeCertificate's. */
export const decodeCertificateSigningRequest = (der: Uint8Array, limits: Limits = defaultLimits): DecodedCertificateSigningRequest => {
  if (der.length === 0) return { failure: { code: 'empty' } }
  if (der.length > limits.certificateBytes) return { failure: { code: 'too-large', detail: String(der.length) } }
  try {
    return { request: read(der, limits) }
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return { failure: { code: error.code, offset: error.offset, ...(error.detail !== undefined && { detail: error.detail }) } }
  }
}
