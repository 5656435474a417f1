import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import { identifierGap } from '../identifier-gap.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { staleCopy } from '../stale-copy.ts'
import { sayInstant, sayRef } from '../wording.ts'

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    const [anchor, ...more] = chain.anchors
    if (!anchor || more.length > 0 || anchor.notAfter >= chain.leaf.notAfter) continue
    if (chain.ownAnchor.kind !== 'reached' || causes.isToldByCa(chain) || chain.leaf.notAfter < at) continue
    const inForce = new Set(
      [...chain.anchorsInForce, ...(chain.issuer.status === 'found' && chain.issuer.issuer.ca ? [chain.issuer.issuer.ca] : [])].map(
        (certificate) => certificate.fingerprint,
      ),
    )
    const over = anchor.notAfter < at
    // The older certificate of a CA that was renewed with its key is told with that renewal: ca-reissued-same-key, ca-ski-changed, aki-mismatch.
    if (staleCopy(chain)?.older === anchor && identifierGap(chain) === undefined) continue
    if (chain.relation.kind === 'key-identifier-differs' && chain.relation.staleAnchor === anchor && !over) continue
    // Without a CA in force to compare with, an anchor that ends first is told by leaf-outlives-ca.
    if (inForce.size === 0 || inForce.has(anchor.fingerprint)) continue
    const subject = chainRef(chain)
    yield finding({
      severity: over ? 'error' : 'warning',
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`ca.crt of ${sayRef(chain.secret.ref)} ${over ? 'ended' : 'ends'} on ${sayInstant(anchor.notAfter)}, before the certificate beside it (${sayInstant(chain.leaf.notAfter)})`,
      evidence: [
        {
          label: 'clients',
          text: say`that trust this ca.crt alone: Go and OpenSSL refuse an anchor out of its dates, Java and rustls do not look`,
        },
      ],
      places: [chain.secret.placeOf(['data', 'ca.crt'])],
      remedy: {
        text: say`Renew the certificate: its ca.crt is written anew then`,
        commands: subject.kind === 'Certificate' ? renew([subject]) : [],
      },
    })
  }
}

export const caCrtStaleExpiring: Rule = {
  id: 'ca-crt-stale-expiring',
  group: 'chain',
  severity: 'warning',
  title: 'The ca.crt beside a certificate ends before the certificate',
  means: 'ca.crt holds a CA certificate that is no longer in force and ends before the certificate that it stands beside.',
  matters:
    'Clients that take their trust from this ca.crt refuse from then on, although the certificate itself is valid. An error once it has ended.',
  mend: 'Renew the certificate.',
  silent:
    'Silent when ca.crt is the CA in force (then leaf-outlives-ca speaks) or ends later than the certificate, and where it is an older certificate of a CA that kept its key (ca-reissued-same-key, ca-ski-changed).',
  sources: [{ document: 'RFC 5280', at: '6.1.3 (a)(2)' }],
  needs: ['secret', 'secret-data'],
  check,
}
