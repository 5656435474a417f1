/**
 * A small DER reader over one Uint8Array (ITU-T X.690 8, 10 and 11). It copies nothing and looks at each octet once a level.
 * What it cannot read without doubt it refuses with a DerError; what is readable but not DER it reads and notes in DerNotes.
 */

/** Universal tags as identifier octets, the constructed bit included where the type is always constructed. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const

/** What was read although it is not DER. One object is shared by all cursors of one input. */
export interface DerNotes {
  lengthIndefinite: boolean
  lengthNotMinimal: boolean
  integerNotMinimal: boolean
  booleanNotDer: boolean
  bitStringPadding: boolean
  trailingData: boolean
}

/** Notes of an input of which nothing was read yet. */
export const createDerNotes = (): DerNotes => ({
  lengthIndefinite: false,
  lengthNotMinimal: false,
  integerNotMinimal: false,
  booleanNotDer: false,
  bitStringPadding: false,
  trailingData: false,
})

/** One TLV: `start`..`end` is the whole encoding, `from`..`to` its content. All are offsets into the cursor's bytes. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  readonly from: number
  readonly to: number
  readonly end: number
}

/** A place in the bytes and the end of what may be read. Mutable: reading moves `at`. */
export interface DerCursor {
  readonly bytes: Uint8Array
  readonly notes: DerNotes
  readonly end: number
  at: number
}

/** Thrown inside this room only; every exported decoder catches it and returns its code. `detail` never holds bytes of the input. */
export class DerError extends Error {
  readonly code: string
  readonly offset: number
  readonly detail: string | undefined

  constructor(code: string, offset: number, detail?: string) {
    super(code)
    this.code = code
    this.offset = offset
    this.detail = detail
  }
}

/** Nesting of indefinite lengths that is followed; a certificate nests less than ten deep. */
const INDEFINITE_DEPTH = 16

/** A cursor over some bytes, or over a part of them. */
export const derCursor = (bytes: Uint8Array, notes: DerNotes = createDerNotes(), from = 0, end = bytes.length): DerCursor => ({
  bytes,
  notes,
  at: from,
  end,
})

/** Is there nothing left to read? */
export const atEnd = (cursor: DerCursor): boolean => cursor.at >= cursor.end

/** The next identifier octet, or -1 at the end. */
export const peekTag = (cursor: DerCursor): number => (cursor.at < cursor.end ? (cursor.bytes[cursor.at] as number) : -1)

/** The value of a long-form length whose first octet is `first` and whose other octets stand at `at`. */
const readLongLength = (cursor: DerCursor, at: number, first: number): number => {
  const { bytes, end, notes } = cursor
  const count = first & 0x7f
  if (count === 0x7f) throw new DerError('length-unsupported', at - 1)
  if (at + count > end) throw new DerError('truncated', at)
  let value = 0
  for (let i = 0; i < count; i++) {
    value = value * 256 + (bytes[at + i] as number)
    if (value > 0x7fffffff) throw new DerError('truncated', at)
  }
  if (value < 0x80 || bytes[at] === 0) notes.lengthNotMinimal = true
  return value
}

/** Offset of the end-of-contents octets that close an indefinite length whose content starts at `from`. */
const findEndOfContents = (cursor: DerCursor, from: number): number => {
  const { bytes, end } = cursor
  let at = from
  let depth = 1
  for (;;) {
    if (at + 2 > end) throw new DerError('truncated', at)
    const tag = bytes[at] as number
    const first = bytes[at + 1] as number
    if (tag === 0 && first === 0) {
      depth--
      if (depth === 0) return at
      at += 2
      continue
    }
    if ((tag & 0x1f) === 0x1f) throw new DerError('tag-unsupported', at)
    at += 2
    if (first === 0x80) {
      if ((tag & 0x20) === 0 || ++depth > INDEFINITE_DEPTH) throw new DerError('length-unsupported', at - 1)
      continue
    }
    let length = first
    if (first > 0x80) {
      length = readLongLength(cursor, at, first)
      at += first & 0x7f
    }
    if (length > end - at) throw new DerError('truncated', at)
    at += length
  }
}

/** Reads one TLV with a one-octet tag and moves behind it. */
export const readElement = (cursor: DerCursor): DerElement => {
  const { bytes, end, at: start } = cursor
  if (start + 2 > end) throw new DerError('truncated', start)
  const tag = bytes[start] as number
  if ((tag & 0x1f) === 0x1f) throw new DerError('tag-unsupported', start)
  const first = bytes[start + 1] as number
  let from = start + 2
  let length = first
  if (first === 0x80) {
    if ((tag & 0x20) === 0) throw new DerError('length-unsupported', start + 1)
    cursor.notes.lengthIndefinite = true
    const to = findEndOfContents(cursor, from)
    cursor.at = to + 2
    return { tag, start, from, to, end: to + 2 }
  }
  if (first > 0x80) {
    length = readLongLength(cursor, from, first)
    from += first & 0x7f
  }
  if (length > end - from) throw new DerError('truncated', start)
  cursor.at = from + length
  return { tag, start, from, to: from + length, end: from + length }
}

/** Reads one TLV that must have this tag. `what` names the field in the failure. */
export const expectElement = (cursor: DerCursor, tag: number, what: string): DerElement => {
  if (cursor.at >= cursor.end) throw new DerError('truncated', cursor.at, what)
  if (cursor.bytes[cursor.at] !== tag) throw new DerError('unexpected-tag', cursor.at, what)
  return readElement(cursor)
}

/** Reads one TLV if it has this tag. */
export const optionalElement = (cursor: DerCursor, tag: number): DerElement | undefined =>
  peekTag(cursor) === tag ? readElement(cursor) : undefined

/** A cursor over an element's content. */
export const enter = (cursor: DerCursor, element: DerElement): DerCursor => ({
  bytes: cursor.bytes,
  notes: cursor.notes,
  at: element.from,
  end: element.to,
})

/** An element's content octets, as a view. */
export const contentOf = (cursor: DerCursor, element: DerElement): Uint8Array => cursor.bytes.subarray(element.from, element.to)

/** Tag, length and content as they stand. */
export const encodingOf = (cursor: DerCursor, element: DerElement): Uint8Array => cursor.bytes.subarray(element.start, element.end)

/** Notes that something stands behind the last known field of a SEQUENCE. */
export const noteRest = (cursor: DerCursor): void => {
  if (cursor.at < cursor.end) cursor.notes.trailingData = true
}

/**
 * What `read` gives for each element up to the end of `cursor`. A list of one has room for one, where `push` makes room for seventeen:
 * nearly all lists of a certificate are that short, and there are ten in each.
 */
export const readEach = <T>(cursor: DerCursor, read: (cursor: DerCursor) => T): readonly T[] => {
  if (atEnd(cursor)) return []
  const first = read(cursor)
  if (atEnd(cursor)) return [first]
  const all = [first]
  while (!atEnd(cursor)) all.push(read(cursor))
  return all.slice()
}

/** BOOLEAN: any octet but 0 is true; others than FF are noted (X.690 11.1). */
export const readBoolean = (cursor: DerCursor, what: string): boolean => {
  const element = expectElement(cursor, tags.boolean, what)
  if (element.to - element.from !== 1) throw new DerError('boolean-invalid', element.start, what)
  const value = cursor.bytes[element.from] as number
  if (value !== 0 && value !== 0xff) cursor.notes.booleanNotDer = true
  return value !== 0
}

/** Is an INTEGER's content as short as it can be (X.690 8.3.2)? */
export const isIntegerMinimal = (content: Uint8Array): boolean => {
  if (content.length < 2) return content.length === 1
  const [first, second] = [content[0] as number, content[1] as number]
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
}

/** The content octets of an INTEGER; never empty. */
export const integerContent = (cursor: DerCursor, element: DerElement, what: string): Uint8Array => {
  const content = contentOf(cursor, element)
  if (content.length === 0) throw new DerError('integer-invalid', element.start, what)
  if (!isIntegerMinimal(content)) cursor.notes.integerNotMinimal = true
  return content
}

/** An INTEGER that is to be small: refused outside of plus or minus 2^47. */
export const smallInteger = (cursor: DerCursor, element: DerElement, what: string): number => {
  const content = integerContent(cursor, element, what)
  let from = 0
  const filler = (content[0] as number) >= 0x80 ? 0xff : 0
  while (from < content.length - 1 && content[from] === filler) from++
  if (content.length - from > 6) throw new DerError('integer-too-large', element.start, what)
  let value = filler === 0xff ? -1 : 0
  for (let i = from; i < content.length; i++) value = value * 256 + (content[i] as number)
  return value
}

/** BIT STRING with its count of unused bits; padding bits that are set are noted (X.690 11.2.1). */
export const bitStringContent = (cursor: DerCursor, element: DerElement, what: string): { bits: Uint8Array; unused: number } => {
  const length = element.to - element.from
  if (length < 1) throw new DerError('bit-string-invalid', element.start, what)
  const unused = cursor.bytes[element.from] as number
  if (unused > 7 || (length === 1 && unused > 0)) throw new DerError('bit-string-invalid', element.start, what)
  const bits = cursor.bytes.subarray(element.from + 1, element.to)
  if (unused > 0 && ((bits[bits.length - 1] as number) & ((1 << unused) - 1)) !== 0) cursor.notes.bitStringPadding = true
  return { bits, unused }
}
