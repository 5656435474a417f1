import type { Limits } from '../../base/limits.ts'
import type { Extensions, RawExtension } from '../certificate.ts'
import type { DerCursor, DerElement, DerNotes } from '../der.ts'
import { atEnd, createDerNotes, derCursor, DerError, enter, expectElement, noteRest, peekTag, readBoolean, tags } from '../der.ts'
import { readOid } from '../oid.ts'
import { readSubjectAltName } from './alternative-names.ts'
import { readBasicConstraints, readExtendedKeyUsage, readKeyUsage, readNameConstraints } from './constraints.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from './identifiers.ts'
import { readAuthorityInfoAccess, readCrlDistributionPoints } from './locations.ts'

/** Extensions while they are read. */
type Draft = { -readonly [K in keyof Extensions]: Extensions[K] }

const READERS: ReadonlyMap<string, (draft: Draft, input: ExtensionInput) => void> = new Map([
  ['2.5.29.14', (draft: Draft, input: ExtensionInput) => void (draft.subjectKeyIdentifier ??= readSubjectKeyIdentifier(input))],
  ['2.5.29.15', (draft: Draft, input: ExtensionInput) => void (draft.keyUsage ??= readKeyUsage(input))],
  ['2.5.29.17', (draft: Draft, input: ExtensionInput) => void (draft.subjectAltName ??= readSubjectAltName(input))],
  ['2.5.29.19', (draft: Draft, input: ExtensionInput) => void (draft.basicConstraints ??= readBasicConstraints(input))],
  ['2.5.29.30', (draft: Draft, input: ExtensionInput) => void (draft.nameConstraints ??= readNameConstraints(input))],
  ['2.5.29.31', (draft: Draft, input: ExtensionInput) => void (draft.crlDistributionPoints ??= readCrlDistributionPoints(input))],
  ['2.5.29.35', (draft: Draft, input: ExtensionInput) => void (draft.authorityKeyIdentifier ??= readAuthorityKeyIdentifier(input))],
  ['2.5.29.37', (draft: Draft, input: ExtensionInput) => void (draft.extendedKeyUsage ??= readExtendedKeyUsage(input))],
  ['1.3.6.1.5.5.7.1.1', (draft: Draft, input: ExtensionInput) => void (draft.authorityInfoAccess ??= readAuthorityInfoAccess(input))],
])

const mergeNotes = (into: DerNotes, from: DerNotes): void => {
  into.lengthIndefinite ||= from.lengthIndefinite
  into.lengthNotMinimal ||= from.lengthNotMinimal
  into.integerNotMinimal ||= from.integerNotMinimal
  into.booleanNotDer ||= from.booleanNotDer
  into.bitStringPadding ||= from.bitStringPadding
}

/** An extension that is a place in the certificate until somebody asks for its content: a view is larger than most of them. */
class PlacedExtension implements RawExtension {
  readonly oid: string
  readonly critical: boolean
  readonly malformed?: boolean
  readonly #bytes: Uint8Array
  readonly #from: number
  readonly #to: number

  constructor(oid: string, critical: boolean, bytes: Uint8Array, content: DerElement, malformed: boolean) {
    this.oid = oid
    this.critical = critical
    if (malformed) this.malformed = true
    this.#bytes = bytes
    this.#from = content.from
    this.#to = content.to
  }

  get value(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#to)
  }
}

/** Decodes the content of one known extension into the draft; returns whether it is malformed. */
const decodeContent = (
  draft: Draft,
  {
    oid,
    critical,
    list,
    content,
  }: { readonly oid: string; readonly critical: boolean; readonly list: DerCursor; readonly content: DerElement },
  names: number,
  notes: DerNotes,
  note: (code: string, detail?: string) => void,
): boolean => {
  const reader = READERS.get(oid)
  if (!reader) return false
  let details: string | undefined
  const own = createDerNotes()
  const cursor = derCursor(list.bytes, own, content.from, content.to)
  try {
    reader(draft, { cursor, critical, names, note, malformed: (detail) => (details ??= detail) })
    if (!atEnd(cursor) || own.trailingData) details ??= 'trailing data'
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    details ??= error.detail === undefined ? error.code : `${error.code} ${error.detail}`
  }
  mergeNotes(notes, own)
  if (details === undefined) return false
  note('extension-malformed', `${oid} ${details}`)
  return true
}

/**
 * Reads the SEQUENCE of Extension that `cursor` stands before (RFC 5280 4.1.2.9, 4.2). Each extension is kept as it stands; the first
 * of each known type is decoded, and content that is not what its definition says is flagged there and noted.
 * Throws DerError only where the list itself is broken.
 */
export const readExtensions = (
  cursor: DerCursor,
  limits: Pick<Limits, 'names'>,
  note: (code: string, detail?: string) => void,
): { readonly extensions: Extensions; readonly rawExtensions: readonly RawExtension[] } => {
  const list = enter(cursor, expectElement(cursor, tags.sequence, 'extensions'))
  if (atEnd(list)) note('extensions-empty')
  const draft: Draft = {}
  const raws: RawExtension[] = []
  const seen = new Set<string>()
  while (!atEnd(list)) {
    const inside = enter(list, expectElement(list, tags.sequence, 'extension'))
    const oid = readOid(inside, 'extension type')
    let critical = false
    if (peekTag(inside) === tags.boolean) {
      critical = readBoolean(inside, 'critical')
      if (!critical) note('extension-critical-default-encoded')
    }
    const content = expectElement(inside, tags.octetString, 'extension value')
    noteRest(inside)
    if (seen.has(oid)) note('extension-duplicate', oid)
    const malformed = !seen.has(oid) && decodeContent(draft, { oid, critical, list, content }, limits.names, cursor.notes, note)
    seen.add(oid)
    if (critical && !READERS.has(oid)) note('critical-extension-unknown', oid)
    raws.push(new PlacedExtension(oid, critical, list.bytes, content, malformed))
  }
  return { extensions: draft, rawExtensions: raws.slice() }
}
