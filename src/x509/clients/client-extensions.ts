import type { BerElement } from './ber.ts'
import { contentOf, hasLargeArc, readChildren, readElement, readOid } from './ber.ts'
import type { ClientName } from './client-name.ts'
import { readName } from './client-name.ts'
import { nameConstraintsFlaws, subjectAltNameFlaws } from './general-name-flaws.ts'
import { oids } from './oids.ts'

/** A GeneralName as it stands: the number of its context tag and its content. */
export interface ClientGeneralName {
  readonly type: number
  readonly bytes: Uint8Array
  readonly directory?: ClientName
  /** type-id of an otherName. */
  readonly oid?: string
}

/** A GeneralSubtree; `written` where a minimum or maximum stands there, `limited` where it is a minimum other than 0 or a maximum. */
export interface ClientSubtree {
  readonly base: ClientGeneralName
  readonly written: boolean
  readonly limited: boolean
}

export interface ClientNameConstraints {
  readonly critical: boolean
  readonly permitted: readonly ClientSubtree[]
  readonly excluded: readonly ClientSubtree[]
}

/** One extension as it stands. */
export interface ClientExtension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** What the extensions say, each only where the most lenient client can read it. */
export interface ClientExtensionFacts {
  basicConstraints?: { readonly critical: boolean; readonly ca: boolean; readonly pathLength?: number }
  /** Bit 0 (digitalSignature) is 1, bit 5 (keyCertSign) is 32, and so on. */
  keyUsage?: { readonly critical: boolean; readonly bits: number }
  extendedKeyUsage?: { readonly critical: boolean; readonly purposes: readonly string[] }
  netscapeCertType?: { readonly bits: number }
  subjectAltName?: { readonly critical: boolean; readonly names: readonly ClientGeneralName[] }
  nameConstraints?: ClientNameConstraints
  subjectKeyIdentifier?: { readonly critical: boolean; readonly id: Uint8Array }
  authorityKeyIdentifier?: {
    readonly critical: boolean
    readonly id?: Uint8Array
    readonly issuer?: ClientName
    readonly serial?: Uint8Array
  }
  /** `qualified`: a policy other than anyPolicy has qualifiers. */
  policies?: { readonly critical: boolean; readonly oids: readonly string[]; readonly qualified: boolean }
  policyConstraints?: { readonly requireExplicit?: number; readonly inhibitMapping?: number }
  policyMappings?: boolean
  inhibitAnyPolicy?: number
}

/** What is wrong with an extension. `outer`: its content is not even the element that its definition begins with. */
export type ExtensionFlaw =
  | { readonly code: 'extension-malformed'; readonly oid: string; readonly critical: boolean; readonly outer: boolean }
  | { readonly code: 'extension-trailing' | 'extension-duplicate'; readonly oid: string; readonly critical: boolean }
  | { readonly code: ExtensionDetail; readonly oid: string; readonly critical: boolean }

/** Finer deviations inside of an extension that some clients take and others do not. */
export type ExtensionDetail =
  | 'bc-boolean-not-der'
  | 'bc-path-length-negative'
  | 'bc-path-length-over-255'
  | 'bc-trailing-inside'
  | 'ku-padding'
  | 'bc-path-length-huge'
  | 'bc-path-length-padded'
  | 'general-name-content'
  | 'general-name-empty'
  | 'aki-names-empty'
  | 'general-name-tag'
  | 'aki-part'
  | 'cdp-empty-point'
  | 'policies-repeated'
  | 'san-empty'
  | 'san-ip-length'
  | 'san-ip-length-odd'
  | 'san-not-ia5'
  | 'san-email-empty'
  | 'san-uri-go'
  | 'san-uri-java'
  | 'san-uri-odd'
  | 'nc-empty'
  | 'nc-go'
  | 'nc-java'
  | 'eku-oid-large'
  | 'cdp-relative-name'
  | 'length-not-der'

type Note = (code: ExtensionDetail) => void

const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OID = 0x06
const SEQUENCE = 0x30

/** Value of a small non-negative INTEGER; -1 where it is negative, undefined where empty, padded or over 2^31. */
const smallInteger = (bytes: Uint8Array): number | undefined => {
  if (bytes.length === 0 || bytes.length > 5) return undefined
  if (bytes.length > 1 && bytes[0] === 0 && (bytes[1] as number) < 0x80) return undefined
  if ((bytes[0] as number) >= 0x80) return -1
  let value = 0
  for (const byte of bytes) value = value * 256 + byte
  return value > 0x7fffffff ? undefined : value
}

/** Named bits of a BIT STRING as a mask, first bit lowest; only the first nine matter here. */
const bitMask = (bytes: Uint8Array, element: BerElement, note: () => void): number | undefined => {
  const content = contentOf(bytes, element)
  if (element.tag !== BIT_STRING || content.length === 0) return undefined
  const unused = content[0] as number
  if (unused > 7 || (unused > 0 && content.length === 1)) return undefined
  if (unused > 0 && ((content[content.length - 1] as number) & ((1 << unused) - 1)) !== 0) note()
  let mask = 0
  for (let bit = 0; bit < 9; bit++) {
    const byte = content[1 + (bit >> 3)]
    if (byte !== undefined && (byte & (0x80 >> (bit & 7))) !== 0) mask |= 1 << bit
  }
  return mask
}

/** Reads one GeneralName; what only some clients look at is noted and the name kept. */
const readGeneralName = (bytes: Uint8Array, element: BerElement, note: Note): ClientGeneralName => {
  const type = element.tag & 0x1f
  const content = contentOf(bytes, element)
  const constructed = (element.tag & 0x20) !== 0
  if ((element.tag & 0xc0) !== 0x80 || type > 8 || constructed !== [0, 3, 4, 5].includes(type)) {
    note('general-name-tag')
    return { type: -1, bytes: content }
  }
  if (type === 4) {
    const name = readElement(bytes, element.contentStart, element.contentEnd)
    const directory = name && readName(bytes, name, () => undefined)
    if (directory && name.end === element.contentEnd) return { type, bytes: content, directory }
    note(content.length === 0 ? 'general-name-empty' : 'general-name-content')
  } else if (type === 0) {
    const parts = readChildren(bytes, element)
    const id = parts?.[0]
    const oid = id && id.tag === OID ? readOid(bytes, id.contentStart, id.contentEnd) : undefined
    if (oid !== undefined && parts?.length === 2 && parts[1]?.tag === 0xa0) return { type, bytes: content, oid }
    note('general-name-content')
  } else if (type === 8 && readOid(bytes, element.contentStart, element.contentEnd) === undefined) note('general-name-content')
  return { type, bytes: content }
}

const readGeneralNames = (bytes: Uint8Array, parent: BerElement, note: Note): ClientGeneralName[] | undefined =>
  readChildren(bytes, parent)?.map((child) => readGeneralName(bytes, child, note))

const readSubtrees = (bytes: Uint8Array, parent: BerElement, note: Note): ClientSubtree[] | undefined => {
  const out: ClientSubtree[] = []
  for (const child of readChildren(bytes, parent) ?? [undefined]) {
    const parts = child && child.tag === SEQUENCE ? readChildren(bytes, child) : undefined
    const base = parts && parts[0] ? readGeneralName(bytes, parts[0], note) : undefined
    if (!parts || !base) return undefined
    let limited = false
    for (const part of parts.slice(1)) {
      const value = smallInteger(contentOf(bytes, part))
      if ((part.tag !== 0x80 && part.tag !== 0x81) || value === undefined) return undefined
      if (part.tag === 0x81 || value !== 0) limited = true
    }
    out.push({ base, written: parts.length > 1, limited })
  }
  return out
}

const readBasicConstraints = (
  bytes: Uint8Array,
  seq: BerElement,
  critical: boolean,
  note: Note,
): ClientExtensionFacts['basicConstraints'] => {
  const parts = readChildren(bytes, seq)
  if (!parts) return undefined
  let ca = false
  let pathLength: number | undefined
  let next = 0
  const flag = parts[0]
  if (flag?.tag === 0x01) {
    const value = bytes[flag.contentStart]
    if (flag.contentEnd - flag.contentStart !== 1 || value === undefined) return undefined
    if (value !== 0 && value !== 0xff) note('bc-boolean-not-der')
    ca = value !== 0
    next = 1
  }
  const length = parts[next]
  if (length?.tag === INTEGER) {
    const digits = contentOf(bytes, length)
    const padded = digits.length > 1 && digits[0] === 0 && (digits[1] as number) < 0x80
    const huge = !padded && digits.length > 4 && digits.length < 9 && (digits[0] as number) < 0x80
    if (padded) note('bc-path-length-padded')
    if (huge) note('bc-path-length-huge')
    pathLength = huge ? 0x7fffffff : smallInteger(padded ? digits.subarray(1) : digits)
    if (pathLength === undefined) return undefined
    if (pathLength < 0) note('bc-path-length-negative')
    if (pathLength > 255) note('bc-path-length-over-255')
    next++
  }
  if (next !== parts.length) note('bc-trailing-inside')
  return pathLength === undefined ? { critical, ca } : { critical, ca, pathLength }
}

const readAuthorityKeyIdentifier = (
  bytes: Uint8Array,
  seq: BerElement,
  critical: boolean,
  note: Note,
): ClientExtensionFacts['authorityKeyIdentifier'] => {
  const parts = readChildren(bytes, seq)
  if (!parts) return undefined
  let id: Uint8Array | undefined
  let issuer: ClientName | undefined
  let serial: Uint8Array | undefined
  for (const part of parts) {
    if (part.tag === 0x80) id = contentOf(bytes, part)
    else if (part.tag === 0xa1) {
      const names = readGeneralNames(bytes, part, note)
      if (!names) note('aki-part')
      else if (names.length === 0) note('aki-names-empty')
      issuer = names?.find((name) => name.directory)?.directory
    } else if (part.tag === 0x82) serial = contentOf(bytes, part)
    else note('aki-part')
  }
  return { critical, ...(id && { id }), ...(issuer && { issuer }), ...(serial && { serial }) }
}

const readDistributionPoints = (bytes: Uint8Array, top: BerElement, note: Note): boolean => {
  const points = top.tag === SEQUENCE ? readChildren(bytes, top) : undefined
  for (const point of points ?? []) {
    const parts = point.tag === SEQUENCE ? readChildren(bytes, point) : undefined
    if (!parts) return false
    if (!parts.some(({ tag }) => tag === 0xa0 || tag === 0xa2)) note('cdp-empty-point')
    const name = parts.find(({ tag }) => tag === 0xa0)
    const choice = name && readElement(bytes, name.contentStart, name.contentEnd)
    if (name && !choice) return false
    if (choice && choice.tag !== 0xa0) note('cdp-relative-name')
  }
  return points !== undefined
}

const readAccessDescriptions = (bytes: Uint8Array, top: BerElement): boolean =>
  top.tag === SEQUENCE &&
  (readChildren(bytes, top) ?? [undefined]).every(
    (child) => child?.tag === SEQUENCE && readElement(bytes, child.contentStart, child.contentEnd)?.tag === OID,
  )

/** Reads one extension into `facts`; false where no client that looks into it can read it. */
const readers: Record<string, (bytes: Uint8Array, top: BerElement, critical: boolean, facts: ClientExtensionFacts, note: Note) => boolean> =
  {
    [oids.basicConstraints]: (bytes, top, critical, facts, note) =>
      top.tag === SEQUENCE && (facts.basicConstraints = readBasicConstraints(bytes, top, critical, note)) !== undefined,
    [oids.keyUsage]: (bytes, top, critical, facts, note) => {
      const bits = bitMask(bytes, top, () => note('ku-padding'))
      if (bits !== undefined) facts.keyUsage = { critical, bits }
      return bits !== undefined
    },
    [oids.extendedKeyUsage]: (bytes, top, critical, facts, note) => {
      const purposes: string[] = []
      for (const child of (top.tag === SEQUENCE && readChildren(bytes, top)) || [undefined]) {
        const oid = child && child.tag === OID ? readOid(bytes, child.contentStart, child.contentEnd) : undefined
        if (oid === undefined) {
          // rustls reads purposes until it finds the one it wants, so what stands before the fault counts.
          facts.extendedKeyUsage = { critical, purposes }
          return false
        }
        if (hasLargeArc(oid)) note('eku-oid-large')
        purposes.push(oid)
      }
      facts.extendedKeyUsage = { critical, purposes }
      return true
    },
    [oids.netscapeCertType]: (bytes, top, _critical, facts) => {
      const bits = bitMask(bytes, top, () => undefined)
      if (bits !== undefined) facts.netscapeCertType = { bits }
      return bits !== undefined
    },
    [oids.subjectAltName]: (bytes, top, critical, facts, note) => {
      const names = top.tag === SEQUENCE ? readGeneralNames(bytes, top, note) : undefined
      if (names) {
        facts.subjectAltName = { critical, names }
        subjectAltNameFlaws(names, note)
      }
      return names !== undefined
    },
    [oids.nameConstraints]: (bytes, top, critical, facts, note) => {
      const parts = top.tag === SEQUENCE ? readChildren(bytes, top) : undefined
      if (!parts) return false
      let permitted: ClientSubtree[] | undefined
      let excluded: ClientSubtree[] | undefined
      for (const part of parts) {
        const subtrees = readSubtrees(bytes, part, note)
        if (!subtrees) return false
        if (part.tag === 0xa0 && !permitted && !excluded) permitted = subtrees
        else if (part.tag === 0xa1 && !excluded) excluded = subtrees
        else return false
      }
      facts.nameConstraints = { critical, permitted: permitted ?? [], excluded: excluded ?? [] }
      nameConstraintsFlaws(facts.nameConstraints, note)
      return true
    },
    [oids.subjectKeyIdentifier]: (bytes, top, critical, facts) => {
      if (top.tag !== OCTET_STRING) return false
      facts.subjectKeyIdentifier = { critical, id: contentOf(bytes, top) }
      return true
    },
    [oids.authorityKeyIdentifier]: (bytes, top, critical, facts, note) =>
      top.tag === SEQUENCE && (facts.authorityKeyIdentifier = readAuthorityKeyIdentifier(bytes, top, critical, note)) !== undefined,
    [oids.certificatePolicies]: (bytes, top, critical, facts, note) => {
      const list = new Set<string>()
      let qualified = false
      for (const child of (top.tag === SEQUENCE && readChildren(bytes, top)) || [undefined]) {
        const id = child && child.tag === SEQUENCE ? readElement(bytes, child.contentStart, child.contentEnd) : undefined
        const oid = id && id.tag === OID ? readOid(bytes, id.contentStart, id.contentEnd) : undefined
        if (oid === undefined) return false
        if (list.has(oid)) note('policies-repeated')
        list.add(oid)
        if (id && child && id.end < child.contentEnd && oid !== oids.anyPolicy) qualified = true
      }
      facts.policies = { critical, oids: [...list], qualified }
      return true
    },
    [oids.policyConstraints]: (bytes, top, _critical, facts) => {
      const parts = top.tag === SEQUENCE ? readChildren(bytes, top) : undefined
      if (!parts) return false
      const found: { requireExplicit?: number; inhibitMapping?: number } = {}
      for (const part of parts) {
        const value = smallInteger(contentOf(bytes, part))
        if (value === undefined) return false
        if (value < 0) continue
        if (part.tag === 0x80) found.requireExplicit = value
        else if (part.tag === 0x81) found.inhibitMapping = value
        else return false
      }
      facts.policyConstraints = found
      return true
    },
    [oids.policyMappings]: (bytes, top, _critical, facts) => {
      facts.policyMappings = true
      return top.tag === SEQUENCE && readChildren(bytes, top) !== undefined
    },
    [oids.inhibitAnyPolicy]: (bytes, top, _critical, facts) => {
      const value = top.tag === INTEGER ? smallInteger(contentOf(bytes, top)) : undefined
      if (value === undefined) return false
      if (value >= 0) facts.inhibitAnyPolicy = value
      return true
    },
    [oids.crlDistributionPoints]: (bytes, top, _critical, _facts, note) => readDistributionPoints(bytes, top, note),
    [oids.freshestCrl]: (bytes, top, _critical, _facts, note) => readDistributionPoints(bytes, top, note),
    [oids.privateKeyUsagePeriod]: (bytes, top) => top.tag === SEQUENCE && readChildren(bytes, top) !== undefined,
    [oids.signedCertificateTimestamps]: (_bytes, top) => top.tag === OCTET_STRING,
    [oids.issuerAltName]: (bytes, top) => top.tag === SEQUENCE && (readGeneralNames(bytes, top, () => undefined)?.length ?? 0) > 0,
    [oids.authorityInfoAccess]: readAccessDescriptions,
    [oids.subjectInfoAccess]: readAccessDescriptions,
  }

const outerTags: Record<string, number> = {
  [oids.keyUsage]: BIT_STRING,
  [oids.netscapeCertType]: BIT_STRING,
  [oids.subjectKeyIdentifier]: OCTET_STRING,
  [oids.inhibitAnyPolicy]: INTEGER,
  [oids.signedCertificateTimestamps]: OCTET_STRING,
}

/** Reads the content of the extensions that clients look into; what deviates goes to `flaw`. */
export const readExtensions = (extensions: readonly ClientExtension[], flaw: (flaw: ExtensionFlaw) => void): ClientExtensionFacts => {
  const facts: ClientExtensionFacts = {}
  const seen = new Set<string>()
  for (const { oid, critical, value } of extensions) {
    if (seen.has(oid)) flaw({ code: 'extension-duplicate', oid, critical })
    seen.add(oid)
    const read = Object.hasOwn(readers, oid) ? readers[oid] : undefined
    if (!read) continue
    const top = readElement(value, 0, value.length)
    const outer = !top || top.tag !== (outerTags[oid] ?? SEQUENCE)
    if (!top || outer || !read(value, top, critical, facts, (code) => flaw({ code, oid, critical }))) {
      flaw({ code: 'extension-malformed', oid, critical, outer })
      continue
    }
    if (top.end !== value.length) flaw({ code: 'extension-trailing', oid, critical })
    if (top.length !== 'der') flaw({ code: 'length-not-der', oid, critical })
  }
  return facts
}
