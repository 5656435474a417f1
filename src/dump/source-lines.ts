import { concatBytes } from '../base/bytes.ts'
import { createTextNormalizer, sniffEncoding } from './decode-text.ts'
import { findNoBreakIndent } from './no-break-indent.ts'

/** Gives lines of a source again, long after it was read. */
export interface SourceLines {
  /** @returns undefined where the source is not in memory any more, or too large to be turned into UTF-8 again */
  readonly read: (line: number, count: number) => string | undefined
}

const STEP = 128
/** Texts that have to be decoded as a whole again are only up to this size. */
const REDECODED_BYTES = 64 * 1024 * 1024

/** Offsets of every STEPth line, found once. */
const createIndex = (nextBreak: (from: number) => number): number[] => {
  const starts = [0]
  let line = 1
  for (let at = nextBreak(0); at >= 0; at = nextBreak(at + 1)) {
    line++
    if ((line - 1) % STEP === 0) starts.push(at + 1)
  }
  return starts
}

const createReader = (nextBreak: (from: number) => number, slice: (from: number, to: number) => string): SourceLines => {
  let starts: number[] | undefined
  return {
    read: (line, count) => {
      starts ??= createIndex(nextBreak)
      let from = starts[Math.floor((line - 1) / STEP)]
      if (from === undefined) return undefined
      for (let skip = (line - 1) % STEP; skip > 0; skip--) {
        const at = nextBreak(from)
        if (at < 0) return undefined
        from = at + 1
      }
      let to = from
      for (let i = 0; i < count; i++) {
        const at = nextBreak(to)
        if (at < 0) return slice(from, Number.MAX_SAFE_INTEGER)
        to = at + 1
      }
      return slice(from, to)
    },
  }
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

const ofText = (text: string): SourceLines =>
  createReader(
    (from) => text.indexOf('\n', from),
    (from, to) => text.slice(from, to),
  )

const ofBytes = (bytes: Uint8Array): SourceLines =>
  createReader(
    (from) => bytes.indexOf(10, from),
    (from, to) => decoder.decode(bytes.subarray(from, Math.min(to, bytes.length))),
  )

const redecode = (bytes: Uint8Array): SourceLines => {
  const encoding = sniffEncoding(bytes)
  if (encoding === 'binary' || bytes.length > REDECODED_BYTES) return { read: () => undefined }
  const normalizer = createTextNormalizer(encoding)
  return ofText(decoder.decode(concatBytes([normalizer.push(bytes), normalizer.end()])))
}

/** @param text what the caller gave; undefined for streams, of which nothing is kept */
export const createSourceLines = (text: string | Uint8Array | undefined): SourceLines => {
  let reader: SourceLines | undefined
  const isIndented = (whole: string): boolean => whole.includes('\u00a0') && findNoBreakIndent(encoder.encode(whole)) !== undefined
  const open = (): SourceLines => {
    if (text === undefined) return { read: () => undefined }
    if (typeof text === 'string')
      return text.includes('\u001b') || isIndented(text)
        ? redecode(encoder.encode(text))
        : ofText(text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text)
    const isPlain = text.indexOf(13) < 0 && text.indexOf(27) < 0 && sniffEncoding(text) === 'utf-8' && findNoBreakIndent(text) === undefined
    return isPlain ? ofBytes(text) : redecode(text)
  }
  return { read: (line, count) => (reader ??= open()).read(line, count) }
}
