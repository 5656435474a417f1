import { smallest } from '../../base/order.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { Ref } from '../../base/ref.ts'
import { refKey } from '../../base/ref.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { Chain } from '../../model/model.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { describe, renew } from '../commands.ts'
import { lastFailureOf } from '../last-failure.ts'
import type { Evidence, Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs, saySpan } from '../wording.ts'

/** What is issued by one issuer and has ended: nobody renewed any of them, for one reason. */
const groupByIssuer = (chains: readonly Chain[]): readonly (readonly Chain[])[] => {
  const groups = new Map<string, Chain[]>()
  for (const chain of chains) {
    const issuer = refKey(chain.issuer.status === 'found' ? chain.issuer.issuer.ref : chain.secret.ref)
    const known = groups.get(issuer)
    if (known) known.push(chain)
    else groups.set(issuer, [chain])
  }
  return [...groups.values()]
}

/** Failures that are quoted. */
const MESSAGES = 3

/** Why nobody renewed them, as far as the dump tells it; of Secrets without a Certificate nobody was to. */
const whyNotRenewed = (chains: readonly Chain[], context: RuleContext): readonly Evidence[] => {
  const certificates = chains.flatMap((chain) => chain.certificate ?? [])
  if (certificates.length === 0) return []
  const byMessage = new Map<string, Ref[]>()
  for (const certificate of certificates) {
    const message = lastFailureOf(certificate, context)?.message ?? ''
    if (message !== '') byMessage.set(message, [...(byMessage.get(message) ?? []), certificate.ref])
  }
  if (byMessage.size > 0)
    return [...byMessage].slice(0, MESSAGES).map(([message, refs]) => ({
      label: 'cert-manager',
      text: say`${chains.length === 1 ? '' : say`${sayList(sayRefs(refs))}: `}${message}`,
    }))
  const isUnderWay = ({ status }: CertificateResource): boolean =>
    status?.conditions.some((condition) => condition.type === 'Issuing' && condition.status === 'True') === true
  if (certificates.some(isUnderWay)) return [{ label: 'renewal', text: say`is under way: the Certificate says Issuing` }]
  return [{ label: 'likely (a guess)', text: say`cert-manager's controller did not run when the renewal was due, or its requests failed` }]
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { at, model } = context
  const over = model.chains.filter((chain) => chain.leaf.notAfter < at && chain.feeds.length === 0)
  for (const group of groupByIssuer(over)) {
    const refs: readonly Ref[] = uniqueRefs(group.map(chainRef))
    const [subject, ...others] = refs
    if (!subject) continue
    const first = smallest(group.map((chain) => chain.leaf.notAfter))
    const issuer = group[0]?.issuer
    const from = issuer?.status === 'found' ? issuer.issuer.ref : undefined
    const certificates = refs.filter((ref) => ref.kind === 'Certificate')
    yield finding({
      subject,
      related: uniqueRefs([...others, ...group.map((chain) => chain.secret.ref)]).filter((ref) => ref !== subject),
      message:
        refs.length === 1
          ? say`${sayRef(subject)} expired on ${sayInstant(first)}, ${saySpan(at - first)} ago`
          : say`${refs.length} certificates${from ? say` of ${from.kind} ${sayRef(from)}` : ''} have expired, the first on ${sayInstant(first)}`,
      evidence: [...(refs.length === 1 ? [] : [{ label: 'expired', text: sayList(sayRefs(refs)) }]), ...whyNotRenewed(group, context)],
      places: group.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text:
          certificates.length > 0
            ? say`See why the renewal did not happen, then issue anew`
            : say`No Certificate fills this Secret, so nothing renews it: put a new certificate in, or give it a Certificate`,
        commands: [...(certificates[0] ? describe(certificates[0]) : []), ...renew(certificates)],
      },
    })
  }
}

export const expired: Rule = {
  id: 'expired',
  group: 'validity',
  severity: 'error',
  title: 'The certificate has expired',
  means: 'The end-entity certificate in the Secret is past its notAfter at the instant of the analysis.',
  matters: 'Every client refuses it. READY may still say True: the condition is written on events, not when a certificate expires.',
  mend: 'Find out why it was not renewed, then renew it.',
  silent: 'Silent at the very second of notAfter and before; CA certificates are told by ca-expired.',
  sources: [
    { document: 'RFC 5280', at: '4.1.2.5' },
    { document: 'cert-manager', at: 'issues/7895' },
  ],
  needs: ['secret-data'],
  check,
}
