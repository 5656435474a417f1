const FIRST_SLOTS = 1 << 10

/**
 * How many distinct objects there are, by 64 bits of hash for each: of a million objects nobody asks for anything but their number, and
 * their names would take a hundred megabytes. That two share a hash is less likely than a flipped bit, and costs one of the count.
 */
export class IdentitySet {
  #slots = new Uint32Array(2 * FIRST_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param parts what makes the object distinct, in one order for all */
  add(...parts: readonly string[]): void {
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
    // Both zero is an empty slot.
    if (!put(this.#slots, a >>> 0, b >>> 0 || 1)) return
    if (++this.#size * 4 > this.#slots.length) this.#grow()
  }

  #grow(): void {
    const old = this.#slots
    this.#slots = new Uint32Array(old.length * 2)
    for (let i = 0; i < old.length; i += 2) if (old[i + 1] !== 0) put(this.#slots, old[i] as number, old[i + 1] as number)
  }
}

/** @returns whether it was not there */
const put = (slots: Uint32Array, a: number, b: number): boolean => {
  const last = slots.length - 2
  let at = ((a ^ (b << 7)) << 1) & last
  while (slots[at + 1] !== 0) {
    if (slots[at] === a && slots[at + 1] === b) return false
    at = (at + 2) & last
  }
  slots[at] = a
  slots[at + 1] = b
  return true
}
