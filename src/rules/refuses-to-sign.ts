import type { Chain, Model } from '../model/model.ts'
import { namesChain } from '../model/signature-questions.ts'
import { buildCertificateChain } from '../replay/chain-builder.ts'

/**
 * Do the certificates of a CA Secret not form one line with what is to be signed, so that cert-manager fails every request to its issuers, in
 * each of its releases (facts of cert-manager 2.4, 4.3)? Its tls.crt and the first of its ca.crt are taken; `false` where ca.crt is masked.
 */
export const refusesToSign = ({ feeds, secret, sent, anchors }: Chain, model: Model): boolean => {
  const [signer] = sent
  const { status } = secret.caCrt
  if (feeds.length === 0 || signer === undefined || status === 'masked' || status === 'unknown') return false
  return [true, false].every(
    (sortsChain) =>
      'error' in
      buildCertificateChain(
        [...sent, ...anchors.slice(0, 1)],
        // A signature that cannot be verified here may well be good.
        (child, parent) => namesChain(child, parent) && model.signs(parent, child).status !== 'failed',
        { sortsChain },
        { signedBy: signer },
      ),
  )
}
