import type { SecretResource } from '../inventory/secret.ts'
import type { Chain, Model } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import { issuersAbove } from './issuers-above.ts'

/**
 * The CA Secret above a chain that now holds another key, and the CA certificate that the chain still goes through: the issuer's own, or one
 * further up, where an intermediate was issued anew and tls.crt carries the one from before.
 */
export const formerCaOf = (
  chain: Chain,
  model: Model,
): { readonly secret: SecretResource; readonly former: X509Certificate } | undefined => {
  const { relation } = chain
  if (chain.issuer.status !== 'found') return undefined
  const { caSecret } = chain.issuer.issuer
  if (relation.kind === 'rekeyed') return caSecret && { secret: caSecret, former: relation.former }
  if ((relation.kind !== 'current' && relation.kind !== 'key-identifier-differs') || chain.pathInForce || chain.sent.length < 2)
    return undefined
  for (const node of issuersAbove(chain, model).slice(1)) {
    const { ca, caSecret: secret } = node
    if (!ca || !secret) continue
    for (const sent of chain.sent) {
      if (sent === chain.leaf || sent.issuer.normalized !== ca.subject.normalized || model.signs(ca, sent).status !== 'failed') continue
      const former = model.signersOf(sent)[0]
      if (former) return { secret, former }
    }
  }
  return undefined
}
