import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { IssuerResolution, Link, Model, NodeIds } from './model.ts'
import { signatureLinks } from './signature-links.ts'

const issuerVerdict = (issuer: IssuerResolution, isAbsenceKnown: () => boolean): Verdict => {
  switch (issuer.status) {
    case 'found':
      return verified
    case 'external':
      return unknown(['issuer'], 'external')
    case 'not-found':
      return isAbsenceKnown() ? failed(issuer.status) : unknown(['issuer'])
    default:
      return failed(issuer.status)
  }
}

const presence = (found: boolean, isAbsenceKnown: () => boolean): Verdict =>
  found ? verified : isAbsenceKnown() ? failed('not-found') : unknown(['secret'])

const issuerRefLink = (certificate: CertificateResource, ref: IssuerRef, model: Model, ids: NodeIds): Link => {
  const { namespace } = certificate.ref
  const issuer = model.resolveIssuer(ref, namespace)
  const kind = ref.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer'
  return {
    kind: 'issuer-ref',
    from: ids.ofResource(certificate.ref),
    // Issuer and ClusterIssuer; any other kind is somebody else's and has no namespace that we know.
    to: ids.ofResource(
      issuer.status === 'found'
        ? issuer.issuer.ref
        : { kind: ref.kind, ...(ref.kind === 'Issuer' && { namespace: namespace ?? '' }), name: ref.name },
    ),
    verdict: issuerVerdict(issuer, () => model.isAbsenceKnown(kind, namespace, ref.name)),
  }
}

const secretNameLink = (certificate: CertificateResource, name: string, model: Model, ids: NodeIds): Link => {
  const { namespace } = certificate.ref
  const secret = model.secret(namespace, name)
  return {
    kind: 'secret-name',
    from: ids.ofResource(certificate.ref),
    to: ids.ofResource(secret?.ref ?? { kind: 'Secret', namespace: namespace ?? '', name }),
    verdict: presence(secret !== undefined, () => model.isAbsenceKnown('Secret', namespace, name)),
  }
}

function* referenceLinks(model: Model, ids: NodeIds): Generator<Link> {
  for (const certificate of model.inventory.certificates) {
    const { issuerRef, secretName } = certificate.spec
    if (issuerRef) yield issuerRefLink(certificate, issuerRef, model, ids)
    if (secretName !== undefined) yield secretNameLink(certificate, secretName, model, ids)
  }
  for (const issuer of model.issuers) {
    const name = issuer.resource.caSecretName
    if (name === undefined) continue
    const { secretNamespace: namespace, secretNamespaceFrom: namespaceFrom } = issuer
    yield {
      kind: 'ca-secret-name',
      from: ids.ofResource(issuer.ref),
      to: ids.ofResource(issuer.caSecret?.ref ?? { kind: 'Secret', namespace: namespace ?? '', name }),
      verdict: presence(issuer.caSecret !== undefined, () => model.isAbsenceKnown('Secret', namespace, name)),
      ...(namespaceFrom !== undefined && { detail: { namespaceFrom } }),
    }
  }
}

/** A Secret and every certificate of one of its values. */
const contentLinks = (secret: SecretResource, kind: 'holds' | 'trusts', key: 'tls.crt' | 'ca.crt', ids: NodeIds): readonly Link[] => {
  const { certificates } = key === 'tls.crt' ? secret.tlsCrt : secret.caCrt
  return certificates.map((certificate, position) => ({
    kind,
    from: ids.ofResource(secret.ref),
    to: ids.ofCertificate(certificate),
    verdict: verified,
    detail: { key, position },
  }))
}

/**
 * Every link of the model, in a stable order: references first, then what the Secrets hold, then who signed what. A dump has ten links
 * for each certificate: they are made one by one.
 */
export function* eachLink(model: Model, ids: NodeIds): Generator<Link> {
  yield* referenceLinks(model, ids)
  for (const secret of model.inventory.secrets) {
    yield* contentLinks(secret, 'holds', 'tls.crt', ids)
    yield* contentLinks(secret, 'trusts', 'ca.crt', ids)
  }
  for (const chain of model.chains)
    yield {
      kind: 'matches',
      from: ids.ofResource(chain.secret.ref),
      to: ids.ofCertificate(chain.leaf),
      verdict: chain.keyMatches,
      detail: KEY,
    }
  yield* signatureLinks(model, ids)
}

const KEY: Link['detail'] = { key: 'tls.key' }
