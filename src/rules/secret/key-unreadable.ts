import { say } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef } from '../wording.ts'

const REASONS: Readonly<Record<string, string>> = {
  'not-pem': 'it holds no PEM block',
  encrypted: 'it is encrypted, and cert-manager has no passphrase',
  'ec-parameters-first': 'an EC PARAMETERS block stands before the key, and only the first block is read',
  malformed: 'the encoding is broken',
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const chain of context.model.chains) {
    const { facts } = chain.secret.tlsKey
    if (facts?.status !== 'unreadable' || facts.code === 'unsupported') continue
    const subject = chainRef(chain)
    const below = chain.feeds.length > 0 ? context.causes.below(chain.secret) : []
    yield finding({
      subject,
      related: uniqueRefs([
        ...(subject.kind === 'Secret' ? [] : [chain.secret.ref]),
        ...chain.feeds.flatMap((issuer) => [issuer.ref, ...waitingFor(context, issuer)]),
      ]),
      message: say`tls.key of ${sayRef(chain.secret.ref)} cannot be read: ${REASONS[facts.code] ?? facts.code}`,
      places: [chain.secret.placeOf(['data', 'tls.key'])],
      remedy: {
        text:
          below.length > 0
            ? say`Store the CA's key as one unencrypted PEM block (PKCS #8). If it is lost, have the CA issued anew, and what it signed after it`
            : say`Store the key as one unencrypted PEM block (PKCS #8), or have it issued anew`,
        commands: subject.kind === 'Certificate' ? [...renew([subject]), ...renewTopDown(below, context.model)] : [],
      },
    })
  }
}

export const keyUnreadable: Rule = {
  id: 'key-unreadable',
  group: 'secret',
  severity: 'error',
  title: 'The private key cannot be read',
  means: 'tls.key is there, and its first PEM block is not a private key that cert-manager reads.',
  matters: 'cert-manager issues anew without end or gives up, and most servers do not start.',
  mend: 'Re-create the key as PKCS #8.',
  silent: 'Silent for keys of a kind that kubepki does not know, and where the key is masked.',
  sources: [{ document: 'cert-manager', at: 'pkg/util/pki/parse.go' }],
  needs: ['private-key'],
  check,
}
