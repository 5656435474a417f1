import type { Refusal } from './client.ts'
import { refuse } from './client.ts'
import type { ClientView } from './client-view.ts'

const KEY_CERT_SIGN = 32
const CRL_SIGN = 64
/** sslCA, emailCA and objCA. */
const NETSCAPE_CA = 0xe0

/** What X509_V_FLAG_X509_STRICT asks of one certificate of a path of two or more (OpenSSL's check_extensions). */
const strictReason = (view: ClientView, top: boolean): string | undefined => {
  const { basicConstraints, keyUsage, subjectAltName, certificate } = view
  const ca = basicConstraints?.ca === true
  const bits = keyUsage?.bits ?? 0xffff
  if (basicConstraints?.pathLength !== undefined) {
    if (!ca) return 'path length in what is no CA'
    if ((bits & KEY_CERT_SIGN) === 0) return 'path length without keyCertSign'
  }
  if (ca && !basicConstraints.critical) return 'basicConstraints of a CA not critical'
  if (ca && !keyUsage) return 'CA without keyUsage'
  if (!ca && keyUsage && (bits & KEY_CERT_SIGN) !== 0) return 'keyCertSign in what is no CA'
  if (certificate.issuer.empty) return 'empty issuer'
  if (certificate.subject.empty) {
    if (ca || (keyUsage && (bits & CRL_SIGN) !== 0) || !subjectAltName) return 'empty subject'
    if (!subjectAltName.critical) return 'empty subject and subjectAltName not critical'
  }
  if (subjectAltName && subjectAltName.names.length === 0) return 'empty subjectAltName'
  if (certificate.flaws.some(({ code }) => code === 'algorithms-differ' || code === 'algorithms-differ-in-null'))
    return 'signature algorithms differ'
  if (view.authorityKeyIdentifier?.critical || view.subjectKeyIdentifier?.critical) return 'critical key identifier'
  if (certificate.version < 3) return certificate.extensions.length > 0 ? 'extensions without version 3' : undefined
  if (!top && !view.authorityKeyIdentifier?.id) return 'no authorityKeyIdentifier'
  return ca && !view.subjectKeyIdentifier ? 'CA without subjectKeyIdentifier' : undefined
}

const isStrictCa = (view: ClientView): boolean =>
  view.basicConstraints ? view.basicConstraints.ca && (view.keyUsage === undefined || (view.keyUsage.bits & KEY_CERT_SIGN) !== 0) : false

/** A leaf for which X509_check_ca answers neither yes nor no: without basicConstraints, but of version 1 and self-signed, or with a usage of CAs. */
const looksLikeCa = ({ basicConstraints, keyUsage, netscapeCertType, certificate }: ClientView): boolean => {
  if (basicConstraints || (keyUsage && (keyUsage.bits & KEY_CERT_SIGN) === 0)) return false
  const version1 = certificate.version === 1 && certificate.selfIssued.openssl
  return version1 || keyUsage !== undefined || ((netscapeCertType?.bits ?? 0) & NETSCAPE_CA) !== 0
}

/** Strict checks of a path, leaf first. */
export const checkStrict = (path: readonly ClientView[]): Refusal | undefined => {
  const last = path.length - 1
  for (const [index, view] of path.entries()) {
    if (view.invalid !== undefined) return refuse('malformed-extension', view.invalid)
    if (index > 0 && !isStrictCa(view)) return refuse('strict', 'invalid CA certificate')
    if (index === 0 && looksLikeCa(view)) return refuse('strict', 'a leaf without basicConstraints that could be a CA')
    const reason = last > 0 ? strictReason(view, index === last) : undefined
    if (reason !== undefined) return refuse('strict', reason)
  }
  return undefined
}
