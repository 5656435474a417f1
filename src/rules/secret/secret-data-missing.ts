import { say, sayList } from '../../base/phrase.ts'
import { uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { keepsKey } from '../keeps-key.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef } from '../wording.ts'

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model } = context
  for (const certificate of model.inventory.certificates) {
    const secret = model.secret(certificate.ref.namespace, certificate.spec.secretName)
    // Other claimants never fill it: duplicate-secret-name tells them.
    if (!secret || model.ownerOf(secret) !== certificate) continue
    if (secret.tlsCrt.status === 'present' && secret.tlsKey.status === 'present') continue
    const states = [
      ['tls.crt', secret.tlsCrt.status],
      ['tls.key', secret.tlsKey.status],
    ] as const
    const missing = states.filter(([, status]) => status === 'empty' || status === 'absent').map(([key]) => key)
    if (missing.length === 0) {
      const masked = states.some(([, status]) => status === 'masked' || status === 'unknown')
      if (masked) yield notEvaluable(['secret-data'], secret.ref)
      continue
    }
    const below = keepsKey(certificate, secret) ? [] : context.causes.below(secret)
    yield finding({
      subject: certificate.ref,
      related: uniqueRefs([secret.ref, ...model.issuersOf(secret).flatMap((issuer) => [issuer.ref, ...waitingFor(context, issuer)])]),
      message: say`Secret ${sayRef(secret.ref)} has no ${sayList(missing)}`,
      evidence: missing.map((key) => ({ label: key, text: say`${secret.keys.has(key) ? 'is empty' : 'is not there'}` })),
      places: missing.map((key) => secret.placeOf(['data', key])),
      remedy: {
        text:
          below.length > 0
            ? say`Issue the CA anew; cert-manager fills both keys together. Its key is another one then: issue what it signed anew after it`
            : say`Issue the certificate anew; cert-manager fills both keys together`,
        commands: [...renew([certificate.ref]), ...renewTopDown(below, model)],
      },
    })
  }
}

export const secretDataMissing: Rule = {
  id: 'secret-data-missing',
  group: 'secret',
  severity: 'error',
  title: 'The Secret lacks its certificate or its key',
  means: 'tls.crt or tls.key of the Secret that a Certificate names is empty or absent.',
  matters: 'A server cannot start with it. Something else emptied or created the Secret.',
  mend: 'Renew the certificate and find what wrote the Secret.',
  silent:
    'Silent when both are there. Not evaluable where values were masked, or where not one TLS Secret of the dump has that value: then somebody took them out.',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretIsMissingData' }],
  needs: ['secret', 'secret-data'],
  check,
}
