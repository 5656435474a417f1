/**
 * Strings of a text, each made once: a dump repeats nearly all that it says, and a string that is a slice of a long text keeps all of
 * that text in memory.
 */
export interface StringCache {
  /** What `text.slice(from, to)` gives. */
  readonly slice: (text: string, from: number, to: number) => string
}

const SLOTS = 1 << 13
/** Longer ones hardly repeat. */
const LONGEST = 96
/** Up to this length a slice is a copy in every engine. */
const COPIED = 12
/** From this length on a value is most of the text that it keeps. */
const LONG = 512

/**
 * A copy that shares nothing with the text. Strings that are joined stay apart until a character is asked for; then they become one, and
 * the engine drops the parts, which it does not do with a slice of a slice.
 */
const detach = (slice: string): string => {
  if (slice.length <= COPIED || slice.length >= LONG) return slice
  const joined = slice.slice(0, COPIED) + slice.slice(COPIED)
  return Number.isNaN(joined.charCodeAt(0)) ? slice : joined
}

/** A cache that forgets: of all strings that fall into one slot the last one is kept. */
export const createStringCache = (): StringCache => {
  const slots = new Array<string>(SLOTS).fill('')
  return {
    slice: (text, from, to) => {
      const length = to - from
      if (length > LONGEST || length === 0) return detach(text.slice(from, to))
      // Names and times differ at their ends.
      let hash = Math.imul(length, 0x9e3779b1) ^ text.charCodeAt(from)
      for (let at = to - 1, stop = Math.max(from, to - 8); at >= stop; at--) hash = Math.imul(hash, 31) + text.charCodeAt(at)
      hash ^= text.charCodeAt(from + (length >> 1)) << 7
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
      const known = slots[slot] as string
      if (known.length === length && text.startsWith(known, from)) return known
      return (slots[slot] = detach(text.slice(from, to)))
    },
  }
}
