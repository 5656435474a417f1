import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { SecretResource } from '../inventory/secret.ts'

/** Is the key in the Secret certainly used again when the Certificate is issued anew? Unset, rotationPolicy means Always since 1.18. */
export const keepsKey = ({ spec }: CertificateResource, { tlsKey }: SecretResource): boolean =>
  spec.privateKey?.rotationPolicy === 'Never' && tlsKey.facts?.status === 'read'
