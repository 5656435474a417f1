import { toHex } from '../base/bytes.ts'
import { formatInstant } from '../base/instant.ts'
import { compareBy } from '../base/order.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { IssuerResource } from '../inventory/issuer.ts'
import type { Condition, Resource } from '../inventory/resource.ts'
import type { Link, Model, NodeIds } from '../model/model.ts'
import { eachLink } from '../model/each-link.ts'
import { sayKey } from '../rules/wording.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { CertificateNode, ReportLink, ResourceNode } from './report.ts'

const NAMES_SHOWN = 100

/** An X.509 certificate as the report shows it. */
const toCertificateNode = (certificate: X509Certificate, ids: NodeIds): CertificateNode => {
  const { extensions } = certificate
  const ski = extensions.subjectKeyIdentifier?.keyIdentifier
  const aki = extensions.authorityKeyIdentifier?.keyIdentifier
  return {
    id: ids.ofCertificate(certificate),
    fingerprint: certificate.fingerprint,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    notBefore: formatInstant(certificate.notBefore),
    notAfter: formatInstant(certificate.notAfter),
    key: sayKey(certificate.publicKey),
    ca: extensions.basicConstraints?.ca === true,
    names: (extensions.subjectAltName?.names ?? []).slice(0, NAMES_SHOWN).map((name) => `${name.type}:${name.value}`),
    ...(ski && { subjectKeyIdentifier: toHex(ski) }),
    ...(aki && { authorityKeyIdentifier: toHex(aki) }),
    ...(certificate.problems.length > 0 && { problems: [...new Set(certificate.problems.map((problem) => problem.code))] }),
  }
}

const readyPart = (conditions: readonly Condition[]): Pick<ResourceNode, 'ready' | 'reason'> => {
  const ready = conditions.find((condition) => condition.type === 'Ready')
  return ready ? { ready: ready.status, ...(ready.reason !== undefined && { reason: ready.reason }) } : {}
}

const toResourceNode = (
  { ref, place, metadata }: Resource,
  ids: NodeIds,
  conditions: readonly Condition[],
  rest: Pick<ResourceNode, 'types' | 'secret' | 'issuerRef'>,
): ResourceNode => ({
  id: ids.ofResource(ref),
  ref,
  location: place,
  ...(metadata.creationTimestamp !== undefined && { created: formatInstant(metadata.creationTimestamp) }),
  ...readyPart(conditions),
  ...rest,
})

const toIssuerNode = (issuer: IssuerResource, ids: NodeIds): ResourceNode =>
  toResourceNode(issuer, ids, issuer.conditions, {
    types: issuer.types,
    ...(issuer.caSecretName !== undefined && { secret: issuer.caSecretName }),
  })

const toCertificateResourceNode = (certificate: CertificateResource, ids: NodeIds): ResourceNode => {
  const { secretName, issuerRef } = certificate.spec
  return toResourceNode(certificate, ids, certificate.status?.conditions ?? NO_CONDITIONS, {
    ...(secretName !== undefined && { secret: secretName }),
    ...(issuerRef && { issuerRef: { kind: issuerRef.kind, name: issuerRef.name, group: issuerRef.group } }),
  })
}

const NO_CONDITIONS: readonly Condition[] = []

/** Every Kubernetes object of ours, issuers first. */
export function* toResourceNodes({ inventory }: Model, ids: NodeIds): Generator<ResourceNode> {
  for (const issuer of inventory.issuers) yield toIssuerNode(issuer, ids)
  for (const issuer of inventory.clusterIssuers) yield toIssuerNode(issuer, ids)
  for (const certificate of inventory.certificates) yield toCertificateResourceNode(certificate, ids)
  for (const request of inventory.certificateRequests) yield toResourceNode(request, ids, request.conditions, {})
  for (const secret of inventory.secrets) yield toResourceNode(secret, ids, NO_CONDITIONS, {})
}

/** Every X.509 certificate, by its fingerprint. */
export function* toCertificateNodes({ inventory }: Model, ids: NodeIds): Generator<CertificateNode> {
  const sorted = [...inventory.x509.values()].sort(compareBy(({ fingerprint }) => fingerprint))
  for (const certificate of sorted) yield toCertificateNode(certificate, ids)
}

/** Links share what they have in common: there are many of them, and most of them are alike. */
const createDetails = (): ((detail: NonNullable<Link['detail']>) => NonNullable<ReportLink['detail']>) => {
  const known = new Map<string, NonNullable<ReportLink['detail']>>()
  return (detail) => {
    let key = ''
    for (const name in detail) key += `${name} ${detail[name]} `
    const shared = known.get(key)
    if (shared) return shared
    if (known.size < 1000) known.set(key, detail)
    return detail
  }
}

/** The links of the model as the report shows them. */
export function* toReportLinks(model: Model, ids: NodeIds): Generator<ReportLink> {
  const sharedDetail = createDetails()
  for (const { kind, from, to, verdict, detail } of eachLink(model, ids))
    yield {
      kind,
      from,
      to,
      status: verdict.status,
      ...('reason' in verdict && verdict.reason !== undefined && { reason: verdict.reason }),
      ...(verdict.status === 'unknown' && { missing: verdict.missing }),
      ...(detail && { detail: sharedDetail(detail) }),
    }
}
