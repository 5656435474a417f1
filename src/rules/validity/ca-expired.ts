import { say, sayList } from '../../base/phrase.ts'
import { caRefs, chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs, saySpan } from '../wording.ts'

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const group of causes.expiredCas) {
    const ca = group.secret.tlsCrt.certificates[0]
    if (!ca) continue
    const { subject, related } = caRefs(group)
    const affected = uniqueRefs(group.chains.map(chainRef))
    const ready = group.issuers.some((issuer) => issuer.resource.conditions.some((item) => item.type === 'Ready' && item.status === 'True'))
    yield finding({
      subject,
      related: uniqueRefs([...related, ...affected]),
      message: say`The CA in ${sayRef(group.secret.ref)} expired on ${sayInstant(ca.notAfter)}, ${saySpan(at - ca.notAfter)} ago`,
      evidence: [
        { label: 'CA', text: say`${ca.subject.text}` },
        ...(affected.length > 0 ? [{ label: 'below it', text: sayList(sayRefs(affected, subject.namespace)) }] : []),
        ...(ready
          ? [{ label: 'issuer', text: say`says Ready all the same, and signs with it: cert-manager looks at no date of its CA` }]
          : []),
        {
          label: 'clients',
          text: say`Go and OpenSSL refuse an expired anchor, all refuse an expired intermediate; Java and rustls do not look at the anchor's dates`,
        },
      ],
      places: [group.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Renew the CA first, bring it to the clients, then issue everything below it anew`,
        commands: [...(group.certificate ? renew([group.certificate.ref]) : []), ...renewTopDown(group.chains, model)],
      },
    })
  }
}

export const caExpired: Rule = {
  id: 'ca-expired',
  group: 'validity',
  severity: 'error',
  title: 'The CA of an issuer has expired',
  means: 'The certificate that a CA issuer signs with is past its notAfter.',
  matters:
    'Everything below it is refused by most clients, and the issuer goes on signing: it stays Ready, because cert-manager does not look at the dates of its CA.',
  mend: 'Renew the CA certificate, then everything below it, from the top down.',
  silent: 'Silent while the CA is in its dates. A CA below an expired one is named with it, not again.',
  sources: [
    { document: 'RFC 5280', at: '4.1.2.5' },
    { document: 'cert-manager', at: 'issues/6323' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
