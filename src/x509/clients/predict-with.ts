import type { Client, ClientPeer, ClientPurpose, ClientVerdict, Refusal } from './client.ts'
import { unsure } from './client.ts'
import type { ClientCertificate } from './client-certificate.ts'
import type { ClientView } from './client-view.ts'
import { viewOf } from './client-view.ts'
import type { ClientFamily } from './habits.ts'
import { habits as table } from './habits.ts'
import { directoryText } from './client-name.ts'
import { addressBytes } from './name-matching.ts'
import { oids } from './oids.ts'
import type { PeerName } from './host-names.ts'
import { checkPeer, readPeer } from './host-names.ts'
import { reasonText } from './reasons.ts'
import { newConstraintBudget } from './name-constraints.ts'
import type { SignatureOracle } from './path-question.ts'
import { searchPath } from './search.ts'

/** One certificate with its views, so that many chains can share the work; make it once with `clientSubject`. */
export interface ClientSubject {
  /** undefined where no client can read it. */
  readonly certificate: ClientCertificate | undefined
  /** Why it is not known what any client makes of it; undefined where that is known. */
  readonly odd: string | undefined
  readonly views: Partial<Record<`${ClientFamily}-${'sent' | 'anchor'}`, ClientView>>
}

/** A certificate that clients have not looked at yet. */
export const clientSubject = (certificate: ClientCertificate | undefined, odd?: string): ClientSubject => ({ certificate, odd, views: {} })

/** Everything a prediction needs, so that it runs without waiting. */
export interface PredictionContext {
  /** The sent list, leaf first. */
  readonly chain: readonly ClientSubject[]
  readonly anchors: readonly ClientSubject[]
  readonly peer?: ClientPeer
  readonly purpose: ClientPurpose
  /** Epoch milliseconds. */
  readonly at: number
  readonly signed: SignatureOracle
}

const see = (subject: ClientSubject, family: ClientFamily, role: 'sent' | 'anchor'): ClientView | undefined =>
  subject.certificate && (subject.views[`${family}-${role}`] ??= viewOf(subject.certificate, family, role))

const refused = (code: 'unreadable-certificate' | 'unreadable-anchor', detail: string): Refusal => ({ code, detail })

const peerOf = (peer: ClientPeer | undefined): PeerName | undefined => (peer ? readPeer(peer) : undefined)

const predict = (context: PredictionContext, client: Client): Refusal | undefined => {
  const habits = table[client]
  const family = habits.family
  for (const { odd } of [...context.chain, ...context.anchors]) if (odd !== undefined) return unsure(odd)
  const sent: ClientView[] = []
  let leaf: ClientView | undefined
  for (const [index, subject] of context.chain.entries()) {
    const view = see(subject, family, 'sent')
    if (view && view.unparsed === undefined) {
      if (index === 0) leaf = view
      else sent.push(view)
    } else if (index === 0 || habits.unreadableSent === 'fails-all')
      return refused('unreadable-certificate', view?.unparsed ?? 'not a certificate')
  }
  if (!leaf) return refused('unreadable-certificate', 'nothing sent')
  const anchors: ClientView[] = []
  for (const subject of context.anchors) {
    const view = see(subject, family, 'anchor')
    if (view && view.unparsed === undefined) {
      if (!anchors.includes(view)) anchors.push(view)
    } else if (habits.unreadableAnchor === 'fails-all') return refused('unreadable-anchor', view?.unparsed ?? 'not a certificate')
  }
  const { purpose, at, signed } = context
  const path = searchPath({ leaf, sent, anchors, purpose, at, signed, constraints: newConstraintBudget() }, habits)
  if (path && path.code !== 'unknown') return path
  const peer = peerOf(context.peer)
  const name = peer && checkPeer({ subject: leaf.certificate.subject, names: leaf.subjectAltName?.names }, peer, habits)
  // Java adds a CN that is an address to the SAN while it applies name constraints, and then finds it there.
  const cn = family === 'java' ? leaf.certificate.subject.attributes(oids.commonName).at(-1) : undefined
  const added =
    peer?.address !== undefined &&
    cn !== undefined &&
    addressBytes(directoryText(cn) ?? '') !== undefined &&
    sent.some((view) => view.nameConstraints)
  if (name && added) return path ?? unsure('an address under name constraints')
  if (name && name.code !== 'unknown') return name
  const maybe = [...sent, ...anchors].find((view) => view.maybeUnparsed !== undefined)
  return path ?? name ?? (maybe && unsure(`whether it parses a certificate with ${maybe.maybeUnparsed ?? 'a flaw'}`))
}

/**
 * What one client says of a chain. Pure and without waiting: the signatures are looked up in the context's oracle.
 * With the certificates read and the verdicts at hand it costs microseconds, so that whole inventories can be asked.
 */
export const predictWith = (context: PredictionContext, client: Client): ClientVerdict => {
  const refusal = predict(context, client)
  if (!refusal) return { accepts: true, reason: 'accepted' }
  return { accepts: refusal.code === 'unknown' ? 'unknown' : false, reason: reasonText(refusal, table[client].family) }
}
