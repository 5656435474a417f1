import { say } from '../../base/phrase.ts'
import { patch, renew } from '../commands.ts'
import { isStuckByKey } from '../stuck-by-key.ts'
import { isViolated } from '../policy.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayKey, sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of context.model.inventory.certificates) {
    const chain = context.model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    const policy = isViolated(context, certificate, ['SecretPrivateKeyMismatchesSpec', 'SecretPrivateKeyMatchesSpec'], 'SecretMismatch')
    if (
      !policy ||
      !chain ||
      chain.certificate !== certificate ||
      chain.order.kind === 'leaf-not-first' ||
      isStuckByKey(context, certificate)
    )
      continue
    const asked = certificate.spec.privateKey
    yield finding({
      subject: certificate.ref,
      related: [chain.secret.ref],
      message: say`The key of ${sayRef(certificate.ref)} is ${sayKey(chain.leaf.publicKey)}; its spec asks for ${asked?.algorithm ?? 'RSA'}${asked?.size === undefined ? '' : ` ${asked.size}`}`,
      evidence: [{ label: 'cert-manager', text: say`${policy.message ?? policy.reason ?? ''}` }],
      places: [certificate.placeOf(['spec', 'privateKey'])],
      remedy: {
        text: say`Let the key be made anew when the certificate is issued`,
        commands: [...patch(certificate.ref, { spec: { privateKey: { rotationPolicy: 'Always' } } }), ...renew([certificate.ref])],
      },
    })
  }
}

export const keySpecMismatch: Rule = {
  id: 'key-spec-mismatch',
  group: 'secret',
  severity: 'warning',
  title: 'The key is of another kind or size than the spec asks for',
  means: 'Algorithm or size of the private key differ from spec.privateKey, defaults filled in.',
  matters: 'The certificate works; cert-manager wants to issue it anew, and with rotationPolicy Never it cannot.',
  mend: 'Set rotationPolicy: Always and renew.',
  silent: 'Silent when they agree, and where issuance is stuck for this reason (that is key-not-rotatable).',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretPrivateKeyMismatchesSpec' }],
  needs: ['certificate-resource', 'secret-data'],
  check,
}
