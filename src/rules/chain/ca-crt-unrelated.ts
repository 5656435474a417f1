import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { describe, renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.ownAnchor.kind === 'unknown') yield notEvaluable(chain.ownAnchor.missing, chain.secret.ref)
    if (chain.ownAnchor.kind !== 'unrelated' || chain.order.kind === 'leaf-not-first' || causes.isToldByCa(chain)) continue
    // A leaf that nothing in force signed is told by its own rule; its ca.crt is the lesser fault.
    if (chain.relation.kind === 'signature-invalid' || chain.relation.kind === 'other-name') continue
    const subject = chainRef(chain)
    // A CA Secret whose certificates do not form one line blocks every request (cert-manager pkg/util/pki/parse_certificate_chain.go).
    const waiting = uniqueRefs(chain.feeds.flatMap((issuer) => waitingFor({ causes, model }, issuer)))
    const isHandMadeCa = chain.feeds.length > 0 && subject.kind === 'Secret'
    yield finding({
      subject,
      related: uniqueRefs([
        ...(subject.kind === 'Secret' ? [] : [chain.secret.ref]),
        ...chain.feeds.map((issuer) => issuer.ref),
        ...waiting,
      ]),
      message: say`ca.crt of ${sayRef(chain.secret.ref)} is not the CA of the certificate beside it`,
      evidence: [
        { label: 'tls.crt is issued by', text: say`${chain.leaf.issuer.text === '' ? '(empty name)' : chain.leaf.issuer.text}` },
        {
          label: 'ca.crt holds',
          text: sayList(chain.anchors.map((anchor) => (anchor.subject.text === '' ? '(empty name)' : anchor.subject.text))),
        },
        { label: 'clients', text: say`that trust this ca.crt refuse the certificate` },
        ...(waiting.length > 0
          ? [{ label: 'waiting', text: say`${sayList(sayRefs(waiting, chain.secret.ref.namespace))}: nothing can be issued from it` }]
          : []),
      ],
      places: [chain.secret.placeOf(['data', 'ca.crt'])],
      remedy: {
        text: isHandMadeCa
          ? say`Put the certificates between the two into tls.crt, or the CA that belongs to it into ca.crt`
          : say`Find out what else writes this Secret, then have the certificate issued anew: cert-manager then writes the right ca.crt`,
        commands: subject.kind === 'Certificate' ? [...describe(chain.secret.ref), ...renew([subject])] : describe(chain.secret.ref),
      },
    })
  }
}

export const caCrtUnrelated: Rule = {
  id: 'ca-crt-unrelated',
  group: 'chain',
  severity: 'error',
  title: 'ca.crt is another CA than the one that signed tls.crt',
  means: "The chain in tls.crt does not lead to the Secret's own ca.crt, and no certificate of the dump completes the path.",
  matters: 'Whoever takes his trust from this ca.crt (clients, operators that mount the Secret, cainjector) refuses the certificate.',
  mend: 'Renew the certificate, and find what wrote the Secret.',
  silent:
    'Silent when ca.crt is absent, or when a missing intermediate or a wrong order explains it (chain-incomplete, chain-order). Not evaluable when ca.crt is masked.',
  sources: [{ document: 'RFC 5280', at: '6.1' }],
  needs: ['secret-data'],
  check,
}
