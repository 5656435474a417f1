import type { Chain } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'

/**
 * The path of a chain, leaf first: to an anchor in force where there is one, else over tls.crt to the Secret's own ca.crt.
 * Only what its names and signatures carry; a chain that leads nowhere gives the leaf alone.
 */
export const certificatePath = (chain: Chain): readonly X509Certificate[] => {
  if (chain.pathInForce) return chain.pathInForce
  if (chain.ownAnchor.kind !== 'reached') return [chain.leaf]
  const path: X509Certificate[] = [chain.leaf]
  const pool = [...chain.sent, ...chain.anchors]
  for (;;) {
    const top = path[path.length - 1] as X509Certificate
    const next = pool.find((candidate) => candidate.subject.normalized === top.issuer.normalized && !path.includes(candidate))
    if (!next || chain.anchors.includes(top)) return path
    path.push(next)
  }
}
