import { concatBytes } from '../base/bytes.ts'

const NONE = new Uint8Array(0)
const ESCAPE = 27
/** Longer than any sequence that a terminal knows; a title is at most a command line. */
const LONGEST_SEQUENCE = 4096

/**
 * Takes out what a recorded terminal (`script`, coloured output) has for the screen alone: CSI sequences (ECMA-48 5.4), OSC up to BEL or ST,
 * and other escapes of two characters. YAML and JSON write an escape character as an escape.
 */
export const withoutScreenCodes = (): {
  readonly push: (chunk: Uint8Array, text?: string) => Uint8Array
  readonly end: () => Uint8Array
} => {
  let held: Uint8Array = NONE

  /** End of the sequence that begins at this escape; undefined where more must be read. */
  const endOf = (bytes: Uint8Array, from: number, final: boolean): number | undefined => {
    const whole = (end: number): number | undefined => (end <= bytes.length ? end : final ? bytes.length : undefined)
    const kind = bytes[from + 1]
    if (kind === undefined) return whole(from + 2)
    const isCommand = kind === 0x5d
    if (kind !== 0x5b && !isCommand) return whole(kind >= 0x28 && kind <= 0x2f ? from + 3 : from + 2)
    const limit = Math.min(bytes.length, from + LONGEST_SEQUENCE)
    for (let i = from + 2; i < limit; i++) {
      const byte = bytes[i] as number
      if (byte === 10 || byte === 13) return i
      if (isCommand ? byte === 7 : byte >= 0x40 && byte <= 0x7e) return i + 1
      if (isCommand && byte === ESCAPE) return whole(i + 2)
    }
    return final || limit < bytes.length ? limit : undefined
  }

  const push = (chunk: Uint8Array, final: boolean, text?: string): Uint8Array => {
    if (held.length === 0 && (text === undefined ? chunk.indexOf(ESCAPE) < 0 : !text.includes('\u001b'))) return chunk
    const bytes = concatBytes([held, chunk])
    held = NONE
    const out = new Uint8Array(bytes.length)
    let to = 0
    for (let from = 0; from < bytes.length;) {
      const escape = bytes.indexOf(ESCAPE, from)
      const plain = bytes.subarray(from, escape < 0 ? bytes.length : escape)
      out.set(plain, to)
      to += plain.length
      if (escape < 0) break
      const end = endOf(bytes, escape, final)
      if (end === undefined) {
        held = bytes.slice(escape)
        break
      }
      from = end
    }
    return out.subarray(0, to)
  }
  return { push: (chunk: Uint8Array, text?: string) => push(chunk, false, text), end: () => push(NONE, true) }
}
