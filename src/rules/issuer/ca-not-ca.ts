import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { edit, patch } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const issuer of model.issuers) {
    if (causes.issuerFault(issuer) !== 'ca-not-ca' || !issuer.caSecret || !issuer.ca) continue
    const owner = model.ownerOf(issuer.caSecret)
    // Overwritten by what the CA itself signed: secret-equals-issuer-secret is the cause, and isCA no way out.
    if (owner && issuerOverwrittenBy(model, owner) === issuer) continue
    const waiting = waitingFor({ causes, model }, issuer)
    // What it signed while it was a CA, or what its key signed: clients that trust it now refuse that.
    const harmed = uniqueRefs(
      causes
        .below(issuer.caSecret)
        .filter((chain) => chain.relation.kind === 'current' || chain.relation.kind === 'key-identifier-differs')
        .map(chainRef),
    )
    const ready = issuer.resource.conditions.find((condition) => condition.type === 'Ready')
    yield finding({
      subject: issuer.ref,
      related: uniqueRefs([issuer.caSecret.ref, ...waiting, ...harmed]),
      message: say`${issuer.ref.kind} ${sayRef(issuer.ref)} signs with ${sayRef(issuer.caSecret.ref)}, whose certificate is not a CA`,
      evidence: [
        {
          label: 'certificate',
          text: say`${issuer.ca.subject.text || '(empty name)'}: basicConstraints ${issuer.ca.extensions.basicConstraints ? 'without cA' : 'absent'}`,
        },
        ...(ready?.message === undefined ? [] : [{ label: 'cert-manager', text: say`${ready.message}` }]),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, issuer.ref.namespace)) }] : []),
        ...(harmed.length > 0 ? [{ label: 'signed by its key', text: sayList(sayRefs(harmed, issuer.ref.namespace)) }] : []),
        ...(owner ? [{ label: 'filled by', text: say`Certificate ${sayRef(owner.ref)}, isCA ${String(owner.spec.isCA ?? false)}` }] : []),
      ],
      places: [issuer.resource.placeOf(['spec', 'ca', 'secretName']), issuer.caSecret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Name the Secret of a CA, or let the Certificate that fills this one be a CA (isCA: true)`,
        commands: [
          ...edit(issuer.ref),
          ...(owner && owner.spec.isCA !== true && model.issuedBy(issuer).length > 0 ? patch(owner.ref, { spec: { isCA: true } }) : []),
        ],
      },
    })
  }
}

export const caNotCa: Rule = {
  id: 'ca-not-ca',
  group: 'issuer',
  severity: 'error',
  title: 'A CA issuer signs with a certificate that is not a CA',
  means: 'The first certificate of the CA Secret has no basicConstraints with cA true.',
  matters: 'cert-manager refuses to sign with it (ErrInvalidKeyPair), and every client refuses what it would have signed.',
  mend: 'Use the Secret of a CA certificate.',
  silent:
    'Silent for CAs, and where a Certificate below overwrote the CA (that is secret-equals-issuer-secret). Not evaluable when the Secret is not in the dump.',
  sources: [
    { document: 'RFC 5280', at: '4.2.1.9' },
    { document: 'cert-manager', at: 'pkg/issuer/ca/setup.go' },
  ],
  needs: ['issuer', 'secret', 'secret-data'],
  check,
}
