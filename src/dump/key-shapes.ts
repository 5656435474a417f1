/** Nodes that one reader may make: far more than the kinds of a cluster have fields, and little memory. */
const MOST = 10_000

/**
 * A key of a mapping, behind the keys that stood before it there. Mappings of one kind have the same keys in the same order, so the key
 * that came here last is looked for first, and needs no search for its end and none for another of the same name.
 */
export class KeyShape {
  readonly key: string
  /** The key that came last behind this one. */
  next: KeyShape | undefined = undefined
  /** The mapping that stands under this key, or the items of its list: what stands before their first key. */
  inner: KeyShape | undefined = undefined
  /** Keys that the last mapping had which began here. */
  size = 0
  #all: Map<string, KeyShape> | undefined = undefined

  constructor(key: string) {
    this.key = key
  }

  get(key: string): KeyShape | undefined {
    return this.#all?.get(key)
  }

  add(shape: KeyShape): void {
    this.#all ??= new Map()
    this.#all.set(shape.key, shape)
  }
}

/** The shapes that one reader has met; it forgets none, and takes no more in when it has many. */
export class KeyShapes {
  readonly root = new KeyShape('')
  #left = MOST

  /** @returns the shape of `key` behind `shape`; undefined where there is none and room for none */
  step(shape: KeyShape, key: string): KeyShape | undefined {
    let next = shape.get(key)
    if (next === undefined) {
      if (this.#left-- <= 0) return undefined
      next = new KeyShape(key)
      shape.add(next)
    }
    return (shape.next = next)
  }

  /** @returns what stands before the first key of the mapping under this one */
  within(shape: KeyShape): KeyShape | undefined {
    if (shape.inner === undefined && this.#left-- > 0) shape.inner = new KeyShape('')
    return shape.inner
  }
}

/**
 * Makers of ordinary objects. The engine learns for each how many keys its objects come to, and gives them room for as many at once;
 * a literal has room for four, and what it gets beyond is kept apart and moved as it grows.
 */
const MAKERS = [5, 6, 7, 8].map(() => {
  const Maker = function () {
    // Nothing of its own.
  } as unknown as new () => Record<string, never>
  Maker.prototype = Object.prototype
  return Maker
})

/** An empty object for about so many keys. */
export const objectOfSize = (size: number): Record<string, never> => {
  const Maker = MAKERS[size - 5]
  return Maker ? new Maker() : {}
}

/** Does the text have this key at `at`, with its colon and what must follow it? */
export const hasKeyAt = (text: string, at: number, key: string): boolean => {
  const colon = at + key.length
  if (colon + 1 >= text.length || text.charCodeAt(colon) !== 58) return false
  const after = text.charCodeAt(colon + 1)
  return (after === 32 || after === 10) && text.startsWith(key, at)
}
