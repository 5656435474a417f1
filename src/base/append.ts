/** Puts items at the end of a list, however many there are: as arguments of `push`, a hundred thousand would not fit on the stack. */
export const append = <T>(list: T[], items: Iterable<T>): void => {
  for (const item of items) list.push(item)
}
