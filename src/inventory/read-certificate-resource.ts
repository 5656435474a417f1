import type { JsonObject, RawObject } from '../dump/raw-object.ts'
import type { CertificateResource, CertificateSpec, CertificateStatus } from './certificate-resource.ts'
import { normalizeCertificateSpec } from './normalize-certificate-spec.ts'
import type { FieldReader } from './read-fields.ts'
import { readFields } from './read-fields.ts'
import type { Identity } from './read-resource.ts'
import { readConditions, readIssuerRef, readResource } from './read-resource.ts'

const readSubject = (subject: FieldReader): NonNullable<CertificateSpec['subject']> => ({
  organizations: subject.strings('organizations'),
  countries: subject.strings('countries'),
  organizationalUnits: subject.strings('organizationalUnits'),
  localities: subject.strings('localities'),
  provinces: subject.strings('provinces'),
  streetAddresses: subject.strings('streetAddresses'),
  postalCodes: subject.strings('postalCodes'),
  serialNumber: subject.string('serialNumber'),
})

const readRenewal = (renewal: FieldReader): NonNullable<CertificateSpec['renewal']> => ({
  policy: renewal.string('policy'),
  windows: renewal.objects('windows').map((window) => ({
    cron: window.string('cron'),
    windowDuration: window.duration('windowDuration'),
    windowDurationText: window.string('windowDuration'),
    timezone: window.string('timezone'),
  })),
})

const readPrivateKeySpec = (key: FieldReader): NonNullable<CertificateSpec['privateKey']> => ({
  algorithm: key.string('algorithm'),
  size: key.number('size'),
  encoding: key.string('encoding'),
  rotationPolicy: key.string('rotationPolicy'),
})

const readSpec = (spec: FieldReader): CertificateSpec => {
  const subject = spec.object('subject')
  const renewal = spec.object('renewal')
  const key = spec.object('privateKey')
  const template = spec.object('secretTemplate')
  return {
    secretName: spec.told('secretName'),
    issuerRef: readIssuerRef(spec.object('issuerRef')),
    commonName: spec.string('commonName'),
    literalSubject: spec.string('literalSubject'),
    subject: subject && readSubject(subject),
    dnsNames: spec.strings('dnsNames'),
    ipAddresses: spec.strings('ipAddresses'),
    uris: spec.strings('uris'),
    emailAddresses: spec.strings('emailAddresses'),
    otherNames: spec.has('otherNames')
      ? spec.objects('otherNames').map((name) => ({ oid: name.string('oid'), utf8Value: name.string('utf8Value') }))
      : undefined,
    duration: spec.duration('duration'),
    renewBefore: spec.duration('renewBefore'),
    renewBeforePercentage: spec.number('renewBeforePercentage'),
    renewal: renewal && readRenewal(renewal),
    isCA: spec.boolean('isCA'),
    usages: spec.strings('usages'),
    privateKey: key && readPrivateKeySpec(key),
    signatureAlgorithm: spec.string('signatureAlgorithm'),
    encodeUsagesInRequest: spec.boolean('encodeUsagesInRequest'),
    nameConstraints: spec.raw('nameConstraints'),
    keystores: spec.raw('keystores'),
    additionalOutputFormats: spec.has('additionalOutputFormats')
      ? spec.objects('additionalOutputFormats').flatMap((format) => format.string('type') ?? [])
      : undefined,
    secretTemplate: template && { annotations: template.record('annotations'), labels: template.record('labels') },
  }
}

const readStatus = (status: FieldReader): CertificateStatus => ({
  conditions: readConditions(status),
  notBefore: status.instant('notBefore'),
  notAfter: status.instant('notAfter'),
  renewalTime: status.instant('renewalTime'),
  revision: status.number('revision'),
  nextPrivateKeySecretName: status.string('nextPrivateKeySecretName'),
  lastFailureTime: status.instant('lastFailureTime'),
  failedIssuanceAttempts: status.number('failedIssuanceAttempts'),
  ari: status.object('acme')?.raw('ari'),
})

/** Certificate of any served API version, read as cert-manager.io/v1. */
export const readCertificateResource = (object: RawObject, identity: Identity): CertificateResource => {
  const fields = readFields(object.value)
  const rawSpec: JsonObject = fields.raw('spec') ?? {}
  const status = fields.object('status')
  const { ref, apiVersion, metadata, place, placeOf } = readResource(object, identity)
  return {
    ref,
    apiVersion,
    metadata,
    place,
    placeOf,
    spec: readSpec(readFields(normalizeCertificateSpec(identity.version, rawSpec))),
    status: status && readStatus(status),
    rawSpec,
  }
}
