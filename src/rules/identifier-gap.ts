import { isOtherMethod } from '../model/build-chain.ts'
import type { Chain } from '../model/model.ts'
import { keyIdentifiersAgree } from '../model/signature-questions.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { ChainsOfCa } from './group-by-ca.ts'
import { groupByCaAbove } from './group-by-ca.ts'
import type { RuleContext, Severity } from './rule.ts'

/** Where a chain goes by signature to a CA whose subject key identifier is not the one that the certificate below it names. */
export interface IdentifierGap {
  readonly below: X509Certificate
  readonly ca: X509Certificate
}

/** The gap of a chain: right above its certificate, or further up on the path to an anchor in force. */
export const identifierGap = (chain: Chain): IdentifierGap | undefined => {
  if (chain.relation.kind === 'key-identifier-differs' && chain.issuer.status === 'found' && chain.issuer.issuer.ca)
    return { below: chain.leaf, ca: chain.issuer.issuer.ca }
  const path = chain.pathInForce ?? []
  for (let index = 1; index < path.length; index++) {
    const [below, ca] = [path[index - 1] as X509Certificate, path[index] as X509Certificate]
    if (keyIdentifiersAgree(below, ca) === false) return { below, ca }
  }
  return undefined
}

export interface GapsOfCa {
  readonly group: ChainsOfCa
  readonly gap: IdentifierGap
  /** A warning where every client still accepts: an intermediate with the identifier that is named travels in tls.crt. */
  readonly severity: Severity
}

/** Gaps by the CA whose identifier it is. `explained`: both identifiers are hashes (SHA-1, SHA-256) of its one key. */
export const findIdentifierGaps = ({ causes, model }: RuleContext, explained: boolean): readonly GapsOfCa[] => {
  const gaps = new Map<Chain, IdentifierGap>()
  const isRefused = (chain: Chain): boolean => !model.judge.isAcceptedByAll(chain, chain.anchorsInForce)
  for (const chain of model.chains) {
    const gap = causes.isToldByCa(chain) ? undefined : identifierGap(chain)
    if (!gap || isOtherMethod(gap.below, gap.ca) !== explained) continue
    // Further up, a client may well go another way.
    if (gap.below === chain.leaf || isRefused(chain)) gaps.set(chain, gap)
  }
  return groupByCaAbove(model, new Map([...gaps].map(([chain, { ca }]) => [chain, ca]))).map((group) => ({
    group,
    gap: gaps.get(group.chains[0] as Chain) as IdentifierGap,
    severity: group.chains.some(isRefused) ? 'error' : 'warning',
  }))
}
