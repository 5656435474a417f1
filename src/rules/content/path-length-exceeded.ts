import { say, sayList } from '../../base/phrase.ts'
import type { Ref } from '../../base/ref.ts'
import type { Chain, Model } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { caRefs, chainRef, uniqueRefs } from '../causes.ts'
import { certificatePath } from '../certificate-path.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRefs } from '../wording.ts'

/** The CA on the path whose pathLenConstraint is smaller than the CAs below it; self-issued ones do not count (RFC 5280 6.1.4 (l)). */
const exceeded = (chain: Chain): X509Certificate | undefined => {
  let below = 0
  const path = certificatePath(chain)
  for (let index = 1; index < path.length; index++) {
    const certificate = path[index] as X509Certificate
    const limit = certificate.extensions.basicConstraints?.pathLength
    if (limit !== undefined && below > limit) return certificate
    if (certificate.subject.normalized !== certificate.issuer.normalized) below++
  }
  return undefined
}

/** A Secret that holds the CA, the Certificate that fills it and the issuers that sign with it. */
const refsOfCa = (model: Model, ref: Ref): readonly Ref[] => {
  const secret = model.secret(ref.namespace, ref.name)
  if (!secret) return [ref]
  const certificate = model.ownerOf(secret)
  const { subject, related } = caRefs({ secret, issuers: model.issuersOf(secret), chains: [], ...(certificate && { certificate }) })
  return [subject, ...related]
}

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const groups = new Map<X509Certificate, Chain[]>()
  for (const chain of model.chains) {
    const ca = exceeded(chain)
    if (!ca) continue
    const known = groups.get(ca)
    if (known) known.push(chain)
    else groups.set(ca, [chain])
  }
  for (const [ca, chains] of groups) {
    const refs = uniqueRefs(chains.map(chainRef))
    const [subject, ...others] = refs
    if (!subject) continue
    const holders = model
      .holdersOf(ca)
      .filter((holder) => holder.key === 'tls.crt' && holder.position === 0)
      .flatMap((holder) => refsOfCa(model, holder.ref))
    yield finding({
      subject,
      related: uniqueRefs([...others, ...holders]),
      message: say`${sayList(sayRefs(refs))} ${refs.length === 1 ? 'lies' : 'lie'} deeper below ${ca.subject.text || '(empty name)'} than its path length of ${ca.extensions.basicConstraints?.pathLength ?? 0} allows`,
      evidence: [{ label: 'cert-manager', text: say`checks no path length and cannot set one` }],
      places: chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: { text: say`Issue from a CA higher up, or have the upper CA issued anew without this limit`, commands: [] },
    })
  }
}

export const pathLengthExceeded: Rule = {
  id: 'path-length-exceeded',
  group: 'content',
  severity: 'error',
  title: 'More CAs stand below a CA than its path length allows',
  means: 'pathLenConstraint of a CA on the path is smaller than the number of CAs below it.',
  matters:
    'Go, OpenSSL and Java refuse the chain where the limit stands in an intermediate; in an anchor Java and rustls do not look at it.',
  mend: 'Issue from higher up, or have the upper CA issued anew.',
  silent: 'Silent where no CA on the path has a limit, or none is exceeded. Not evaluable where no path is known.',
  sources: [
    { document: 'RFC 5280', at: '4.2.1.9' },
    { document: 'RFC 5280', at: '6.1.4 (l)' },
  ],
  needs: ['secret-data'],
  check,
}
