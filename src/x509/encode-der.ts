/**
 * Writes one DER element, of less than 16 MB: no object of a dump is as large.
 * @param contents parts that are put one behind the other as the content
 */
export const encodeDer = (tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  let length = 0
  for (const content of contents) length += content.length
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x10000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
  const out = new Uint8Array(header.length + length)
  out.set(header)
  let at = header.length
  for (const content of contents) {
    out.set(content, at)
    at += content.length
  }
  return out
}

/** An INTEGER from an unsigned big-endian magnitude. */
export const encodeUnsigned = (magnitude: Uint8Array): Uint8Array => {
  let from = 0
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++
  const digits = magnitude.subarray(from)
  if (digits.length === 0) return encodeDer(0x02, Uint8Array.of(0))
  return (digits[0] as number) >= 0x80 ? encodeDer(0x02, Uint8Array.of(0), digits) : encodeDer(0x02, digits)
}

/** A BIT STRING without unused bits. */
export const encodeBitString = (bits: Uint8Array): Uint8Array => encodeDer(0x03, Uint8Array.of(0), bits)
