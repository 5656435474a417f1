import type { Chain, Model } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { ClientVerdicts } from './report.ts'

const sameSet = (a: readonly X509Certificate[], b: readonly X509Certificate[]): boolean =>
  a.length === b.length && a.every((certificate) => b.includes(certificate))

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
  return (chain) => [...new Set(chain.sent.map((certificate) => certificate.issuer.normalized))].flatMap((name) => byName.get(name) ?? [])
}

/**
 * For each chain: is there a path by RFC 5280, and, for an end-entity certificate, what does each client say, given the anchors of the CAs
 * in force, the Secret's own ca.crt where it differs, and, where there is neither, the roots of the dump.
 */
export function* buildClients(model: Model): Generator<ClientVerdicts> {
  const rootsOf = createRootFinder(model)
  for (const chain of model.chains) {
    const sets: (readonly [ClientVerdicts['anchors'], readonly X509Certificate[]])[] = []
    if (chain.anchorsInForce.length > 0) sets.push(['in-force', chain.anchorsInForce])
    if (chain.anchors.length > 0 && !sameSet(chain.anchors, chain.anchorsInForce)) sets.push(['own-ca.crt', chain.anchors])
    if (sets.length === 0) {
      const roots = rootsOf(chain)
      if (roots.length > 0) sets.push(['roots', roots])
    }
    for (const [anchors, certificates] of sets) {
      const { valid, reasons, clients } = model.judge.judge(chain, certificates)
      yield {
        secret: chain.secret.ref,
        anchors,
        valid,
        reasons: [...new Set(reasons.map((reason) => reason.code))],
        verdicts: chain.feeds.length > 0 ? {} : clients,
      }
    }
  }
}
