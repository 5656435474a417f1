import type { IssuedCertificate } from './certificate-builder.ts'
import type { ClusterState } from './cluster-state.ts'
import { create, findSecret, touch, versionAtLeast } from './cluster-state.ts'
import type { KeyPair } from './key-pair.ts'
import { privateKeyPem } from './key-pair.ts'
import type { CertificateObject, CertificateSpec, OwnerReference, SecretObject } from './kubernetes-objects.ts'
import type { SubjectFields } from './name-writer.ts'
import { parseNameText } from './name-writer.ts'
import { base64, base64Text } from './pem-writer.ts'

/** What an issuance delivers. */
export interface Delivery {
  readonly leaf: IssuedCertificate
  readonly chain: string
  readonly ca?: string
}

/** Writes key, chain and CA of an issuance into the Certificate's Secret, with annotations and labels as cert-manager has them. */
export async function writeSecret(
  state: ClusterState,
  certificate: CertificateObject,
  key: KeyPair,
  delivery: Delivery,
): Promise<SecretObject> {
  const { spec, metadata } = certificate
  const namespace = metadata.namespace ?? state.namespace
  const keyPem = privateKeyPem(key, spec.privateKey?.encoding)
  state.privateKeys.set(keyPem, key)
  const data: Record<string, string> = {
    'tls.key': base64Text(keyPem),
    'tls.crt': base64Text(delivery.chain),
    ...(delivery.ca === undefined ? {} : { 'ca.crt': base64Text(delivery.ca) }),
    ...additionalFormats(certificate, keyPem, delivery.chain),
  }
  const annotations = { ...spec.secretTemplate?.annotations, ...detailsAnnotations(state, certificate) }
  const labels = {
    ...spec.secretTemplate?.labels,
    ...(versionAtLeast(state, '1.12') ? { 'controller.cert-manager.io/fao': 'true' } : {}),
  }
  const existing = findSecret(state, namespace, spec.secretName)
  if (existing === undefined) {
    const fresh: Omit<SecretObject, 'metadata'> = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', data }
    return create<SecretObject>(state, fresh, { name: spec.secretName, namespace, annotations, labels })
  }
  const { 'ca.crt': _formerCa, ...kept } = existing.data ?? {}
  existing.data = { ...kept, ...data }
  existing.metadata.annotations = { ...existing.metadata.annotations, ...annotations }
  existing.metadata.labels = { ...existing.metadata.labels, ...labels }
  touch(state, existing)
  return existing
}

/** The temporary Secret in which the next private key waits for its certificate. */
export async function writeNextKeySecret(state: ClusterState, certificate: CertificateObject, key: KeyPair, name: string): Promise<void> {
  const pem = privateKeyPem(key, 'PKCS8')
  state.privateKeys.set(pem, key)
  const secret: Omit<SecretObject, 'metadata'> = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data: { 'tls.key': base64Text(pem) } }
  await create<SecretObject>(state, secret, {
    name,
    namespace: certificate.metadata.namespace ?? state.namespace,
    generateName: name.slice(0, -5),
    labels: { 'cert-manager.io/next-private-key': 'true', 'controller.cert-manager.io/fao': 'true' },
    ownerReferences: [ownerReference(certificate)],
  })
}

/** The reference by which a Certificate owns its requests and its next private key. */
export function ownerReference(certificate: CertificateObject): OwnerReference {
  const { name, uid } = certificate.metadata
  return { apiVersion: certificate.apiVersion, blockOwnerDeletion: true, controller: true, kind: 'Certificate', name, uid }
}

function detailsAnnotations(state: ClusterState, { metadata, spec }: CertificateObject): Record<string, string> {
  const { issuerRef } = spec
  const subject = subjectFieldsOf(spec)
  const always = {
    'alt-names': csv(spec.dnsNames),
    'certificate-name': metadata.name,
    'common-name': subject.commonName ?? '',
    'ip-sans': (spec.ipAddresses ?? []).join(','),
    'issuer-group': issuerRef.group ?? '',
    'issuer-kind': issuerRef.kind ?? '',
    'issuer-name': issuerRef.name,
    'uri-sans': csv(spec.uris),
  }
  const whereSet = {
    'email-sans': csv(spec.emailAddresses),
    'subject-countries': csv(subject.countries),
    'subject-localities': csv(subject.localities),
    'subject-organizationalunits': csv(subject.organizationalUnits),
    'subject-organizations': csv(subject.organizations),
    'subject-postalcodes': csv(subject.postalCodes),
    'subject-provinces': csv(subject.provinces),
    'subject-serialnumber': subject.serialNumber ?? '',
    'subject-streetaddresses': csv(subject.streetAddresses),
  }
  const entries = [
    ...Object.entries(always),
    ...(versionAtLeast(state, '1.12') ? Object.entries(whereSet).filter(([, value]) => value !== '') : []),
  ]
  return Object.fromEntries(entries.map(([key, value]) => [`cert-manager.io/${key}`, value]))
}

/** One line of RFC 4180, as Go's encoding/csv quotes it. */
function csv(values: readonly string[] = []): string {
  return values.map((value) => (/[",\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')
}

function additionalFormats({ spec }: CertificateObject, keyPem: string, chain: string): Record<string, string> {
  const wanted = new Set((spec.additionalOutputFormats ?? []).map(({ type }) => type))
  return {
    ...(wanted.has('CombinedPEM') ? { 'tls-combined.pem': base64Text(`${keyPem}\n${chain}`) } : {}),
    ...(wanted.has('DER') ? { 'key.der': base64(derOfPem(keyPem)) } : {}),
  }
}

function derOfPem(text: string): Uint8Array {
  const body = text.replace(/-----[^-]+-----/g, '').replace(/\s/g, '')
  return Uint8Array.from(atob(body), (char) => char.charCodeAt(0))
}

/** The fields of the certificate's subject, also where the spec gives it as one literal text. */
function subjectFieldsOf({ subject, commonName, literalSubject }: CertificateSpec): SubjectFields {
  if (literalSubject === undefined) return { ...subject, ...(commonName === undefined ? {} : { commonName }) }
  const attributes = parseNameText(literalSubject).reverse().flat()
  const all = (name: string): string[] => attributes.filter(({ type }) => type.toUpperCase() === name).map(({ value }) => value)
  return {
    countries: all('C'),
    organizations: all('O'),
    organizationalUnits: all('OU'),
    localities: all('L'),
    provinces: all('ST'),
    streetAddresses: all('STREET'),
    postalCodes: all('POSTALCODE'),
    commonName: all('CN')[0] ?? '',
    serialNumber: all('SERIALNUMBER')[0] ?? '',
  }
}
