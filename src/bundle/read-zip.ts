import { ArchiveFault } from './bundle.ts'
import type { RandomBytes } from '../base/source.ts'
import type { ArchiveMember } from './bundle.ts'
import { big, CENTRAL, END, LOCAL, readCentralHeader, toMember, viewOf } from './zip-format.ts'
import type { ZipEntry } from './zip-format.ts'

const CHUNK = 256 * 1024
/** The end record's comment has at most 65,535 bytes. */
const TAIL = 65_535 + 22
/** Bytes of a directory: 500,000 members with names of 200 bytes. */
const DIRECTORY = 128 * 1024 * 1024

interface Directory {
  readonly offset: number
  readonly size: number
  /** Bytes that stand before the archive (self-extracting programs). */
  readonly shift: number
}

/** Finds the directory by the end record (APPNOTE 4.3.16), or its zip64 form. */
const findDirectory = async (bytes: RandomBytes): Promise<Directory | undefined> => {
  const from = Math.max(0, bytes.size - TAIL)
  const tail = await bytes.read(from, bytes.size - from)
  const view = viewOf(tail)
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END || at + 22 + view.getUint16(at + 20, true) > tail.length) continue
    let size = view.getUint32(at + 12, true)
    let offset = view.getUint32(at + 16, true)
    let end = from + at
    if ((offset === 0xffffffff || size === 0xffffffff || view.getUint16(at + 10, true) === 0xffff) && at >= 20) {
      if (view.getUint32(at - 20, true) === 0x07064b50) {
        const place = big(view, at - 12)
        const record = Number.isNaN(place) ? undefined : await bytes.read(place, 56)
        if (record?.length !== 56 || viewOf(record).getUint32(0, true) !== 0x06064b50) return undefined
        size = big(viewOf(record), 40)
        offset = big(viewOf(record), 48)
        end = place
      }
    }
    const shift = end - offset - size
    return Number.isNaN(shift) || shift < 0 ? undefined : { offset, size, shift }
  }
  return undefined
}

/** A directory as it stands in the archive: its entries are read one by one, because as values they would take many times the room. */
export interface ZipDirectory {
  readonly bytes: Uint8Array
  readonly shift: number
}

/** @returns bytes of the entry at this place, without its comment, and where the next one is; undefined at the end of the directory */
const entryAt = (directory: Uint8Array, at: number): { readonly header: Uint8Array; readonly next: number } | 'cut' | undefined => {
  if (at + 46 > directory.length) return undefined
  const view = viewOf(directory)
  if (view.getUint32(at, true) !== CENTRAL) return undefined
  const length = 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true)
  if (at + length > directory.length) return 'cut'
  return { header: directory.subarray(at, at + length), next: at + length + view.getUint16(at + 32, true) }
}

/** @returns undefined where the directory is not there: the archive is cut off, and its local headers may still be read. */
export const readZipDirectory = async (bytes: RandomBytes): Promise<ZipDirectory | undefined> => {
  const place = await findDirectory(bytes)
  if (!place) return undefined
  if (place.size > DIRECTORY) throw new ArchiveFault('archive-too-large', 'directory')
  const directory = await bytes.read(place.offset + place.shift, place.size)
  for (let at = 0; ;) {
    const entry = entryAt(directory, at)
    if (entry === 'cut') return undefined
    if (!entry) return { bytes: directory, shift: place.shift }
    at = entry.next
  }
}

function* entriesOf({ bytes, shift }: ZipDirectory): Generator<ZipEntry> {
  for (let at = 0; ;) {
    const found = entryAt(bytes, at)
    if (found === undefined || found === 'cut') return
    const entry = readCentralHeader(found.header)
    yield { ...entry, offset: entry.offset + shift }
    at = found.next
  }
}

/** Members as the directory names them; names and sizes of local headers, which may lie, are not used. */
export async function* readZip(bytes: RandomBytes, directory: ZipDirectory): AsyncGenerator<ArchiveMember> {
  for (const entry of entriesOf(directory)) {
    async function* packed(): AsyncGenerator<Uint8Array> {
      const header = await bytes.read(entry.offset, 30)
      if (header.length < 30) throw new ArchiveFault('archive-truncated')
      const view = viewOf(header)
      if (view.getUint32(0, true) !== LOCAL) throw new ArchiveFault('archive-corrupt', 'header')
      let at = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true)
      const end = at + entry.packed
      while (at < end) {
        const chunk = await bytes.read(at, Math.min(CHUNK, end - at))
        if (chunk.length === 0) throw new ArchiveFault('archive-truncated')
        at += chunk.length
        yield chunk
      }
    }
    if (Number.isNaN(entry.offset + entry.packed + entry.size)) throw new ArchiveFault('archive-corrupt', 'size')
    await Promise.resolve()
    yield toMember(entry, packed(), () => entry.crc)
  }
}
