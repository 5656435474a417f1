/** Orders strings by UTF-16 code units: the same on every machine, unlike `localeCompare`. */
export const compareStrings = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Orders by the first comparison that tells two values apart. */
export const compareBy =
  <T>(...keys: readonly ((value: T) => string | number)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const left = key(a)
      const right = key(b)
      if (left < right) return -1
      if (left > right) return 1
    }
    return 0
  }
