import type { CertificateOptions, IssuedCertificate } from './certificate-builder.ts'
import { issueCertificate } from './certificate-builder.ts'
import type { ClusterState } from './cluster-state.ts'
import { timestamp } from './cluster-state.ts'

/** Intermediate and root of a CA outside of the cluster, valid for ten years from a year before the clock. */
export async function outsideChain(state: ClusterState, name: string): Promise<IssuedCertificate[]> {
  const spec = { algorithm: 'ECDSA', size: 256 } as const
  const from = timestamp(new Date(state.clock.getTime() - 365 * 86_400_000))
  const common: Pick<CertificateOptions, 'notBefore' | 'notAfter' | 'ca' | 'keyUsage'> = {
    notBefore: from,
    notAfter: new Date(new Date(from).getTime() + 3650 * 86_400_000),
    ca: true,
    keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  }
  const offset = 1000 + state.outside.size * 2
  const root = await issueCertificate({ ...common, key: await state.keys.key(spec, offset), subject: `CN=${name} root` })
  const issuing = { ...common, key: await state.keys.key(spec, offset + 1), subject: `CN=${name} issuing`, issuer: root, pathLength: 0 }
  return [await issueCertificate(issuing), root]
}
