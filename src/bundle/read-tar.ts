import { ArchiveFault } from './bundle.ts'
import type { ArchiveMember } from './bundle.ts'
import type { ByteQueue } from './byte-queue.ts'

const BLOCK = 512
/** Bytes of a long name or of a pax header; Linux paths end at 4,096. */
const EXTENSION = 1024 * 1024

const decoder = new TextDecoder()

const textAt = (header: Uint8Array, from: number, length: number): string => {
  const field = header.subarray(from, from + length)
  const end = field.indexOf(0)
  return decoder.decode(end < 0 ? field : field.subarray(0, end))
}

/** Octal digits, or base-256 with the high bit set (GNU) for what is larger. NaN for anything else. */
const numberAt = (header: Uint8Array, from: number, length: number): number => {
  const first = header[from] as number
  if (first & 0x80) {
    if (first !== 0x80) return NaN
    let value = 0
    for (let i = from + 1; i < from + length; i++) value = value * 256 + (header[i] as number)
    return value
  }
  const text = textAt(header, from, length).trim()
  return text === '' ? 0 : /^[0-7]{1,12}$/.test(text) ? parseInt(text, 8) : NaN
}

/** The sum of a header's bytes, its own field taken as blanks, is written in it: an accident does not pass. */
export const isTarHeader = (header: Uint8Array): boolean => {
  if (header.length < BLOCK || header[0] === 0) return false
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i] as number
  return numberAt(header, 148, 8) === sum
}

/** What is used of a pax header. */
interface Pax {
  path?: string
  linkpath?: string
  size?: string
  isSparse?: boolean
}

/** The longest key that is used, or the beginning that tells it, with the sign behind it. */
const KEY_BYTES = 11

/** `LENGTH KEY=VALUE\n`, where LENGTH counts bytes of the whole record (POSIX pax). */
const readPax = (bytes: Uint8Array): Pax => {
  const out: Pax = {}
  let at = 0
  while (at < bytes.length) {
    const blank = bytes.indexOf(32, at)
    if (blank < 0 || blank - at > 10) break
    const length = Number(decoder.decode(bytes.subarray(at, blank)))
    if (!Number.isInteger(length) || length < 5 || at + length > bytes.length) break
    const record = bytes.subarray(blank + 1, at + length - 1)
    const start = decoder.decode(record.subarray(0, KEY_BYTES))
    if (start.startsWith('path=')) out.path = decoder.decode(record.subarray(5))
    else if (start.startsWith('linkpath=')) out.linkpath = decoder.decode(record.subarray(9))
    else if (start.startsWith('size=')) out.size = decoder.decode(record.subarray(5))
    else if (start === 'GNU.sparse.') out.isSparse = true
    at += length
  }
  return out
}

const isZero = (block: Uint8Array): boolean => block.every((byte) => byte === 0)

const KINDS: Readonly<Record<string, ArchiveMember['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '5': 'folder',
  '1': 'hard-link',
  '2': 'link',
}

/**
 * Reads a tar: ustar, pax and GNU's long names. Members come in order; what is not taken of one is passed over before the next.
 * @throws ArchiveFault where the archive is cut off or a header is broken, after the members before that
 */
export async function* readTar(queue: ByteQueue): AsyncGenerator<ArchiveMember> {
  let longName: string | undefined
  let longTarget: string | undefined
  let globalPath: string | undefined
  let pax: Pax = {}

  const extension = async (size: number): Promise<Uint8Array> => {
    if (!(size <= EXTENSION)) throw new ArchiveFault('archive-corrupt', 'header')
    const bytes = await queue.take(size)
    if (!bytes || !(await queue.skip((BLOCK - (size % BLOCK)) % BLOCK))) throw new ArchiveFault('archive-truncated')
    return bytes
  }

  for (;;) {
    const held = await queue.take(BLOCK)
    if (!held) throw new ArchiveFault('archive-truncated')
    if (isZero(held)) return
    if (!isTarHeader(held)) throw new ArchiveFault('archive-corrupt', 'header')
    const header = held.slice()
    const type = String.fromCharCode(header[156] as number)
    const written = numberAt(header, 124, 12)
    if (!Number.isSafeInteger(written)) throw new ArchiveFault('archive-corrupt', 'size')
    if (type === 'L' || type === 'K') {
      const text = await extension(written)
      if (type === 'L') longName = textAt(text, 0, text.length)
      else longTarget = textAt(text, 0, text.length)
      continue
    }
    if (type === 'x' || type === 'X') {
      pax = readPax(await extension(written))
      continue
    }
    if (type === 'g') {
      globalPath = readPax(await extension(written)).path ?? globalPath
      continue
    }
    // Its data begin with a map of holes (GNU tar's format 1.0), or the map stands in the header; nobody packs text so.
    const { path, linkpath, size: paxSize, isSparse = false } = pax
    const size = paxSize !== undefined && /^\d{1,15}$/.test(paxSize) ? Number(paxSize) : written
    const prefix = textAt(header, 257, 5) === 'ustar' && header[262] === 0 ? textAt(header, 345, 155) : ''
    const short = textAt(header, 0, 100)
    const name = path ?? longName ?? globalPath ?? (prefix === '' ? short : `${prefix}/${short}`)
    const linkTarget = linkpath ?? longTarget ?? textAt(header, 157, 100)
    longName = longTarget = undefined
    pax = {}
    const kind = isSparse ? 'unsupported' : (KINDS[type] ?? 'unsupported')
    // A link has no data whatever its size says; a device neither.
    const hasData = kind === 'file' || type === 'S' || kind === 'unsupported'
    let left = hasData ? size : 0
    const padding = hasData ? (BLOCK - (size % BLOCK)) % BLOCK : 0
    async function* data(): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const chunk = await queue.some(left)
        if (!chunk) throw new ArchiveFault('archive-truncated')
        left -= chunk.length
        yield chunk
      }
    }
    const isFolder = kind === 'folder' || (kind === 'file' && name.endsWith('/'))
    yield {
      name,
      kind: isFolder ? 'folder' : kind,
      ...(kind === 'link' && { linkTarget }),
      data: data(),
      ...(kind === 'unsupported' && { detail: isSparse ? 'sparse tar entry' : `tar entry of type ${type.replace(/[^ -~]/, '?')}` }),
    }
    if (!(await queue.skip(left + padding))) throw new ArchiveFault('archive-truncated')
  }
}
