import { toHex } from '../../base/bytes.ts'
import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { findIdentifierGaps } from '../identifier-gap.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const { group, gap, severity } of findIdentifierGaps(context, true)) {
    const affected = uniqueRefs(group.chains.map(chainRef))
    const aki = gap.below.extensions.authorityKeyIdentifier?.keyIdentifier
    const ski = gap.ca.extensions.subjectKeyIdentifier?.keyIdentifier
    yield finding({
      severity,
      subject: group.subject,
      related: uniqueRefs([...group.related, ...affected]),
      message: say`${sayRef(group.subject)} kept its key and changed its key identifier; ${affected.length} ${affected.length === 1 ? 'certificate names' : 'certificates name'} the old one`,
      evidence: [
        { label: 'signature', text: say`verifies under the CA in force` },
        ...(ski && aki
          ? [
              {
                label: 'key identifiers',
                text: say`the CA's SKI is ${toHex(ski)}, the certificates' AKI is ${toHex(aki)}: both are hashes of the same key, one SHA-1, one SHA-256`,
              },
            ]
          : []),
        {
          label: 'clients',
          text:
            severity === 'error'
              ? say`OpenSSL and Java choose the issuer by key identifier and refuse where only the CA in force is trusted; Go and rustls accept`
              : say`accept while the CA certificate from before travels in tls.crt`,
        },
        { label: 'certificates', text: sayList(sayRefs(affected, group.subject.namespace)) },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`Issue the certificates anew: they then carry the CA's present key identifier`,
        commands: renewTopDown(group.chains, context.model),
      },
    })
  }
}

export const caSkiChanged: Rule = {
  id: 'ca-ski-changed',
  group: 'chain',
  severity: 'error',
  title: "CA's key identifier changed although its key did not",
  means:
    'The CA was renewed with its key by a cert-manager that computes the subject key identifier in another way (SHA-1 up to 1.18, SHA-256 since 1.19); certificates below still name the old identifier.',
  matters:
    'The signature verifies, and Go and rustls accept. OpenSSL and Java refuse the certificates where only the renewed CA is trusted. A warning where the CA is an intermediate and the one from before travels along in tls.crt.',
  mend: 'Renew the certificates below the CA.',
  silent: 'Silent when AKI and SKI agree, or when they differ without being two hashes of one key (that is aki-mismatch).',
  sources: [
    { document: 'RFC 5280', at: '4.2.1.1' },
    { document: 'RFC 5280', at: '4.2.1.2' },
    { document: 'cert-manager', at: 'issues/8289' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
