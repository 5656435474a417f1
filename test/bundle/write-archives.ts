import { deflateRawSync, gzipSync } from 'node:zlib'
import { crc32 } from '../../src/bundle/crc32.ts'

/** One file of an archive that a test makes. */
export interface Entry {
  readonly name: string
  readonly text?: string | Uint8Array
  /** Type flag of tar: `2` a symbolic link, `5` a folder. */
  readonly type?: string
  readonly linkName?: string
}

const encoder = new TextEncoder()

export const bytesOf = (text: string | Uint8Array | undefined): Uint8Array =>
  typeof text === 'string' ? encoder.encode(text) : (text ?? new Uint8Array(0))

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`

export const tarHeader = (name: Uint8Array, size: number, type: string, linkName = ''): Uint8Array => {
  const out = new Uint8Array(512)
  out.set(name.subarray(0, 100))
  out.set(bytesOf(octal(0o644, 8)), 100)
  out.set(bytesOf(octal(size, 12)), 124)
  out.set(bytesOf(octal(1_790_000_000, 12)), 136)
  out.set(bytesOf('        '), 148)
  out.set(bytesOf(type), 156)
  out.set(bytesOf(linkName), 157)
  out.set(bytesOf('ustar\0'), 257)
  out.set(bytesOf('00'), 263)
  const sum = out.reduce((total, byte) => total + byte, 0)
  out.set(bytesOf(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return out
}

const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, new Uint8Array((512 - (bytes.length % 512)) % 512))

const paxRecord = (key: string, value: string): Uint8Array => {
  const body = bytesOf(` ${key}=${value}\n`)
  let length = body.length + 1
  while (String(length).length + body.length !== length) length = String(length).length + body.length
  return concat(bytesOf(String(length)), body)
}

/** @param long how names over 100 bytes are written: GNU's extra entry, or a pax header */
export const tar = (entries: readonly Entry[], long: 'gnu' | 'pax' = 'gnu'): Uint8Array => {
  const parts: Uint8Array[] = []
  for (const { name, text, type = '0', linkName } of entries) {
    const [encoded, data] = [bytesOf(name), bytesOf(text)]
    if (encoded.length > 100 && long === 'gnu') {
      const value = concat(encoded, new Uint8Array(1))
      parts.push(tarHeader(bytesOf('././@LongLink'), value.length, 'L'), padded(value))
    } else if (encoded.length > 100) {
      const value = paxRecord('path', name)
      parts.push(tarHeader(bytesOf('PaxHeaders/x'), value.length, 'x'), padded(value))
    }
    parts.push(tarHeader(encoded, data.length, type, linkName), padded(data))
  }
  return concat(...parts, new Uint8Array(1024))
}

export const tgz = (entries: readonly Entry[], long: 'gnu' | 'pax' = 'gnu'): Uint8Array => new Uint8Array(gzipSync(tar(entries, long)))

export interface ZipOptions {
  readonly stored?: boolean
  /** Sizes behind the data, as a program writes them that cannot go back; `bare` without a signature. */
  readonly descriptor?: 'signed' | 'bare'
  readonly encrypted?: boolean
  readonly method?: number
  readonly zip64?: boolean
}

const le = (...fields: readonly (readonly [number, 2 | 4 | 8])[]): Uint8Array => {
  const out = Buffer.alloc(fields.reduce((total, [, width]) => total + width, 0))
  let at = 0
  for (const [value, width] of fields) {
    if (width === 2) out.writeUInt16LE(value, at)
    else if (width === 4) out.writeUInt32LE(value, at)
    else out.writeBigUInt64LE(BigInt(value), at)
    at += width
  }
  return new Uint8Array(out)
}

/** Fields of four bytes each. */
const sizesOf = (values: readonly number[]): readonly (readonly [number, 4])[] => values.map((value) => [value, 4] as const)

export const zip = (entries: readonly Entry[], options: ZipOptions = {}): Uint8Array => {
  const locals: Uint8Array[] = []
  const central: Uint8Array[] = []
  let offset = 0
  for (const { name, text, type } of entries) {
    const [encoded, data] = [bytesOf(name), bytesOf(text)]
    const isLink = type === '2'
    const packed = options.stored ? data : new Uint8Array(deflateRawSync(data))
    const method = options.method ?? (options.stored ? 0 : 8)
    const flags = 0x800 | (options.descriptor ? 8 : 0) | (options.encrypted ? 1 : 0)
    const crc = crc32(data)
    const big = 0xffffffff
    const extra = options.zip64 ? le([1, 2], [16, 2], [data.length, 8], [packed.length, 8]) : new Uint8Array(0)
    const sizes = sizesOf(options.zip64 ? [big, big] : [packed.length, data.length])
    const localSizes = options.descriptor ? sizesOf([0, 0, 0]) : [...sizesOf([crc]), ...sizes]
    const localExtra = options.descriptor ? new Uint8Array(0) : extra
    const local = concat(
      le([0x04034b50, 4], [20, 2], [flags, 2], [method, 2], [0, 2], [0, 2], ...localSizes, [encoded.length, 2], [localExtra.length, 2]),
      encoded,
      localExtra,
      packed,
      options.descriptor === undefined
        ? new Uint8Array(0)
        : concat(
            options.descriptor === 'signed' ? le([0x08074b50, 4]) : new Uint8Array(0),
            le([crc, 4], [packed.length, 4], [data.length, 4]),
          ),
    )
    const mode = isLink ? 0xa1ff : 0x81a4
    central.push(
      le([0x02014b50, 4], [0x0314, 2], [20, 2], [flags, 2], [method, 2], [0, 2], [0, 2], [crc, 4], ...sizes),
      le([encoded.length, 2], [extra.length, 2], [0, 2], [0, 2], [0, 2], [mode * 65536, 4], [offset, 4]),
      encoded,
      extra,
    )
    locals.push(local)
    offset += local.length
  }
  const directory = concat(...central)
  const end64 = options.zip64
    ? concat(
        le([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [entries.length, 8], [entries.length, 8]),
        le([directory.length, 8], [offset, 8]),
        le([0x07064b50, 4], [0, 4], [offset + directory.length, 8], [1, 4]),
      )
    : new Uint8Array(0)
  const count = options.zip64 ? 0xffff : entries.length
  const [size, start] = options.zip64 ? [0xffffffff, 0xffffffff] : [directory.length, offset]
  return concat(...locals, directory, end64, le([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [start, 4], [0, 2]))
}

/** Bytes as a stream of pieces of one size, without random access. */
export async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}
