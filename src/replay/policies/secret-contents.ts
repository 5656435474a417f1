import { isJsonObject } from '../json.ts'
import type { CertificateResource, CertificateSpec } from '../../inventory/certificate-resource.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import type { Outcome } from '../controller-verdict.ts'
import type { Policy, SecretFacts } from './policy-input.ts'
import { OK, PANICS, unknownFor, violation } from './policy-input.ts'
import { askManagedFields, malformedFields } from './secret-metadata.ts'

const COMBINED = 'tls-combined.pem'
const DER = 'key.der'

/** Does the dump show every key of the Secret, so that one that is not there is absent? */
const showsAllKeys = (secret: SecretResource): boolean => !secret.existenceOnly && secret.tlsKey.status !== 'unknown'

/** A value with the private key in it: nobody who takes that out leaves tls.key, beside which a mark is just a wrong value. */
const isHidden = (secret: SecretResource, key: string): boolean => {
  if (secret.tlsKey.status === 'present') return false
  const status = secret.keys.get(key)
  return status === 'masked' || status === 'unknown' || (status === undefined && !showsAllKeys(secret))
}

const FORMATS_DIFFER: Outcome = Object.freeze({
  violated: true,
  reason: 'AdditionalOutputFormatsMismatch',
  message: "Certificate's AdditionalOutputFormats doesn't match Secret Data",
})

const combinedOutcome = (secret: SecretResource, facts: SecretFacts): Outcome => {
  if (isHidden(secret, COMBINED)) return unknownFor(['secret-data'])
  if (secret.combinedPemMatches !== undefined) return secret.combinedPemMatches ? OK : FORMATS_DIFFER
  const status = secret.keys.get(COMBINED)
  if (status === 'present' && (facts.key.status === 'hidden' || facts.key.status === 'unknown')) return unknownFor(['private-key'])
  if (status === 'present' && (facts.certificate.status === 'hidden' || facts.certificate.status === 'unknown')) {
    return unknownFor(['secret-data'])
  }
  return FORMATS_DIFFER
}

const derOutcome = (secret: SecretResource, facts: SecretFacts): Outcome => {
  if (isHidden(secret, DER)) return unknownFor(['secret-data'])
  const status = secret.keys.get(DER)
  if (status === undefined || status === 'absent') return FORMATS_DIFFER
  if (secret.keyDerMatches !== undefined) return secret.keyDerMatches ? OK : FORMATS_DIFFER
  if (facts.key.status === 'hidden' || facts.key.status === 'unknown') return unknownFor(['private-key'])
  // A key that is PEM, beside an empty key.der.
  const isPem =
    secret.tlsKey.status === 'present' && !(secret.tlsKey.facts?.status === 'unreadable' && secret.tlsKey.facts.code === 'not-pem')
  return isPem ? FORMATS_DIFFER : PANICS
}

const FORMATS = ['CombinedPEM', 'DER']

/** Does a spec ask for one of the formats that cert-manager knows? */
export const asksForOutputFormats = (spec: CertificateSpec): boolean =>
  spec.additionalOutputFormats?.some((format) => FORMATS.includes(format)) === true

/** The additional output formats that spec asks for are there, with the right bytes. Without PEM in tls.key, cert-manager crashes. */
export const outputFormats: Policy = (input, facts) => {
  let undecided: Outcome | undefined
  for (const format of input.certificate.spec.additionalOutputFormats ?? []) {
    const outcome =
      format === 'CombinedPEM' ? combinedOutcome(facts.secret, facts) : format === 'DER' ? derOutcome(facts.secret, facts) : OK
    if (outcome.unknown) undecided ??= outcome
    else if (outcome !== OK) return outcome.violated && !undecided ? outcome : (undecided ?? outcome)
  }
  return undecided ?? OK
}

/** cert-manager owns exactly the keys of the formats that spec asks for. */
export const outputFormatsManagedFields: Policy = (input, facts) =>
  askManagedFields(facts, (fields) => {
    if ('malformed' in fields) return malformedFields(fields.malformed)
    const wanted = input.certificate.spec.additionalOutputFormats ?? []
    const { dataKeys } = fields.owned
    return wanted.includes('CombinedPEM') === dataKeys.has(COMBINED) && wanted.includes('DER') === dataKeys.has(DER)
      ? OK
      : violation('AdditionalOutputFormatsMismatch', "Certificate's AdditionalOutputFormats doesn't match Secret ManagedFields")
  })

const isOwnedBy = (secret: SecretResource, certificate: CertificateResource): boolean =>
  secret.metadata.ownerReferences.some(
    (owner) =>
      (owner.uid ?? '') === (certificate.metadata.uid ?? '') &&
      owner.apiVersion === 'cert-manager.io/v1' &&
      owner.kind === 'Certificate' &&
      owner.name === certificate.ref.name &&
      owner.controller === true &&
      owner.blockOwnerDeletion === true,
  )

/** With --enable-certificate-owner-ref: the Secret's owner reference is the one that cert-manager writes. */
export const ownerReference: Policy = (input, { secret }) => {
  if (!input.ownerReferencesEnabled) return OK
  if (!secret.metadataKnown) return unknownFor(['annotations'])
  return isOwnedBy(secret, input.certificate)
    ? OK
    : violation('SecretOwnerRefMismatch', 'unexpected Secret Owner Reference value on Secret --enable-certificate-owner-ref=true')
}

/** cert-manager owns the owner reference exactly where the flag is on. */
export const ownerReferenceManagedField: Policy = (input, facts) =>
  askManagedFields(facts, (fields) => {
    const uid = input.certificate.metadata.uid ?? ''
    const owns = 'malformed' in fields ? fields.ownerUidsBefore.has(uid) : fields.owned.ownerUids.has(uid)
    // The search ends at the first entry that owns the reference: one that cannot be read behind it is never seen.
    if ('malformed' in fields && !owns) return malformedFields(fields.malformed)
    const enabled = input.ownerReferencesEnabled
    return owns === enabled
      ? OK
      : violation(
          'SecretOwnerRefMismatch',
          `unexpected managed Secret Owner Reference field on Secret --enable-certificate-owner-ref=${enabled}`,
        )
  })

const KEYSTORES = [
  { field: 'jks', name: 'JKS', store: 'keystore.jks', trust: 'truststore.jks' },
  { field: 'pkcs12', name: 'PKCS12', store: 'keystore.p12', trust: 'truststore.p12' },
] as const

/** Keystores are there where spec asks for them, and only there. Their contents are never opened. */
export const keystores: Policy = (input, { secret }) => {
  if (!showsAllKeys(secret)) return unknownFor(['secret-data'])
  const has = (key: string): boolean => {
    const status = secret.keys.get(key)
    return status !== undefined && status !== 'absent' && status !== 'empty'
  }
  const mismatch = (message: string): Outcome => violation('SecretMismatch', message)
  const wanted = input.certificate.spec.keystores
  if (!isJsonObject(wanted)) {
    return KEYSTORES.some(({ store, trust }) => has(store) || has(trust)) ? mismatch('Keystore is not defined') : OK
  }
  const issuerGivesCa = secret.keys.has('ca.crt') && secret.keys.get('ca.crt') !== 'absent'
  const trustIsNeeded = !input.behaviours.truststoreNeedsCa || issuerGivesCa
  for (const { field, name, store, trust } of KEYSTORES) {
    const asked = wanted[field]
    if (!isJsonObject(asked)) {
      if (has(store) || has(trust)) return mismatch(`${name} Keystore not defined`)
    } else if (asked['create'] === true) {
      if (!has(store) || (!has(trust) && trustIsNeeded)) return mismatch(`${name} Keystore key does not contain data`)
    } else if (has(store) || has(trust)) return mismatch(`${name} Keystore create disabled`)
  }
  return OK
}
