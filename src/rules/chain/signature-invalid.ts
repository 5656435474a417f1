import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayCa, sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) if (chain.relation.kind === 'unknown') yield notEvaluable(chain.relation.missing, chainRef(chain))
  const invalid = model.chains.filter((chain) => chain.relation.kind === 'signature-invalid' && !causes.isToldByCa(chain))
  for (const group of groupByCa(model, invalid)) {
    const affected = uniqueRefs(group.chains.map(chainRef))
    const [subject, ...others] = affected
    const [first] = group.chains
    if (!subject || !first) continue
    const issuer = first.issuer.status === 'found' ? first.issuer.issuer : undefined
    yield finding({
      subject,
      related: uniqueRefs([...others, ...group.chains.map((chain) => chain.secret.ref)]).filter((ref) => refKey(ref) !== refKey(subject)),
      message:
        others.length === 0
          ? say`${sayRef(subject)} names its CA as issuer, but no key of this dump verifies its signature`
          : say`${sayList(sayRefs(affected))} name their CA as issuer, but no key of this dump verifies their signatures`,
      evidence: [
        { label: 'issued by', text: say`${first.leaf.issuer.text}` },
        ...(issuer?.ca
          ? [{ label: 'CA in force', text: [...sayCa(issuer.ca), `, ${issuer.ref.kind} `, { value: sayRef(issuer.ref) }] }]
          : []),
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Issue anew; if the CA in its Secret was overwritten, put the right one back first`,
        commands: renew(affected.filter((ref) => ref.kind === 'Certificate')),
      },
    })
  }
}

export const signatureInvalid: Rule = {
  id: 'signature-invalid',
  group: 'chain',
  severity: 'error',
  title: 'No known key verifies the signature',
  means:
    'The certificate bears the name of its CA as issuer, and neither the CA in force nor any other certificate of the dump verifies it.',
  matters: 'Every client refuses it. Its CA was lost or replaced, or the Secret was overwritten from elsewhere.',
  mend: 'Renew the certificate.',
  silent: 'Silent when some certificate of the dump verifies it. Not evaluable when the CA Secret or the algorithm is missing.',
  sources: [{ document: 'RFC 5280', at: '6.1.3 (a)(1)' }],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
