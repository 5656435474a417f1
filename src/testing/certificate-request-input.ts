import type { KeyUsageName } from '../x509/certificate.ts'
import type { CertificateOptions } from './certificate-builder.ts'
import { buildRequest } from './certificate-builder.ts'
import type { ExtensionInput, GeneralNameInput, NameConstraintsInput } from './extension-writer.ts'
import { extendedKeyUsage, keyUsage, nameConstraints, subjectAltName } from './extension-writer.ts'
import type { KeyPair, KeySpec } from './key-pair.ts'
import type { CertificateSpec, NameConstraintItem } from './kubernetes-objects.ts'
import type { NameInput } from './name-writer.ts'
import { encodeName, nameOfSubject, parseNameText } from './name-writer.ts'

/** Words of `usages` that are key usage bits (cert-manager pkg/api/util/usages.go). */
const keyUsages: Record<string, KeyUsageName> = {
  signing: 'digitalSignature',
  'digital signature': 'digitalSignature',
  'content commitment': 'contentCommitment',
  'key encipherment': 'keyEncipherment',
  'key agreement': 'keyAgreement',
  'data encipherment': 'dataEncipherment',
  'cert sign': 'keyCertSign',
  'crl sign': 'cRLSign',
  'encipher only': 'encipherOnly',
  'decipher only': 'decipherOnly',
}

const purposes: Record<string, string> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
}

type Asked = Pick<CertificateOptions, 'subject' | 'names' | 'ca' | 'keyUsage' | 'extendedKeyUsage' | 'nameConstraints'>

/** What a Certificate's spec asks of a certificate, as cert-manager's template has it. Throws on a usage that it does not know. */
export function askedBySpec(spec: CertificateSpec): Asked {
  const usages = spec.usages ?? ['digital signature', 'key encipherment']
  const bits = new Set<KeyUsageName>(spec.isCA ? ['keyCertSign'] : [])
  const extended: string[] = []
  for (const usage of usages) {
    const bit = keyUsages[usage]
    const purpose = purposes[usage]
    if (bit !== undefined) bits.add(bit)
    else if (purpose !== undefined) extended.push(purpose)
    else throw new Error(`unknown usage ${JSON.stringify(usage)}`)
  }
  const names = namesOfSpec(spec)
  const constraints = nameConstraintsOfSpec(spec)
  return {
    subject: subjectOfSpec(spec),
    ca: spec.isCA ?? false,
    ...(bits.size === 0 ? {} : { keyUsage: [...bits] }),
    ...(names.length === 0 ? {} : { names }),
    ...(extended.length === 0 ? {} : { extendedKeyUsage: extended }),
    ...(constraints === undefined ? {} : { nameConstraints: constraints }),
  }
}

/**
 * The CSR that cert-manager puts into a CertificateRequest, as PEM. That of a CA has no basicConstraints: they come from the request's
 * `spec.isCA`.
 */
export async function requestOfSpec(spec: CertificateSpec, key: KeyPair): Promise<string> {
  const asked = askedBySpec(spec)
  const emptySubject = encodeName(asked.subject).length === 2
  const extensions: ExtensionInput[] = [
    ...(asked.keyUsage === undefined ? [] : [keyUsage(asked.keyUsage)]),
    ...(asked.extendedKeyUsage === undefined ? [] : [extendedKeyUsage(asked.extendedKeyUsage)]),
    ...(asked.names === undefined ? [] : [subjectAltName(asked.names, emptySubject)]),
    ...(asked.nameConstraints === undefined ? [] : [nameConstraints(asked.nameConstraints)]),
  ]
  return buildRequest({ key, subject: asked.subject, extensions })
}

/** The kind of key that a spec asks for, with cert-manager's defaults: RSA 2048, ECDSA P-256. */
export function keySpecOf(spec: CertificateSpec): KeySpec {
  const { algorithm = 'RSA', size } = spec.privateKey ?? {}
  if (algorithm === 'RSA') return { algorithm, size: size ?? 2048 }
  if (algorithm === 'Ed25519') return { algorithm }
  if (size !== undefined && size !== 256 && size !== 384 && size !== 521) throw new Error(`no curve of ${size} bits`)
  return { algorithm, size: size ?? 256 }
}

function subjectOfSpec(spec: CertificateSpec): NameInput {
  // RFC 4514 writes the last RDN first.
  if (spec.literalSubject !== undefined) return parseNameText(spec.literalSubject).reverse()
  return nameOfSubject({ ...spec.subject, ...(spec.commonName === undefined ? {} : { commonName: spec.commonName }) })
}

/** In the order of Go's marshalSANs, with otherNames behind; as there, an IPv4 address mapped to IPv6 is an IPv4 address. */
function namesOfSpec(spec: CertificateSpec): GeneralNameInput[] {
  return [
    ...(spec.dnsNames ?? []).map((dns) => ({ dns })),
    ...(spec.emailAddresses ?? []).map((email) => ({ email })),
    ...(spec.ipAddresses ?? []).map((ip) => ({ ip: ip.replace(/^::ffff:(?=\d+\.)/i, '') })),
    ...(spec.uris ?? []).map((uri) => ({ uri })),
    ...(spec.otherNames ?? []).map((other) => ({ other })),
  ]
}

function nameConstraintsOfSpec({ nameConstraints: constraints }: CertificateSpec): NameConstraintsInput | undefined {
  if (constraints === undefined) return undefined
  const subtrees = (item: NameConstraintItem | undefined): GeneralNameInput[] => [
    ...(item?.dnsDomains ?? []).map((dns) => ({ dns })),
    ...(item?.ipRanges ?? []).map((ip) => ({ ip })),
    ...(item?.emailAddresses ?? []).map((email) => ({ email })),
    ...(item?.uriDomains ?? []).map((uri) => ({ uri })),
  ]
  return { critical: constraints.critical ?? false, permitted: subtrees(constraints.permitted), excluded: subtrees(constraints.excluded) }
}
