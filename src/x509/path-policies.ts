import { readDer } from './path-der.ts'

/**
 * Is this a certificatePolicies value (RFC 5280 4.2.1.4) on its face: a SEQUENCE of at least one PolicyInformation, each a SEQUENCE that
 * starts with an OID, no policy twice? Qualifiers are not looked into: they decide nothing.
 */
export const isPoliciesWellFormed = (value: Uint8Array): boolean => {
  const all = readDer(value, 0, value.length)
  if (!all || all.tag !== 0x30 || all.to !== value.length || all.from === all.to) return false
  const seen = new Set<string>()
  for (let at = all.from; at < all.to;) {
    const information = readDer(value, at, all.to)
    const oid = information?.tag === 0x30 ? readDer(value, information.from, information.to) : undefined
    // An arc's last octet is the one without the top bit (X.690 8.19.2).
    if (!information || oid?.tag !== 0x06 || oid.from === oid.to || (value[oid.to - 1] as number) >= 0x80) return false
    const key = value.subarray(oid.from, oid.to).join('.')
    if (seen.has(key)) return false
    seen.add(key)
    at = information.to
  }
  return true
}
