import { ArchiveFault } from './bundle.ts'
import type { ArchiveMember } from './bundle.ts'
import type { ByteQueue } from './byte-queue.ts'
import { big, CENTRAL, DESCRIPTOR, END, HAS_DESCRIPTOR, LOCAL, readLocalHeader, toMember, viewOf } from './zip-format.ts'

const CHUNK = 256 * 1024
/** A descriptor with its signature and sizes of 64 bits, and the signature behind it. */
const LOOK = 28

const isNext = (signature: number): boolean => signature === LOCAL || signature === CENTRAL || signature === END || signature === 0x06064b50

/**
 * Is there a descriptor for `packed` bytes of data at the start of these bytes? Told by its signature or by that of the header behind it,
 * and by its own count of the data.
 */
const readDescriptor = (bytes: Uint8Array, packed: number): { readonly crc: number; readonly length: number } | undefined => {
  if (bytes.length < 16) return undefined
  const view = viewOf(bytes)
  const from = view.getUint32(0, true) === DESCRIPTOR ? 4 : 0
  const crc = view.getUint32(from, true)
  const nextAt = (at: number): boolean => bytes.length >= at + 4 && isNext(view.getUint32(at, true))
  if (view.getUint32(from + 4, true) === packed && nextAt(from + 12)) return { crc, length: from + 12 }
  if (bytes.length >= from + 20 && big(view, from + 4) === packed && nextAt(from + 20)) return { crc, length: from + 20 }
  return undefined
}

/** Data up to the descriptor behind it. */
async function* untilDescriptor(queue: ByteQueue, done: (crc: number) => void): AsyncGenerator<Uint8Array> {
  let passed = 0
  for (;;) {
    const held = await queue.hold(CHUNK)
    const bytes = queue.peek(held)
    const atEnd = held < CHUNK
    const last = atEnd ? held : held - LOOK
    for (let at = 0; at < last; at++) {
      // Every way to tell a descriptor ends in a signature that begins with PK, 12 to 24 bytes on; most bytes fail here at once.
      if (bytes[at] !== 0x50 && bytes[at + 12] !== 0x50 && bytes[at + 20] !== 0x50) continue
      const descriptor = readDescriptor(bytes.subarray(at, at + LOOK), passed + at)
      if (!descriptor) continue
      if (at > 0) yield bytes.slice(0, at)
      await queue.skip(at + descriptor.length)
      done(descriptor.crc)
      return
    }
    if (atEnd) {
      if (held > 0) yield bytes.slice()
      await queue.skip(held)
      throw new ArchiveFault('archive-truncated')
    }
    yield bytes.slice(0, last)
    await queue.skip(last)
    passed += last
  }
}

/**
 * Reads a zip from its local headers, in one pass: standard input, a member of another archive, a file that lost its end.
 * A link cannot be told from a file here.
 * @throws ArchiveFault where it is cut off, after the members before that
 */
export async function* readZipStream(queue: ByteQueue): AsyncGenerator<ArchiveMember> {
  for (;;) {
    if ((await queue.hold(4)) < 4) throw new ArchiveFault('archive-truncated')
    const signature = viewOf(queue.peek(4)).getUint32(0, true)
    if (signature !== LOCAL) {
      if (isNext(signature)) return
      throw new ArchiveFault('archive-corrupt', 'header')
    }
    if ((await queue.hold(30)) < 30) throw new ArchiveFault('archive-truncated')
    const view = viewOf(queue.peek(30))
    const header = await queue.take(30 + view.getUint16(26, true) + view.getUint16(28, true))
    if (!header) throw new ArchiveFault('archive-truncated')
    const entry = readLocalHeader(header.slice())
    const hasDescriptor = (entry.flags & HAS_DESCRIPTOR) !== 0
    let crc = hasDescriptor && entry.crc === 0 ? undefined : entry.crc
    let left = entry.packed
    if (Number.isNaN(left)) throw new ArchiveFault('archive-corrupt', 'size')
    let open = hasDescriptor && left === 0
    const scanned = open ? untilDescriptor(queue, (told) => ((crc = told), (open = false))) : undefined
    async function* counted(): AsyncGenerator<Uint8Array> {
      while (left > 0) {
        const chunk = await queue.some(left)
        if (!chunk) throw new ArchiveFault('archive-truncated')
        left -= chunk.length
        yield chunk
      }
    }
    const packed = scanned ?? counted()
    // Handed over without `return`, so that what the reader of the member leaves can be passed over here.
    const handed = { [Symbol.asyncIterator]: () => ({ next: () => packed.next() }) }
    yield toMember(entry, handed, () => crc)
    if (scanned) {
      while (open) if ((await scanned.next()).done === true) break
    } else if (!(await queue.skip(left))) throw new ArchiveFault('archive-truncated')
    else if (hasDescriptor) {
      await queue.hold(LOOK)
      const descriptor = readDescriptor(queue.peek(LOOK), entry.packed)
      if (descriptor) await queue.skip(descriptor.length)
    }
  }
}
