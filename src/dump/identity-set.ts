const FIRST_SLOTS = 1 << 10
/** Slots that are looked at for one object. Names can be made so that all of them want the same slot; those are kept elsewhere. */
const PROBES = 64

/** 64 bits of hash, in two halves; the second is never zero, which is an empty slot. */
export const identityHash = (parts: readonly string[]): readonly [number, number] => {
  let [a, b] = [0x811c9dc5, 0x9e3779b9]
  for (const part of parts) {
    for (let i = 0; i <= part.length; i++) {
      // Behind each part stands what no text has: `a/b`, `c` is not `a`, `b/c`.
      const code = i < part.length ? part.charCodeAt(i) : 0x10000
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x85ebca6b)
      b ^= b >>> 13
    }
  }
  return [a >>> 0, b >>> 0 || 1]
}

/** The place of a hash among so many slots, a power of two. */
export const slotOf = ([a, b]: readonly [number, number], slots: number): number => (a ^ (b << 7)) & (slots - 1)

/**
 * How many distinct objects there are, by 64 bits of hash for each: of a million objects nobody asks for anything but their number, and
 * their names would take a hundred megabytes. That two share a hash is less likely than a flipped bit, and costs one of the count.
 */
export class IdentitySet {
  #slots = new Uint32Array(2 * FIRST_SLOTS)
  #size = 0
  /** Hashes that found no slot, in a set that nobody can crowd. */
  readonly #crowded = new Set<string>()

  get size(): number {
    return this.#size + this.#crowded.size
  }

  /** @param parts what makes the object distinct, in one order for all */
  add(...parts: readonly string[]): void {
    const [a, b] = identityHash(parts)
    if (this.#put(a, b) && ++this.#size * 4 > this.#slots.length) this.#grow()
  }

  /** @returns whether a slot was filled */
  #put(a: number, b: number): boolean {
    if (this.#crowded.size > 0 && this.#crowded.has(`${a} ${b}`)) return false
    const done = put(this.#slots, a, b)
    if (done === undefined) this.#crowded.add(`${a} ${b}`)
    return done === true
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    this.#size = 0
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0 && this.#put(old[i] as number, old[i + 1] as number)) this.#size++
  }
}

/** @returns whether it was not there; undefined where there is no room near its place */
const put = (slots: Uint32Array, a: number, b: number): boolean | undefined => {
  const last = slots.length - 2
  let at = 2 * slotOf([a, b], slots.length / 2)
  for (let probe = 0; probe < PROBES; probe++) {
    if (slots[at + 1] === 0) {
      slots[at] = a
      slots[at + 1] = b
      return true
    }
    if (slots[at] === a && slots[at + 1] === b) return false
    at = (at + 2) & last
  }
  return undefined
}
