import type { Verdict } from '../base/verdict.ts'
import { failed, unknown, verified } from '../base/verdict.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { Link, Model } from './model.ts'
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

/** Every link of the model, in a stable order: references first, then what the Secrets hold, then who signed what. */
export const buildLinks = (model: Omit<Model, 'links'>): readonly Link[] => {
  const { inventory } = model
  const links: Link[] = []
  const presence = (found: boolean, known: boolean): Verdict => (found ? verified : known ? failed('not-found') : unknown(['secret']))
  for (const certificate of inventory.certificates) {
    const from = resourceNodeId(certificate.ref)
    const issuer = model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace)
    const ref = certificate.spec.issuerRef
    if (ref) {
      const to = issuer.status === 'found' ? resourceNodeId(issuer.issuer.ref) : resourceNodeId({ kind: ref.kind, ...(ref.kind === 'Issuer' && { namespace: certificate.ref.namespace ?? '' }), name: ref.name }) // prettier-ignore
      const verdict = issuer.status === 'found' ? verified : issuer.status === 'external' ? unknown(['issuer'], 'external') : issuer.status === 'unknown' ? unknown(issuer.missing) : issuer.status === 'not-found' && !model.isAbsenceKnown(ref.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer', certificate.ref.namespace, ref.name, certificate.place) ? unknown(['issuer']) : failed(issuer.status) // prettier-ignore
      links.push({ kind: 'issuer-ref', from, to, verdict })
    }
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
    links.push({ kind: 'ca-secret-name', from: resourceNodeId(issuer.ref), to, verdict: presence(issuer.caSecret !== undefined, known), ...(issuer.secretNamespaceFrom !== undefined && { detail: { namespaceFrom: issuer.secretNamespaceFrom } }) }) // prettier-ignore
  }
  for (const secret of inventory.secrets) {
    const from = resourceNodeId(secret.ref)
    secret.tlsCrt.certificates.forEach((certificate, position) => links.push({ kind: 'holds', from, to: certificateNodeId(certificate), verdict: verified, detail: { key: 'tls.crt', position } })) // prettier-ignore
    secret.caCrt.certificates.forEach((certificate, position) => links.push({ kind: 'trusts', from, to: certificateNodeId(certificate), verdict: verified, detail: { key: 'ca.crt', position } })) // prettier-ignore
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
