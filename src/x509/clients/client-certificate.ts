import { equalBytes, toLatin1 } from '../../base/bytes.ts'
import { isOnCurve } from '../elliptic-curve.ts'
import type { BerElement } from './ber.ts'
import { contentOf, hasLargeArc, readChildren, readElement, readOid } from './ber.ts'
import type { ClientExtension, ClientExtensionFacts, ExtensionFlaw } from './client-extensions.ts'
import { readExtensions } from './client-extensions.ts'
import type { ClientName, NameFlaw } from './client-name.ts'
import { readName } from './client-name.ts'
import type { ClientTime, TimeFlaw } from './client-time.ts'
import { readTime } from './client-time.ts'
import { oids } from './oids.ts'

/** An AlgorithmIdentifier: its content, the OID, and the raw element of its parameters. */
export interface ClientAlgorithm {
  readonly content: Uint8Array
  readonly oid: string
  readonly parameters?: Uint8Array
}

/** A SubjectPublicKeyInfo. `bits`: modulus length of RSA; `point`: first octet of an EC point. */
export interface ClientKey {
  readonly spki: Uint8Array
  readonly algorithm: ClientAlgorithm
  readonly key: Uint8Array
  readonly bits?: number
  readonly curve?: string
  readonly point?: number
  /** The key is not as long as its algorithm or curve asks. */
  readonly misshapen?: true
  /** Its EC point is not on its curve. */
  readonly offCurve?: true
}

/** Deviations of the certificate as a whole; those of its parts are named in their own modules. */
export type StructureFlaw =
  | 'trailing-bytes'
  | 'trailing-in-certificate'
  | 'trailing-in-tbs'
  | 'length-indefinite'
  | 'length-redundant'
  | 'tbs-length'
  | 'version-explicit-v1'
  | 'version-unknown'
  | 'version-malformed'
  | 'serial-negative'
  | 'serial-padded'
  | 'serial-empty'
  | 'algorithms-differ'
  | 'algorithms-differ-in-null'
  | 'issuer-empty'
  | 'subject-empty-in-v1'
  | 'subject-empty-without-san'
  | 'subject-empty-san-not-critical'
  | 'validity-trailing'
  | 'key-unreadable'
  | 'key-rsa-parameters'
  | 'key-ec-curve'
  | 'key-ec-parameters'
  | 'key-ec-compressed'
  | 'key-off-curve'
  | 'key-rsa-numbers'
  | 'key-small'
  | 'key-parameters'
  | 'key-trailing'
  | 'signature-unused-bits'
  | 'signature-padding'
  | 'signature-empty'
  | 'unique-id'
  | 'unique-id-form'
  | 'extensions-without-v3'
  | 'extensions-empty'
  | 'critical-not-der'
  | 'oid-arc-large'

export type Flaw = { readonly code: StructureFlaw | NameFlaw } | { readonly code: TimeFlaw } | ExtensionFlaw

/** A certificate as clients see it, read leniently; `flaws` say what only some of them take. */
export interface ClientCertificate extends ClientExtensionFacts {
  readonly der: Uint8Array
  /** Equal for byte-identical certificates. */
  readonly identity: string
  /** 1 for v1 and so on; whatever number is written. */
  readonly version: number
  readonly serial: Uint8Array
  readonly algorithm: ClientAlgorithm
  readonly issuer: ClientName
  readonly subject: ClientName
  readonly selfIssued: { readonly bytes: boolean; readonly openssl: boolean; readonly java: boolean }
  readonly notBefore: ClientTime
  readonly notAfter: ClientTime
  readonly key: ClientKey
  /** Equal for keys that are the same by their encoding. */
  readonly keyIdentity: string
  readonly tbs: Uint8Array
  readonly signature: Uint8Array
  readonly extensions: readonly ClientExtension[]
  readonly flaws: readonly Flaw[]
}

/** Whether issuer and subject are one name, by each comparison, worked out when it is asked for. */
class SelfIssued {
  private readonly issuer: ClientName
  private readonly subject: ClientName

  constructor(issuer: ClientName, subject: ClientName) {
    this.issuer = issuer
    this.subject = subject
  }

  get bytes(): boolean {
    return this.issuer.key('bytes') === this.subject.key('bytes')
  }

  get openssl(): boolean {
    return this.bytes || this.issuer.key('openssl') === this.subject.key('openssl')
  }

  get java(): boolean {
    return this.bytes || this.issuer.key('java') === this.subject.key('java')
  }
}

const NULL_PARAMETERS = [0x05, 0x00]
const isNull = (bytes: Uint8Array | undefined): boolean =>
  bytes !== undefined && bytes.length === 2 && bytes[0] === NULL_PARAMETERS[0] && bytes[1] === 0

/** Curves that Go knows, with the octets of a coordinate. */
const curves: Readonly<Record<string, { readonly name: string; readonly octets: number }>> = {
  '1.2.840.10045.3.1.7': { name: 'P-256', octets: 32 },
  '1.3.132.0.33': { name: 'P-224', octets: 28 },
  '1.3.132.0.34': { name: 'P-384', octets: 48 },
  '1.3.132.0.35': { name: 'P-521', octets: 66 },
}

const readAlgorithm = (bytes: Uint8Array, element: BerElement | undefined): ClientAlgorithm | undefined => {
  const parts = element?.tag === 0x30 ? readChildren(bytes, element) : undefined
  const id = parts?.[0]
  const oid = id && id.tag === 0x06 ? readOid(bytes, id.contentStart, id.contentEnd) : undefined
  if (!element || !parts || oid === undefined || parts.length > 2) return undefined
  const parameters = parts[1]
  const content = contentOf(bytes, element)
  return parameters ? { content, oid, parameters: bytes.subarray(parameters.start, parameters.end) } : { content, oid }
}

const bitLength = (bytes: Uint8Array): number => {
  let from = 0
  while (from < bytes.length && bytes[from] === 0) from++
  return from === bytes.length ? 0 : (bytes.length - from) * 8 - Math.clz32(bytes[from] as number) + 24
}

/** A positive INTEGER in its shortest form. */
const isPositive = (content: Uint8Array): boolean => {
  const [first = 0x80, second = 0] = content
  return first < 0x80 && (first !== 0 || second >= 0x80)
}

const readRsaKey = (key: Uint8Array): { readonly bits: number; readonly goReads: boolean } | undefined => {
  const seq = readElement(key, 0, key.length)
  const parts = seq?.tag === 0x30 ? readChildren(key, seq) : undefined
  const [modulus, exponent] = parts ?? []
  if (modulus?.tag !== 0x02 || exponent?.tag !== 0x02) return undefined
  const [n, e] = [contentOf(key, modulus), contentOf(key, exponent)]
  // Go reads the exponent into an int of 64 bits.
  return { bits: bitLength(n), goReads: isPositive(n) && isPositive(e) && e.length <= 8 }
}

const readKey = (bytes: Uint8Array, element: BerElement, note: (flaw: StructureFlaw) => void): ClientKey | undefined => {
  const parts = element.tag === 0x30 ? readChildren(bytes, element) : undefined
  const algorithm = readAlgorithm(bytes, parts?.[0])
  const bits = parts?.[1]
  if (!parts || !algorithm || bits?.tag !== 0x03 || bits.contentEnd === bits.contentStart) return undefined
  if (parts.length > 2) note('key-trailing')
  const key = bytes.subarray(bits.contentStart + 1, bits.contentEnd)
  const spki = bytes.subarray(element.start, element.end)
  const base = { spki, algorithm, key }
  if (algorithm.oid === oids.rsaEncryption) {
    if (!isNull(algorithm.parameters)) note('key-rsa-parameters')
    const rsa = readRsaKey(key)
    if (!rsa) {
      note('key-unreadable')
      return base
    }
    if (rsa.bits < 512) note('key-small')
    if (!rsa.goReads) note('key-rsa-numbers')
    return { ...base, bits: rsa.bits }
  }
  if (algorithm.oid === oids.rsassaPss) {
    const rsa = readRsaKey(key)
    return rsa ? { ...base, bits: rsa.bits } : base
  }
  if (algorithm.oid === oids.ecPublicKey) {
    const parameters = algorithm.parameters
    const id = parameters && readElement(parameters, 0, parameters.length)
    const curve = parameters && id?.tag === 0x06 ? readOid(parameters, id.contentStart, id.contentEnd) : undefined
    if (curve === undefined) note('key-ec-parameters')
    else if (!Object.hasOwn(curves, curve)) note('key-ec-curve')
    const point = key[0]
    const known = curve !== undefined && Object.hasOwn(curves, curve) ? curves[curve] : undefined
    const misshapen = point === 4 && known !== undefined && key.length !== 1 + 2 * known.octets
    const offCurve = point === 4 && known !== undefined && !misshapen && !isOnCurve(known.name, key)
    if (point === undefined || misshapen) note('key-unreadable')
    else if (point !== 4) note('key-ec-compressed')
    if (offCurve) note('key-off-curve')
    return {
      ...base,
      ...(curve !== undefined && { curve }),
      ...(point !== undefined && { point }),
      ...(misshapen && { misshapen }),
      ...(offCurve && { offCurve }),
    }
  }
  if ((algorithm.oid === oids.ed25519 || algorithm.oid === oids.ed448) && algorithm.parameters) note('key-parameters')
  if (algorithm.oid !== oids.ed25519 || key.length === 32) return base
  note('key-unreadable')
  return { ...base, misshapen: true }
}

const readExtensionList = (bytes: Uint8Array, wrapper: BerElement, note: (flaw: StructureFlaw) => void): ClientExtension[] | undefined => {
  const seq = readElement(bytes, wrapper.contentStart, wrapper.contentEnd)
  const list = seq?.tag === 0x30 && seq.end === wrapper.contentEnd ? readChildren(bytes, seq) : undefined
  if (!list) return undefined
  if (list.length === 0) note('extensions-empty')
  const out: ClientExtension[] = []
  for (const item of list) {
    const parts = item.tag === 0x30 ? readChildren(bytes, item) : undefined
    const id = parts?.[0]
    const flag = parts?.[1]?.tag === 0x01 ? parts[1] : undefined
    const value = parts?.[flag ? 2 : 1]
    const oid = id && id.tag === 0x06 ? readOid(bytes, id.contentStart, id.contentEnd) : undefined
    if (!parts || oid === undefined || value?.tag !== 0x04 || parts.length !== (flag ? 3 : 2)) return undefined
    const byte = flag ? bytes[flag.contentStart] : 0
    if (flag && flag.contentEnd - flag.contentStart !== 1) return undefined
    if (byte !== 0 && byte !== 0xff) note('critical-not-der')
    if (hasLargeArc(oid)) note('oid-arc-large')
    out.push({ oid, critical: byte !== 0, value: contentOf(bytes, value) })
  }
  return out
}

/** Lengths that DER would write otherwise, anywhere in the certificate outside of its extensions' content. */
const checkLengths = (bytes: Uint8Array, element: BerElement, note: (flaw: StructureFlaw) => void, depth: number): void => {
  if (element.length === 'indefinite') note('length-indefinite')
  if (element.length === 'redundant') note('length-redundant')
  if ((element.tag & 0x20) === 0 || depth > 12) return
  for (const child of readChildren(bytes, element) ?? []) checkLengths(bytes, child, note, depth + 1)
}

const readVersion = (bytes: Uint8Array, wrapper: BerElement | undefined, note: (flaw: StructureFlaw) => void): number => {
  if (!wrapper) return 1
  const number = readElement(bytes, wrapper.contentStart, wrapper.contentEnd)
  const content = number?.tag === 0x02 && number.end === wrapper.contentEnd ? contentOf(bytes, number) : undefined
  if (!content || content.length !== 1) note('version-malformed')
  const value = (content?.[0] ?? 2) + 1
  if (value === 1) note('version-explicit-v1')
  if (value > 3) note('version-unknown')
  return value
}

/** Whether the bytes are a SEQUENCE that begins with two more: what cannot be read further in may still be read by some client. */
export const hasOutline = (der: Uint8Array): boolean => {
  const top = readElement(der, 0, der.length)
  const outer = top?.tag === 0x30 ? readChildren(der, top) : undefined
  return outer?.[0]?.tag === 0x30 && outer[1]?.tag === 0x30
}

/**
 * Reads a certificate as leniently as the most lenient client does.
 * @returns undefined where no client would read it.
 */
export const readClientCertificate = (der: Uint8Array): ClientCertificate | undefined => {
  const flaws: Flaw[] = []
  const note = (code: StructureFlaw | NameFlaw): void => {
    if (!flaws.some((flaw) => flaw.code === code)) flaws.push({ code })
  }
  const top = readElement(der, 0, der.length)
  const outer = top?.tag === 0x30 ? readChildren(der, top) : undefined
  const [tbs, outerElement, signature] = outer ?? []
  if (!top || !outer || tbs?.tag !== 0x30 || !outerElement || signature?.tag !== 0x03) return undefined
  if (top.end !== der.length) note('trailing-bytes')
  if (outer.length > 3) note('trailing-in-certificate')
  checkLengths(der, top, note, 0)
  if (tbs.length !== 'der') note('tbs-length')
  const parts = readChildren(der, tbs)
  if (!parts) return undefined
  let next = parts[0]?.tag === 0xa0 ? 1 : 0
  const version = readVersion(der, next === 1 ? parts[0] : undefined, note)
  const [serialElement, innerElement, issuerElement, validity, subjectElement, keyElement] = parts.slice(next, next + 6)
  next += 6
  const algorithm = readAlgorithm(der, innerElement)
  const outerAlgorithm = readAlgorithm(der, outerElement)
  if (serialElement?.tag !== 0x02 || !algorithm || !outerAlgorithm || !issuerElement || !validity || !subjectElement || !keyElement)
    return undefined
  const serial = contentOf(der, serialElement)
  if (serial.length === 0) note('serial-empty')
  else if ((serial[0] as number) >= 0x80) note('serial-negative')
  if (serial.length > 1 && ((serial[0] === 0 && (serial[1] as number) < 0x80) || (serial[0] === 0xff && (serial[1] as number) >= 0x80)))
    note('serial-padded')
  if (!equalBytes(algorithm.content, outerAlgorithm.content)) {
    const onlyNull =
      algorithm.oid === outerAlgorithm.oid &&
      [algorithm.parameters, outerAlgorithm.parameters].every((raw) => raw === undefined || isNull(raw))
    note(onlyNull ? 'algorithms-differ-in-null' : 'algorithms-differ')
  }
  const issuer = readName(der, issuerElement, note)
  const subject = readName(der, subjectElement, note)
  const times = validity.tag === 0x30 ? readChildren(der, validity) : undefined
  const key = readKey(der, keyElement, note)
  if (!issuer || !subject || !times?.[0] || !times[1] || !key) return undefined
  if (times.length > 2) note('validity-trailing')
  const [notBefore, notAfter] = [readTime(der, times[0]), readTime(der, times[1])]
  for (const code of new Set([...notBefore.flaws, ...notAfter.flaws])) flaws.push({ code })
  if (signature.contentEnd === signature.contentStart) note('signature-empty')
  const unused = der[signature.contentStart] ?? 8
  if (unused !== 0) note('signature-unused-bits')
  if (unused > 7 || ((der[signature.contentEnd - 1] ?? 0) & ((1 << unused) - 1)) !== 0) note('signature-padding')
  let extensions: readonly ClientExtension[] = []
  let listed = false
  let uniqueTag = 0x80
  for (const part of parts.slice(next)) {
    if ((part.tag === 0x81 || part.tag === 0x82 || part.tag === 0xa1 || part.tag === 0xa2) && !listed) {
      note('unique-id')
      if (part.tag <= uniqueTag || part.tag > 0x82 || part.contentEnd === part.contentStart) note('unique-id-form')
      uniqueTag = part.tag
    } else if (part.tag === 0xa3 && !listed) {
      const list = readExtensionList(der, part, note)
      if (!list) return undefined
      extensions = list
      listed = true
    } else note('trailing-in-tbs')
  }
  if (listed && version !== 3) note('extensions-without-v3')
  const facts = readExtensions(extensions, (flaw) => flaws.push(flaw))
  if (issuer.empty) note('issuer-empty')
  if (subject.empty) {
    if (version === 1) note('subject-empty-in-v1')
    else if (listed || parts.length > next) {
      if (!facts.subjectAltName || facts.subjectAltName.names.length === 0) note('subject-empty-without-san')
      else if (!facts.subjectAltName.critical) note('subject-empty-san-not-critical')
    }
  }
  return {
    ...facts,
    der,
    identity: toLatin1(der.subarray(0, top.end)),
    version,
    serial,
    algorithm: outerAlgorithm,
    issuer,
    subject,
    selfIssued: new SelfIssued(issuer, subject),
    notBefore,
    notAfter,
    key,
    keyIdentity: toLatin1(key.spki),
    tbs: der.subarray(tbs.start, tbs.end),
    signature: der.subarray(signature.contentStart + 1, signature.contentEnd),
    extensions,
    flaws,
  }
}
