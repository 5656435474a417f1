/** Joins chunks of a text to what is still needed of the text before them, and copies as little as it can. */
export interface ChunkJoiner {
  /**
   * @param bytes the text as the last call gave it
   * @param from first byte of it that is still needed
   * @returns the text with the chunk behind it; `shift` bytes at its start are gone. What was given before is overwritten.
   */
  readonly join: (bytes: Uint8Array, from: number, chunk: Uint8Array) => { readonly bytes: Uint8Array; readonly shift: number }
  /** Will the next call overwrite these bytes? */
  readonly isHeld: (bytes: Uint8Array) => boolean
}

const FIRST_BUFFER = 1 << 18

/** For one text; it keeps one buffer, as large as the longest piece that was needed at once, and uses it again. */
export const createChunkJoiner = (): ChunkJoiner => {
  let buffer = new Uint8Array(0)
  const isHeld = (bytes: Uint8Array): boolean => bytes.buffer === buffer.buffer
  return {
    isHeld,
    join: (bytes, from, chunk) => {
      const rest = bytes.length - from
      if (rest <= 0) return { bytes: chunk, shift: from }
      const isOurs = isHeld(bytes)
      if (!isOurs && bytes.buffer === chunk.buffer && bytes.byteOffset + bytes.length === chunk.byteOffset) {
        // Slices of one array, one behind the other: what is needed is read where it lies.
        return { bytes: new Uint8Array(chunk.buffer, bytes.byteOffset + from, rest + chunk.length), shift: from }
      }
      const length = bytes.length + chunk.length
      if (isOurs && length <= buffer.length) {
        buffer.set(chunk, bytes.length)
        return { bytes: buffer.subarray(0, length), shift: 0 }
      }
      const needed = bytes.subarray(from)
      if (rest + chunk.length > buffer.length) buffer = new Uint8Array(Math.max(FIRST_BUFFER, (rest + chunk.length) * 2))
      // In its own buffer it moves to the front; `set` minds that the two may overlap.
      buffer.set(needed)
      buffer.set(chunk, rest)
      return { bytes: buffer.subarray(0, rest + chunk.length), shift: from }
    },
  }
}
