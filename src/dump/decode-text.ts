import { concatBytes } from '../base/bytes.ts'
import { withoutNoBreakIndent } from './no-break-indent.ts'
import { withoutScreenCodes } from './without-screen-codes.ts'

/** What the first bytes of a source say about it. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** Turns the bytes of a source, in chunks of any size, into UTF-8 with bare line feeds. Lines keep their number. */
export interface TextNormalizer {
  /**
   * @param text the chunk's text where it is known and ASCII: a string is searched faster
   * @returns the chunk itself where there is nothing to change in it
   */
  readonly push: (chunk: Uint8Array, text?: string) => Uint8Array
  readonly end: () => Uint8Array
}

const NONE = new Uint8Array(0)

/** Bytes that decide about a source: enough for a byte order mark and for the NULs that every binary format has. */
export const SNIFFED_BYTES = 4096

/**
 * UTF-16 is told by its mark, or by the zero bytes that every ASCII character has in it (PowerShell writes it, and tools that
 * cut the mark off exist). A NUL anywhere else in the first bytes, or many control characters, is no text.
 */
export const sniffEncoding = (head: Uint8Array): Encoding | 'binary' => {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const length = Math.min(head.length, SNIFFED_BYTES)
  let even = 0
  let odd = 0
  let control = 0
  for (let i = 0; i < length; i++) {
    const byte = head[i] as number
    if (byte === 0 && i % 2 === 0) even++
    else if (byte === 0) odd++
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) control++
  }
  const half = length / 2
  if (length >= 4 && odd > half * 0.5 && even < half * 0.1) return 'utf-16le'
  if (length >= 4 && even > half * 0.5 && odd < half * 0.1) return 'utf-16be'
  // A flipped byte or two is an accident inside of a text, which costs one object; a binary has NULs everywhere.
  if ((even + odd) * 100 > length || control * 20 > length) return 'binary'
  return 'utf-8'
}

/** CR LF and lone CR become LF. A CR at the end of a chunk waits for what follows. */
const lineFeeds = () => {
  let heldCr = false
  return {
    push: (chunk: Uint8Array, text?: string): Uint8Array => {
      if (chunk.length === 0) return chunk
      if (!heldCr && (text === undefined ? chunk.indexOf(13) < 0 : !text.includes('\r'))) return chunk
      const out = new Uint8Array(chunk.length + 1)
      let to = 0
      let from = 0
      if (heldCr) {
        heldCr = false
        out[to++] = 10
        if (chunk[0] === 10) from = 1
      }
      while (from < chunk.length) {
        const cr = chunk.indexOf(13, from)
        if (cr < 0) {
          out.set(chunk.subarray(from), to)
          to += chunk.length - from
          break
        }
        out.set(chunk.subarray(from, cr), to)
        to += cr - from
        if (cr === chunk.length - 1) {
          heldCr = true
          break
        }
        out[to++] = 10
        from = chunk[cr + 1] === 10 ? cr + 2 : cr + 1
      }
      return out.subarray(0, to)
    },
    end: (): Uint8Array => (heldCr ? new Uint8Array([10]) : NONE),
  }
}

/**
 * @param encoding as `sniffEncoding` told it
 * @param noBreakIndent told the first line of a text that is indented with no-break spaces
 */
export const createTextNormalizer = (encoding: Encoding, noBreakIndent?: (line: number) => void): TextNormalizer => {
  const feeds = lineFeeds()
  const screen = withoutScreenCodes()
  const indent = withoutNoBreakIndent(noBreakIndent)
  const push = (chunk: Uint8Array, text?: string): Uint8Array => {
    const shown = screen.push(chunk, text)
    return indent.push(feeds.push(shown, shown === chunk ? text : undefined))
  }
  const end = (): Uint8Array => concatBytes([indent.push(concatBytes([feeds.push(screen.end()), feeds.end()])), indent.end()])
  if (encoding === 'utf-8') {
    let first = true
    return {
      push: (chunk, text) => {
        if (!first || chunk.length === 0) return push(chunk, text)
        first = false
        const marked = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf
        return push(marked ? chunk.subarray(3) : chunk)
      },
      end,
    }
  }
  const decoder = new TextDecoder(encoding)
  const encoder = new TextEncoder()
  return {
    push: (chunk) => push(encoder.encode(decoder.decode(chunk, { stream: true }))),
    end: () => concatBytes([push(encoder.encode(decoder.decode())), end()]),
  }
}
