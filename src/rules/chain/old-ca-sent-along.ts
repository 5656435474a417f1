import { decidingClients } from '../../model/judge-chains.ts'
import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import { otherGenerations } from '../other-generations.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayClient, sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { causes, model } = context
  for (const chain of model.chains) {
    if (chain.feeds.length > 0 || chain.sent.length < 2 || chain.pathInForce === undefined || causes.isToldByCa(chain)) continue
    const old = otherGenerations(chain, model)
    const [first] = old
    if (!first) continue
    const without = chain.sent.filter((certificate) => !old.includes(certificate))
    const [now, then] = [
      model.judge.judge(chain, chain.anchorsInForce).clients,
      model.judge.judge(chain, chain.anchorsInForce, without).clients,
    ]
    const broken = decidingClients.filter((client) => now[client].accepts === false && then[client].accepts === true).map(sayClient)
    const subject = chainRef(chain)
    yield finding({
      severity: broken.length > 0 ? 'error' : 'warning',
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`tls.crt of ${sayRef(chain.secret.ref)} sends along a CA certificate of another generation, which signed nothing in it`,
      evidence: [
        { label: 'sent along', text: sayCa(first) },
        {
          label: 'clients',
          text:
            broken.length > 0
              ? say`${broken.join(', ')} take it for the issuer and refuse; without it they accept`
              : say`accept all the same today; OpenSSL and Java choose by name and order, and another order breaks them`,
        },
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Take it out of tls.crt of the CA Secret, then issue the certificate anew`,
        commands: subject.kind === 'Certificate' ? renew([subject]) : [],
      },
    })
  }
}

export const oldCaSentAlong: Rule = {
  id: 'old-ca-sent-along',
  group: 'chain',
  severity: 'warning',
  title: 'An old CA certificate travels in tls.crt',
  means: 'tls.crt holds a CA certificate of the right name whose key signed nothing in the chain.',
  matters:
    'OpenSSL does not go back once it has chosen an issuer, and Java follows the order sent: an unneeded old CA can break a good chain. An error where a client is broken by it.',
  mend: 'Send only what is needed.',
  silent: 'Silent where every certificate of tls.crt signed one below it.',
  sources: [{ document: 'RFC 8446', at: '4.4.2' }],
  needs: ['secret-data', 'issuer'],
  check,
}
