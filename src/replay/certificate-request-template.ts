import { concatBytes } from '../base/bytes.ts'
import { largest } from '../base/order.ts'
import type { Json, JsonObject } from './json.ts'
import { isJsonObject } from './json.ts'
import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { Behaviours } from './behaviours.ts'
import { encodeDer } from '../x509/encode-der.ts'
import { encodeBoolean, encodeOid, encodeSequence, encodeSet, encodeText } from './der-writer.ts'
import { parseIp } from './go-ip.ts'
import { goQuote } from './go-quote.ts'
import { KEY_USAGE_BITS, resolveUsages } from './key-usages.ts'
import { encodeLiteralSubject } from './literal-subject.ts'

/** The extension of a CSR: dotted OID and the DER inside the OCTET STRING. */
export interface TemplateExtension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** What cert-manager would put into a CSR for a Certificate, apart from the key (facts of cert-manager 3.1). */
export type RequestTemplate =
  | {
      readonly subject: Uint8Array
      readonly extensions: readonly TemplateExtension[]
      /** In Go's spelling: `SHA256-RSA`, `ECDSA-SHA384`, `Ed25519`. */
      readonly signatureAlgorithm: string
    }
  | { readonly error: string }

/** Thrown inside this file only, and turned into `error` at its edge. */
class TemplateError extends Error {}

const ascii = (text: string): Uint8Array => {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) throw new TemplateError(`x509: ${goQuote(text)} cannot be encoded as an IA5String`)
  }
  return new TextEncoder().encode(text)
}

const oidOrThrow = (dotted: string): Uint8Array => {
  const encoded = encodeOid(dotted)
  if (!encoded) throw new TemplateError('asn1: structure error: invalid object identifier')
  return encoded
}

const attribute = (oid: string, value: string): Uint8Array => encodeSequence([oidOrThrow(oid), encodeText(value)])

/** Go's order of attributes; the values of one attribute make one RDN together. */
const subjectDer = (spec: CertificateSpec): Uint8Array => {
  const { subject } = spec
  const rdns: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['2.5.4.6', subject?.countries],
    ['2.5.4.8', subject?.provinces],
    ['2.5.4.7', subject?.localities],
    ['2.5.4.9', subject?.streetAddresses],
    ['2.5.4.17', subject?.postalCodes],
    ['2.5.4.10', subject?.organizations],
    ['2.5.4.11', subject?.organizationalUnits],
    ['2.5.4.3', spec.commonName ? [spec.commonName] : []],
    ['2.5.4.5', subject?.serialNumber ? [subject.serialNumber] : []],
  ]
  return encodeSequence(
    rdns.flatMap(([oid, values]) => (values && values.length > 0 ? [encodeSet(values.map((value) => attribute(oid, value)))] : [])),
  )
}

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(i * 2, i * 2 + 2), 16))

const V4_PREFIX = '00000000000000000000ffff'

/** Four bytes for IPv4, also where it was written as IPv6. */
const ipBytes = (text: string): Uint8Array => {
  const key = parseIp(text)
  if (key === undefined) throw new TemplateError(`failed to parse IP address ${goQuote(text)}`)
  return fromHex(key.startsWith(V4_PREFIX) ? key.slice(24) : key)
}

const otherName = (name: { readonly oid?: string; readonly utf8Value?: string }): Uint8Array => {
  const value = encodeDer(0xa0, encodeDer(0x0c, new TextEncoder().encode(name.utf8Value ?? '')))
  return encodeDer(0xa0, concatBytes([oidOrThrow(name.oid ?? ''), value]))
}

const subjectAltNames = (spec: CertificateSpec, withOtherNames: boolean): readonly Uint8Array[] => [
  ...(spec.dnsNames ?? []).map((name) => encodeDer(0x82, ascii(name))),
  ...(spec.emailAddresses ?? []).map((name) => encodeDer(0x81, ascii(name))),
  ...(spec.ipAddresses ?? []).map((name) => encodeDer(0x87, ipBytes(name))),
  ...(spec.uris ?? []).map((name) => encodeDer(0x86, ascii(name))),
  ...(withOtherNames ? (spec.otherNames ?? []) : []).map(otherName),
]

/** A BIT STRING of named bits, without trailing zeros (X.690 11.2.2); in older releases also where no bit is set. */
const keyUsageDer = (spec: CertificateSpec, encodesNone: boolean): Uint8Array | undefined => {
  const { keyUsage, unknown } = resolveUsages(spec.usages, spec.isCA === true)
  if (unknown.length > 0) throw new TemplateError(`failed to build key usages: unknown key usages: [${unknown.join(' ')}]`)
  if (keyUsage.length === 0) return encodesNone ? encodeDer(0x03, Uint8Array.of(0, 0)) : undefined
  const positions = keyUsage.map((usage) => KEY_USAGE_BITS.indexOf(usage))
  const last = largest(positions)
  const bytes = new Uint8Array(Math.floor(last / 8) + 1)
  for (const position of positions) bytes[position >> 3] = (bytes[position >> 3] as number) | (0x80 >> (position & 7))
  return encodeDer(0x03, concatBytes([Uint8Array.of(7 - (last & 7)), bytes]))
}

const cidrBytes = (text: string): Uint8Array => {
  const slash = text.indexOf('/')
  const key = slash < 0 ? undefined : parseIp(text.slice(0, slash))
  const isV4 = key !== undefined && !text.slice(0, slash).includes(':')
  const bits = /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : NaN
  const size = isV4 ? 4 : 16
  if (key === undefined || !(bits <= size * 8)) throw new TemplateError(`invalid CIDR address: ${text}`)
  const address = fromHex(isV4 ? key.slice(24) : key)
  const mask = address.map((_, index) => (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))) & 0xff)
  return concatBytes([address.map((byte, index) => byte & (mask[index] as number)), mask])
}

const textsOf = (value: JsonObject | undefined, key: string): readonly string[] => {
  const found = value?.[key]
  return Array.isArray(found) ? (found as readonly Json[]).filter((item): item is string => typeof item === 'string') : []
}

const subtrees = (names: JsonObject | undefined, uriNames: readonly string[]): Uint8Array =>
  concatBytes(
    [
      ...textsOf(names, 'dnsDomains').map((name) => encodeDer(0x82, ascii(name))),
      ...textsOf(names, 'ipRanges').map((name) => encodeDer(0x87, cidrBytes(name))),
      ...textsOf(names, 'emailAddresses').map((name) => encodeDer(0x81, ascii(name))),
      ...uriNames.map((name) => encodeDer(0x86, ascii(name))),
    ].map((name) => encodeSequence([name])),
  )

const nameConstraints = (spec: CertificateSpec, behaviours: Behaviours): TemplateExtension | undefined => {
  const written = spec.nameConstraints
  if (!written) return undefined
  const [permitted, excluded] = [written['permitted'], written['excluded']].map((names) => (isJsonObject(names) ? names : undefined))
  const permittedUris = textsOf(permitted, 'uriDomains')
  const excludedUris = textsOf(excluded, 'uriDomains')
  // An early bug: the permitted URI domains took the place of the excluded ones.
  const [inPermitted, inExcluded]: readonly (readonly string[])[] = behaviours.permittedUrisExcluded
    ? [[], permitted ? (excluded ? excludedUris : permittedUris) : excludedUris]
    : [permittedUris, excludedUris]
  const parts = [subtrees(permitted, inPermitted ?? []), subtrees(excluded, inExcluded ?? [])]
  if (parts.every((part) => part.length === 0)) return undefined
  const value = encodeSequence(parts.flatMap((part, index) => (part.length > 0 ? [encodeDer(0xa0 + index, part)] : [])))
  return { oid: '2.5.29.30', critical: written['critical'] === true, value }
}

const SIGNATURE_ALGORITHMS: Readonly<Record<string, string>> = {
  SHA256WithRSA: 'SHA256-RSA',
  SHA384WithRSA: 'SHA384-RSA',
  SHA512WithRSA: 'SHA512-RSA',
  ECDSAWithSHA256: 'ECDSA-SHA256',
  ECDSAWithSHA384: 'ECDSA-SHA384',
  ECDSAWithSHA512: 'ECDSA-SHA512',
  PureEd25519: 'Ed25519',
}

const signatureAlgorithm = (spec: CertificateSpec, behaviours: Behaviours): string => {
  const { algorithm, size } = spec.privateKey ?? {}
  const written = behaviours.signatureAlgorithm ? spec.signatureAlgorithm : undefined
  const key = algorithm || 'RSA'
  if (key !== 'RSA' && key !== 'ECDSA' && key !== 'Ed25519') {
    throw new TemplateError(`unsupported algorithm specified: ${key}. should be either 'ecdsa', 'ed25519' or 'rsa`)
  }
  if (written) {
    if (!Object.hasOwn(SIGNATURE_ALGORITHMS, written)) throw new TemplateError(`unsupported signature algorithm: ${written}`)
    return SIGNATURE_ALGORITHMS[written] as string
  }
  if (key === 'Ed25519') return 'Ed25519'
  const bits = size === undefined || size === 0 ? undefined : size
  if (key === 'RSA') {
    const modulus = bits ?? 2048
    if (modulus < 2048) throw new TemplateError(`unsupported rsa keysize specified: ${modulus}`)
    return modulus >= 4096 ? 'SHA512-RSA' : modulus >= 3072 ? 'SHA384-RSA' : 'SHA256-RSA'
  }
  const digest = ({ 256: '256', 384: '384', 521: '512' } as Readonly<Record<number, string>>)[bits ?? 256]
  if (digest === undefined) throw new TemplateError(`unsupported ecdsa keysize specified: ${bits ?? 0}`)
  return `ECDSA-SHA${digest}`
}

const subjectOf = (spec: CertificateSpec, behaviours: Behaviours, isGateOn: (gate: string) => boolean): Uint8Array => {
  if (!spec.literalSubject || !isGateOn('LiteralCertificateSubject')) return subjectDer(spec)
  const literal = encodeLiteralSubject(spec.literalSubject, behaviours)
  if ('error' in literal) throw new TemplateError(literal.error)
  return literal.der
}

const extensionsOf = (
  spec: CertificateSpec,
  hasSubject: boolean,
  behaviours: Behaviours,
  isGateOn: (gate: string) => boolean,
): readonly TemplateExtension[] => {
  const extensions: TemplateExtension[] = []
  const names = subjectAltNames(spec, behaviours.otherNames && isGateOn('OtherNames'))
  if (names.length > 0) {
    extensions.push({ oid: '2.5.29.17', critical: behaviours.criticalExtensions && !hasSubject, value: encodeSequence(names) })
  } else if (!hasSubject)
    throw new TemplateError('at least one of commonName, dnsNames, emailSANs, ipAddresses, otherNames, or uriSANs must be set')
  if (spec.encodeUsagesInRequest !== false) {
    const usage = keyUsageDer(spec, behaviours.encodesEmptyKeyUsage)
    if (usage) extensions.push({ oid: '2.5.29.15', critical: behaviours.criticalExtensions, value: usage })
    const { extKeyUsage } = resolveUsages(spec.usages, spec.isCA === true)
    if (extKeyUsage.length > 0) {
      extensions.push({ oid: '2.5.29.37', critical: false, value: encodeSequence(extKeyUsage.map(oidOrThrow)) })
    }
  }
  if (isGateOn('UseCertificateRequestBasicConstraints')) {
    extensions.push({ oid: '2.5.29.19', critical: true, value: encodeSequence(spec.isCA === true ? [encodeBoolean(true)] : []) })
  }
  const constraints = behaviours.otherNames && isGateOn('NameConstraints') ? nameConstraints(spec, behaviours) : undefined
  return constraints ? [...extensions, constraints] : extensions
}

/** Works out the CSR that cert-manager would make for a Certificate now: subject, extensions in its order, signature algorithm. */
export const certificateRequestTemplate = (
  spec: CertificateSpec,
  behaviours: Behaviours,
  isGateOn: (gate: string) => boolean,
): RequestTemplate => {
  try {
    const subject = subjectOf(spec, behaviours, isGateOn)
    const extensions = extensionsOf(spec, subject.length > 2, behaviours, isGateOn)
    return { subject, extensions, signatureAlgorithm: signatureAlgorithm(spec, behaviours) }
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.message }
    throw error
  }
}
