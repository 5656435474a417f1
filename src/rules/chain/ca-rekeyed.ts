import { say, sayList } from '../../base/phrase.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { CaGroup } from '../causes.ts'
import { caRefs, chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import type { Evidence, Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayCa, sayInstant, sayRef, sayRefs } from '../wording.ts'

/** Still accepted by every client that trusts the anchors in force: the old intermediate travels along, and everything on the path is in its dates. */
const stillAccepted = (group: CaGroup, at: number): boolean =>
  group.chains.every(
    (chain) => chain.pathInForce?.every((certificate) => certificate.notBefore <= at && at <= certificate.notAfter) ?? false,
  )

const formerCas = (group: CaGroup): readonly X509Certificate[] => {
  const found = group.chains.flatMap((chain) => (chain.relation.kind === 'rekeyed' ? [chain.relation.former] : []))
  return [...new Map(found.map((certificate) => [certificate.fingerprint, certificate])).values()]
}

const check = function* ({ model, at, causes }: RuleContext): ReturnType<Rule['check']> {
  for (const group of causes.rekeyed) {
    const ca = group.secret.tlsCrt.certificates[0]
    if (!ca) continue
    const { subject, related } = caRefs(group)
    const affected = uniqueRefs(group.chains.map(chainRef))
    const names = sayList(sayRefs(affected, subject.namespace))
    const accepted = stillAccepted(group, at)
    const former = formerCas(group)
    const putBack = group.chains.some((chain) => chain.relation.kind === 'rekeyed' && chain.relation.olderCaPutBack)
    const readyTrue = group.chains.filter((chain) =>
      chain.certificate?.status?.conditions.some((item) => item.type === 'Ready' && item.status === 'True'),
    ).length
    const lastUsable = Math.min(...former.map((certificate) => certificate.notAfter), ...group.chains.map((chain) => chain.leaf.notAfter))
    const evidence: Evidence[] = [
      { label: 'CA in force', text: [...sayCa(ca), ', Secret ', { value: sayRef(group.secret.ref) }] },
      ...former.map((certificate): Evidence => {
        const holders = (model.holders.get(certificate.fingerprint) ?? []).filter((holder) => holder.ref.kind === 'Secret')
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
      {
        label: 'clients',
        text: accepted
          ? say`that trust the root accept them while the old CA certificate travels in tls.crt, at most until ${sayInstant(lastUsable)}`
          : say`that trust only the new CA refuse them; those that still trust the old one accept, at most until ${sayInstant(lastUsable)}`,
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
        text: say`Bring the CA certificate in force to every client, then issue what it signed anew, from the top down`,
        commands: renew(affected.filter((ref) => ref.kind === 'Certificate')),
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
