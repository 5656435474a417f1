/** Orders strings by UTF-16 code units: the same on every machine, unlike `localeCompare`. */
export const compareStrings = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The smallest of any number of values; Infinity where there is none. */
export const smallest = (values: Iterable<number>): number => {
  let found = Infinity
  for (const value of values) if (value < found) found = value
  return found
}

/** The largest of any number of values; -Infinity where there is none. */
export const largest = (values: Iterable<number>): number => {
  let found = -Infinity
  for (const value of values) if (value > found) found = value
  return found
}

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
