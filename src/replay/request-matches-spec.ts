import { append } from '../base/append.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { Name } from '../x509/name.ts'
import type { Behaviours } from './behaviours.ts'
import { sanViolations } from './certificate-matches-spec.ts'
import type { CertificateNames, SubjectFields } from './certificate-names.ts'
import { literalSubjectMatches } from './literal-subject.ts'
import { sameMultiset } from './multiset.ts'

const NONE: readonly string[] = []

type Subject = NonNullable<CertificateSpec['subject']>

const SUBJECT_LISTS: readonly (readonly [Exclude<keyof SubjectFields, 'commonName' | 'serialNumber'>, keyof Subject, string])[] = [
  ['organizations', 'organizations', 'spec.subject.organizations'],
  ['countries', 'countries', 'spec.subject.countries'],
  ['localities', 'localities', 'spec.subject.localities'],
  ['organizationalUnits', 'organizationalUnits', 'spec.subject.organizationalUnits'],
  // cert-manager's own spelling.
  ['postalCodes', 'postalCodes', 'spec.subject.postCodes'],
  ['provinces', 'provinces', 'spec.subject.provinces'],
  ['streetAddresses', 'streetAddresses', 'spec.subject.streetAddresses'],
]

const subjectViolations = (subject: SubjectFields, spec: CertificateSpec, behaviours: Behaviours): string[] => {
  const violations: string[] = []
  const wanted: Subject = spec.subject ?? {}
  if (subject.commonName !== (spec.commonName ?? '')) violations.push('spec.commonName')
  if (subject.serialNumber !== (wanted.serialNumber ?? '')) violations.push('spec.subject.serialNumber')
  for (const [own, field, name] of SUBJECT_LISTS) {
    if (sameMultiset(subject[own], (wanted[field] as readonly string[] | undefined) ?? NONE)) continue
    violations.push(own === 'provinces' && !behaviours.provincesNamed ? 'spec.subject.postCodes' : name)
  }
  return violations
}

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The text of an otherName's value where it is a non-empty UTF8String; `bytes` is its DER. */
const utf8Value = (bytes: Uint8Array): string | undefined => {
  if (bytes[0] !== 0x0c) return undefined
  const first = bytes[1] ?? 0
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f)
  return bytes.length > header ? decodeUtf8(bytes.subarray(header)) : undefined
}

/** @returns undefined where a name of the CSR is no UTF8String: cert-manager then gives up the whole comparison. */
const otherNamesMatch = (names: CertificateNames, spec: NonNullable<CertificateSpec['otherNames']>): boolean | undefined => {
  if (!names.hasSubjectAltName) return false
  const own: string[] = []
  for (const { oid, value } of names.otherNames) {
    const text = utf8Value(value)
    if (text === undefined) return undefined
    own.push(`${oid}=${text}`)
  }
  return sameMultiset(
    own,
    spec.map((name) => `${name.oid ?? ''}=${name.utf8Value ?? ''}`),
  )
}

const issuerRefsMatch = (a: IssuerRef | undefined, b: IssuerRef | undefined, behaviours: Behaviours): boolean => {
  if ((a?.name ?? '') !== (b?.name ?? '')) return false
  if (behaviours.issuerRefDefaulted) {
    return (a?.kind ?? 'Issuer') === (b?.kind ?? 'Issuer') && (a?.group ?? 'cert-manager.io') === (b?.group ?? 'cert-manager.io')
  }
  return (a?.written.kind ?? '') === (b?.written.kind ?? '') && (a?.written.group ?? '') === (b?.written.group ?? '')
}

/** Durations are milliseconds read from decimal text: equal up to a tenth of a nanosecond and the precision of a double. */
const sameDuration = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-7 + Math.max(Math.abs(a), Math.abs(b)) * 4e-16

/** What of a request is compared; a CertificateRequest of the inventory has it. */
export type ComparedRequest = Pick<CertificateRequestResource, 'issuerRef' | 'duration' | 'isCA' | 'usages'>

/**
 * Compares a CertificateRequest and its CSR with a Certificate's spec (facts of cert-manager 5.2, 8a).
 * @returns the fields that differ, as cert-manager lists them; undefined where it gives the comparison up: a literalSubject or an
 * otherName it cannot read
 */
export const requestViolations = (
  request: ComparedRequest,
  csr: { readonly names: CertificateNames; readonly subject: Name },
  spec: CertificateSpec,
  behaviours: Behaviours,
): readonly string[] | undefined => {
  const violations = sanViolations(csr.names, spec)
  if (!sameMultiset(csr.names.dnsNames, spec.dnsNames ?? NONE)) violations.push('spec.dnsNames')
  if (behaviours.otherNames && spec.otherNames) {
    const matches = otherNamesMatch(csr.names, spec.otherNames)
    if (matches === undefined) return undefined
    if (!matches) violations.push('spec.otherNames')
  }
  if (spec.literalSubject) {
    const matches = literalSubjectMatches(csr.subject, spec.literalSubject, behaviours)
    if (matches === undefined) return undefined
    if (!matches) violations.push('spec.literalSubject')
  } else append(violations, subjectViolations(csr.names.subject, spec, behaviours))
  if ((request.isCA ?? false) !== (spec.isCA ?? false)) violations.push('spec.isCA')
  if (!sameMultiset(request.usages ?? NONE, spec.usages ?? NONE)) violations.push('spec.usages')
  if (request.duration !== undefined && spec.duration !== undefined && !sameDuration(request.duration, spec.duration)) {
    violations.push('spec.duration')
  }
  if (!issuerRefsMatch(request.issuerRef, spec.issuerRef, behaviours)) violations.push('spec.issuerRef')
  return violations
}
