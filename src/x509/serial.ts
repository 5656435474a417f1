import { toHex } from '../base/bytes.ts'

/**
 * A serial number as lower-case hex of its magnitude in whole octets, without the octet that only holds the sign: `00`, `7f`, `80ab`,
 * `-01`. So equal numbers are equal texts, however they are encoded.
 */
export const serialText = (content: Uint8Array): string => {
  const negative = (content[0] as number) >= 0x80
  let magnitude = content
  if (negative) {
    magnitude = content.map((octet) => ~octet & 0xff)
    for (let i = magnitude.length - 1; i >= 0; i--) {
      magnitude[i] = ((magnitude[i] as number) + 1) & 0xff
      if (magnitude[i] !== 0) break
    }
  }
  let from = 0
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++
  return (negative ? '-' : '') + toHex(magnitude.subarray(from))
}
