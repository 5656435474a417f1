import { append } from '../base/append.ts'
import { concatBytes } from '../base/bytes.ts'
import { encodeDer } from '../x509/encode-der.ts'

/** SEQUENCE of encoded parts. */
export const encodeSequence = (parts: readonly Uint8Array[]): Uint8Array => encodeDer(0x30, concatBytes(parts))

const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number)
  return a.length - b.length
}

/** SET OF: the elements sorted by their encodings (X.690 11.6). */
export const encodeSet = (parts: readonly Uint8Array[]): Uint8Array => encodeDer(0x31, concatBytes([...parts].sort(compareBytes)))

/** BOOLEAN (X.690 11.1: true is 0xff). */
export const encodeBoolean = (value: boolean): Uint8Array => Uint8Array.of(0x01, 0x01, value ? 0xff : 0x00)

/** @returns undefined for what is no object identifier. */
export const encodeOid = (dotted: string): Uint8Array | undefined => {
  const arcs = dotted.split('.').map((part) => (/^\+?\d{1,18}$/.test(part) ? BigInt(part.replace('+', '')) : -1n))
  const [first, second, ...rest] = arcs
  if (first === undefined || second === undefined || arcs.some((arc) => arc < 0n)) return undefined
  if (first > 2n || (first < 2n && second >= 40n)) return undefined
  const bytes: number[] = []
  for (const arc of [first * 40n + second, ...rest]) {
    const groups = [Number(arc & 0x7fn)]
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80)
    append(bytes, groups)
  }
  return encodeDer(0x06, Uint8Array.from(bytes))
}

const isPrintable = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x27 && code <= 0x29) ||
  (code >= 0x2b && code <= 0x2f) ||
  code === 0x20 ||
  code === 0x3a ||
  code === 0x3d ||
  code === 0x3f

/** A string as Go's encoder writes it: PrintableString where every character allows it, else UTF8String. */
export const encodeText = (text: string): Uint8Array => {
  let printable = true
  for (let i = 0; i < text.length; i++) printable &&= isPrintable(text.charCodeAt(i))
  return encodeDer(printable ? 0x13 : 0x0c, new TextEncoder().encode(text))
}
