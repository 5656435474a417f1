import type { Extensions, RawExtension, X509Certificate } from '../x509/certificate.ts'
import { isReadableByGo } from '../x509/certificate-readability.ts'
import type { Name } from '../x509/name.ts'
import { formatIp, ipKey } from './go-ip.ts'
import { isUrlHost, roundTripUrl } from './go-url.ts'

/** The subject fields that cert-manager looks at: of repeated single values the last one counts. */
export interface SubjectFields {
  readonly commonName: string
  readonly serialNumber: string
  readonly countries: readonly string[]
  readonly organizations: readonly string[]
  readonly organizationalUnits: readonly string[]
  readonly localities: readonly string[]
  readonly provinces: readonly string[]
  readonly streetAddresses: readonly string[]
  readonly postalCodes: readonly string[]
}

/** The names of a certificate or CSR as Go's crypto/x509 hands them to cert-manager. */
export interface CertificateNames {
  readonly subject: SubjectFields
  readonly dnsNames: readonly string[]
  readonly emailAddresses: readonly string[]
  /** After a round trip through Go's URL parser. */
  readonly uris: readonly string[]
  /** 16 bytes each, hexadecimal. */
  readonly ipKeys: readonly string[]
  /** The otherName entries in order: OID and the DER of the value. */
  readonly otherNames: readonly { readonly oid: string; readonly value: Uint8Array }[]
  readonly hasSubjectAltName: boolean
}

const NONE: readonly string[] = Object.freeze([])

const LIST_FIELDS: Readonly<Record<string, keyof SubjectFields>> = {
  '2.5.4.6': 'countries',
  '2.5.4.7': 'localities',
  '2.5.4.8': 'provinces',
  '2.5.4.9': 'streetAddresses',
  '2.5.4.10': 'organizations',
  '2.5.4.11': 'organizationalUnits',
  '2.5.4.17': 'postalCodes',
}

const readSubject = (name: Name): SubjectFields => {
  const lists: Partial<Record<keyof SubjectFields, string[]>> = {}
  let [commonName, serialNumber] = ['', '']
  for (const rdn of name.rdns) {
    for (const { oid, value } of rdn) {
      if (oid === '2.5.4.3') commonName = value
      else if (oid === '2.5.4.5') serialNumber = value
      else {
        const field = LIST_FIELDS[oid]
        if (field === undefined) continue
        const list = lists[field]
        if (list) list.push(value)
        else lists[field] = [value]
      }
    }
  }
  return {
    commonName,
    serialNumber,
    countries: lists.countries ?? NONE,
    organizations: lists.organizations ?? NONE,
    organizationalUnits: lists.organizationalUnits ?? NONE,
    localities: lists.localities ?? NONE,
    provinces: lists.provinces ?? NONE,
    streetAddresses: lists.streetAddresses ?? NONE,
    postalCodes: lists.postalCodes ?? NONE,
  }
}

/** An empty list of names breaks RFC 5280; Go reads it as none. */
const isEmptySequence = ({ value }: RawExtension): boolean => value.length === 2 && value[0] === 0x30 && value[1] === 0

/**
 * Reads the names of a certificate or CSR.
 * @returns undefined where Go refuses the subjectAltName, and with it the whole certificate or request:
 * a URI it cannot parse, an address of another length than 4 or 16 bytes.
 */
export const readCertificateNames = (input: {
  readonly subject: Name
  readonly extensions: Extensions
  readonly rawExtensions: readonly RawExtension[]
}): CertificateNames | undefined => {
  const dnsNames: string[] = []
  const emailAddresses: string[] = []
  const uris: string[] = []
  const ipKeys: string[] = []
  const otherNames: { oid: string; value: Uint8Array }[] = []
  for (const name of input.extensions.subjectAltName?.names ?? []) {
    if (name.type === 'dns') dnsNames.push(name.value)
    else if (name.type === 'email') emailAddresses.push(name.value)
    else if (name.type === 'uri') {
      const url = roundTripUrl(name.value)
      if (!url || (url.host !== '' && !isUrlHost(url.host))) return undefined
      uris.push(url.text)
    } else if (name.type === 'ip') {
      const key = ipKey(name.bytes)
      if (key === undefined) return undefined
      ipKeys.push(key)
    } else if (name.type === 'other') otherNames.push({ oid: name.oid, value: name.bytes })
  }
  if (input.rawExtensions.some((extension) => extension.malformed === true && extension.oid === '2.5.29.17' && !isEmptySequence(extension)))
    return undefined
  return {
    subject: readSubject(input.subject),
    dnsNames,
    emailAddresses,
    uris,
    ipKeys,
    otherNames,
    hasSubjectAltName: input.rawExtensions.some((extension) => extension.oid === '2.5.29.17'),
  }
}

/** Does Go's x509.ParseCertificate take a certificate, its names included? One that it refuses spoils a whole tls.crt. */
export const isParsedByGo = (certificate: X509Certificate): boolean =>
  isReadableByGo(certificate) && (!certificate.extensions.subjectAltName || readCertificateNames(certificate) !== undefined)

/** The addresses as cert-manager prints them. */
export const ipTexts = (names: CertificateNames): readonly string[] => names.ipKeys.map(formatIp)
