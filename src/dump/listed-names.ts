import { addNames } from './add-names.ts'

/** Kind → namespace → every name that a complete list of that kind and namespace has; `*` (no names) for all namespaces, the empty text for cluster-scoped kinds. */
export type ListedNames = Map<string, Map<string, Set<string>>>

/** Adds names to a list; without names the list is known to be there, and empty. */
export const addListed = (to: ListedNames, kind: string, namespace: string, names: Iterable<string>): void => {
  let ofKind = to.get(kind)
  if (!ofKind) to.set(kind, (ofKind = new Map<string, Set<string>>()))
  addNames(ofKind, namespace, names)
}
