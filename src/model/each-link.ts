import { compareBy } from '../base/order.ts'
import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { IssuerResolution, Link, Model, NodeIds } from './model.ts'
import { keyIdentifiersAgree } from './signature-questions.ts'

const answer = (holds: boolean | undefined): string => (holds === undefined ? 'unknown' : holds ? 'holds' : 'fails')

const namesOf = (subject: X509Certificate, issuer: X509Certificate): Link['detail'] => ({
  names: answer(subject.issuer.normalized === issuer.subject.normalized),
  keyIdentifiers: answer(keyIdentifiersAgree(subject, issuer)),
  dates: answer(subject.notBefore >= issuer.notBefore && subject.notAfter <= issuer.notAfter),
})

const issuerVerdict = (issuer: IssuerResolution, isAbsenceKnown: () => boolean): Verdict => {
  switch (issuer.status) {
    case 'found':
      return verified
    case 'external':
      return unknown(['issuer'], 'external')
    case 'unknown':
      return unknown(issuer.missing)
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
    verdict: issuerVerdict(issuer, () => model.isAbsenceKnown(kind, namespace, ref.name, certificate.place)),
  }
}

const secretNameLink = (certificate: CertificateResource, name: string, model: Model, ids: NodeIds): Link => {
  const { namespace } = certificate.ref
  const secret = model.secret(namespace, name)
  return {
    kind: 'secret-name',
    from: ids.ofResource(certificate.ref),
    to: ids.ofResource(secret?.ref ?? { kind: 'Secret', namespace: namespace ?? '', name }),
    verdict: presence(secret !== undefined, () => model.isAbsenceKnown('Secret', namespace, name, certificate.place)),
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
      verdict: presence(issuer.caSecret !== undefined, () => model.isAbsenceKnown('Secret', namespace, name, issuer.resource.place)),
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

/** The four findings on one certificate and its signer, each for itself: signature (the verdict), names, key identifiers, dates. */
function* signatureLinks(model: Model, ids: NodeIds): Generator<Link> {
  const link = (subject: X509Certificate, issuer: X509Certificate, verdict: Verdict): Link => ({
    kind: 'signed-by',
    from: ids.ofCertificate(subject),
    to: ids.ofCertificate(issuer),
    verdict,
    detail: namesOf(subject, issuer),
  })
  for (const subject of [...model.inventory.x509.values()].sort(compareBy(({ fingerprint }) => fingerprint)))
    for (const issuer of model.signersOf(subject)) yield link(subject, issuer, verified)
  const told = new Map<X509Certificate, Set<X509Certificate>>()
  for (const { leaf, issuer } of model.chains) {
    const ca = issuer.status === 'found' ? issuer.issuer.ca : undefined
    if (!ca || told.get(leaf)?.has(ca) || model.signersOf(leaf).includes(ca)) continue
    told.set(leaf, (told.get(leaf) ?? new Set()).add(ca))
    yield link(leaf, ca, model.signs(ca, leaf))
  }
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
