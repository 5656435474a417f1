import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { groupByCaAbove } from '../group-by-ca.ts'
import { identifierGap } from '../identifier-gap.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import type { StaleCopy } from '../stale-copy.ts'
import { staleCopy } from '../stale-copy.ts'
import { sayCa, sayInstant, sayRef, sayRefs } from '../wording.ts'

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  const stale = new Map<Chain, StaleCopy>()
  for (const chain of model.chains) {
    const copy = staleCopy(chain)
    // Where the key identifier changed with the certificate, ca-ski-changed tells it.
    if (copy && !causes.isToldByCa(chain) && identifierGap(chain) === undefined) stale.set(chain, copy)
  }
  for (const group of groupByCaAbove(model, new Map([...stale].map(([chain, { current }]) => [chain, current])))) {
    const copy = group.chains
      .flatMap((chain) => stale.get(chain)?.older ?? [])
      .reduce((first, other) => (other.notAfter < first.notAfter ? other : first))
    // A certificate that has ended itself is refused for that.
    const isRefused = group.chains.some(
      ({ anchors, leaf }) => anchors.length > 0 && leaf.notAfter >= at && anchors.every((anchor) => anchor.notAfter < at),
    )
    const affected = uniqueRefs(group.chains.map(chainRef))
    yield finding({
      severity: isRefused ? 'error' : 'warning',
      subject: group.subject,
      related: uniqueRefs([...group.related, ...affected]),
      message: say`${sayRef(group.subject)} was renewed with the same key; ${affected.length} ${affected.length === 1 ? 'Secret carries' : 'Secrets carry'} its older certificate in ca.crt`,
      evidence: [
        ...(group.ca ? [{ label: 'CA in force', text: sayCa(group.ca) }] : []),
        { label: 'in ca.crt', text: sayCa(copy) },
        copy.notAfter < at
          ? { label: 'ended', text: say`${sayInstant(copy.notAfter)}: of the clients that trust only that file, Go and OpenSSL refuse` }
          : { label: 'until', text: say`${sayInstant(copy.notAfter)}: then clients that trust only that file refuse` },
        { label: 'Secrets', text: sayList(sayRefs(affected, group.subject.namespace)) },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'ca.crt'])),
      remedy: {
        text:
          copy.notAfter < at
            ? say`Renew the certificates: their ca.crt is only written when they are issued`
            : say`Renew the certificates before the older CA certificate ends: their ca.crt is only written when they are issued`,
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
  matters:
    'Both verify today. When the older CA certificate ends, clients that take their trust from this ca.crt refuse: from then on it is an error.',
  mend: 'Renew the certificates below the CA, so that cert-manager writes the present ca.crt.',
  silent: 'Silent when ca.crt holds the CA in force. Not evaluable when the CA Secret is not in the dump.',
  sources: [
    { document: 'cert-manager', at: 'issues/5851' },
    { document: 'cert-manager', at: 'issues/5114' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
