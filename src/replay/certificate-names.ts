import { toLatin1 } from '../base/bytes.ts'
import type { Extensions, GeneralName, RawExtension, X509Certificate } from '../x509/certificate.ts'
import { hasLargeArc } from '../x509/clients/ber.ts'
import { readClientCertificate } from '../x509/clients/client-certificate.ts'
import type { ExtensionFlaw } from '../x509/clients/client-extensions.ts'
import { readExtensions } from '../x509/clients/client-extensions.ts'
import { viewOf } from '../x509/clients/client-view.ts'
import { effectOf } from '../x509/clients/encoding-habits.ts'
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
const NO_NAMES: readonly GeneralName[] = Object.freeze([])

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

/** The names that Go reads of a subjectAltName that is not as RFC 5280 wants it; undefined where it refuses it. */
const namesDespiteFlaws = (extension: RawExtension): readonly GeneralName[] | undefined => {
  const flaws: ExtensionFlaw[] = []
  const { subjectAltName } = readExtensions([extension], (flaw) => flaws.push(flaw))
  if (flaws.some((flaw) => effectOf(flaw, 'go', 'sent') === 'parse')) return undefined
  return subjectAltName?.names.flatMap(({ type, bytes }): GeneralName[] => {
    if (type === 1) return [{ type: 'email', value: toLatin1(bytes) }]
    if (type === 2) return [{ type: 'dns', value: toLatin1(bytes) }]
    if (type === 6) return [{ type: 'uri', value: toLatin1(bytes) }]
    return type === 7 ? [{ type: 'ip', value: '', bytes }] : []
  })
}

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
  const flawed = input.rawExtensions.find(({ oid, malformed }) => malformed === true && oid === '2.5.29.17')
  const names = flawed ? namesDespiteFlaws(flawed) : (input.extensions.subjectAltName?.names ?? NO_NAMES)
  if (!names) return undefined
  for (const name of names) {
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

/** SKI, keyUsage, subjectAltName, basicConstraints, AKI and extKeyUsage: all that most certificates have, and read to the end by our decoder. */
const ORDINARY_EXTENSIONS: ReadonlySet<string> = new Set(['14', '15', '17', '19', '35', '37'].map((arc) => `2.5.29.${arc}`))
const ORDINARY_KEYS: ReadonlySet<string> = new Set(['RSA', 'Ed25519', 'ECDSA P-256', 'ECDSA P-384', 'ECDSA P-521'])
/** UTF8String and PrintableString. */
const ORDINARY_STRINGS: ReadonlySet<number> = new Set([12, 19])

const isOrdinaryName = ({ rdns }: Name): boolean => rdns.every((rdn) => rdn.every(({ tag }) => ORDINARY_STRINGS.has(tag)))

/** Is there nothing in which Go's reading could differ from our decoder's? Asking what Go does costs more than decoding. */
const isOrdinary = ({ version, problems, subject, issuer, publicKey, extensions, rawExtensions }: X509Certificate): boolean =>
  version === 3 &&
  problems.length === 0 &&
  isOrdinaryName(subject) &&
  isOrdinaryName(issuer) &&
  ORDINARY_KEYS.has(publicKey.curve === undefined ? publicKey.algorithm : `${publicKey.algorithm} ${publicKey.curve}`) &&
  (publicKey.algorithm !== 'ECDSA' || publicKey.key[0] === 4) &&
  rawExtensions.every(({ oid }) => ORDINARY_EXTENSIONS.has(oid)) &&
  extensions.extendedKeyUsage?.purposes.some(hasLargeArc) !== true &&
  extensions.subjectAltName?.names.every(({ type }) => type === 'dns' || type === 'ip' || type === 'email') !== false

/** Does Go's x509.ParseCertificate (Go 1.26) take a certificate, as far as that is not a matter of its names? */
const isReadByGo = (certificate: X509Certificate): boolean => {
  if (isOrdinary(certificate)) return true
  if (certificate.publicKey.algorithm === 'Ed25519' && certificate.publicKey.parameters) return false
  const read = readClientCertificate(certificate.der)
  return read !== undefined && viewOf(read, 'go', 'sent').unparsed === undefined
}

/**
 * Does Go's x509.ParseCertificate take a certificate? One that it refuses spoils a whole tls.crt.
 * @param names of the certificate, where they were read
 */
export const isParsedByGo = (certificate: X509Certificate, names = readCertificateNames(certificate)): boolean =>
  names !== undefined && isReadByGo(certificate)

/** The addresses as cert-manager prints them. */
export const ipTexts = (names: CertificateNames): readonly string[] => names.ipKeys.map(formatIp)
