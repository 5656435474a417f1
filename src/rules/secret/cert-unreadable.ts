import type { Phrase } from '../../base/phrase.ts'
import { say } from '../../base/phrase.ts'
import type { CertificateBundle, SecretResource } from '../../inventory/secret.ts'
import { renew } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

const faultOf = (bundle: CertificateBundle): Phrase | undefined => {
  if (bundle.failure) return say`it holds no PEM certificate`
  for (const entry of bundle.entries) {
    if ('failure' in entry)
      return say`PEM block ${entry.block} is no certificate (${entry.failure.code}${entry.failure.offset === undefined ? '' : ` at byte ${entry.failure.offset}`})`
  }
  return undefined
}

const isConcerned = (secret: SecretResource, { model }: RuleContext): boolean =>
  secret.type === 'kubernetes.io/tls' || model.ownerOf(secret) !== undefined || model.issuersOf(secret).length > 0

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  const { model } = context
  for (const secret of model.inventory.secrets) {
    if (!isConcerned(secret, context)) continue
    for (const [key, bundle] of [
      ['tls.crt', secret.tlsCrt],
      ['ca.crt', secret.caCrt],
    ] as const) {
      const fault = bundle.status === 'present' ? faultOf(bundle) : undefined
      if (!fault) continue
      const owner = model.ownerOf(secret)
      const issuers = model.issuersOf(secret).map((issuer) => issuer.ref)
      yield finding({
        subject: owner?.ref ?? secret.ref,
        related: [...(owner ? [secret.ref] : []), ...issuers],
        message: say`${key} of ${sayRef(secret.ref)} cannot be read: ${fault}`,
        places: [secret.placeOf(['data', key])],
        remedy: {
          text: say`Have it issued anew; a Secret made by hand needs PEM certificates, the end-entity certificate first`,
          commands: owner ? renew([owner.ref]) : [],
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
  silent: 'Silent when every PEM block is a certificate, and where the value is masked.',
  sources: [
    { document: 'RFC 5280', at: '4.1' },
    { document: 'RFC 7468', at: '5' },
  ],
  needs: ['secret-data'],
  check,
}
