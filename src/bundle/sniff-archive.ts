import { isTarHeader } from './read-tar.ts'

/** Formats that are opened here, and those of which only the name is known. */
export type ArchiveFormat = 'gzip' | 'zip' | 'tar' | { readonly unsupported: string }

/** Bytes that `sniffArchive` looks at. */
export const ARCHIVE_HEAD = 512

const FOREIGN: readonly (readonly [string, readonly number[]])[] = [
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['lzip', [0x4c, 0x5a, 0x49, 0x50, 0x01]],
]

const startsWith = (head: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, index) => head[index] === byte)

/** Tells an archive by its first bytes, never by its name. */
export const sniffArchive = (head: Uint8Array): ArchiveFormat | undefined => {
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return 'gzip'
  if (startsWith(head, [0x50, 0x4b, 0x03, 0x04]) || startsWith(head, [0x50, 0x4b, 0x05, 0x06])) return 'zip'
  const foreign = FOREIGN.find(([, magic]) => startsWith(head, magic))
  if (foreign) return { unsupported: foreign[0] }
  // BZh, the block size as a digit, and the digits of pi.
  if (startsWith(head, [0x42, 0x5a, 0x68]) && startsWith(head.subarray(4), [0x31, 0x41, 0x59, 0x26])) return { unsupported: 'bzip2' }
  return isTarHeader(head) ? 'tar' : undefined
}
