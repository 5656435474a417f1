import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { groupByCa } from '../group-by-ca.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'
import { isIncorrectIssuer } from '../policy.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { causes, model } = context
  const foreign = model.chains.filter((chain) => {
    if (chain.relation.kind !== 'other-name' || chain.order.kind === 'leaf-not-first' || causes.isToldByCa(chain)) return false
    // cert-manager sees an issuerRef that was changed and says so: incorrect-issuer is the cause.
    if (chain.certificate && isIncorrectIssuer(context, chain.certificate)) return false
    return chain.issuer.status === 'found' && causes.issuerFault(chain.issuer.issuer) !== 'ca-not-ca'
  })
  for (const group of groupByCa(model, foreign)) {
    const affected = uniqueRefs(group.chains.map(chainRef))
    const [first] = group.chains
    const single = affected.length === 1
    const subject = single ? (affected[0] ?? group.subject) : group.subject
    yield finding({
      subject,
      related: uniqueRefs([...affected, ...group.chains.map((chain) => chain.secret.ref)]).filter((ref) => ref !== subject),
      message: say`${sayList(sayRefs(affected))} ${single ? 'was' : 'were'} issued by another CA than the one that the issuerRef leads to (${sayRef(group.subject)})`,
      evidence: [
        ...(group.ca ? [{ label: 'CA in force', text: say`${group.ca.subject.text}` }] : []),
        ...(first ? [{ label: 'issued by', text: say`${first.leaf.issuer.text}` }] : []),
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Correct the issuerRef, or issue anew from the CA that it names`,
        commands: renewTopDown(group.chains, model),
      },
    })
  }
}

export const issuerDnMismatch: Rule = {
  id: 'issuer-dn-mismatch',
  group: 'chain',
  severity: 'error',
  title: 'Issued by a CA of another name than the one in force',
  means: 'The issuer name in the certificate is not the subject of the CA that its issuerRef leads to.',
  matters:
    'Clients that trust the CA of that issuer refuse the certificate; it was issued by something else, or the CA was replaced by another one.',
  mend: 'Correct the issuerRef, or renew the certificate.',
  silent:
    'Silent when names agree, and when cert-manager itself sees that the issuerRef was changed (incorrect-issuer). Not evaluable without the CA Secret.',
  sources: [
    { document: 'RFC 5280', at: '6.1.3 (a)(4)' },
    { document: 'RFC 5280', at: '4.1.2.4' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
