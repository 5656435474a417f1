import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.order.kind === 'ordered') continue
    // A gap that another certificate of the dump would fill is chain-incomplete, a foreign ca.crt is ca-crt-unrelated.
    if (chain.order.kind === 'not-a-line' && chain.ownAnchor.kind !== 'reached' && chain.pathInForce === undefined) continue
    const subject = chainRef(chain)
    const reversed = chain.order.kind === 'leaf-not-first'
    const position = chain.order.kind === 'leaf-not-first' ? chain.order.leafPosition + 1 : chain.order.position + 1
    yield finding({
      severity: reversed ? 'error' : 'warning',
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: reversed
        ? say`tls.crt of ${sayRef(chain.secret.ref)} does not begin with its own certificate: that is number ${position} of ${chain.sent.length}`
        : say`tls.crt of ${sayRef(chain.secret.ref)} is not one line: certificate ${position} did not sign the one before it`,
      evidence: chain.sent.slice(0, 8).map((certificate, index) => ({
        label: `${index + 1}.`,
        text: say`${certificate.subject.text || '(empty name)'}, issued by ${certificate.issuer.text || '(empty name)'}`,
      })),
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Put the end-entity certificate first and each issuer behind what it signed; for a Certificate, issue it anew`,
        commands: subject.kind === 'Certificate' ? renew([subject]) : [],
      },
    })
  }
}

export const chainOrder: Rule = {
  id: 'chain-order',
  group: 'chain',
  severity: 'error',
  title: 'tls.crt is in the wrong order',
  means: 'The end-entity certificate is not the first one, or a certificate did not sign the one before it.',
  matters:
    'A server presents the first certificate as its own: with another one in front, its key does not fit and no client accepts it. A certificate out of line further up is passed over by most clients, but it breaks those that choose their issuer in the order sent: then this is a warning.',
  mend: 'Renew the certificate, or re-order a Secret that was made by hand.',
  silent: 'Silent when every certificate signed the one before it.',
  sources: [
    { document: 'RFC 8446', at: '4.4.2' },
    { document: 'RFC 5246', at: '7.4.2' },
  ],
  needs: ['secret-data'],
  check,
}
