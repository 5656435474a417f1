import type { Ref } from '../base/ref.ts'
import type { Chain, Model } from '../model/model.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import { caRefs, chainRef } from './causes.ts'

/** Chains that share the CA in force above them, with the objects of that CA. */
export interface ChainsOfCa {
  readonly ca?: X509Certificate
  readonly subject: Ref
  readonly related: readonly Ref[]
  readonly chains: readonly Chain[]
}

/** Groups chains by the Secret of the CA that issues them, so that one cause gives one diagnostic; a chain without one stands alone. */
export const groupByCa = (model: Model, chains: readonly Chain[]): readonly ChainsOfCa[] => {
  const groups = new Map<SecretResource, Chain[]>()
  const alone: ChainsOfCa[] = []
  for (const chain of chains) {
    const secret = chain.issuer.status === 'found' ? chain.issuer.issuer.caSecret : undefined
    if (!secret) alone.push({ subject: chainRef(chain), related: [], chains: [chain] })
    else {
      const known = groups.get(secret)
      if (known) known.push(chain)
      else groups.set(secret, [chain])
    }
  }
  const grouped = [...groups].map(([secret, members]): ChainsOfCa => {
    const certificate = model.ownerOf(secret)
    const issuers = model.issuersOf(secret)
    const ca = secret.tlsCrt.certificates[0]
    return { ...caRefs({ secret, issuers, chains: members, ...(certificate && { certificate }) }), chains: members, ...(ca && { ca }) }
  })
  return [...grouped, ...alone]
}
