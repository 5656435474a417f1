import { say } from '../../base/phrase.ts'
import type { SecretResource } from '../../inventory/secret.ts'
import { uniqueRefs } from '../causes.ts'
import { renew } from '../commands.ts'
import { keepsKey } from '../keeps-key.ts'
import { renewTopDown } from '../renew-top-down.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { bundleFault, isManaged } from '../unusable-secret.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef } from '../wording.ts'

const isConcerned = (secret: SecretResource, { model }: RuleContext): boolean =>
  secret.type === 'kubernetes.io/tls' || model.ownerOf(secret) !== undefined || model.issuersOf(secret).length > 0

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { causes, model } = context
  for (const secret of model.inventory.secrets) {
    if (!(bundleFault(secret.tlsCrt) ?? bundleFault(secret.caCrt)) || !isConcerned(secret, context)) continue
    for (const [key, bundle] of [
      ['tls.crt', secret.tlsCrt],
      ['ca.crt', secret.caCrt],
    ] as const) {
      const fault = bundleFault(bundle, isManaged(model, secret))
      if (!fault) continue
      const owner = model.ownerOf(secret)
      const issuers = model.issuersOf(secret)
      const below = owner && !keepsKey(owner, secret) ? causes.below(secret) : []
      yield finding({
        subject: owner?.ref ?? secret.ref,
        related: uniqueRefs([
          ...(owner ? [secret.ref] : []),
          ...issuers.flatMap((issuer) => [issuer.ref, ...(key === 'tls.crt' ? waitingFor(context, issuer) : [])]),
        ]),
        message: say`${key} of ${sayRef(secret.ref)} cannot be read: ${fault}`,
        places: [secret.placeOf(['data', key])],
        remedy: {
          text:
            below.length > 0
              ? say`Have the CA issued anew. Its key is another one then: issue what it signed anew after it`
              : say`Have it issued anew; a Secret made by hand needs PEM certificates, the end-entity certificate first`,
          commands: owner ? [...renew([owner.ref]), ...renewTopDown(below, model)] : [],
        },
      })
    }
  }
}

export const certUnreadable: Rule = {
  id: 'cert-unreadable',
  group: 'secret',
  severity: 'error',
  title: 'tls.crt or ca.crt is not what it should be',
  means: 'A value that should hold PEM certificates holds something else, or a certificate that breaks DER.',
  matters: 'Servers do not start with it, clients cannot trust it, and cert-manager issues anew (InvalidCertificate).',
  mend: 'Renew the certificate.',
  silent:
    'Silent when every PEM block is a certificate, where the value is masked, and where a Secret that cert-manager does not read has a block of another kind, such as a CRL, beside its certificates.',
  sources: [
    { document: 'RFC 5280', at: '4.1' },
    { document: 'RFC 7468', at: '5' },
  ],
  needs: ['secret-data'],
  check,
}
