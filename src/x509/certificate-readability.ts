import type { X509Certificate } from './certificate.ts'
import { certificateProblemKind } from './certificate-problem.ts'
import type { Name } from './name.ts'

/** Curves that Go's crypto/x509 knows. */
const GO_CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521', '1.3.132.0.33'])

/** What Go reads although its definition is not met: it stops reading where it has what it wants, and wants no least number. */
const READ_BY_GO: ReadonlySet<string> = new Set(['2.5.29.17 empty', '2.5.29.37 empty'])

/** The string types that Go reads in a name: UTF8, Numeric, Printable, T61, IA5 and BMPString. */
const GO_STRINGS: ReadonlySet<number> = new Set([12, 18, 19, 20, 22, 30])

const hasGoStrings = ({ rdns }: Name): boolean => rdns.every((rdn) => rdn.every(({ tag }) => GO_STRINGS.has(tag)))

const isReadByGo = (detail: string): boolean =>
  READ_BY_GO.has(detail) || (detail.endsWith(' trailing data') && !detail.startsWith('2.5.29.30 '))

/**
 * Does Go's crypto/x509.ParseCertificate (Go 1.26), and cert-manager with it, take this certificate? Where it does not, cert-manager
 * calls the whole value of tls.crt unreadable. Syntax of URIs and of host names in constraints is not looked at here.
 */
export const isReadableByGo = ({ problems, publicKey, subject, issuer }: X509Certificate): boolean => {
  for (const { code, detail } of problems) {
    if (code === 'extension-malformed' ? !isReadByGo(detail ?? '') : certificateProblemKind(code)?.goRefuses) return false
  }
  if (!hasGoStrings(subject) || !hasGoStrings(issuer)) return false
  if (publicKey.algorithm !== 'ECDSA') return true
  return publicKey.curve !== undefined && GO_CURVES.has(publicKey.curve) && publicKey.key[0] === 4
}
