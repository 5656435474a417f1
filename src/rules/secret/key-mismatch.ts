import { say } from '../../base/phrase.ts'
import { chainRef } from '../causes.ts'
import { describe, renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayKey, sayRef } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    if (chain.keyMatches.status === 'unknown') yield notEvaluable(['private-key'], chain.secret.ref)
    if (chain.keyMatches.status !== 'failed' || chain.feeds.length > 0 || chain.order.kind === 'leaf-not-first') continue
    const subject = chainRef(chain)
    const { facts } = chain.secret.tlsKey
    yield finding({
      subject,
      related: subject.kind === 'Secret' ? [] : [chain.secret.ref],
      message: say`tls.key of ${sayRef(chain.secret.ref)} does not belong to the certificate in tls.crt`,
      evidence: [
        {
          label: 'tls.crt',
          text: say`${chain.leaf.subject.text || '(empty name)'}, ${sayKey(chain.leaf.publicKey)}, key ${chain.leaf.publicKey.sha256KeyIdentifier.slice(0, 12)}…`,
        },
        ...(facts?.status === 'read'
          ? [{ label: 'tls.key', text: say`${sayKey(facts.publicKey)}, public half ${facts.publicKey.sha256KeyIdentifier.slice(0, 12)}…` }]
          : []),
      ],
      places: [chain.secret.placeOf(['data', 'tls.key'])],
      remedy: {
        text: say`Find what else writes this Secret, then have key and certificate issued anew together`,
        commands: [...describe(chain.secret.ref), ...(subject.kind === 'Certificate' ? renew([subject]) : [])],
      },
    })
  }
}

export const keyMismatch: Rule = {
  id: 'key-mismatch',
  group: 'secret',
  severity: 'error',
  title: 'Private key and certificate do not belong together',
  means: 'The public half of tls.key is not the public key of the certificate in tls.crt.',
  matters: 'No server can use the pair.',
  mend: 'Renew, and find the second writer of the Secret.',
  silent:
    'Silent when they match, and for the Secret of a CA issuer (that is ca-key-mismatch). Not evaluable without the key: it is read only to compare public halves, and masked in most bundles.',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretPublicKeysDiffer' }],
  needs: ['private-key', 'secret-data'],
  check,
}
