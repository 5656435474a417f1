import type { Chain } from '../model/model.ts'
import type { X509Certificate } from '../x509/certificate.ts'

/**
 * The path of a chain, leaf first: to an anchor in force where there is one, else over tls.crt to the Secret's own ca.crt.
 * Only what its names and signatures carry; a chain that leads nowhere gives the leaf alone.
 */
export const certificatePath = ({ leaf, ownAnchor, pathInForce }: Chain): readonly X509Certificate[] =>
  pathInForce ?? (ownAnchor.kind === 'reached' ? ownAnchor.path : undefined) ?? [leaf]
