import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayCa, sayRef } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    const subject = chainRef(chain)
    if (chain.relation.kind === 'unknown') yield notEvaluable(chain.relation.missing, subject)
    if (chain.relation.kind !== 'signature-invalid' || causes.isToldByCa(chain)) continue
    const issuer = chain.issuer.status === 'found' ? chain.issuer.issuer : undefined
    yield finding({
      subject,
      related: [...(subject.kind === 'Secret' ? [] : [chain.secret.ref])],
      message: say`${sayRef(subject)} names its CA as issuer, but no key of this dump verifies its signature`,
      evidence: [
        { label: 'issued by', text: say`${chain.leaf.issuer.text}` },
        ...(issuer?.ca ? [{ label: 'CA in force', text: [...sayCa(issuer.ca), ', Issuer ', { value: sayRef(issuer.ref) }] }] : []),
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Issue the certificate anew; if the CA in its Secret was overwritten, put the right one back first`,
        commands: subject.kind === 'Certificate' ? renew([subject]) : [],
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
