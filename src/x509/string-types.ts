import { toLatin1 } from '../base/bytes.ts'
import { tags } from './der.ts'

const isAscii = (bytes: Uint8Array): boolean => {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return false
  return true
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  if (isAscii(bytes)) return toLatin1(bytes)
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/** UCS-2 (BMPString) or UCS-4 (UniversalString), big-endian; surrogates and what is beyond Unicode are refused. */
const decodeWide = (bytes: Uint8Array, width: 2 | 4): string | undefined => {
  if (bytes.length % width !== 0) return undefined
  let out = ''
  for (let i = 0; i < bytes.length; i += width) {
    let code = 0
    for (let j = 0; j < width; j++) code = code * 256 + (bytes[i + j] as number)
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
    out += String.fromCodePoint(code)
  }
  return out
}

/** PrintableString's characters (X.680 41.4), with `*` and `&`, which real CAs write and validators take. */
const isPrintable = (bytes: Uint8Array): boolean => {
  for (const code of bytes) {
    const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
    const other = (code >= 0x27 && code <= 0x3a) || code === 0x20 || code === 0x3d || code === 0x3f || code === 0x26
    if (!letter && !other) return false
  }
  return true
}

/** Text of a string type's content, or undefined where the tag is no string type or the content is not in its character set. */
export const decodeString = (tag: number, bytes: Uint8Array): string | undefined => {
  switch (tag) {
    case tags.printableString:
      return isAscii(bytes) ? toLatin1(bytes) : undefined
    case tags.utf8String:
      return decodeUtf8(bytes)
    case tags.ia5String:
    case tags.visibleString:
    case tags.numericString:
      return isAscii(bytes) ? toLatin1(bytes) : undefined
    case tags.teletexString:
      // T.61 has its own accents; what is found in certificates is Latin-1.
      return toLatin1(bytes)
    case tags.bmpString:
      return decodeWide(bytes, 2)
    case tags.universalString:
      return decodeWide(bytes, 4)
    default:
      return undefined
  }
}

/** Is the content in the character set of its string type? PrintableString is read with any ASCII character all the same. */
export const isInCharacterSet = (tag: number, bytes: Uint8Array): boolean =>
  tag === tags.printableString ? isPrintable(bytes) : decodeString(tag, bytes) !== undefined

/** Text for reading only: never fails, and shows octets of no known type as hex. */
export const showString = (tag: number, bytes: Uint8Array): string => decodeString(tag, bytes) ?? toLatin1(bytes)
