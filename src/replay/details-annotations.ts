import type { Behaviours } from './behaviours.ts'
import type { CertificateNames } from './certificate-names.ts'
import { ipTexts } from './certificate-names.ts'

/** unicode.IsSpace of Go, for the first character of a CSV field. */
const isSpace = (code: number): boolean =>
  code === 0x20 ||
  (code >= 0x09 && code <= 0x0d) ||
  (code > 0x7e && (code === 0x85 || (code !== 0xfeff && /\s/.test(String.fromCharCode(code)))))

const needsQuotes = (field: string): boolean => {
  if (field === '') return false
  for (let i = 0; i < field.length; i++) {
    const code = field.charCodeAt(i)
    if (code === 0x2c || code === 0x22 || code === 0x0a || code === 0x0d) return true
  }
  return isSpace(field.charCodeAt(0)) || field === '\\.'
}

const quoteField = (field: string): string => (needsQuotes(field) ? `"${field.replaceAll('"', '""')}"` : field)

/** One line of CSV (RFC 4180) as Go's encoding/csv writes it. */
export const joinCsv = (values: readonly string[]): string =>
  values.some(needsQuotes) ? values.map(quoteField).join(',') : values.length === 1 ? (values[0] as string) : values.join(',')

/** Annotations that describe the certificate, in the order of their keys: always there, and only where there is a value. */
const ALWAYS = {
  commonName: 'cert-manager.io/common-name',
  dnsNames: 'cert-manager.io/alt-names',
  ipAddresses: 'cert-manager.io/ip-sans',
  uris: 'cert-manager.io/uri-sans',
} as const

/**
 * The annotations with which cert-manager describes a certificate on its Secret (facts of cert-manager 4.4).
 * @returns pairs of key and value, sorted by key
 */
export const detailsAnnotations = (names: CertificateNames, behaviours: Behaviours): readonly (readonly [key: string, value: string])[] => {
  const { subject } = names
  const joinSans = (values: readonly string[]): string => (behaviours.sanAnnotationsQuoted ? joinCsv(values) : values.join(','))
  const emails = joinSans(names.emailAddresses)
  const out: (readonly [string, string])[] = []
  out.push([ALWAYS.dnsNames, joinSans(names.dnsNames)])
  out.push([ALWAYS.commonName, subject.commonName])
  if (behaviours.sanAnnotationsQuoted ? names.emailAddresses.length > 0 : emails !== '') out.push(['cert-manager.io/email-sans', emails])
  out.push([ALWAYS.ipAddresses, joinSans(ipTexts(names))])
  const setList = (suffix: string, values: readonly string[]): void => {
    if (values.length === 0) return
    const joined = joinCsv(values)
    if (joined !== '' || behaviours.sanAnnotationsQuoted) out.push([`cert-manager.io/subject-${suffix}`, joined])
  }
  setList('countries', subject.countries)
  setList('localities', subject.localities)
  setList('organizationalunits', subject.organizationalUnits)
  setList('organizations', subject.organizations)
  setList('postalcodes', subject.postalCodes)
  setList('provinces', subject.provinces)
  if (subject.serialNumber !== '') out.push(['cert-manager.io/subject-serialnumber', subject.serialNumber])
  setList('streetaddresses', subject.streetAddresses)
  out.push([ALWAYS.uris, joinSans(names.uris)])
  return out
}
