/** IPv4 in dotted decimals, IPv6 as RFC 5952 has it (lower case, longest run of zeros as `::`); undefined for other lengths. */
export const ipText = (bytes: Uint8Array): string | undefined => {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) return undefined
  const groups: number[] = []
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] as number) << 8) | (bytes[i + 1] as number))
  let [best, bestLength] = [-1, 1]
  for (let i = 0; i < 8;) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > bestLength) [best, bestLength] = [i, end - i]
    i = end + 1
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':')
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`
}

/** Length of a contiguous mask, or undefined where it has holes. */
export const prefixLength = (mask: Uint8Array): number | undefined => {
  let length = 0
  while (length < mask.length * 8 && ((mask[length >> 3] as number) & (0x80 >> (length & 7))) !== 0) length++
  for (let i = length; i < mask.length * 8; i++) if (((mask[i >> 3] as number) & (0x80 >> (i & 7))) !== 0) return undefined
  return length
}

/** Address and mask of a name constraint (RFC 5280 4.2.1.10): `10.0.0.0/8`, or with the mask written out where it has holes. */
export const subnetText = (bytes: Uint8Array): string | undefined => {
  const half = bytes.length / 2
  const address = ipText(bytes.subarray(0, half))
  if (address === undefined || bytes.length % 2 !== 0) return undefined
  const mask = bytes.subarray(half)
  return `${address}/${prefixLength(mask) ?? (ipText(mask) as string)}`
}
