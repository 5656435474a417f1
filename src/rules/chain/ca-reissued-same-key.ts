import { say, sayList } from '../../base/phrase.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { Chain } from '../../model/model.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayInstant, sayRef, sayRefs } from '../wording.ts'

/** An older certificate of a CA in force (same name and key) that the Secret still carries, and carries alone. */
const staleCopy = (chain: Chain): X509Certificate | undefined => {
  if (chain.relation.kind !== 'current') return undefined
  if (chain.relation.staleAnchor) return chain.relation.staleAnchor
  const carried = chain.secret.caCrt.certificates
  for (const current of chain.anchorsInForce) {
    if (carried.some((certificate) => certificate.fingerprint === current.fingerprint)) return undefined
    const older = carried.find(
      (certificate) =>
        certificate.publicKey.identity === current.publicKey.identity && certificate.subject.normalized === current.subject.normalized,
    )
    if (older) return older
  }
  return undefined
}

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  const stale = new Map<Chain, X509Certificate>()
  for (const chain of model.chains) {
    const copy = staleCopy(chain)
    if (copy && !causes.isToldByCa(chain)) stale.set(chain, copy)
  }
  for (const group of groupByCa(model, [...stale.keys()])) {
    const copy = stale.get(group.chains[0] as Chain) as X509Certificate
    const affected = uniqueRefs(group.chains.map(chainRef))
    yield finding({
      subject: group.subject,
      related: uniqueRefs([...group.related, ...affected]),
      message: say`${sayRef(group.subject)} was renewed with the same key; ${affected.length} ${affected.length === 1 ? 'Secret carries' : 'Secrets carry'} its older certificate in ca.crt`,
      evidence: [
        ...(group.ca ? [{ label: 'CA in force', text: sayCa(group.ca) }] : []),
        { label: 'in ca.crt', text: sayCa(copy) },
        { label: 'until', text: say`${sayInstant(copy.notAfter)}: then clients that trust only that file refuse` },
        { label: 'Secrets', text: sayList(sayRefs(affected, group.subject.namespace)) },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'ca.crt'])),
      remedy: {
        text: say`Renew the certificates before the older CA certificate ends: their ca.crt is only written when they are issued`,
        commands: renew(affected.filter((ref) => ref.kind === 'Certificate')),
      },
    })
  }
}

export const caReissuedSameKey: Rule = {
  id: 'ca-reissued-same-key',
  group: 'chain',
  severity: 'warning',
  title: 'CA renewed with its key kept; ca.crt still holds the older certificate',
  means: 'The certificate verifies under the CA in force, but the ca.crt beside it is an older certificate of the same CA key.',
  matters: 'Both verify today. When the older CA certificate ends, clients that take their trust from this ca.crt refuse.',
  mend: 'Renew the certificates below the CA, so that cert-manager writes the present ca.crt.',
  silent: 'Silent when ca.crt holds the CA in force. Not evaluable when the CA Secret is not in the dump.',
  sources: [
    { document: 'cert-manager', at: 'issues/5851' },
    { document: 'cert-manager', at: 'issues/5114' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
