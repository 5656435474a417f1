import type { Name } from './name.ts'

/**
 * RFC 5280 4.2.1.10, 7.1: is the name in the subtree, that is, do the constraint's RDNs stand at its start? The normalised form is
 * self-delimiting and puts a comma between RDNs, so that a start of the text that ends before a comma is a start of the name.
 */
export const isInDirectorySubtree = (name: Name, constraint: Name): boolean =>
  constraint.rdns.length === 0 ||
  (name.rdns.length >= constraint.rdns.length &&
    (name.normalized === constraint.normalized || name.normalized.startsWith(`${constraint.normalized},`)))
