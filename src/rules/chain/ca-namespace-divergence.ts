import { append } from '../../base/append.ts'
import type { Phrase } from '../../base/phrase.ts'
import { say } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import type { Model } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { uniqueRefs } from '../causes.ts'
import { copySecret, renew } from '../commands.ts'
import { isIncorrectIssuer } from '../policy.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayRef } from '../wording.ts'

interface CaInSecret {
  readonly secret: SecretResource
  readonly ca: X509Certificate
  readonly owner: CertificateResource | undefined
}

/** CA Secrets that issuers sign with, by name of Secret and name of CA: one deployment's CA, copied by hand to its other namespaces. */
const groupByName = (model: Model): ReadonlyMap<string, readonly CaInSecret[]> => {
  const groups = new Map<string, CaInSecret[]>()
  const seen = new Set<SecretResource>()
  for (const { caSecret: secret, ca } of model.issuers) {
    if (!secret || !ca || seen.has(secret)) continue
    seen.add(secret)
    const name = `${secret.ref.name}/${ca.subject.normalized}`
    const item = { secret, ca, owner: model.ownerOf(secret) }
    const known = groups.get(name)
    if (known) known.push(item)
    else groups.set(name, [item])
  }
  return groups
}

/** Keys that the Certificate of a CA had before: of its former requests, and of its certificates in what its issuers issued. */
const formerKeys = (context: RuleContext, { secret, ca }: CaInSecret, owner: CertificateResource): ReadonlySet<string> => {
  const { model } = context
  const certificates = model.requestsOf(owner).flatMap((request) => request.certificate.certificates)
  const issuers = model.issuersOf(secret)
  for (const chain of model.chains) {
    if (chain.issuer.status !== 'found' || !issuers.includes(chain.issuer.issuer)) continue
    // Where issuerRef was changed, what lies there came from another issuer.
    if (!chain.certificate || isIncorrectIssuer(context, chain.certificate)) continue
    append(certificates, chain.sent)
    append(certificates, chain.anchors)
  }
  return new Set(
    certificates
      .filter((certificate) => certificate.subject.normalized === ca.subject.normalized)
      .map((certificate) => certificate.publicKey.identity),
  )
}

const lifetime = (certificate: X509Certificate): number => certificate.notAfter - certificate.notBefore

/** What one spec makes the same at each issuance: key usages and the other extensions, without the identifiers of keys. */
const profile = ({ extensions, rawExtensions }: X509Certificate): string =>
  JSON.stringify([rawExtensions.map(({ oid, critical }) => [oid, critical]), extensions.keyUsage?.usages, extensions.extendedKeyUsage])

/** Was it issued after the Certificate was created and before its present certificate, and is it like that one? */
const isLikeEarlierIssue = (ca: X509Certificate, source: CaInSecret, owner: CertificateResource): boolean => {
  const { creationTimestamp } = owner.metadata
  return (
    (owner.status?.revision ?? 0) > 1 &&
    creationTimestamp !== undefined &&
    creationTimestamp <= ca.notBefore &&
    ca.notBefore < source.ca.notBefore &&
    lifetime(ca) === lifetime(source.ca) &&
    profile(ca) === profile(source.ca)
  )
}

/** Why the Secret is a copy of the other; `unclear` where it may be, and undefined where cert-manager wrote it for another Certificate. */
const copyEvidence = (
  model: Model,
  { secret, ca }: CaInSecret,
  source: CaInSecret,
  owner: CertificateResource,
  former: ReadonlySet<string>,
): Phrase | 'unclear' | undefined => {
  if (former.has(ca.publicKey.identity)) return say`its key is one that ${sayRef(source.secret.ref)} had before`
  const { annotations } = secret.metadata
  const name = annotations['cert-manager.io/certificate-name']
  if (name !== undefined && (name !== owner.ref.name || annotations['cert-manager.io/issuer-name'] !== owner.spec.issuerRef?.name))
    return undefined
  // The Certificate that cert-manager wrote it for may not have been collected.
  if (name !== undefined && !model.inventory.certificates.some((certificate) => certificate.ref.namespace === secret.ref.namespace))
    return 'unclear'
  if (name !== undefined) return say`its annotations name Certificate ${name}, which is in ${owner.ref.namespace ?? ''} alone`
  return isLikeEarlierIssue(ca, source, owner)
    ? say`its certificate is like that of ${sayRef(source.secret.ref)}, and was issued between the creation of Certificate ${owner.ref.name} and its last renewal`
    : 'unclear'
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model } = context
  for (const group of groupByName(model).values()) {
    const sources = group.filter((item) => item.owner !== undefined)
    const [source] = sources
    const owner = source?.owner
    // CAs that each have a Certificate of their own are independent; without any owner nobody can say which one is the original.
    if (sources.length !== 1 || !source || !owner) continue
    const others = group.filter((item) => item !== source && item.ca.publicKey.identity !== source.ca.publicKey.identity)
    if (others.length === 0) continue
    const former = formerKeys(context, source, owner)
    for (const other of others) {
      const why = copyEvidence(model, other, source, owner, former)
      if (why === undefined) continue
      const issuers = model.issuersOf(other.secret)
      const leaves = issuers.flatMap((issuer) => model.issuedBy(issuer).map((certificate) => certificate.ref))
      yield finding({
        ...(why === 'unclear' && { severity: 'info' }),
        subject: other.secret.ref,
        related: uniqueRefs([source.secret.ref, owner.ref, ...issuers.map((issuer) => issuer.ref)]),
        message: say`${sayRef(other.secret.ref)} and ${sayRef(source.secret.ref)} are one CA by name, with different keys`,
        evidence: [
          { label: sayRef(source.secret.ref), text: [...sayCa(source.ca), ', issued by its Certificate'] },
          { label: sayRef(other.secret.ref), text: [...sayCa(other.ca), ', no Certificate in this namespace'] },
          { label: 'copy', text: why === 'unclear' ? say`nothing in the dump says that one was copied from the other` : why },
          { label: 'effect', text: say`what one of them signed is refused by clients that trust the other` },
        ],
        places: [other.secret.placeOf(['data', 'tls.crt']), source.secret.placeOf(['data', 'tls.crt'])],
        remedy:
          why === 'unclear'
            ? {
                text: say`If they are CAs of their own, nothing is to be done. If one is meant to be a copy, copy the Secret again and issue anew what was signed there`,
                commands: [],
              }
            : {
                text: say`Copy the Secret of the CA that is renewed to the other namespace, then issue anew what was signed there`,
                commands: [
                  ...(other.secret.ref.namespace === undefined ? [] : copySecret(source.secret.ref, other.secret.ref.namespace)),
                  ...renew(leaves),
                ],
              },
      })
    }
  }
}

export const caNamespaceDivergence: Rule = {
  id: 'ca-namespace-divergence',
  group: 'chain',
  severity: 'error',
  title: 'One CA, copied to another namespace, differs by key',
  means:
    'Two namespaces hold a CA Secret of the same name and subject with different keys, and only one of them is kept by a Certificate: the other is a copy that was not renewed. That it is a copy is told by its annotations, by a former certificate of the CA with its key, or by its own certificate, where it is like the present one and was issued before it by the same Certificate.',
  matters: 'Subsystems in the two namespaces no longer trust each other. API Connect needs one ingress CA in all its namespaces.',
  mend: 'Copy the CA Secret from where its Certificate is, then renew what the copy had signed.',
  silent:
    'Silent when the keys are equal, and for CAs of one name that each have a Certificate of their own. Only information where nothing in the dump says that one is a copy of the other.',
  sources: [{ document: 'IBM API Connect', at: 'certificates: ingress-ca in several namespaces' }],
  needs: ['secret', 'secret-data', 'certificate-resource'],
  check,
}
