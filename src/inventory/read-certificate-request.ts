import type { Json, RawObject } from '../dump/raw-object.ts'
import { decodeCertificateSigningRequest } from '../x509/decode-certificate-signing-request.ts'
import { firstPemBlockDer } from '../x509/pem.ts'
import type { CertificateRequestResource } from './certificate-request.ts'
import type { CertificateBundleReader } from './read-certificate-bundle.ts'
import type { FieldReader } from './read-fields.ts'
import { readFields } from './read-fields.ts'
import type { Identity } from './read-resource.ts'
import { readConditions, readIssuerRef, readResource } from './read-resource.ts'
import { readShownValue } from './redaction.ts'
import type { CertificateBundle } from './secret.ts'

const readCsr = (value: Json | undefined): CertificateRequestResource['csr'] => {
  const shown = readShownValue(value, false)
  if (shown.status !== 'present') return { status: shown.status === 'absent' || shown.status === 'empty' ? 'absent' : 'masked' }
  const der = firstPemBlockDer(shown.bytes)
  if (!der) return { status: 'unreadable', code: 'no-pem-block' }
  const decoded = decodeCertificateSigningRequest(der)
  return 'request' in decoded ? { status: 'read', value: decoded.request } : { status: 'unreadable', code: decoded.failure.code }
}

const readBundle = (fields: FieldReader | undefined, key: string, bundles: CertificateBundleReader): CertificateBundle => {
  const value = fields?.value(key)
  return bundles.known(value) ?? bundles.read(value, readShownValue(value, false))
}

/** CertificateRequest of any served API version: the CSR was called `csr` up to v1alpha3 and `request` since v1beta1. */
export const readCertificateRequest = (
  object: RawObject,
  identity: Identity,
  bundles: CertificateBundleReader,
): CertificateRequestResource => {
  const fields = readFields(object.value)
  const [spec, status] = [fields.object('spec'), fields.object('status')]
  const resource = readResource(object, identity)
  const revision = resource.metadata.annotations['cert-manager.io/certificate-revision']
  return Object.assign(resource, {
    issuerRef: readIssuerRef(spec?.object('issuerRef')),
    duration: spec?.duration('duration'),
    isCA: spec?.boolean('isCA'),
    usages: spec?.strings('usages'),
    ...(revision !== undefined && { revision }),
    csr: readCsr(spec?.value('request') ?? spec?.value('csr')),
    certificate: readBundle(status, 'certificate', bundles),
    ca: readBundle(status, 'ca', bundles),
    conditions: readConditions(status),
  })
}
