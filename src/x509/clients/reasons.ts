import type { Refusal, RefusalCode } from './client.ts'
import type { ClientFamily } from './habits.ts'

/** Plain English for each code, and the client's own word for it where it has one. */
const texts: Readonly<Record<RefusalCode, { readonly text: string; readonly own?: Partial<Record<ClientFamily, string>> }>> = {
  'unreadable-certificate': { text: 'a sent certificate cannot be parsed' },
  'unreadable-anchor': { text: 'an anchor cannot be parsed' },
  'no-path': {
    text: 'no path to an anchor',
    own: {
      go: 'certificate signed by unknown authority',
      openssl: 'unable to get local issuer certificate',
      java: 'unable to find valid certification path to requested target',
      rustls: 'UnknownIssuer',
    },
  },
  expired: { text: 'expired', own: { openssl: 'certificate has expired', java: 'CertificateExpiredException', rustls: 'CertExpired' } },
  'not-yet-valid': {
    text: 'not yet valid',
    own: { openssl: 'certificate is not yet valid', java: 'CertificateNotYetValidException', rustls: 'CertNotValidYet' },
  },
  'invalid-date': { text: 'invalid date', own: { openssl: 'format error in certificate', rustls: 'BadDerTime' } },
  signature: {
    text: 'signature does not verify',
    own: { openssl: 'certificate signature failure', java: 'signature check failed', rustls: 'InvalidSignatureForPublicKey' },
  },
  'weak-signature': {
    text: 'weak signature algorithm',
    own: { go: 'InsecureAlgorithmError', openssl: 'CA signature digest algorithm too weak', rustls: 'UnsupportedSignatureAlgorithm' },
  },
  'weak-key': { text: 'key too small', own: { openssl: 'CA certificate key too weak' } },
  'unsupported-algorithm': { text: 'unsupported signature algorithm', own: { rustls: 'UnsupportedSignatureAlgorithm' } },
  'unsupported-key': { text: 'unsupported key', own: { rustls: 'UnsupportedSignatureAlgorithmForPublicKey' } },
  'not-a-ca': {
    text: 'an issuer is no CA',
    own: {
      go: 'parent certificate cannot sign this kind of certificate',
      openssl: 'invalid CA certificate',
      java: 'this is not a CA certificate',
      rustls: 'EndEntityUsedAsCa',
    },
  },
  'key-usage': { text: 'key usage', own: { openssl: 'key usage does not include certificate signing', java: 'INVALID_KEY_USAGE' } },
  'path-length': {
    text: 'path length exceeded',
    own: {
      go: 'too many intermediates for path length constraint',
      openssl: 'path length constraint exceeded',
      java: 'PATH_TOO_LONG',
      rustls: 'PathLenConstraintViolated',
    },
  },
  'too-many-intermediates': { text: 'too many intermediates', own: { rustls: 'MaximumPathDepthExceeded' } },
  'extended-key-usage': {
    text: 'extended key usage',
    own: {
      go: 'certificate specifies an incompatible key usage',
      openssl: 'unsuitable certificate purpose',
      java: 'Extended key usage does not permit use',
      rustls: 'RequiredEkuNotFound',
    },
  },
  'critical-extension': {
    text: 'unknown critical extension',
    own: {
      go: 'unhandled critical extension',
      openssl: 'unhandled critical extension',
      java: 'UNRECOGNIZED_CRIT_EXT',
      rustls: 'UnsupportedCriticalExtension',
    },
  },
  'name-constraints': {
    text: 'name constraints',
    own: {
      go: 'CANotAuthorizedForThisName',
      openssl: 'permitted or excluded subtree violation',
      java: 'INVALID_NAME',
      rustls: 'NameConstraintViolation',
    },
  },
  'name-mismatch': {
    text: 'not valid for the name',
    own: { go: 'HostnameError', openssl: 'hostname mismatch', java: 'CertificateException', rustls: 'CertNotValidForName' },
  },
  'ca-as-leaf': { text: 'the leaf is a CA', own: { rustls: 'CaUsedAsEndEntity' } },
  'anchor-not-self-signed': { text: 'the anchor is not self-signed', own: { openssl: 'unable to get issuer certificate' } },
  'anchor-not-a-ca': {
    text: 'the anchor is no CA',
    own: { go: 'parent certificate cannot sign this kind of certificate', java: 'TrustAnchor is not a CA certificate' },
  },
  policy: { text: 'required policy missing', own: { go: 'NoValidChains' } },
  'malformed-extension': { text: 'malformed extension' },
  strict: { text: 'refused by strict checks', own: { openssl: 'X509_V_FLAG_X509_STRICT' } },
}

/** A short reason: `code: text (detail) [the client's own word]`. */
export const reasonText = ({ code, detail }: Refusal, family: ClientFamily): string => {
  const aside = detail === undefined ? '' : ` (${detail})`
  if (code === 'unknown') return `unknown: not predicted${aside}`
  const { text, own } = texts[code]
  const word = own?.[family]
  return `${code}: ${text}${aside}${word === undefined ? '' : ` [${word}]`}`
}
