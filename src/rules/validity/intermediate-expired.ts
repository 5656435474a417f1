import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs } from '../wording.ts'

/** The certificates between the leaf and its anchor, as sent. */
const intermediates = (chain: Chain): readonly X509Certificate[] =>
  chain.sent.filter((certificate) => certificate !== chain.leaf && certificate.subject.normalized !== certificate.issuer.normalized)

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  const groups = new Map<X509Certificate, Chain[]>()
  for (const chain of model.chains) {
    if (causes.isToldByCa(chain) || chain.leaf.notAfter < at || chain.order.kind === 'leaf-not-first') continue
    const over = intermediates(chain).find((certificate) => certificate.notAfter < at)
    // A path that does not need the expired one still works.
    if (!over || (chain.pathInForce && !chain.pathInForce.includes(over))) continue
    const known = groups.get(over)
    if (known) known.push(chain)
    else groups.set(over, [chain])
  }
  for (const [certificate, chains] of groups) {
    const refs = uniqueRefs(chains.map(chainRef))
    const [subject, ...others] = refs
    if (!subject) continue
    yield finding({
      subject,
      related: uniqueRefs([...others, ...chains.map((chain) => chain.secret.ref)]).filter((ref) => ref !== subject),
      message: say`tls.crt of ${sayList(sayRefs(refs))} carries an intermediate that expired on ${sayInstant(certificate.notAfter)}`,
      evidence: [
        { label: 'intermediate', text: say`${certificate.subject.text || '(empty name)'}` },
        { label: 'clients', text: say`get the expired certificate from the server and refuse, also where a newer one exists` },
      ],
      places: chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Issue ${sayRef(subject)} anew${refs.length > 1 ? ', and the others,' : ''} so that tls.crt carries the intermediate in force`,
        commands: renew(refs.filter((ref) => ref.kind === 'Certificate')),
      },
    })
  }
}

export const intermediateExpired: Rule = {
  id: 'intermediate-expired',
  group: 'validity',
  severity: 'error',
  title: 'An intermediate certificate in tls.crt has expired',
  means: 'A CA certificate that the server sends along is past its notAfter, and the path to the root goes through it.',
  matters: 'Every client refuses the chain, although the certificate itself and its root are valid.',
  mend: 'Renew from the expired level down.',
  silent: 'Silent where the path does not need the expired certificate, and where the CA in force itself expired (that is ca-expired).',
  sources: [{ document: 'RFC 5280', at: '6.1.3 (a)(2)' }],
  needs: ['secret-data'],
  check,
}
