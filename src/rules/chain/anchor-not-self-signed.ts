import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  const chains = model.chains.filter((chain) => {
    if (chain.feeds.length > 0 || chain.ownAnchor.kind !== 'reached' || causes.isToldByCa(chain)) return false
    if (chain.anchors.some((anchor) => anchor.subject.normalized === anchor.issuer.normalized)) return false
    // The very certificate as its own anchor is another case (a self-signed end-entity certificate).
    return !chain.anchors.some((anchor) => anchor.fingerprint === chain.leaf.fingerprint)
  })
  for (const group of groupByCa(model, chains)) {
    const refs = uniqueRefs(group.chains.map(chainRef))
    const anchor = group.chains[0]?.anchors[0]
    yield finding({
      subject: group.subject,
      related: uniqueRefs([...group.related, ...refs]).filter((ref) => ref !== group.subject),
      message: say`ca.crt below ${sayRef(group.subject)} is an intermediate certificate, not a root`,
      evidence: [
        ...(anchor
          ? [{ label: 'ca.crt', text: say`${anchor.subject.text || '(empty name)'}, issued by ${anchor.issuer.text || '(empty name)'}` }]
          : []),
        {
          label: 'clients',
          text: say`OpenSSL refuses it as an anchor unless told to take partial chains, as curl and Python 3.13 do; Go, Java and rustls accept`,
        },
        { label: 'Secrets', text: sayList(sayRefs(refs, group.subject.namespace)) },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'ca.crt'])),
      remedy: {
        text: say`Put the root into ca.crt of the CA Secret, then issue anew; or give clients the root by another way`,
        commands: [],
      },
    })
  }
}

export const anchorNotSelfSigned: Rule = {
  id: 'anchor-not-self-signed',
  group: 'chain',
  severity: 'warning',
  title: 'ca.crt holds an intermediate, not a root',
  means: 'The certificate that clients are to trust is itself issued by another CA, and that root is not in ca.crt.',
  matters:
    'Clients built on OpenSSL (nginx, Node, most of C) refuse it where ca.crt is all they trust; Go, Java and rustls accept. It is what a CA issuer writes whose own Secret has no root.',
  mend: "Add the root as ca.crt of the CA's Secret and renew.",
  silent: 'Silent where ca.crt holds a self-signed certificate or is absent.',
  sources: [
    { document: 'RFC 5280', at: '6.1.1 (d)' },
    { document: 'cert-manager', at: 'issues/4096' },
  ],
  needs: ['secret-data'],
  check,
}
