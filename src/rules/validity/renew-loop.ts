import { parseInstant } from '../../base/instant.ts'
import { say } from '../../base/phrase.ts'
import { edit } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, saySpan } from '../wording.ts'

const SHORTEST = 5 * 60_000
const SHORTEST_SHARE = 0.05

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of context.model.inventory.certificates) {
    const chain = context.model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (!chain || chain.certificate !== certificate) continue
    const text = context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.renewalTime
    const renewal = text === undefined ? undefined : parseInstant(text)
    if (renewal === undefined) continue
    const after = renewal - chain.leaf.notBefore
    const lifetime = chain.leaf.notAfter - chain.leaf.notBefore
    if (after >= SHORTEST && after >= lifetime * SHORTEST_SHARE) continue
    yield finding({
      subject: certificate.ref,
      related: [chain.secret.ref],
      message: say`${sayRef(certificate.ref)} is renewed ${saySpan(after)} after it was issued, again and again: its renewBefore is nearly its whole lifetime`,
      evidence: [
        { label: 'issued', text: say`${sayInstant(chain.leaf.notBefore)}, for ${saySpan(lifetime)}` },
        { label: 'renewal', text: say`${sayInstant(renewal)}` },
        ...(certificate.status?.revision === undefined ? [] : [{ label: 'revision', text: say`${certificate.status.revision}` }]),
      ],
      places: [certificate.placeOf(['spec', 'renewBefore'])],
      remedy: {
        text: say`Lower renewBefore, or give it as renewBeforePercentage: the issuer may grant less time than duration asks for`,
        commands: edit(certificate.ref),
      },
    })
  }
}

export const renewLoop: Rule = {
  id: 'renew-loop',
  group: 'validity',
  severity: 'error',
  title: 'Renewed again as soon as it is issued',
  means: 'The renewal time lies within five minutes, or within a twentieth of the lifetime, after notBefore.',
  matters:
    'cert-manager issues without end: revisions, requests and rate limits of the issuer are used up, and clients see a new certificate each time.',
  mend: 'Lower renewBefore.',
  silent: 'Silent for any later renewal time. Not evaluable without the certificate.',
  sources: [{ document: 'cert-manager', at: 'issues/4423' }],
  needs: ['certificate-resource', 'secret-data'],
  check,
}
