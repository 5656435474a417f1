/** The bytes from `from` to `to`, without the given ranges, which are sorted and lie inside. */
export const withoutRanges = (bytes: Uint8Array, from: number, to: number, ranges: readonly (readonly [number, number])[]): Uint8Array => {
  const kept = new Uint8Array(to - from)
  let length = 0
  let start = from
  for (const [rangeFrom, rangeTo] of [...ranges, [to, to] as const]) {
    kept.set(bytes.subarray(start, rangeFrom), length)
    length += rangeFrom - start
    start = rangeTo
  }
  return kept.subarray(0, length)
}
