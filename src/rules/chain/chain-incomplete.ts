import { say, sayList } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.ownAnchor.kind !== 'incomplete' || chain.order.kind === 'leaf-not-first' || causes.isToldByCa(chain)) continue
    const subject = chainRef(chain)
    const missing = chain.ownAnchor.through.filter((certificate) => certificate.fingerprint !== chain.leaf.fingerprint)
    yield finding({
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`tls.crt of ${sayRef(chain.secret.ref)} lacks ${missing.length === 1 ? 'an intermediate certificate' : `${missing.length} intermediate certificates`} on the way to its ca.crt`,
      evidence: [
        { label: 'missing', text: sayList(missing.map((certificate) => certificate.subject.text || '(empty name)')) },
        {
          label: 'found in',
          text: sayList(
            missing.flatMap((certificate) => model.holdersOf(certificate).map((holder) => `${sayRef(holder.ref)} ${holder.key}`)),
            4,
          ),
        },
        { label: 'clients', text: say`that trust this ca.crt find no path and refuse` },
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Put the whole chain into the CA Secret's tls.crt, then issue the certificate anew`,
        commands: subject.kind === 'Certificate' ? renew([subject]) : [],
      },
    })
  }
}

export const chainIncomplete: Rule = {
  id: 'chain-incomplete',
  group: 'chain',
  severity: 'error',
  title: 'An intermediate certificate is missing from tls.crt',
  means: "Between tls.crt and the Secret's ca.crt a CA certificate is missing; another object of the dump has it.",
  matters: 'A client that trusts only the root cannot build the path.',
  mend: 'Complete the chain in the CA Secret and renew.',
  silent: 'Silent when tls.crt leads to ca.crt. Where no certificate of the dump completes the path it is ca-crt-unrelated.',
  sources: [
    { document: 'RFC 5280', at: '6.1' },
    { document: 'RFC 8446', at: '4.4.2' },
  ],
  needs: ['secret-data'],
  check,
}
