import { bytesToHex, compareBytes } from './der-writer.ts'
import type { IssuedCertificate } from './certificate-builder.ts'

/** A chain as cert-manager stores it: `tls.crt` from the leaf up without self-signed certificates, and what goes into `ca.crt`. */
export interface BuiltChain {
  readonly chain: readonly IssuedCertificate[]
  readonly ca?: IssuedCertificate
}

/**
 * Orders certificates into one line as cert-manager's ParseSingleCertificateChain does (pkg/util/pki/parse_certificate_chain.go): by raw names
 * and signatures, no dates, no key identifiers. Undefined where they form no single line.
 */
export function buildChain(certificates: readonly IssuedCertificate[]): BuiltChain | undefined {
  const unique = new Map(certificates.map((certificate) => [certificate.fingerprint, certificate]))
  const lines = [...unique.values()].sort((left, right) => compareBytes(left.der, right.der)).map((certificate) => [certificate])
  while (lines.length > 1) {
    const line = lines.pop()
    const joined = line === undefined ? false : joinFirst(lines, line)
    if (!joined) return undefined
  }
  const line = lines[0]
  const top = line?.at(-1)
  if (line === undefined || top === undefined) return undefined
  const topSigned = isSelfSigned(top)
  const chain = line.filter((certificate) => !isSelfSigned(certificate))
  // A single self-signed certificate stays in tls.crt: there is nothing else to serve.
  if (line.length === 1) return { chain: line, ...(topSigned ? { ca: top } : {}) }
  return { chain, ca: top }
}

/** Is this certificate signed with its own key, by the check that Go makes of a parent? Names are not asked. */
export function isSelfSigned(certificate: IssuedCertificate): boolean {
  return signs(certificate, certificate)
}

function joinFirst(lines: IssuedCertificate[][], line: IssuedCertificate[]): boolean {
  for (const [index, other] of lines.entries()) {
    if (isParent(other[0], line.at(-1))) lines[index] = [...line, ...other]
    else if (isParent(line[0], other.at(-1))) lines[index] = [...other, ...line]
    else continue
    return true
  }
  return false
}

function isParent(parent: IssuedCertificate | undefined, child: IssuedCertificate | undefined): boolean {
  if (parent === undefined || child === undefined) return false
  return bytesToHex(parent.subject) === bytesToHex(child.issuer) && signs(parent, child)
}

/** Go's CheckSignatureFrom: a CA whose key usage, if any, allows it, and whose key made the signature. */
function signs(parent: IssuedCertificate, child: IssuedCertificate): boolean {
  return parent.ca && parent.maySign && child.signatureHolds && parent.key.id === child.signedBy
}
