import { append } from '../base/append.ts'
import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Condition } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { Chain, IssuerNode, Model } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import { formerCaOf } from './former-ca.ts'
import { missingIssuer } from './missing-issuer.ts'

/** A CA, the Secret it stands in, the issuers that sign with it, and the chains that a fault of it concerns. */
export interface CaGroup {
  readonly secret: SecretResource
  readonly issuers: readonly IssuerNode[]
  /** The Certificate that fills the Secret, where there is one. */
  readonly certificate?: CertificateResource
  readonly chains: readonly Chain[]
}

/** A CA whose key changed, with the certificates of its former keys that the chains still go through. */
export interface RekeyedCa extends CaGroup {
  readonly formers: readonly X509Certificate[]
  /** The CA in force is older than the one that signed. */
  readonly olderCaPutBack: boolean
}

/** Why an issuer cannot issue, in the order of certainty. */
export type IssuerFault = 'not-found' | 'invalid-kind' | 'ca-secret-missing' | 'ca-not-ca' | 'not-ready'

/** Faults worked out once for all rules, so that a cause is told and its symptoms are not. */
export interface Causes {
  /** CAs whose key changed below certificates that are still signed by the old one, with everything whose path ends there. */
  readonly rekeyed: readonly RekeyedCa[]
  /** CAs in force that are past their end at `at`, topmost first, with everything below. */
  readonly expiredCas: readonly CaGroup[]
  /** Chains whose fault is already told by one of the groups above. */
  readonly isToldByCa: (chain: Chain) => boolean
  readonly issuerFault: (issuer: IssuerNode) => IssuerFault | undefined
  /** The fault of the issuer that a Certificate names. */
  readonly issuerFaultOf: (certificate: CertificateResource) => IssuerFault | undefined
  /** The request that stands between a Certificate and its Secret now, if it says why. */
  readonly blockingRequest: (certificate: CertificateResource) => BlockingRequest | undefined
  /** Everything that is issued below the CA in this Secret, over as many levels as there are. */
  readonly below: (secret: SecretResource) => readonly Chain[]
  /** Of the CAs that are meant those with none of them above, each with everything below it; of a loop of issuers one. */
  readonly topmost: (isMeant: (chain: Chain) => boolean) => ReadonlyMap<Chain, readonly Chain[]>
}

export interface BlockingRequest {
  readonly request: CertificateRequestResource
  readonly state: 'denied' | 'failed' | 'not-approved' | 'pending'
  readonly condition?: Condition
}

const secretKey = (ref: Ref): string => refKey(ref)

/** Names the objects of a CA that a diagnostic about it has to name: its Certificate, else its first issuer, is the subject. */
export const caRefs = (group: CaGroup): { readonly subject: Ref; readonly related: readonly Ref[] } => {
  const issuers = group.issuers.map((issuer) => issuer.ref)
  const subject = group.certificate?.ref ?? issuers[0] ?? group.secret.ref
  return { subject, related: [...issuers, group.secret.ref].filter((ref) => refKey(ref) !== refKey(subject)) }
}

/** A chain's own objects: its Certificate, or the Secret alone where nobody manages it. */
export const chainRef = (chain: Chain): Ref => chain.certificate?.ref ?? chain.secret.ref

/** Each object once, where it first stands. */
export const uniqueRefs = (refs: readonly Ref[]): readonly Ref[] => [...new Map(refs.map((ref) => [refKey(ref), ref])).values()]

const condition = (conditions: readonly Condition[], type: string): Condition | undefined => conditions.find((item) => item.type === type)

const revisionOf = (request: CertificateRequestResource): number => {
  const revision = Number(request.revision)
  return Number.isSafeInteger(revision) ? revision : -1
}

const createBlockingRequest = (model: Model): Causes['blockingRequest'] => {
  const stateOf = (request: CertificateRequestResource): BlockingRequest | undefined => {
    const denied = condition(request.conditions, 'Denied')
    if (denied?.status === 'True') return { request, state: 'denied', condition: denied }
    const invalid = condition(request.conditions, 'InvalidRequest')
    if (invalid?.status === 'True') return { request, state: 'failed', condition: invalid }
    const ready = condition(request.conditions, 'Ready')
    if (ready?.status === 'True') return undefined
    if (ready?.reason === 'Failed') return { request, state: 'failed', condition: ready }
    const approved = condition(request.conditions, 'Approved')
    if (approved?.status !== 'True' && ready === undefined) return { request, state: 'not-approved' }
    return { request, state: 'pending', ...(ready && { condition: ready }) }
  }
  return (certificate) => {
    const requests = model.requestsOf(certificate)
    const newest = requests.reduce<CertificateRequestResource | undefined>(
      (best, request) => (best === undefined || revisionOf(request) > revisionOf(best) ? request : best),
      undefined,
    )
    if (!newest) return undefined
    // The request that filled the Secret is history, whatever it says.
    // An export without status (`kubectl neat`) says nothing of how far a request came.
    if (newest.conditions.length === 0 && !certificate.status) return undefined
    const done = certificate.status?.revision !== undefined && revisionOf(newest) <= certificate.status.revision && revisionOf(newest) >= 0
    return done ? undefined : stateOf(newest)
  }
}

const createIssuerFault = (model: Model): Causes['issuerFault'] => {
  const known = new Map<IssuerNode, IssuerFault | undefined>()
  const judge = (issuer: IssuerNode): IssuerFault | undefined => {
    const ready = condition(issuer.resource.conditions, 'Ready')
    const name = issuer.resource.caSecretName
    if (issuer.resource.types.includes('ca') && name !== undefined) {
      const toldMissing = ready !== undefined && ready.status !== 'True' && (ready.message?.includes(`"${name}" not found`) ?? false)
      // The controller found it, in one of several namespaces: which one cannot be known, and nothing is missing.
      const isSomewhere =
        issuer.secretNamespaceFrom === 'default' &&
        ready?.status === 'True' &&
        model.secretsNamed(name).some((secret) => secret.tlsCrt.certificates.length > 0)
      const isAbsent = !isSomewhere && model.isAbsenceKnown('Secret', issuer.secretNamespace, name)
      if (!issuer.caSecret && (toldMissing || isAbsent)) return 'ca-secret-missing'
      // Evidence before a guess: the controller saw no such Secret where it looks, so one elsewhere is the remedy, not the answer.
      if (issuer.caSecret && toldMissing && issuer.secretNamespaceFrom === 'default') return 'ca-secret-missing'
      if (issuer.ca && issuer.ca.extensions.basicConstraints?.ca !== true) return 'ca-not-ca'
    }
    return ready !== undefined && ready.status !== 'True' ? 'not-ready' : undefined
  }
  return (issuer) => {
    if (!known.has(issuer)) known.set(issuer, judge(issuer))
    return known.get(issuer)
  }
}

/** Faults that several rules look at, from the model alone. */
export const findCauses = (model: Model): Causes => {
  const children = new Map<string, Chain[]>()
  for (const chain of model.chains) {
    const parent = chain.issuer.status === 'found' ? chain.issuer.issuer.caSecret : undefined
    if (!parent || parent === chain.secret) continue
    const known = children.get(secretKey(parent.ref))
    if (known) known.push(chain)
    else children.set(secretKey(parent.ref), [chain])
  }
  const collectBelow = (secret: SecretResource, accept: (chain: Chain) => boolean): readonly Chain[] => {
    const out: Chain[] = []
    const seen = new Set<Chain>()
    const queue = [...(children.get(secretKey(secret.ref)) ?? [])]
    for (let index = 0; index < queue.length; index++) {
      const chain = queue[index] as Chain
      if (seen.has(chain) || !accept(chain)) continue
      seen.add(chain)
      out.push(chain)
      if (chain.feeds.length > 0) append(queue, children.get(secretKey(chain.secret.ref)) ?? [])
    }
    return out
  }
  const below: Causes['below'] = (secret) => collectBelow(secret, () => true)
  const groupOf = (secret: SecretResource, chains: readonly Chain[]): CaGroup => {
    const certificate = model.ownerOf(secret)
    const issuers = model.issuersOf(secret)
    return { secret, issuers, chains, ...(certificate && { certificate }) }
  }

  const rekeyedSecrets = new Map<SecretResource, Map<Chain, X509Certificate>>()
  for (const chain of model.chains) {
    const found = formerCaOf(chain, model)
    if (!found) continue
    const known = rekeyedSecrets.get(found.secret)
    if (known) known.set(chain, found.former)
    else rekeyedSecrets.set(found.secret, new Map([[chain, found.former]]))
  }
  const rekeyed = [...rekeyedSecrets].map(([secret, direct]): RekeyedCa => {
    const reached = [...direct.keys()].flatMap((chain) =>
      chain.feeds.length > 0
        ? collectBelow(chain.secret, (item) => item.relation.kind !== 'rekeyed' && item.pathInForce === undefined)
        : [],
    )
    const ca = secret.tlsCrt.certificates[0]
    return {
      ...groupOf(secret, [...new Set([...direct.keys(), ...reached])]),
      formers: [...new Map([...direct.values()].map((former) => [former.fingerprint, former])).values()],
      olderCaPutBack: ca !== undefined && [...direct.values()].some((former) => ca.notBefore < former.notBefore),
    }
  })

  const topmost: Causes['topmost'] = (isMeant) => {
    const meant = model.chains.filter((chain) => chain.feeds.length > 0 && isMeant(chain))
    const lower = new Set<Chain>()
    // Each chain has one CA above it: where one was met before, all below it was met, too.
    for (const chain of meant) for (const item of collectBelow(chain.secret, (met) => !lower.has(met))) lower.add(item)
    const tops = new Map<Chain, readonly Chain[]>()
    const covered = new Set<Chain>()
    const take = (chain: Chain): void => {
      const under = below(chain.secret).filter((item) => item !== chain)
      for (const item of [chain, ...under]) covered.add(item)
      tops.set(chain, under)
    }
    for (const chain of meant) if (!lower.has(chain)) take(chain)
    // What is left stands below itself, in a loop of issuers: any of them is as good as the others.
    for (const chain of meant) if (!covered.has(chain)) take(chain)
    return tops
  }
  const expiredCas = [...topmost((chain) => chain.leaf.notAfter < model.at)].map(([chain, under]) => groupOf(chain.secret, under))

  const told = new Set([...rekeyed, ...expiredCas].flatMap((group) => group.chains))
  const issuerFault = createIssuerFault(model)
  return {
    rekeyed,
    expiredCas,
    isToldByCa: (chain) => told.has(chain),
    issuerFault,
    issuerFaultOf: (certificate) => {
      const resolution = model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace)
      if (resolution.status === 'found') return issuerFault(resolution.issuer)
      if (resolution.status === 'invalid-kind') return resolution.status
      return missingIssuer(model, certificate) ? 'not-found' : undefined
    },
    blockingRequest: createBlockingRequest(model),
    below,
    topmost,
  }
}
