const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hexadecimal, without separators. */
export const toHex = (bytes: Uint8Array): string => {
  let out = ''
  for (const byte of bytes) out += HEX[byte] ?? ''
  return out
}

/** Whether two runs of bytes are the same; not in constant time, nothing secret is compared. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Bytes as a string of code units 0–255: a map key, and the text of what is ASCII anyway. */
export const toLatin1 = (bytes: Uint8Array): string => {
  let out = ''
  for (let i = 0; i < bytes.length; i += 0x8000) out += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return out
}

const DECODE = new Int8Array(256).fill(-1)
for (const [index, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  DECODE[char.charCodeAt(0)] = index

/**
 * Decodes standard base64 (RFC 4648 section 4), passing over line ends and blanks.
 * @returns undefined when there is any other character, wrong padding or a dangling character.
 */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  let length = text.length
  let padding = 0
  while (length > 0) {
    const code = text.charCodeAt(length - 1)
    if (code === 0x3d && padding < 2) padding++
    else if (code !== 0x0a && code !== 0x0d && code !== 0x20 && code !== 0x09) break
    length--
  }
  const out = new Uint8Array(Math.floor((length * 3) / 4))
  let bits = 0
  let held = 0
  let used = 0
  let digits = 0
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    const digit = code < 256 ? (DECODE[code] as number) : -1
    if (digit < 0) {
      if (code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09) continue
      return undefined
    }
    digits++
    bits = ((bits << 6) | digit) & 0xffffff
    held += 6
    if (held >= 8) {
      held -= 8
      out[used++] = (bits >> held) & 0xff
    }
  }
  const rest = digits % 4
  if (rest === 1) return undefined
  if (padding > 0 && (rest === 0 || rest + padding !== 4)) return undefined
  if (padding === 0 && rest !== 0) return undefined
  return out.subarray(0, used)
}
