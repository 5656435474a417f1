import type { Limits } from '../base/limits.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { Client, ClientVerdict } from '../x509/clients/client.ts'
import { clients } from '../x509/clients/client.ts'
import type { ClientSubject, PredictionContext } from '../x509/clients/predict-with.ts'
import { predictWith } from '../x509/clients/predict-with.ts'
import { readClientSubjects } from '../x509/clients/predict-clients.ts'
import { judgePath } from '../x509/validate-path.ts'
import { createChainClasses } from './chain-class.ts'
import type { Chain, Model } from './model.ts'

/** What RFC 5280 and each client say of a chain under given anchors. */
export interface ChainJudgement {
  readonly valid: boolean
  /** The codes of why there is no valid path, each once; empty where there is one. */
  readonly reasons: readonly string[]
  /** Worked out when it is asked for: of most CAs nobody does. */
  readonly clients: Readonly<Record<Client, ClientVerdict>>
}

/** Judges chains under anchors; asked once for each class of chains. */
export interface ChainJudge {
  readonly judge: (chain: Chain, anchors: readonly X509Certificate[], sent?: readonly X509Certificate[]) => ChainJudgement
  /** Are all of Go, OpenSSL, Java and rustls known to accept it? Nobody presents a CA as an end-entity certificate: there RFC 5280 alone decides. */
  readonly isAcceptedByAll: (chain: Chain, anchors: readonly X509Certificate[]) => boolean
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

/** A certificate for clients alone is asked about as a client's; every other one as a server's. */
const purposeOf = (leaf: X509Certificate): 'server' | 'client' => {
  const purposes = leaf.extensions.extendedKeyUsage?.purposes
  return purposes !== undefined && purposes.includes(CLIENT_AUTH) && !purposes.includes(SERVER_AUTH) ? 'client' : 'server'
}

/** A certificate for signing others, which no server or client presents as its own. */
export const isCa = ({ leaf }: Pick<Chain, 'leaf'>): boolean => leaf.extensions.basicConstraints?.ca === true

/** The four that severities are measured by. */
export const decidingClients = ['go', 'openssl', 'java', 'rustls'] as const satisfies readonly Client[]

/**
 * Makes the judge of a model. Signatures come from the model's oracle: nothing waits here. A pair that was never asked is unknown.
 */
export const createChainJudge = (model: Pick<Model, 'at' | 'signs' | 'inventory'>, limits?: Partial<Limits>): ChainJudge => {
  const subjects = new Map<string, ClientSubject>()
  const certificates = new Map<ClientSubject['certificate'], X509Certificate>()
  const subjectOf = (certificate: X509Certificate): ClientSubject => {
    const known = subjects.get(certificate.fingerprint)
    if (known) return known
    const subject = readClientSubjects([certificate.der])[0] as ClientSubject
    subjects.set(certificate.fingerprint, subject)
    if (subject.certificate) certificates.set(subject.certificate, certificate)
    return subject
  }
  const signed: PredictionContext['signed'] = (child, issuer) => {
    const [below, above] = [certificates.get(child), certificates.get(issuer)]
    const status = below && above ? model.signs(above, below).status : 'unknown'
    return status === 'verified' ? 'good' : status === 'failed' ? 'bad' : 'unknown'
  }
  const byClass = new Map<string, ChainJudgement>()
  const classOf = createChainClasses(model)
  /** Of each chain the anchors that it was last judged by: rules and the report ask one after the other. */
  const last = new Map<Chain, { readonly anchors: readonly X509Certificate[]; readonly judgement: ChainJudgement }>()
  const judge: ChainJudge['judge'] = (chain, anchors, sent = chain.sent) => {
    if (sent !== chain.sent) return judgeClass(chain, anchors, sent)
    const known = last.get(chain)
    if (known?.anchors === anchors) return known.judgement
    const judgement = judgeClass(chain, anchors, sent)
    last.set(chain, { anchors, judgement })
    return judgement
  }
  const judgeClass = (chain: Chain, anchors: readonly X509Certificate[], sent: readonly X509Certificate[]): ChainJudgement => {
    const key = classOf(chain.leaf, sent, anchors)
    const known = byClass.get(key)
    if (known) return known
    const purpose = purposeOf(chain.leaf)
    const list = [chain.leaf, ...sent.filter((certificate) => certificate !== chain.leaf)]
    const path = judgePath(
      {
        target: chain.leaf,
        pool: list.slice(1),
        anchors,
        rules: { at: model.at, ...(!isCa(chain) && { purpose }) },
        ...(limits && { limits }),
      },
      model.signs,
    )
    const predict = (): ChainJudgement['clients'] => {
      const context: PredictionContext = { chain: sent.map(subjectOf), anchors: anchors.map(subjectOf), purpose, at: model.at, signed }
      return Object.fromEntries(clients.map((client) => [client, predictWith(context, client)])) as Record<Client, ClientVerdict>
    }
    let verdicts: ChainJudgement['clients'] | undefined
    const judgement: ChainJudgement = {
      valid: path.valid,
      reasons: [...new Set(path.reasons.map((reason) => reason.code))],
      get clients() {
        return (verdicts ??= predict())
      },
    }
    byClass.set(key, judgement)
    return judgement
  }
  return {
    judge,
    isAcceptedByAll: (chain, anchors) => {
      const judgement = judge(chain, anchors)
      if (isCa(chain)) return judgement.valid
      return decidingClients.every((client) => judgement.clients[client].accepts === true)
    },
  }
}
