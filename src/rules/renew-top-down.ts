import type { Chain, Model } from '../model/model.ts'
import { chainRef } from './causes.ts'
import { renew } from './commands.ts'
import { issuersAbove } from './issuers-above.ts'

/**
 * `cmctl renew` for the Certificates of these chains, a command for each level, CAs before what they sign: an issuer signs with
 * whatever is in its Secret at that moment.
 */
export const renewTopDown = (chains: readonly Chain[], model: Model): readonly string[] => {
  const levels = new Map<number, Chain[]>()
  for (const chain of chains) {
    if (chain.certificate === undefined) continue
    const depth = issuersAbove(chain, model).length
    const known = levels.get(depth)
    if (known) known.push(chain)
    else levels.set(depth, [chain])
  }
  return [...levels].sort(([a], [b]) => a - b).flatMap(([, members]) => renew(members.map(chainRef)))
}
