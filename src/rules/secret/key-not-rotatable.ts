import { say } from '../../base/phrase.ts'
import { patch } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import { policyOf } from '../policy.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { isStuckByKey } from '../stuck-by-key.ts'
import { sayInstant, sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of context.model.inventory.certificates) {
    // What overwrites the CA of its own issuer is told by secret-equals-issuer-secret: there the key is the CA's.
    if (!isStuckByKey(context, certificate) || issuerOverwrittenBy(context.model, certificate)) continue
    const issuing = certificate.status?.conditions.find((condition) => condition.type === 'Issuing')
    const secret = context.model.secret(certificate.ref.namespace, certificate.spec.secretName)
    const below = secret ? context.causes.below(secret) : []
    const policy = policyOf(context, certificate, ['SecretPrivateKeyMismatchesSpec', 'SecretPrivateKeyMatchesSpec'])
    yield finding({
      subject: certificate.ref,
      related: secret ? [secret.ref] : [],
      message: say`${sayRef(certificate.ref)} can never be issued: its spec asks for another key, and rotationPolicy Never forbids to make one`,
      evidence: [
        ...(policy?.message === undefined ? [] : [{ label: 'key against spec', text: say`${policy.message}` }]),
        ...(issuing?.lastTransitionTime === undefined
          ? []
          : [{ label: 'Issuing since', text: say`${sayInstant(issuing.lastTransitionTime)}` }]),
      ],
      places: [certificate.placeOf(['spec', 'privateKey'])],
      remedy: {
        text:
          below.length > 0
            ? say`Put the former algorithm and size back into the spec of the CA: with another key, nothing that it signed verifies under it. If the key has to change, allow a new one, and issue anew what the CA signed once it is issued`
            : say`Allow a new key, or put the former algorithm and size back into the spec`,
        commands: [
          ...patch(certificate.ref, { spec: { privateKey: { rotationPolicy: 'Always' } } }),
          ...renewTopDown(below, context.model),
        ],
      },
    })
  }
}

export const keyNotRotatable: Rule = {
  id: 'key-not-rotatable',
  group: 'secret',
  severity: 'error',
  title: 'Issuance is stuck: the key does not fit and may not be replaced',
  means: 'The Certificate is Issuing because its key does not fit the spec, and rotationPolicy Never keeps that key for ever.',
  matters: 'It stays Issuing without end and only an event says why; the certificate in the Secret will expire.',
  mend: 'Set rotationPolicy: Always, or take the change of the key spec back. A new key of a CA means to issue anew everything below it.',
  silent: 'Silent while a next private key exists, or when the key fits.',
  sources: [{ document: 'cert-manager', at: 'issues/5183' }],
  needs: ['certificate-resource', 'status', 'secret-data'],
  check,
}
