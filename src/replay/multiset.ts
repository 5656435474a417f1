/** Are two lists equal up to their order, counting repetitions? cert-manager compares all its lists this way. */
export const sameMultiset = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false
  if (a.length === 0) return true
  if (a.length === 1) return a[0] === b[0]
  let inOrder = true
  for (let i = 0; i < a.length && inOrder; i++) inOrder = a[i] === b[i]
  if (inOrder) return true
  const counts = new Map<string, number>()
  for (const item of a) counts.set(item, (counts.get(item) ?? 0) + 1)
  for (const item of b) {
    const left = counts.get(item)
    if (left === undefined || left === 0) return false
    counts.set(item, left - 1)
  }
  return true
}
