import type { Chain, Model } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'

/** CA certificates in tls.crt that bear the name of one that signed a certificate below, and did not sign it: another generation. */
export const otherGenerations = (chain: Chain, model: Model): readonly X509Certificate[] => {
  const needed = chain.pathInForce ?? []
  return chain.sent.filter((certificate) => {
    if (certificate === chain.leaf || needed.includes(certificate)) return false
    const below = chain.sent.filter((other) => other !== certificate && other.issuer.normalized === certificate.subject.normalized)
    return below.length > 0 && below.every((other) => model.signs(certificate, other).status === 'failed')
  })
}
