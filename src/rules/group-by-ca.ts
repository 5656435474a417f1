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

const groupOfSecret = (model: Model, secret: SecretResource, members: readonly Chain[]): ChainsOfCa => {
  const certificate = model.ownerOf(secret)
  const ca = secret.tlsCrt.certificates[0]
  return {
    ...caRefs({ secret, issuers: model.issuersOf(secret), chains: members, ...(certificate && { certificate }) }),
    chains: members,
    ...(ca && { ca }),
  }
}

/** The Secret that an issuer signs with and whose CA this certificate is. */
const caSecretOf = (model: Model, ca: X509Certificate): SecretResource | undefined =>
  model
    .holdersOf(ca)
    .filter((holder) => holder.ref.kind === 'Secret' && holder.key === 'tls.crt' && holder.position === 0)
    .map((holder) => model.secret(holder.ref.namespace, holder.ref.name))
    .find((secret) => secret !== undefined && model.issuersOf(secret).length > 0)

/** Groups chains by a CA above them; where no issuer signs with it, by the CA that issued them. */
export const groupByCaAbove = (model: Model, chains: ReadonlyMap<Chain, X509Certificate>): readonly ChainsOfCa[] => {
  const groups = new Map<SecretResource, Chain[]>()
  const others: Chain[] = []
  const secrets = new Map<X509Certificate, SecretResource | undefined>()
  for (const [chain, ca] of chains) {
    if (!secrets.has(ca)) secrets.set(ca, caSecretOf(model, ca))
    const secret = secrets.get(ca)
    const known = secret && groups.get(secret)
    if (known) known.push(chain)
    else if (secret) groups.set(secret, [chain])
    else others.push(chain)
  }
  return [...[...groups].map(([secret, members]) => groupOfSecret(model, secret, members)), ...groupByCa(model, others)]
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
  const grouped = [...groups].map(([secret, members]) => groupOfSecret(model, secret, members))
  return [...grouped, ...alone]
}
