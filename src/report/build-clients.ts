import { isBrokenCertificate } from '../inventory/secret.ts'
import type { Chain, Model } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import { clients } from '../x509/clients/client.ts'
import type { ClientVerdicts } from './report.ts'

const sameSet = (a: readonly X509Certificate[], b: readonly X509Certificate[]): boolean =>
  a.length === b.length && a.every((certificate) => b.includes(certificate))

/** Of more roots of one name only those count that did sign: each is looked at for each chain. */
const FEW = 20

/** Finds the roots of the dump that a chain's names lead to: what a client with every root of this cluster would trust. */
const createRootFinder = (model: Model): ((chain: Chain) => readonly X509Certificate[]) => {
  const byName = new Map<string, X509Certificate[]>()
  for (const certificate of model.inventory.x509.values()) {
    const name = certificate.subject.normalized
    if (certificate.issuer.normalized !== name) continue
    const known = byName.get(name)
    if (known) known.push(certificate)
    else byName.set(name, [certificate])
  }
  return ({ sent }) => {
    const named = [...new Set(sent.map((certificate) => certificate.issuer.normalized))].flatMap((name) => byName.get(name) ?? [])
    if (named.length <= FEW) return named
    const signers = new Set(sent.flatMap((certificate) => model.signersOf(certificate)))
    return named.filter((root) => signers.has(root)).slice(0, FEW)
  }
}

const UNREADABLE: ClientVerdicts['verdicts'] = Object.fromEntries(
  clients.map((client) => [client, { accepts: 'unknown', reason: 'unknown: not predicted (a certificate that cannot be read)' }]),
)

/**
 * For each chain: is there a path by RFC 5280, and, for an end-entity certificate, what does each client say, given the anchors of the CAs
 * in force, the Secret's own ca.crt where it differs, and, where there is neither, the roots of the dump.
 */
export function* buildClients(model: Model): Generator<ClientVerdicts> {
  const rootsOf = createRootFinder(model)
  for (const chain of model.chains) {
    const entry = (anchors: ClientVerdicts['anchors'], certificates: readonly X509Certificate[]): ClientVerdicts => {
      const judgement = model.judge.judge(chain, certificates)
      const { valid, reasons } = judgement
      const { ref, tlsCrt, caCrt } = chain.secret
      const isCaBroken = anchors === 'own-ca.crt' && caCrt.entries.some(isBrokenCertificate)
      if (isCaBroken || tlsCrt.entries.some(isBrokenCertificate)) {
        // What can be read is not all that is sent or trusted: what is missing may be among the rest.
        const told = valid ? reasons : [...reasons, 'certificate-unreadable']
        return { secret: ref, anchors, valid, reasons: told, verdicts: chain.feeds.length > 0 ? {} : UNREADABLE }
      }
      return { secret: ref, anchors, valid, reasons, verdicts: chain.feeds.length > 0 ? {} : judgement.clients }
    }
    const isInForceKnown = chain.anchorsInForce.length > 0
    const isOwnOther = chain.anchors.length > 0 && !sameSet(chain.anchors, chain.anchorsInForce)
    if (isInForceKnown) yield entry('in-force', chain.anchorsInForce)
    if (isOwnOther) yield entry('own-ca.crt', chain.anchors)
    const roots = isInForceKnown || isOwnOther ? [] : rootsOf(chain)
    if (roots.length > 0) yield entry('roots', roots)
  }
}
