import { decidingClients } from '../../model/judge-chains.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { chainRef } from '../causes.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayClient, sayRef } from '../wording.ts'

const isOtherGeneration = (one: X509Certificate, other: X509Certificate): boolean =>
  other.subject.normalized === one.subject.normalized && other.publicKey.identity !== one.publicKey.identity

/** Two certificates of one name with different keys: two generations of one CA in one bundle. */
const hasGenerations = (chain: Chain): boolean =>
  chain.anchors.some((one, index) => chain.anchors.slice(index + 1).some((other) => isOtherGeneration(one, other)))

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.feeds.length > 0 || chain.anchors.length < 2 || chain.anchors.length > 20 || !hasGenerations(chain)) continue
    const reversed = [...chain.anchors].reverse()
    const [now, then] = [model.judge.judge(chain, chain.anchors).clients, model.judge.judge(chain, reversed).clients]
    const broken = decidingClients.filter((client) => now[client].accepts === false && then[client].accepts === true).map(sayClient)
    if (broken.length === 0) continue
    const subject = chainRef(chain)
    yield finding({
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`ca.crt of ${sayRef(chain.secret.ref)} holds two generations of one CA in an order that ${broken.join(' and ')} cannot use`,
      evidence: [
        ...chain.anchors.slice(0, 4).map((anchor, index) => ({ label: `${index + 1}.`, text: sayCa(anchor) })),
        { label: 'clients', text: say`${sayList(broken)}: refuse in this order, accept in the other` },
      ],
      places: [chain.secret.placeOf(['data', 'ca.crt'])],
      remedy: { text: say`Put the CA that signed the certificate first`, commands: [] },
    })
  }
}

export const caBundleOrder: Rule = {
  id: 'ca-bundle-order',
  group: 'chain',
  severity: 'error',
  title: 'Two generations of a CA in one bundle, in an order that breaks a client',
  means:
    'ca.crt holds an old and a new certificate of one CA with different keys; some client takes the first and does not try the second.',
  matters:
    'OpenSSL takes the first anchor that fits by name and key identifier and does not go back. During a rotation such bundles are usual.',
  mend: 'Put the one that signed first, or leave the other out.',
  silent: 'Silent where every client accepts in this order, or none does in another.',
  sources: [{ document: 'RFC 5280', at: '6.1' }],
  needs: ['secret-data'],
  check,
}
