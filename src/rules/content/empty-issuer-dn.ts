import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { edit } from '../commands.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const nameless = model.chains.filter((chain) => chain.leaf.issuer.rdns.length === 0)
  const groups = groupByCa(model, nameless)
  const namelessCas = new Set(groups.filter((group) => group.ca).map((group) => refKey(group.subject)))
  for (const group of groups) {
    // A nameless root is told once, with what is below it.
    if (!group.ca && namelessCas.has(refKey(group.subject))) continue
    const refs = uniqueRefs(group.chains.map(chainRef))
    const [first, ...others] = refs
    if (!first) continue
    const source = group.subject.kind === 'Certificate' ? group.subject : first.kind === 'Certificate' ? first : undefined
    yield finding({
      subject: group.ca ? group.subject : first,
      related: uniqueRefs([...group.related, ...(group.ca ? refs : others)]).filter((ref) => ref !== (group.ca ? group.subject : first)),
      message: say`${sayList(sayRefs(refs))} ${refs.length === 1 ? 'has' : 'have'} no issuer name: ${group.ca ? `the CA ${sayRef(group.subject)} was made without commonName and subject` : 'a self-signed certificate without commonName and subject'}`,
      evidence: [
        {
          label: 'clients',
          text: say`Java cannot parse a certificate with an empty issuer; OpenSSL takes one with an empty subject as well for self-signed`,
        },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Set commonName or subject where the name is missing, and issue it and what is below it anew`,
        commands: source ? edit(source) : [],
      },
    })
  }
}

export const emptyIssuerDn: Rule = {
  id: 'empty-issuer-dn',
  group: 'content',
  severity: 'error',
  title: 'The issuer name is empty',
  means: 'The certificate names no issuer: its CA, or the certificate itself where it is self-signed, has neither commonName nor subject.',
  matters: 'RFC 5280 forbids it; Java cannot even parse the certificate.',
  mend: 'Give the CA a name and issue anew from there down.',
  silent: 'Silent where the issuer has any name.',
  sources: [
    { document: 'RFC 5280', at: '4.1.2.4' },
    { document: 'cert-manager', at: 'issues/3634' },
  ],
  needs: ['secret-data'],
  check,
}
