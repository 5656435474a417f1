import { say, sayList } from '../../base/phrase.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { isCa } from '../../model/judge-chains.ts'
import type { Chain } from '../../model/model.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { groupByCaAbove } from '../group-by-ca.ts'
import { identifierGap } from '../identifier-gap.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayInstant, sayRef, sayRefs } from '../wording.ts'

interface StaleCopy {
  readonly older: X509Certificate
  readonly current: X509Certificate
}

const isSameCa = (a: X509Certificate, b: X509Certificate): boolean =>
  a.publicKey.identity === b.publicKey.identity && a.subject.normalized === b.subject.normalized

/** An older certificate of a CA in force (same name and key) that the Secret still carries, and carries alone. */
const staleCopy = (chain: Chain): StaleCopy | undefined => {
  if (chain.relation.kind !== 'current' || chain.issuer.status !== 'found' || !chain.issuer.issuer.ca) return undefined
  // What took the CA's place and is none is told by ca-not-ca.
  if (!isCa({ leaf: chain.issuer.issuer.ca })) return undefined
  if (chain.relation.staleAnchor) return { older: chain.relation.staleAnchor, current: chain.issuer.issuer.ca }
  const carried = chain.secret.caCrt.certificates
  for (const current of chain.anchorsInForce) {
    if (carried.some((certificate) => certificate.fingerprint === current.fingerprint)) return undefined
    const older = carried.find((certificate) => isSameCa(certificate, current))
    if (older) return { older, current }
  }
  return undefined
}

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  const stale = new Map<Chain, StaleCopy>()
  for (const chain of model.chains) {
    const copy = staleCopy(chain)
    // Where the key identifier changed with the certificate, ca-ski-changed tells it.
    if (copy && !causes.isToldByCa(chain) && identifierGap(chain) === undefined) stale.set(chain, copy)
  }
  for (const group of groupByCaAbove(model, new Map([...stale].map(([chain, { current }]) => [chain, current])))) {
    const copy = (stale.get(group.chains[0] as Chain) as StaleCopy).older
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
        commands: renewTopDown(group.chains, model),
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
