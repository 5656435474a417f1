import { isCa } from '../model/judge-chains.ts'
import type { Chain } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'

export interface StaleCopy {
  readonly older: X509Certificate
  readonly current: X509Certificate
}

const isSameCa = (a: X509Certificate, b: X509Certificate): boolean =>
  a.publicKey.identity === b.publicKey.identity && a.subject.normalized === b.subject.normalized

/** An older certificate of a CA in force (same name and key) that the Secret still carries, and carries alone. */
export const staleCopy = (chain: Chain): StaleCopy | undefined => {
  if (chain.relation.kind !== 'current' || chain.issuer.status !== 'found' || !chain.issuer.issuer.ca) return undefined
  // What took the CA's place and is none is told by ca-not-ca.
  if (!isCa({ leaf: chain.issuer.issuer.ca })) return undefined
  if (chain.relation.staleAnchor) return { older: chain.relation.staleAnchor, current: chain.issuer.issuer.ca }
  const carried = chain.secret.caCrt.certificates
  for (const current of chain.anchorsInForce) {
    if (carried.some((certificate) => certificate.fingerprint === current.fingerprint)) return undefined
    const older = carried.find((certificate) => isSameCa(certificate, current))
    if (older) return { older, current }
  }
  return undefined
}
