import { say, sayList } from '../../base/phrase.ts'
import { describe } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { isUnusable } from '../unusable-secret.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayInstant, sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const issuer of model.issuers) {
    if (!issuer.resource.hasStatus) yield notEvaluable(['status'], issuer.ref)
    if (causes.issuerFault(issuer) !== 'not-ready') continue
    if (issuer.caSecret && isUnusable(model, issuer.caSecret)) continue
    const ready = issuer.resource.conditions.find((condition) => condition.type === 'Ready')
    const waiting = waitingFor({ causes, model }, issuer)
    yield finding({
      subject: issuer.ref,
      related: [...waiting, ...(issuer.caSecret ? [issuer.caSecret.ref] : [])],
      message: say`${issuer.ref.kind} ${sayRef(issuer.ref)} is not ready: ${ready?.reason ?? 'no reason given'}`,
      evidence: [
        ...(ready?.message === undefined || ready.message === '' ? [] : [{ label: 'cert-manager', text: say`${ready.message}` }]),
        ...(ready?.lastTransitionTime === undefined ? [] : [{ label: 'since', text: say`${sayInstant(ready.lastTransitionTime)}` }]),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, issuer.ref.namespace)) }] : []),
      ],
      places: [issuer.resource.placeOf(['status', 'conditions'])],
      remedy: { text: say`Mend what the condition names; requests then go on by themselves`, commands: describe(issuer.ref) },
    })
  }
}

export const issuerNotReady: Rule = {
  id: 'issuer-not-ready',
  group: 'issuer',
  severity: 'error',
  title: 'The issuer is not ready',
  means: 'The Ready condition of the issuer is not True.',
  matters: 'Every request to it waits without end.',
  mend: 'Mend what the condition names.',
  silent:
    'Silent where a more exact rule names the cause (ca-secret-missing, ca-not-ca, cert-unreadable, key-unreadable, secret-data-missing). Not evaluable without status. Ready=True proves little for a CA issuer: neither dates nor the key are checked.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificaterequests' }],
  needs: ['issuer', 'status'],
  check,
}
