import { foldText } from './decode-name.ts'
import type { Name, NameAttribute } from './name.ts'

/** What RFC 4518 2.2 maps to nothing: controls that are no blanks, formatting characters, joiners and variation selectors. */
const INVISIBLE = /[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f\ufffc]/gu

const looseAttribute = ({ oid, value }: NameAttribute): string => {
  const visible = value.replace(INVISIBLE, '')
  const text = foldText(visible) ?? visible
  return `${oid}=${text.length}:${text}`
}

const looseNames = new WeakMap<Name, string>()

/** The name without regard to string types, case, blanks and characters that nobody sees: what a reader takes for the same is the same. */
const looseName = (name: Name): string => {
  const known = looseNames.get(name)
  if (known !== undefined) return known
  const loose = name.rdns.map((rdn) => rdn.map(looseAttribute).sort().join('+')).join(',')
  looseNames.set(name, loose)
  return loose
}

const startsWithName = (name: string, start: string): boolean =>
  name.startsWith(start) && (name.length === start.length || name[start.length] === ',')

/**
 * RFC 5280 4.2.1.10, 7.1: is the name in the subtree, that is, do the constraint's RDNs stand at its start? The normalised form is
 * self-delimiting and puts a comma between RDNs, so that a start of the text that ends before a comma is a start of the name.
 */
export const isInDirectorySubtree = (name: Name, constraint: Name): boolean =>
  constraint.rdns.length === 0 || (name.rdns.length >= constraint.rdns.length && startsWithName(name.normalized, constraint.normalized))

/**
 * Could somebody take the name for one of an excluded subtree? RFC 5280 7.1 leaves it open how strings of other types than
 * PrintableString and UTF8String compare; where a name is forbidden, writing it in another type, or with a character that nobody sees, is
 * no way around.
 */
export const isInExcludedDirectorySubtree = (name: Name, constraint: Name): boolean =>
  isInDirectorySubtree(name, constraint) ||
  (name.rdns.length >= constraint.rdns.length && startsWithName(looseName(name), looseName(constraint)))
