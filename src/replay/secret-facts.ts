import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { BundleEntry, CertificateBundle, SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { PrivateKeyFacts } from '../x509/public-key.ts'
import type { Behaviours } from './behaviours.ts'
import type { CertificateNames } from './certificate-names.ts'
import { isParsedByGo, readCertificateNames } from './certificate-names.ts'
import { detailsAnnotations } from './details-annotations.ts'
import { readManagedFields } from './managed-fields.ts'
import type { CertificateReading, CsrReading, KeyReading, SecretFacts } from './policies/policy-input.ts'
import { isKnownKey } from './policies/secret-data.ts'

/** cert-manager's field manager for the Secrets that it issues into. */
export const FIELD_MANAGER = 'cert-manager-certificates-issuing'

const WHY_KEY: Readonly<Record<Extract<PrivateKeyFacts, { status: 'unreadable' }>['code'], string>> = {
  'not-pem': 'error decoding private key PEM block: no PEM data was found in given input',
  encrypted: 'unknown private key type: ENCRYPTED PRIVATE KEY',
  'ec-parameters-first': 'unknown private key type: EC PARAMETERS',
  unsupported: 'unknown private key type',
  malformed: 'error parsing private key',
}

const readKey = ({ tlsKey }: SecretResource): KeyReading => {
  const { status, facts } = tlsKey
  if (status === 'masked') return { status: 'hidden' }
  if (status === 'unknown') return { status: 'unknown' }
  if (status !== 'present' || !facts) return { status: 'unreadable', why: WHY_KEY['not-pem'] }
  if (facts.status === 'unreadable') return { status: 'unreadable', why: WHY_KEY[facts.code] }
  return isKnownKey(facts.publicKey) ? { status: 'read', key: facts.publicKey } : { status: 'unreadable', why: WHY_KEY.unsupported }
}

const NO_CERTIFICATE = 'error decoding certificate PEM block: no valid certificates found'

/** Blocks that Go's PEM reader passes over; what is wrong with them does not matter to cert-manager. */
const isPassedOver = (entry: BundleEntry): boolean => 'failure' in entry && entry.failure.code.startsWith('pem-')

/**
 * A PEM bundle as cert-manager decodes it: blocks of any label, and one that is no certificate spoils the whole value
 * (facts of cert-manager 4.3).
 * @returns the certificates, at least one, with the names of the first; or why not
 */
export const readGoBundle = (
  bundle: CertificateBundle,
): { readonly certificates: readonly X509Certificate[]; readonly firstNames: CertificateNames | undefined } | { readonly why: string } => {
  const { certificates } = bundle
  for (const entry of bundle.entries)
    if ('failure' in entry && !isPassedOver(entry))
      return { why: `error parsing X.509 certificate: x509: malformed certificate (${entry.failure.code})` }
  const [first] = certificates
  if (!first) return { why: NO_CERTIFICATE }
  const firstNames = readCertificateNames(first)
  for (const certificate of certificates) {
    const names = certificate === first ? firstNames : readCertificateNames(certificate)
    if (!isParsedByGo(certificate, names)) return { why: 'error parsing X.509 certificate: x509: a field is not as Go wants it' }
  }
  return { certificates, firstNames }
}

const readCertificate = ({ tlsCrt }: SecretResource): CertificateReading => {
  if (tlsCrt.status === 'masked') return { status: 'hidden' }
  if (tlsCrt.status === 'unknown') return { status: 'unknown' }
  const bundle = readGoBundle(tlsCrt)
  if ('why' in bundle) return { status: 'unreadable', why: bundle.why }
  const [certificate] = bundle.certificates
  const names = bundle.firstNames
  return certificate && names ? { status: 'read', certificate, names } : { status: 'unreadable', why: NO_CERTIFICATE }
}

const isEmpty = (status: string): boolean | undefined => (status === 'unknown' ? undefined : status === 'empty' || status === 'absent')

/** Works out what the policies ask of one Secret. */
export const readSecretFacts = (secret: SecretResource, behaviours: Behaviours, managedFieldsHidden: boolean): SecretFacts => {
  const certificate = readCertificate(secret)
  let details: ReturnType<typeof detailsAnnotations> | undefined
  let managedFields: ReturnType<SecretFacts['managedFields']> | undefined
  const hasNoData = secret.keys.size === 0 && !secret.existenceOnly && isEmpty(secret.tlsKey.status) === true
  return {
    secret,
    hasNoData,
    keyIsEmpty: secret.existenceOnly ? undefined : isEmpty(secret.tlsKey.status),
    certificateIsEmpty: secret.existenceOnly ? undefined : isEmpty(secret.tlsCrt.status),
    key: secret.existenceOnly ? { status: 'unknown' } : readKey(secret),
    certificate: secret.existenceOnly ? { status: 'unknown' } : certificate,
    details: () => {
      if (certificate.status === 'read') details ??= detailsAnnotations(certificate.names, behaviours)
      return details
    },
    managedFields: () => (managedFields ??= readManagedFields(secret.metadata.managedFields ?? [], FIELD_MANAGER)),
    managedFieldsShown: secret.metadata.managedFields !== undefined || !managedFieldsHidden,
  }
}

/** The CSR of a request as Go reads it. */
export const readCsr = ({ csr }: CertificateRequestResource): CsrReading => {
  if (csr.status !== 'read') {
    if (csr.status === 'masked') return { status: 'hidden' }
    const code = csr.status === 'unreadable' ? csr.code : 'no-pem-block'
    const noPem = 'error decoding certificate request PEM block: no PEM data was found in given input'
    return { status: 'unreadable', why: code === 'no-pem-block' ? noPem : `asn1: ${code}` }
  }
  const names = readCertificateNames(csr.value)
  if (!names) return { status: 'unreadable', why: 'x509: invalid subject alternative name' }
  return { status: 'read', key: csr.value.publicKey, subject: csr.value.subject, names }
}
