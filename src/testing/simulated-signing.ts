import type { CertificateOptions, IssuedCertificate } from './certificate-builder.ts'
import { issueCertificate } from './certificate-builder.ts'
import { askedBySpec } from './certificate-request-input.ts'
import { buildChain } from './chain-builder.ts'
import type { ClusterState } from './cluster-state.ts'
import { findIssuer, findSecret, knownCertificates, objectKey, remember, secretText, versionAtLeast } from './cluster-state.ts'
import type { KeyPair } from './key-pair.ts'
import type { CertificateSpec, IssuerObject } from './kubernetes-objects.ts'
import type { Delivery } from './secret-writer.ts'
import { isReady, secretNamespace } from './simulated-issuers.ts'

/** How an issuer answers a request: with a certificate, with a condition's reason and message, or, nobody being there, not at all. */
export type SigningAnswer =
  | { readonly outcome: 'issued'; readonly delivery: Delivery }
  | { readonly outcome: 'pending' | 'failed'; readonly message: string }
  | { readonly outcome: 'silent' }

/** What is signed: a spec's wishes for a key, in a namespace, with what the issuer is told to do otherwise. */
export interface SigningOrder {
  readonly spec: CertificateSpec
  readonly namespace: string
  readonly key: KeyPair
  readonly overrides?: Partial<CertificateOptions> | undefined
}

const ninetyDays = 90 * 86_400_000

/** Signs as the issuer of `spec.issuerRef` does at the clock's instant (cert-manager pkg/controller/certificaterequests). */
export async function signOrder(state: ClusterState, order: SigningOrder): Promise<SigningAnswer> {
  const { name, kind = 'Issuer', group = 'cert-manager.io' } = order.spec.issuerRef
  const outside = state.outside.get(objectKey(kind, kind.startsWith('Cluster') ? undefined : order.namespace, name))
  if (group !== 'cert-manager.io') return outside === undefined ? { outcome: 'silent' } : signOutside(state, order, outside)
  if (kind !== 'Issuer' && kind !== 'ClusterIssuer') return { outcome: 'silent' }
  const issuer = findIssuer(state, kind, order.namespace, name)
  if (issuer === undefined) {
    const missing = `${kind.toLowerCase()}.cert-manager.io "${name}" not found`
    return { outcome: 'pending', message: `Referenced "${kind}" not found: ${missing}` }
  }
  if (!isReady(issuer)) return { outcome: 'pending', message: 'Referenced issuer does not have a Ready status condition' }
  if (issuer.spec.selfSigned !== undefined) return signSelf(state, order, issuer)
  if (issuer.spec.ca !== undefined) return signByCa(state, order, issuer)
  return outside === undefined ? { outcome: 'silent' } : signOutside(state, order, outside)
}

async function signSelf(state: ClusterState, order: SigningOrder, issuer: IssuerObject): Promise<SigningAnswer> {
  const crlDistributionPoints = issuer.spec.selfSigned?.crlDistributionPoints ?? []
  const leaf = await issueCertificate({ ...baseOptions(state, order), crlDistributionPoints, ...order.overrides })
  remember(state, leaf)
  return { outcome: 'issued', delivery: { leaf, chain: leaf.pem, ca: leaf.pem } }
}

async function signByCa(state: ClusterState, order: SigningOrder, issuer: IssuerObject): Promise<SigningAnswer> {
  const settings = issuer.spec.ca ?? { secretName: '' }
  const namespace = secretNamespace(state, issuer)
  const secret = findSecret(state, namespace, settings.secretName)
  if (secret === undefined) return { outcome: 'pending', message: `Referenced secret ${namespace}/${settings.secretName} not found` }
  const certificates = knownCertificates(state, secretText(secret, 'tls.crt'))
  const key = state.privateKeys.get(secretText(secret, 'tls.key') ?? '')
  const signer = certificates?.[0]
  if (certificates === undefined || signer === undefined || key === undefined) {
    return { outcome: 'pending', message: `Failed to parse signing CA keypair from secret ${namespace}/${settings.secretName}` }
  }
  if (key.id !== signer.key.id && order.overrides?.signWith === undefined) {
    return { outcome: 'failed', message: "Error signing certificate: x509: provided PrivateKey doesn't match parent's PublicKey" }
  }
  const leaf = await issueCertificate({
    ...baseOptions(state, order),
    issuer: signer,
    crlDistributionPoints: settings.crlDistributionPoints ?? [],
    ocspServers: settings.ocspServers ?? [],
    caIssuers: settings.issuingCertificateURLs ?? [],
    ...order.overrides,
  })
  remember(state, leaf)
  const root = knownCertificates(state, secretText(secret, 'ca.crt'))?.[0]
  return deliverChain(leaf, [...certificates, ...(root === undefined ? [] : [root])], order.overrides !== undefined)
}

async function signOutside(
  state: ClusterState,
  order: SigningOrder,
  {
    chain,
    style,
    writesCa,
  }: { readonly chain: readonly IssuedCertificate[]; readonly style: 'chain' | 'verbatim'; readonly writesCa: boolean },
): Promise<SigningAnswer> {
  const signer = chain[0]
  if (signer === undefined) return { outcome: 'silent' }
  const leaf = await issueCertificate({ ...baseOptions(state, order), issuer: signer, ...order.overrides })
  for (const certificate of [leaf, ...chain]) remember(state, certificate)
  if (style === 'chain') return deliverChain(leaf, chain, order.overrides !== undefined)
  const root = chain.at(-1)
  const sent = chain.slice(0, -1)
  const delivery = { leaf, chain: [leaf, ...sent].map(({ pem }) => pem).join('') }
  return { outcome: 'issued', delivery: writesCa && root !== undefined ? { ...delivery, ca: root.pem } : delivery }
}

/**
 * `tls.crt` and `ca.crt` by cert-manager's chain builder. Where the certificate was made wrong on purpose the builder would refuse it; then the
 * leaf stands in front of what the CA's Secret had, so that the fault can be seen at all.
 */
function deliverChain(leaf: IssuedCertificate, above: readonly IssuedCertificate[], overridden: boolean): SigningAnswer {
  const pemOf = (certificates: readonly IssuedCertificate[]): string => certificates.map(({ pem }) => pem).join('')
  const built = buildChain([leaf, ...above])
  if (built !== undefined) {
    const chain = pemOf(built.chain)
    return { outcome: 'issued', delivery: { leaf, chain, ...(built.ca === undefined ? {} : { ca: built.ca.pem }) } }
  }
  const rest = buildChain(above)
  if (!overridden || rest === undefined) {
    return { outcome: 'failed', message: 'Error signing certificate: certificate chain is malformed or broken' }
  }
  const between = rest.chain.filter(({ fingerprint }) => fingerprint !== rest.ca?.fingerprint)
  return { outcome: 'issued', delivery: { leaf, chain: pemOf([leaf, ...between]), ...(rest.ca === undefined ? {} : { ca: rest.ca.pem }) } }
}

function baseOptions(state: ClusterState, { spec, key }: SigningOrder): CertificateOptions {
  const lifetime = spec.duration === undefined ? ninetyDays : parseDuration(spec.duration)
  const asked = askedBySpec(spec)
  const method = versionAtLeast(state, '1.19') ? ('sha256' as const) : ('sha1' as const)
  return {
    key,
    ...asked,
    notBefore: state.clock,
    notAfter: new Date(state.clock.getTime() + lifetime),
    subjectKeyIdentifier: asked.ca ? method : 'none',
  }
}

/** Milliseconds of a Go duration of hours, minutes and seconds. Throws on anything else. */
export function parseDuration(text: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)
  if (match === null || text === '') throw new Error(`not a duration: ${JSON.stringify(text)}`)
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part: string | undefined) => Number(part ?? 0))
  return ((hours * 60 + minutes) * 60 + seconds) * 1000
}

/** A duration as Go writes it: `720h` becomes `720h0m0s`, `0h30m` becomes `30m0s`. */
export function canonicalDuration(text: string): string {
  const seconds = parseDuration(text) / 1000
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds % 60}s`
}
