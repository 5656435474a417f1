const HEX_DIGITS = '0123456789abcdef'

/** Lower-case hexadecimal, without separators. */
export const toHex = (bytes: Uint8Array): string => {
  const digits = new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    digits[2 * i] = HEX_DIGITS.charCodeAt(byte >> 4)
    digits[2 * i + 1] = HEX_DIGITS.charCodeAt(byte & 15)
  }
  return toLatin1(digits)
}

/** Whether two runs of bytes are the same; not in constant time, nothing secret is compared. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Puts runs of bytes one behind the other. */
export const concatBytes = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Bytes as a string of code units 0–255: a map key, and the text of what is ASCII anyway. */
export const toLatin1 = (bytes: Uint8Array): string => {
  // `apply` takes any array-like; spreading would walk the iterator of the bytes.
  if (bytes.length <= 0x1000) return String.fromCharCode.apply(null, bytes as unknown as number[])
  let out = ''
  for (let i = 0; i < bytes.length; i += 0x1000)
    out += String.fromCharCode.apply(null, bytes.subarray(i, i + 0x1000) as unknown as number[])
  return out
}

const DECODE = new Int8Array(256).fill(-1)
for (const [index, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  DECODE[char.charCodeAt(0)] = index

const isBlank = (code: number): boolean => code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09

const encoder = new TextEncoder()

/** @returns how many octets were written to `out`; undefined where the text is no base64 */
const decodeBase64 = (text: Uint8Array, length: number, padding: number, out: Uint8Array): number | undefined => {
  let used = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < length;) {
    // Four digits at a time, as long as nothing stands between them: a digit that is none makes the sum negative.
    if (held === 0)
      while (i + 4 <= length) {
        const quad =
          ((DECODE[text[i] as number] as number) << 18) |
          ((DECODE[text[i + 1] as number] as number) << 12) |
          ((DECODE[text[i + 2] as number] as number) << 6) |
          (DECODE[text[i + 3] as number] as number)
        if (quad < 0) break
        out[used] = quad >> 16
        out[used + 1] = quad >> 8
        out[used + 2] = quad
        used += 3
        i += 4
      }
    if (i >= length) break
    const code = text[i++] as number
    const digit = DECODE[code] as number
    if (digit < 0) {
      if (isBlank(code)) continue
      return undefined
    }
    bits = (bits << 6) | digit
    if (++held < 4) continue
    out[used] = bits >> 16
    out[used + 1] = bits >> 8
    out[used + 2] = bits
    used += 3
    bits = 0
    held = 0
  }
  if (held === 1) return undefined
  if (padding > 0 && (held === 0 || held + padding !== 4)) return undefined
  if (padding === 0 && held !== 0) return undefined
  if (held === 2) out[used++] = bits >> 4
  else if (held === 3) {
    out[used++] = bits >> 10
    out[used++] = bits >> 2
  }
  return used
}

/**
 * Decodes standard base64 (RFC 4648 section 4), passing over line ends and blanks.
 * @param input the base64 text, or its octets
 * @returns undefined when there is any other character, wrong padding or a dangling character.
 */
export const fromBase64 = (input: string | Uint8Array): Uint8Array | undefined => {
  const text = typeof input === 'string' ? encoder.encode(input) : input
  let length = text.length
  let padding = 0
  while (length > 0) {
    const code = text[length - 1] as number
    if (code === 0x3d && padding < 2) padding++
    else if (!isBlank(code)) break
    length--
  }
  const out = new Uint8Array(Math.floor((length * 3) / 4))
  const used = decodeBase64(text, length, padding, out)
  if (used === undefined) {
    // What was decoded until then may be the beginning of a private key.
    out.fill(0)
    return undefined
  }
  return used === out.length ? out : out.subarray(0, used)
}

/** Do these ASCII characters stand at this offset? */
export const startsWithAt = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
