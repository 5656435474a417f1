import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { CertificateNames } from './certificate-names.ts'
import { parseIp } from './go-ip.ts'
import { sameMultiset } from './multiset.ts'

const NONE: readonly string[] = []

/** Do the spec's addresses equal those of a certificate or CSR? One that cannot be parsed never does. */
export const ipAddressesMatch = (ipKeys: readonly string[], spec: readonly string[] | undefined): boolean => {
  if (ipKeys.length !== (spec?.length ?? 0)) return false
  return (
    ipKeys.length === 0 ||
    sameMultiset(
      ipKeys,
      (spec ?? []).map((text) => parseIp(text) ?? 'unparsable'),
    )
  )
}

/** The SANs that are compared alike with a CSR and with a certificate. */
export const sanViolations = (names: CertificateNames, spec: CertificateSpec): string[] => {
  const violations: string[] = []
  if (!ipAddressesMatch(names.ipKeys, spec.ipAddresses)) violations.push('spec.ipAddresses')
  if (!sameMultiset(names.uris, spec.uris ?? NONE)) violations.push('spec.uris')
  if (!sameMultiset(names.emailAddresses, spec.emailAddresses ?? NONE)) violations.push('spec.emailAddresses')
  return violations
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index])

/**
 * The loose comparison of an issued certificate with the spec, used where the request is gone (facts of cert-manager 5.2, 8b):
 * names may move between commonName and dnsNames; subject, usages, isCA, duration and otherNames are not looked at.
 * @returns the fields that differ, as cert-manager lists them
 */
export const certificateViolations = (names: CertificateNames, spec: CertificateSpec): string[] => {
  const specNames = spec.dnsNames ?? NONE
  const [specCn, ownCn] = [spec.commonName ?? '', names.subject.commonName]
  // The usual case, without a set: the very names, in their order.
  if (specCn === ownCn && sameList(specNames, names.dnsNames)) return sanViolations(names, spec)
  const expected = new Set(specNames)
  if (specCn !== '') expected.add(specCn)
  const actual = new Set(names.dnsNames)
  if (ownCn !== '') actual.add(ownCn)
  const violations: string[] = []
  if (expected.size !== actual.size || [...expected].some((name) => !actual.has(name))) {
    if ((specCn !== '' && !actual.has(specCn)) || (ownCn !== '' && !expected.has(ownCn))) violations.push('spec.commonName')
    if (specNames.some((name) => !actual.has(name)) || names.dnsNames.some((name) => !expected.has(name))) violations.push('spec.dnsNames')
  }
  return [...violations, ...sanViolations(names, spec)]
}
