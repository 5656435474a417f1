import type { Chain, IssuerNode, Model } from '../model/model.ts'

const LEVELS = 12

/** The CA issuers above a chain, from the one that issued it upward; a loop of issuers ends where it began. */
export const issuersAbove = (chain: Chain, model: Model): readonly IssuerNode[] => {
  const out: IssuerNode[] = []
  let { issuer } = chain
  while (issuer.status === 'found' && issuer.issuer.caSecret && !out.includes(issuer.issuer) && out.length < LEVELS) {
    out.push(issuer.issuer)
    const { ref } = issuer.issuer.caSecret
    const above = model.chainOf(ref.namespace, ref.name)
    if (!above) break
    ;({ issuer } = above)
  }
  return out
}
