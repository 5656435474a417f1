/** Octets of r and of s on the curves that WebCrypto has. */
const FIELD_OCTETS: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 }

/** Reads a positive, minimal INTEGER into the `octets` before `to` in `out`; returns the offset behind it, or -1. */
const readScalar = (der: Uint8Array, at: number, end: number, out: Uint8Array, to: number, octets: number): number => {
  if (at + 2 > end || der[at] !== 0x02) return -1
  const length = der[at + 1] as number
  let from = at + 2
  if (length === 0 || length >= 0x80 || from + length > end) return -1
  const stop = from + length
  if ((der[from] as number) >= 0x80) return -1
  if (der[from] === 0 && length > 1) {
    if ((der[from + 1] as number) < 0x80) return -1
    from++
  }
  if (stop - from > octets) return -1
  out.set(der.subarray(from, stop), to - (stop - from))
  return stop
}

/**
 * Turns Ecdsa-Sig-Value (RFC 3279 2.2.3) into r and s of the field's length, one behind the other, as WebCrypto wants them.
 * Strict: definite and minimal lengths, positive minimal integers, nothing behind.
 * @returns undefined where it is not that
 */
export const ecdsaSignatureToRaw = (der: Uint8Array, curve: string): Uint8Array | undefined => {
  const octets = FIELD_OCTETS[curve]
  if (octets === undefined || der[0] !== 0x30) return undefined
  let at = 2
  let length = der[1] ?? 0
  if (length === 0x81) {
    length = der[2] ?? 0
    at = 3
    if (length < 0x80) return undefined
  } else if (length >= 0x80) return undefined
  if (at + length !== der.length) return undefined
  const out = new Uint8Array(2 * octets)
  at = readScalar(der, at, der.length, out, octets, octets)
  if (at < 0) return undefined
  return readScalar(der, at, der.length, out, 2 * octets, octets) === der.length ? out : undefined
}
