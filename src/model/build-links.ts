import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { IssuerResolution, Link, Model } from './model.ts'
import { certificateNodeId, resourceNodeId } from './model.ts'
import { keyIdentifiersAgree } from './signature-questions.ts'

const answer = (holds: boolean | undefined): string => (holds === undefined ? 'unknown' : holds ? 'holds' : 'fails')

/** The four findings on one certificate and its signer, each for itself: signature (the verdict), names, key identifiers, dates. */
const signedByLink = (subject: X509Certificate, issuer: X509Certificate, verdict: Verdict): Link => ({
  kind: 'signed-by',
  from: certificateNodeId(subject),
  to: certificateNodeId(issuer),
  verdict,
  detail: {
    names: answer(subject.issuer.normalized === issuer.subject.normalized),
    keyIdentifiers: answer(keyIdentifiersAgree(subject, issuer)),
    dates: answer(subject.notBefore >= issuer.notBefore && subject.notAfter <= issuer.notAfter),
  },
})

/** Issuer and ClusterIssuer; any other kind is somebody else's and has no namespace that we know. */
const issuerNodeId = (ref: IssuerRef, namespace: string | undefined): string =>
  resourceNodeId({ kind: ref.kind, ...(ref.kind === 'Issuer' && { namespace: namespace ?? '' }), name: ref.name })

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

const issuerRefLink = (certificate: CertificateResource, ref: IssuerRef, model: Omit<Model, 'links'>): Link => {
  const { namespace } = certificate.ref
  const issuer = model.resolveIssuer(ref, namespace)
  const kind = ref.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer'
  return {
    kind: 'issuer-ref',
    from: resourceNodeId(certificate.ref),
    to: issuer.status === 'found' ? resourceNodeId(issuer.issuer.ref) : issuerNodeId(ref, namespace),
    verdict: issuerVerdict(issuer, () => model.isAbsenceKnown(kind, namespace, ref.name, certificate.place)),
  }
}

/** A Secret and every certificate of one of its values. */
const contentLinks = (secret: SecretResource, kind: 'holds' | 'trusts', key: 'tls.crt' | 'ca.crt'): readonly Link[] => {
  const from = resourceNodeId(secret.ref)
  const { certificates } = key === 'tls.crt' ? secret.tlsCrt : secret.caCrt
  return certificates.map((certificate, position) => ({
    kind,
    from,
    to: certificateNodeId(certificate),
    verdict: verified,
    detail: { key, position },
  }))
}

/** Every link of the model, in a stable order: references first, then what the Secrets hold, then who signed what. */
export const buildLinks = (model: Omit<Model, 'links'>): readonly Link[] => {
  const { inventory } = model
  const links: Link[] = []
  const presence = (found: boolean, known: boolean): Verdict => (found ? verified : known ? failed('not-found') : unknown(['secret']))
  for (const certificate of inventory.certificates) {
    const from = resourceNodeId(certificate.ref)
    if (certificate.spec.issuerRef) links.push(issuerRefLink(certificate, certificate.spec.issuerRef, model))
    const { secretName } = certificate.spec
    if (secretName !== undefined) {
      const found = model.secret(certificate.ref.namespace, secretName) !== undefined
      const to = resourceNodeId({ kind: 'Secret', namespace: certificate.ref.namespace ?? '', name: secretName })
      links.push({
        kind: 'secret-name',
        from,
        to,
        verdict: presence(found, model.isAbsenceKnown('Secret', certificate.ref.namespace, secretName, certificate.place)),
      })
    }
  }
  for (const issuer of model.issuers) {
    const name = issuer.resource.caSecretName
    if (name === undefined) continue
    const known = model.isAbsenceKnown('Secret', issuer.secretNamespace, name, issuer.resource.place)
    const to = resourceNodeId({ kind: 'Secret', namespace: issuer.secretNamespace ?? '', name })
    links.push({
      kind: 'ca-secret-name',
      from: resourceNodeId(issuer.ref),
      to,
      verdict: presence(issuer.caSecret !== undefined, known),
      ...(issuer.secretNamespaceFrom !== undefined && { detail: { namespaceFrom: issuer.secretNamespaceFrom } }),
    })
  }
  for (const secret of inventory.secrets) {
    for (const link of contentLinks(secret, 'holds', 'tls.crt')) links.push(link)
    for (const link of contentLinks(secret, 'trusts', 'ca.crt')) links.push(link)
  }
  for (const chain of model.chains) {
    links.push({
      kind: 'matches',
      from: resourceNodeId(chain.secret.ref),
      to: certificateNodeId(chain.leaf),
      verdict: chain.keyMatches,
      detail: { key: 'tls.key' },
    })
  }
  const told = new Set<string>()
  for (const subject of [...inventory.x509.values()].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))) {
    for (const issuer of model.signersOf(subject)) links.push(signedByLink(subject, issuer, verified))
  }
  for (const { leaf, issuer } of model.chains) {
    const ca = issuer.status === 'found' ? issuer.issuer.ca : undefined
    const id = `${leaf.fingerprint}/${ca?.fingerprint ?? ''}`
    if (!ca || told.has(id) || model.signersOf(leaf).includes(ca)) continue
    told.add(id)
    links.push(signedByLink(leaf, ca, model.signs(ca, leaf)))
  }
  return links
}
