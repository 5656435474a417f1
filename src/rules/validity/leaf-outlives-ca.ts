import { largest, smallest } from '../../base/order.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { edit } from '../commands.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs, saySpan } from '../wording.ts'

/** When the first certificate above the leaf ends, among those that it verifies under. */
const endAbove = (chain: Chain): number | undefined => {
  const ca =
    chain.issuer.status === 'found' && (chain.relation.kind === 'current' || chain.relation.kind === 'key-identifier-differs')
      ? chain.issuer.issuer.ca
      : undefined
  let end = ca ? ca.notAfter : Infinity
  const isOwn = !ca && chain.ownAnchor.kind === 'reached'
  const path = ca ? chain.pathInForce : isOwn ? chain.sent : undefined
  for (let i = 1; path && i < path.length; i++) end = Math.min(end, (path[i] as X509Certificate).notAfter)
  if (isOwn) for (const anchor of chain.anchors) end = Math.min(end, anchor.notAfter)
  return end === Infinity ? undefined : end
}

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  const outliving = model.chains.filter((chain) => {
    const end = endAbove(chain)
    return end !== undefined && end < chain.leaf.notAfter && end >= at && !causes.isToldByCa(chain) && chain.leaf.notAfter >= at
  })
  for (const group of groupByCa(model, outliving)) {
    const refs = uniqueRefs(group.chains.map(chainRef))
    const end = smallest(group.chains.map((chain) => endAbove(chain) ?? Infinity))
    const longest = largest(group.chains.map((chain) => chain.leaf.notAfter))
    const [subject, ...others] = refs
    if (!subject) continue
    yield finding({
      subject,
      related: uniqueRefs([...others, ...(group.subject === subject ? [] : [group.subject])]),
      message:
        refs.length === 1
          ? say`${sayRef(subject)} is valid until ${sayInstant(longest)}, ${saySpan(longest - end)} longer than its CA (${sayInstant(end)})`
          : say`${refs.length} certificates are valid longer than their CA, which ends on ${sayInstant(end)}`,
      evidence: [
        ...(refs.length === 1 ? [] : [{ label: 'certificates', text: sayList(sayRefs(refs, group.subject.namespace)) }]),
        { label: 'cert-manager', text: say`does not shorten a certificate to the end of its CA, and renews neither because of the other` },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Renew the CA earlier (its renewBefore at least the duration below it), or give the certificates a shorter duration`,
        commands: group.subject.kind === 'Certificate' ? edit(group.subject) : [],
      },
    })
  }
}

export const leafOutlivesCa: Rule = {
  id: 'leaf-outlives-ca',
  group: 'validity',
  severity: 'warning',
  title: 'A certificate is valid longer than its CA',
  means: 'Some CA certificate on the path ends before the certificate below it.',
  matters: 'The chain breaks when the CA ends, not when the certificate says; with a new CA key the certificate is refused even sooner.',
  mend: 'Let the CA be renewed early enough, or shorten the duration below it.',
  silent: 'Silent when every CA on the path ends later, and once it has ended (then ca-expired speaks).',
  sources: [{ document: 'cert-manager', at: 'issues/5864' }],
  needs: ['secret-data'],
  check,
}
