/** Reads a stream of chunks by counts of bytes. */
export interface ByteQueue {
  /** Tries to hold at least `count` bytes; resolves to how many are held, fewer only at the end of the stream. */
  readonly hold: (count: number) => Promise<number>
  /** Bytes that are held, up to `count`; not taken. */
  readonly peek: (count: number) => Uint8Array
  /** Exactly `count` bytes, or undefined where the stream ends before. */
  readonly take: (count: number) => Promise<Uint8Array | undefined>
  /** The next bytes in whatever pieces they come, at most `count`; undefined at the end of the stream. */
  readonly some: (count: number) => Promise<Uint8Array | undefined>
  /** Passes over bytes; false where the stream ends before. */
  readonly skip: (count: number) => Promise<boolean>
  /** Bytes that came out of the stream so far. */
  readonly passed: () => number
  readonly close: () => Promise<void>
}

const NONE = new Uint8Array(0)

/** Nothing is read before it is asked for, and nothing is held beyond what was asked for and the chunk it came in. */
export const createByteQueue = (stream: AsyncIterable<Uint8Array>): ByteQueue => {
  const iterator = stream[Symbol.asyncIterator]()
  let held: Uint8Array = NONE
  let ended = false
  let passed = 0

  const more = async (): Promise<Uint8Array | undefined> => {
    while (!ended) {
      const next = await iterator.next()
      if (next.done === true) ended = true
      else if (next.value.length > 0) {
        passed += next.value.length
        return next.value
      }
    }
    return undefined
  }

  const keep = (parts: readonly Uint8Array[], length: number): void => {
    if (parts.length < 2) return
    const joined = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    held = joined
  }

  const hold = async (count: number): Promise<number> => {
    if (held.length >= count) return held.length
    const parts: Uint8Array[] = [held]
    let length = held.length
    try {
      while (length < count) {
        const chunk = await more()
        if (!chunk) break
        parts.push(chunk)
        length += chunk.length
      }
    } finally {
      // Also where the stream breaks: what came before is still good.
      keep(parts, length)
    }
    return length
  }

  const some = async (count: number): Promise<Uint8Array | undefined> => {
    if (held.length === 0) held = (await more()) ?? NONE
    if (held.length === 0) return undefined
    const out = held.subarray(0, count)
    held = held.subarray(out.length)
    return out
  }

  return {
    hold,
    peek: (count) => held.subarray(0, count),
    take: async (count) => {
      if ((await hold(count)) < count) return undefined
      const out = held.subarray(0, count)
      held = held.subarray(count)
      return out
    },
    some,
    skip: async (count) => {
      let left = count
      while (left > 0) {
        const chunk = await some(left)
        if (!chunk) return false
        left -= chunk.length
      }
      return true
    },
    passed: () => passed,
    close: async () => {
      ended = true
      held = NONE
      await iterator.return?.()
    },
  }
}

/** All that is left of a queue, as a stream. */
export async function* restOf(queue: ByteQueue): AsyncGenerator<Uint8Array> {
  for (let chunk = await queue.some(Infinity); chunk; chunk = await queue.some(Infinity)) yield chunk
}
