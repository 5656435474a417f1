import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { otherGenerations } from '../other-generations.ts'
import { refusesToSign } from '../refuses-to-sign.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef, sayRefs } from '../wording.ts'

/** Is tls.crt one line but for CAs of another generation, which old-ca-sent-along tells? */
const isLineWithoutOthers = (chain: Chain, { causes, model }: RuleContext): boolean => {
  if (chain.feeds.length > 0 || chain.pathInForce === undefined || causes.isToldByCa(chain)) return false
  const others = otherGenerations(chain, model)
  const rest = chain.sent.filter((certificate) => !others.includes(certificate))
  return (
    others.length > 0 &&
    rest.every((certificate, index) => index === 0 || model.signs(certificate, rest[index - 1] as X509Certificate).status !== 'failed')
  )
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model } = context
  for (const chain of model.chains) {
    if (chain.order.kind === 'ordered') continue
    if (chain.order.kind === 'not-a-line' && isLineWithoutOthers(chain, context)) continue
    // A gap that another certificate of the dump would fill is chain-incomplete, a foreign ca.crt is ca-crt-unrelated.
    const blocks = refusesToSign(chain, model)
    const isTold = chain.ownAnchor.kind !== 'reached' && chain.pathInForce === undefined && !(blocks && chain.ownAnchor.kind === 'absent')
    if (chain.order.kind === 'not-a-line' && isTold) continue
    const subject = chainRef(chain)
    const waiting = blocks ? uniqueRefs(chain.feeds.flatMap((issuer) => waitingFor(context, issuer))) : []
    const effect = blocks ? '; nothing can be issued from it' : ''
    const reversed = chain.order.kind === 'leaf-not-first'
    const position = chain.order.kind === 'leaf-not-first' ? chain.order.leafPosition + 1 : chain.order.position + 1
    yield finding({
      severity: reversed || blocks ? 'error' : 'warning',
      subject,
      related: uniqueRefs([
        ...(subject.kind === 'Secret' ? [] : [chain.secret.ref]),
        ...(blocks ? chain.feeds.map((issuer) => issuer.ref) : []),
        ...waiting,
      ]),
      message: reversed
        ? say`tls.crt of ${sayRef(chain.secret.ref)} does not begin with its own certificate: that is number ${position} of ${chain.sent.length}${effect}`
        : say`tls.crt of ${sayRef(chain.secret.ref)} is not one line: certificate ${position} did not sign the one before it${effect}`,
      evidence: [
        ...chain.sent.slice(0, 8).map((certificate, index) => ({
          label: `${index + 1}.`,
          text: say`${certificate.subject.text || '(empty name)'}, issued by ${certificate.issuer.text || '(empty name)'}`,
        })),
        ...(blocks
          ? [
              {
                label: 'cert-manager',
                text: say`fails every request, while the issuer may say Ready`,
              },
            ]
          : []),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, chain.secret.ref.namespace)) }] : []),
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: blocks
          ? say`Put the CA's certificate first and each issuer behind what it signed, and take out what belongs to neither; for a Certificate, issue it anew`
          : say`Put the end-entity certificate first and each issuer behind what it signed; for a Certificate, issue it anew`,
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
    'A server presents the first certificate as its own: with another one in front, its key does not fit and no client accepts it. A certificate out of line further up is passed over by most clients, but it breaks those that choose their issuer in the order sent: then this is a warning. From the Secret of a CA in which the certificates are not one line, cert-manager issues nothing.',
  mend: 'Renew the certificate, or re-order a Secret that was made by hand.',
  silent:
    'Silent when every certificate signed the one before it, and where only a CA of another generation stands out of line (that is old-ca-sent-along).',
  sources: [
    { document: 'RFC 8446', at: '4.4.2' },
    { document: 'RFC 5246', at: '7.4.2' },
    { document: 'cert-manager', at: 'pkg/util/pki/parse_certificate_chain.go' },
  ],
  needs: ['secret-data'],
  check,
}
