import { say } from '../../base/phrase.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import type { Model } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { uniqueRefs } from '../causes.ts'
import { copySecret, renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayRef } from '../wording.ts'

interface CaCopy {
  readonly secret: SecretResource
  readonly ca: X509Certificate
  readonly isOwned: boolean
}

/** CA Secrets that issuers sign with, by name of Secret and name of CA: one deployment's CA, copied by hand to its other namespaces. */
const copiesByName = (model: Model): ReadonlyMap<string, readonly CaCopy[]> => {
  const groups = new Map<string, CaCopy[]>()
  const seen = new Set<SecretResource>()
  for (const { caSecret: secret, ca } of model.issuers) {
    if (!secret || !ca || seen.has(secret)) continue
    seen.add(secret)
    const name = `${secret.ref.name}/${ca.subject.normalized}`
    const copy = { secret, ca, isOwned: model.ownerOf(secret) !== undefined }
    const known = groups.get(name)
    if (known) known.push(copy)
    else groups.set(name, [copy])
  }
  return groups
}

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const copies of copiesByName(model).values()) {
    const sources = copies.filter((copy) => copy.isOwned)
    // CAs that each have a Certificate of their own are independent; without any owner nobody can say which one is the original.
    const source = sources[0]
    if (sources.length !== 1 || !source) continue
    for (const copy of copies) {
      if (copy.isOwned || copy.ca.publicKey.identity === source.ca.publicKey.identity) continue
      const leaves = model.issuersOf(copy.secret).flatMap((issuer) => model.issuedBy(issuer).map((certificate) => certificate.ref))
      const owner = model.ownerOf(source.secret)
      yield finding({
        subject: copy.secret.ref,
        related: uniqueRefs([
          source.secret.ref,
          ...(owner ? [owner.ref] : []),
          ...model.issuersOf(copy.secret).map((issuer) => issuer.ref),
        ]),
        message: say`${sayRef(copy.secret.ref)} and ${sayRef(source.secret.ref)} are one CA by name, with different keys`,
        evidence: [
          { label: sayRef(source.secret.ref), text: [...sayCa(source.ca), ', issued by its Certificate'] },
          { label: sayRef(copy.secret.ref), text: [...sayCa(copy.ca), ', no Certificate in this namespace: a copy'] },
          { label: 'effect', text: say`what one of them signed is refused by clients that trust the other` },
        ],
        places: [copy.secret.placeOf(['data', 'tls.crt']), source.secret.placeOf(['data', 'tls.crt'])],
        remedy: {
          text: say`Copy the Secret of the CA that is renewed to the other namespace, then issue anew what was signed there`,
          commands: [
            ...(copy.secret.ref.namespace === undefined ? [] : copySecret(source.secret.ref, copy.secret.ref.namespace)),
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
    'Two namespaces hold a CA Secret of the same name and subject with different keys, and only one of them is kept by a Certificate: the other is a copy that was not renewed.',
  matters: 'Subsystems in the two namespaces no longer trust each other. API Connect needs one ingress CA in all its namespaces.',
  mend: 'Copy the CA Secret from where its Certificate is, then renew what the copy had signed.',
  silent: 'Silent when the keys are equal, and for CAs of one name that each have a Certificate of their own.',
  sources: [{ document: 'IBM API Connect', at: 'certificates: ingress-ca in several namespaces' }],
  needs: ['secret', 'secret-data', 'certificate-resource'],
  check,
}
