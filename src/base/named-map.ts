/** A map by namespace and name. It makes no text of the two for a look-up: a large dump is asked hundreds of thousands of times. */
export class NamedMap<T> {
  readonly #namespaces = new Map<string, Map<string, T>>()
  /** The last namespace that was looked up: inventories are sorted by it. */
  #namespace = ''
  #names: Map<string, T> | undefined

  #namesOf(namespace: string): Map<string, T> | undefined {
    if (this.#names === undefined || namespace !== this.#namespace) {
      this.#names = this.#namespaces.get(namespace)
      this.#namespace = namespace
    }
    return this.#names
  }

  /** @param namespace undefined for what has none */
  get(namespace: string | undefined, name: string): T | undefined {
    return this.#namesOf(namespace ?? '')?.get(name)
  }

  set(namespace: string | undefined, name: string, value: T): void {
    const names = this.#namesOf(namespace ?? '')
    if (names) names.set(name, value)
    else this.#namespaces.set(namespace ?? '', new Map([[name, value]]))
  }

  /** Puts an item at the end of the list under this name. */
  static push<T>(map: NamedMap<T[]>, namespace: string | undefined, name: string, item: T): void {
    const list = map.get(namespace, name)
    if (list) list.push(item)
    else map.set(namespace, name, [item])
  }
}
