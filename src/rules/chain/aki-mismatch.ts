import { toHex } from '../../base/bytes.ts'
import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { findIdentifierGaps } from '../identifier-gap.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const { group, gap, severity } of findIdentifierGaps(context, false)) {
    const affected = uniqueRefs(group.chains.map(chainRef))
    const [only] = affected
    const single = affected.length === 1 && only !== undefined
    const subject = single ? only : group.subject
    const secrets = group.chains.map((chain) => chain.secret.ref)
    const aki = gap.below.extensions.authorityKeyIdentifier?.keyIdentifier
    const ski = gap.ca.extensions.subjectKeyIdentifier?.keyIdentifier
    yield finding({
      severity,
      subject,
      related: uniqueRefs([...(single ? [] : group.related), ...affected, ...secrets]).filter((ref) => refKey(ref) !== refKey(subject)),
      message: single
        ? say`${sayRef(subject)} is signed by its CA but names another key identifier`
        : say`${affected.length} certificates are signed by ${sayRef(group.subject)} but name another key identifier: ${sayList(sayRefs(affected, subject.namespace))}`,
      evidence: [
        ...(aki && ski ? [{ label: 'key identifiers', text: say`AKI ${toHex(aki)}, the CA's SKI ${toHex(ski)}` }] : []),
        {
          label: 'clients',
          text:
            severity === 'error'
              ? say`OpenSSL and Java choose the issuer by key identifier and refuse; Go and rustls accept`
              : say`accept while the CA certificate that is named travels in tls.crt`,
        },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: single ? say`Issue the certificate anew` : say`Issue the certificates anew, from the top down`,
        commands: renewTopDown(group.chains, context.model),
      },
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
