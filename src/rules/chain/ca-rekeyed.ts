import { smallest } from '../../base/order.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { decidingClients, isCa } from '../../model/judge-chains.ts'
import type { Chain } from '../../model/model.ts'
import type { CaGroup } from '../causes.ts'
import { caRefs, chainRef, uniqueRefs } from '../causes.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Evidence, Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayClient, sayInstant, sayRef, sayRefs } from '../wording.ts'

/** Still accepted by Go, OpenSSL, Java and rustls under the anchors in force: the old intermediate travels along in tls.crt. */
const stillAccepted = (group: CaGroup, { model }: RuleContext): boolean =>
  group.chains.every((chain) => chain.pathInForce !== undefined && model.judge.isAcceptedByAll(chain, chain.anchorsInForce))

/** `Go, OpenSSL refuse; Java accepts`, over all chains of the group: one that is refused counts. */
const sayClients = (group: CaGroup, { model }: RuleContext, anchorsOf: (chain: Chain) => readonly X509Certificate[]): string => {
  const verdicts = decidingClients.map((client) => {
    const answers = group.chains.map((chain) => {
      const judgement = model.judge.judge(chain, anchorsOf(chain))
      return isCa(chain) ? judgement.valid : judgement.clients[client].accepts
    })
    return answers.includes(false) ? 'refuse' : answers.includes('unknown') ? 'unknown' : 'accept'
  })
  const told = (['refuse', 'accept', 'unknown'] as const).flatMap((verdict) => {
    const names = decidingClients.filter((_, index) => verdicts[index] === verdict).map(sayClient)
    return names.length === 0 ? [] : [`${names.join(', ')}: ${verdict}`]
  })
  return told.join('; ')
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model, causes } = context
  for (const group of causes.rekeyed) {
    const ca = group.secret.tlsCrt.certificates[0]
    if (!ca) continue
    const { subject, related } = caRefs(group)
    const affected = uniqueRefs(group.chains.map(chainRef))
    const names = sayList(sayRefs(affected, subject.namespace))
    const accepted = stillAccepted(group, context)
    const { formers, olderCaPutBack: putBack } = group
    const readyTrue = group.chains.filter((chain) =>
      chain.certificate?.status?.conditions.some((item) => item.type === 'Ready' && item.status === 'True'),
    ).length
    const lastUsable = smallest([...formers, ...group.chains.map((chain) => chain.leaf)].map((certificate) => certificate.notAfter))
    const evidence: Evidence[] = [
      { label: 'CA in force', text: [...sayCa(ca), ', Secret ', { value: sayRef(group.secret.ref) }] },
      ...formers.map((certificate): Evidence => {
        const holders = model.holdersOf(certificate).filter((holder) => holder.ref.kind === 'Secret')
        return {
          label: 'they chain to',
          text: [
            ...sayCa(certificate),
            ', found in ',
            ...sayList(
              holders.map((holder) => `${sayRef(holder.ref)} ${holder.key}`),
              4,
            ),
          ],
        }
      }),
      { label: accepted ? 'still accepted' : 'signed by the old key', text: names },
      ...(readyTrue > 0
        ? [{ label: 'READY says True', text: say`for ${readyTrue} of them: cert-manager never compares a certificate with its CA` }]
        : []),
      { label: 'trusting the CA in force', text: say`${sayClients(group, context, (chain) => chain.anchorsInForce)}` },
      {
        label: 'trusting their own ca.crt',
        text: say`${sayClients(group, context, (chain) => chain.anchors)}, at most until ${sayInstant(lastUsable)}`,
      },
    ]
    yield finding({
      severity: accepted ? 'warning' : 'error',
      subject,
      related: uniqueRefs([...related, ...affected]),
      message: putBack
        ? say`${sayRef(subject)} holds an older CA with another key; ${affected.length} ${affected.length === 1 ? 'certificate' : 'certificates'} below it were signed by the newer one`
        : say`${sayRef(subject)} has a new key; ${affected.length} ${affected.length === 1 ? 'certificate' : 'certificates'} below it ${affected.length === 1 ? 'is' : 'are'} still signed by the old one`,
      evidence,
      places: [
        group.secret.placeOf(['data', 'tls.crt']),
        ...group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      ],
      remedy: {
        text: group.chains.some((chain) => chain.feeds.length > 0)
          ? say`Bring the CA certificate in force to every client, then issue what it signed anew, from the top down, each level when the one above is issued`
          : say`Bring the CA certificate in force to every client, then issue what it signed anew, from the top down`,
        commands: renewTopDown(group.chains, model),
      },
    })
  }
}

export const caRekeyed: Rule = {
  id: 'ca-rekeyed',
  group: 'chain',
  severity: 'error',
  title: 'Signed by a key that its CA no longer holds',
  means: 'The CA certificate that the issuer signs with now has the same name and another key than the one that signed these certificates.',
  matters:
    'A client that trusts only the present CA refuses the connection. cert-manager says Ready all the same: it never compares a certificate with its CA. Where an old intermediate still travels in tls.crt below a root that clients trust, everything works until one of the two is gone: then this is a warning.',
  mend: 'Distribute the CA certificate in force, then issue everything below it anew, from the top down.',
  silent: 'Silent when the certificate verifies under the present CA. Not evaluable when the CA Secret is not in the dump or masked.',
  sources: [
    { document: 'RFC 5280', at: '6.1.3 (a)(1)' },
    { document: 'cert-manager', at: 'issues/2478' },
    { document: 'cert-manager', at: 'issues/9076' },
  ],
  needs: ['secret', 'secret-data', 'issuer'],
  check,
}
