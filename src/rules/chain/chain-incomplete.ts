import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { groupByCa } from '../group-by-ca.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  const incomplete = model.chains.filter(
    (chain) => chain.ownAnchor.kind === 'incomplete' && chain.order.kind !== 'leaf-not-first' && !causes.isToldByCa(chain),
  )
  for (const group of groupByCa(model, incomplete)) {
    const affected = uniqueRefs(group.chains.map(chainRef))
    const [only] = affected
    const single = affected.length === 1 && only !== undefined
    const subject = single ? only : group.subject
    const missing = [
      ...new Set(
        group.chains.flatMap((chain) =>
          chain.ownAnchor.kind === 'incomplete'
            ? chain.ownAnchor.through.filter((certificate) => certificate.fingerprint !== chain.leaf.fingerprint)
            : [],
        ),
      ),
    ]
    const secrets = group.chains.map((chain) => chain.secret.ref)
    yield finding({
      subject,
      related: uniqueRefs([...affected, ...secrets]).filter((ref) => refKey(ref) !== refKey(subject)),
      message: say`tls.crt of ${sayList(sayRefs(secrets, single ? undefined : subject.namespace))} lacks ${missing.length === 1 ? 'an intermediate certificate' : `${missing.length} intermediate certificates`} on the way to ${group.chains.every((chain) => chain.anchors.length > 0) ? 'its ca.crt' : 'the root'}`,
      evidence: [
        { label: 'missing', text: sayList(missing.map((certificate) => certificate.subject.text || '(empty name)')) },
        {
          label: 'found in',
          text: sayList(
            missing.flatMap((certificate) => model.holdersOf(certificate).map((holder) => `${sayRef(holder.ref)} ${holder.key}`)),
            4,
          ),
        },
        { label: 'clients', text: say`that trust the root alone find no path and refuse` },
      ],
      places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
      remedy: {
        text: say`See that the CA Secret's tls.crt has the whole chain, then issue anew`,
        commands: renewTopDown(group.chains, model),
      },
    })
  }
}

export const chainIncomplete: Rule = {
  id: 'chain-incomplete',
  group: 'chain',
  severity: 'error',
  title: 'An intermediate certificate is missing from tls.crt',
  means:
    "Between tls.crt and the Secret's ca.crt (without one, the root of the CA in force) a CA certificate is missing; another object of the dump has it.",
  matters: 'A client that trusts only the root cannot build the path.',
  mend: 'Complete the chain in the CA Secret and renew.',
  silent:
    'Silent when tls.crt leads to ca.crt, or without one to the root. Where no certificate of the dump completes the path it is ca-crt-unrelated.',
  sources: [
    { document: 'RFC 5280', at: '6.1' },
    { document: 'RFC 8446', at: '4.4.2' },
  ],
  needs: ['secret-data'],
  check,
}
