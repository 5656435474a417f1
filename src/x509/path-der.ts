/** One DER element with a one-octet tag and a definite, minimal length below 64 KiB; undefined for anything else. */
export const readDer = (bytes: Uint8Array, at: number, end: number): { tag: number; from: number; to: number } | undefined => {
  if (at + 2 > end) return undefined
  const [tag, first] = [bytes[at] as number, bytes[at + 1] as number]
  let from = at + 2
  let length = first
  if (first === 0x81 && from + 1 <= end) {
    length = bytes[from] as number
    from += 1
    if (length < 0x80) return undefined
  } else if (first === 0x82 && from + 2 <= end) {
    length = ((bytes[from] as number) << 8) | (bytes[from + 1] as number)
    from += 2
    if (length < 0x100) return undefined
  } else if (first >= 0x80) return undefined
  return from + length <= end ? { tag, from, to: from + length } : undefined
}
