/** Adds names to those that are known of their namespace. */
export const addNames = (known: Map<string, Set<string>>, namespace: string, names: Iterable<string>): void => {
  const before = known.get(namespace)
  if (!before) known.set(namespace, new Set(names))
  else for (const name of names) before.add(name)
}
