import { toHex } from '../base/bytes.ts'
import { formatInstant } from '../base/instant.ts'
import type { IssuerResource } from '../inventory/issuer.ts'
import type { Resource } from '../inventory/resource.ts'
import type { Condition } from '../inventory/resource.ts'
import type { Link, Model } from '../model/model.ts'
import { certificateNodeId, resourceNodeId } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { CertificateNode, ReportLink, ResourceNode } from './report.ts'

const NAMES_SHOWN = 100

const describeKey = ({ publicKey }: X509Certificate): string =>
  publicKey.algorithm === 'ECDSA'
    ? `ECDSA ${publicKey.curve ?? '?'}`
    : publicKey.bits === undefined || publicKey.algorithm.startsWith('Ed')
      ? publicKey.algorithm
      : `${publicKey.algorithm} ${publicKey.bits}`

/** An X.509 certificate as the report shows it. */
export const toCertificateNode = (certificate: X509Certificate): CertificateNode => {
  const { extensions } = certificate
  const ski = extensions.subjectKeyIdentifier?.keyIdentifier
  const aki = extensions.authorityKeyIdentifier?.keyIdentifier
  return {
    id: certificateNodeId(certificate),
    fingerprint: certificate.fingerprint,
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serial,
    notBefore: formatInstant(certificate.notBefore),
    notAfter: formatInstant(certificate.notAfter),
    key: describeKey(certificate),
    ca: extensions.basicConstraints?.ca === true,
    names: (extensions.subjectAltName?.names ?? []).slice(0, NAMES_SHOWN).map((name) => `${name.type}:${name.value}`),
    ...(ski && { subjectKeyIdentifier: toHex(ski) }),
    ...(aki && { authorityKeyIdentifier: toHex(aki) }),
    ...(certificate.problems.length > 0 && { problems: [...new Set(certificate.problems.map((problem) => problem.code))] }),
  }
}

const toResourceNode = (resource: Resource, conditions: readonly Condition[]): ResourceNode => {
  const ready = conditions.find((condition) => condition.type === 'Ready')
  return {
    id: resourceNodeId(resource.ref),
    ref: resource.ref,
    location: resource.place,
    ...(resource.metadata.creationTimestamp !== undefined && { created: formatInstant(resource.metadata.creationTimestamp) }),
    ...(ready && { ready: ready.status }),
    ...(ready?.reason !== undefined && { reason: ready.reason }),
  }
}

const toIssuerNode = (issuer: IssuerResource): ResourceNode => ({
  ...toResourceNode(issuer, issuer.conditions),
  types: issuer.types,
  ...(issuer.caSecretName !== undefined && { secret: issuer.caSecretName }),
})

/** Every Kubernetes object of ours, issuers first. */
export const toResourceNodes = ({ inventory }: Model): readonly ResourceNode[] => [
  ...inventory.issuers.map(toIssuerNode),
  ...inventory.clusterIssuers.map(toIssuerNode),
  ...inventory.certificates.map((certificate): ResourceNode => {
    const ref = certificate.spec.issuerRef
    return {
      ...toResourceNode(certificate, certificate.status?.conditions ?? []),
      ...(certificate.spec.secretName !== undefined && { secret: certificate.spec.secretName }),
      ...(ref && { issuerRef: { kind: ref.kind, name: ref.name, group: ref.group } }),
    }
  }),
  ...inventory.certificateRequests.map((request) => toResourceNode(request, request.conditions)),
  ...inventory.secrets.map((secret) => toResourceNode(secret, [])),
]

/** A link as the report shows it. */
export const toReportLink = ({ kind, from, to, verdict, detail }: Link): ReportLink => ({
  kind,
  from,
  to,
  status: verdict.status,
  ...('reason' in verdict && verdict.reason !== undefined && { reason: verdict.reason }),
  ...(verdict.status === 'unknown' && { missing: verdict.missing }),
  ...(detail && { detail }),
})
