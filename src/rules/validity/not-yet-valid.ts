import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { describe } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs } from '../wording.ts'

const check = function* ({ at, causes, model }: RuleContext): ReturnType<Rule['check']> {
  const early = model.chains.filter((chain) => at < chain.leaf.notBefore)
  const isEarly = new Set(early)
  const topmost = causes.topmost((chain) => isEarly.has(chain))
  const covered = new Set([...topmost.values()].flat())
  for (const chain of early) {
    if (covered.has(chain)) continue
    const concerned = [chain, ...(topmost.get(chain) ?? [])]
    const subject = chainRef(chain)
    const also = uniqueRefs(concerned.map(chainRef))
    const all = concerned.every((item) => isEarly.has(item))
    yield finding({
      subject,
      related: uniqueRefs([...also, chain.secret.ref, ...chain.feeds.map((issuer) => issuer.ref)]).filter((ref) => ref !== subject),
      message: say`${sayRef(subject)} is valid only from ${sayInstant(chain.leaf.notBefore)}; the instant of the analysis is ${sayInstant(at)}`,
      evidence: [
        ...(also.length > 1
          ? [{ label: all ? 'and below it' : 'concerns', text: sayList(sayRefs(also.slice(1), subject.namespace)) }]
          : []),
        { label: 'cert-manager', text: say`has no check for it: READY says nothing about notBefore` },
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt'])],
      remedy: {
        text: say`Compare the clocks of the machine that issued and of those that verify; a clock that runs late refuses what was just issued`,
        commands: describe(chain.secret.ref),
      },
    })
  }
}

export const notYetValid: Rule = {
  id: 'not-yet-valid',
  group: 'validity',
  severity: 'error',
  title: 'The certificate is not valid yet',
  means: 'The instant of the analysis lies before notBefore.',
  matters: 'Every client with this clock refuses it. cert-manager has no check for it.',
  mend: 'Set the clocks right.',
  silent: 'Silent from the very second of notBefore.',
  sources: [{ document: 'RFC 5280', at: '4.1.2.5' }],
  needs: ['secret-data'],
  check,
}
