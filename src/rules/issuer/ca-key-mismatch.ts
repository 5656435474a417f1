import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { caRefs, uniqueRefs } from '../causes.ts'
import { describe, renew } from '../commands.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayKey, sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.feeds.length === 0 || chain.keyMatches.status !== 'failed' || chain.order.kind === 'leaf-not-first') continue
    const { subject, related } = caRefs({
      secret: chain.secret,
      issuers: chain.feeds,
      chains: [],
      ...(chain.certificate && { certificate: chain.certificate }),
    })
    const { facts } = chain.secret.tlsKey
    const waiting = uniqueRefs(chain.feeds.flatMap((issuer) => waitingFor({ causes, model }, issuer)))
    yield finding({
      subject,
      related: uniqueRefs([...related, ...waiting]).filter((ref) => refKey(ref) !== refKey(subject)),
      message: say`The CA Secret ${sayRef(chain.secret.ref)} holds a key that does not belong to its certificate; nothing can be issued from it`,
      evidence: [
        {
          label: 'tls.crt',
          text: say`${chain.leaf.subject.text || '(empty name)'}, ${sayKey(chain.leaf.publicKey)}, key ${chain.leaf.publicKey.sha256KeyIdentifier.slice(0, 12)}…`,
        },
        ...(facts?.status === 'read'
          ? [{ label: 'tls.key', text: say`${sayKey(facts.publicKey)}, public half ${facts.publicKey.sha256KeyIdentifier.slice(0, 12)}…` }]
          : []),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, chain.secret.ref.namespace)) }] : []),
        { label: 'issuer', text: say`may say Ready: cert-manager compares the two only when it signs` },
      ],
      places: [chain.secret.placeOf(['data', 'tls.key'])],
      remedy: {
        text: say`Put the matching pair back; where it is lost, renew the CA and then everything below it`,
        commands: [
          ...describe(chain.secret.ref),
          ...(chain.certificate ? [...renew([chain.certificate.ref]), ...renewTopDown(causes.below(chain.secret), model)] : []),
        ],
      },
    })
  }
}

export const caKeyMismatch: Rule = {
  id: 'ca-key-mismatch',
  group: 'issuer',
  severity: 'error',
  title: "The CA's key does not belong to its certificate",
  means: 'tls.key and tls.crt of the Secret that a CA issuer signs with are not a pair.',
  matters: 'Every request fails when it is signed, while the issuer says Ready.',
  mend: 'Restore the pair, or renew the CA and then everything below it.',
  silent: 'Silent when they match. Not evaluable where the key is masked.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificaterequests/ca/ca.go' }],
  needs: ['issuer', 'secret', 'private-key'],
  check,
}
