import { ArchiveFault } from './bundle.ts'
import type { ArchiveMember } from './bundle.ts'
import { crc32 } from './crc32.ts'
import { decompress } from './decompress.ts'

/** What a local header and an entry of the directory have in common (APPNOTE 6.3 sections 4.3.7 and 4.3.12). */
export interface ZipEntry {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly isLink: boolean
  /** Offset of the local header; only in the directory. */
  readonly offset: number
}

/** Signatures of the records (APPNOTE 4.3). */
export const LOCAL = 0x04034b50
export const CENTRAL = 0x02014b50
export const DESCRIPTOR = 0x08074b50
export const END = 0x06054b50
const ENCRYPTED = 1
/** Sizes stand behind the data. */
export const HAS_DESCRIPTOR = 8
const UTF8 = 0x800
const MAX32 = 0xffffffff

/** Zip's numbers are little-endian. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** A number of 64 bits; NaN over 2^53, which no archive has. */
export const big = (view: DataView, at: number): number => {
  const value = view.getBigUint64(at, true)
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? NaN : Number(value)
}

const strict = new TextDecoder('utf-8', { fatal: true })

/** Names are UTF-8 by flag or by habit; anything else is taken byte by byte. */
const decodeName = (bytes: Uint8Array, flags: number): string => {
  if (flags & UTF8) return new TextDecoder().decode(bytes)
  try {
    return strict.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  }
}

/** Sizes and offset of the zip64 extra field, which has only those that did not fit into 32 bits, in this order. */
const readZip64 = (extra: Uint8Array, size: number, packed: number, offset: number): readonly [number, number, number] => {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length;) {
    const length = view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1 && at + 4 + length <= extra.length) {
      let from = at + 4
      const end = from + length
      const next = (value: number): number => {
        if (value !== MAX32 || from + 8 > end) return value
        from += 8
        return big(view, from - 8)
      }
      return [next(size), next(packed), next(offset)]
    }
    at += 4 + length
  }
  return [size, packed, offset]
}

/** @param header the 30 bytes of a local header, name and extra field behind them */
export const readLocalHeader = (header: Uint8Array): ZipEntry => {
  const view = viewOf(header)
  const flags = view.getUint16(6, true)
  const nameEnd = 30 + view.getUint16(26, true)
  const [size, packed] = readZip64(header.subarray(nameEnd), view.getUint32(22, true), view.getUint32(18, true), 0)
  return {
    name: decodeName(header.subarray(30, nameEnd), flags),
    flags,
    method: view.getUint16(8, true),
    crc: view.getUint32(14, true),
    packed,
    size,
    isLink: false,
    offset: 0,
  }
}

/** @param header an entry of the directory: 46 bytes, name and extra field behind them */
export const readCentralHeader = (header: Uint8Array): ZipEntry => {
  const view = viewOf(header)
  const flags = view.getUint16(8, true)
  const nameEnd = 46 + view.getUint16(28, true)
  const extra = header.subarray(nameEnd, nameEnd + view.getUint16(30, true))
  const [size, packed, offset] = readZip64(extra, view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true))
  const madeOnUnix = header[5] === 3 || header[5] === 19
  return {
    name: decodeName(header.subarray(46, nameEnd), flags),
    flags,
    method: view.getUint16(10, true),
    crc: view.getUint32(16, true),
    packed,
    size,
    // S_IFLNK of the Unix mode in the upper half of the external attributes.
    isLink: madeOnUnix && view.getUint32(38, true) >>> 28 === 0xa,
    offset,
  }
}

/** Data with its checksum looked at when it has passed. */
async function* checked(data: AsyncIterable<Uint8Array>, expected: () => number | undefined): AsyncGenerator<Uint8Array> {
  let crc = 0
  for await (const chunk of data) {
    crc = crc32(chunk, crc)
    yield chunk
  }
  const told = expected()
  if (told !== undefined && crc !== told) throw new ArchiveFault('archive-corrupt', 'checksum')
}

/**
 * @param packed the member's bytes as they stand in the archive
 * @param crc called after the last byte, because a descriptor may stand behind the data; undefined where none is known
 */
export const toMember = (entry: ZipEntry, packed: AsyncIterable<Uint8Array>, crc: () => number | undefined): ArchiveMember => {
  const { name, flags, method } = entry
  const isFolder = name.endsWith('/') || name.endsWith('\\')
  if (isFolder) return { name, kind: 'folder', data: packed }
  if (entry.isLink) return { name, kind: 'link', data: method === 8 ? decompress('deflate-raw', packed) : packed }
  if (flags & ENCRYPTED) return { name, kind: 'encrypted', data: packed }
  if (method === 0) return { name, kind: 'file', data: checked(packed, crc) }
  if (method === 8) return { name, kind: 'file', data: checked(decompress('deflate-raw', packed), crc) }
  return { name, kind: 'unsupported', data: packed, detail: `zip method ${method}` }
}
