import { toHex } from '../../base/bytes.ts'
import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.relation.kind !== 'key-identifier-differs' || chain.relation.explained || causes.isToldByCa(chain)) continue
    const subject = chainRef(chain)
    const aki = chain.leaf.extensions.authorityKeyIdentifier?.keyIdentifier
    const ski = chain.issuer.status === 'found' ? chain.issuer.issuer.ca?.extensions.subjectKeyIdentifier?.keyIdentifier : undefined
    yield finding({
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`${sayRef(subject)} is signed by its CA but names another key identifier`,
      evidence: [
        ...(aki && ski ? [{ label: 'key identifiers', text: say`AKI ${toHex(aki)}, the CA's SKI ${toHex(ski)}` }] : []),
        { label: 'clients', text: say`OpenSSL and Java choose the issuer by key identifier and refuse; Go and rustls accept` },
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: { text: say`Issue the certificate anew`, commands: subject.kind === 'Certificate' ? renew([subject]) : [] },
    })
  }
}

export const akiMismatch: Rule = {
  id: 'aki-mismatch',
  group: 'chain',
  severity: 'error',
  title: 'Authority key identifier is not that of the CA',
  means: 'The signature verifies under the CA in force, but the authority key identifier names another key.',
  matters: 'OpenSSL and Java look for the issuer by key identifier and refuse the chain; Go and rustls accept it.',
  mend: 'Find out who issued the CA certificate anew and how, then renew the certificate.',
  silent: 'Silent when the two agree, when one is absent, or when they are two hashes of one key (that is ca-ski-changed).',
  sources: [{ document: 'RFC 5280', at: '4.2.1.1' }],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
