import type { Missing } from '../base/verdict.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { BuiltChain, SignedBy } from './chain-builder.ts'
import type { Behaviours } from './behaviours.ts'
import { buildCertificateChain } from './chain-builder.ts'
import type { ReadyCondition } from './controller-verdict.ts'
import { KEY_USAGE_BITS, printExtKeyUsages, printKeyUsages, resolveUsages } from './key-usages.ts'
import { isKnownKey } from './policies/secret-data.ts'
import { readCsr, readGoBundle } from './secret-facts.ts'

/** What a CA issuer asks of its Secret: cert-manager's own error, or nothing; `unknown` where the dump hides the value. */
type Reading<T> = { readonly value: T } | { readonly error: string } | { readonly unknown: readonly Missing[] }

const NO_KEY = 'error decoding private key PEM block: no PEM data was found in given input'

const readChain = (secret: SecretResource, bundle: SecretResource['tlsCrt']): Reading<readonly X509Certificate[]> => {
  if (bundle.status === 'masked' || bundle.status === 'unknown' || secret.existenceOnly) return { unknown: ['secret-data'] }
  const read = readGoBundle(bundle)
  return 'why' in read ? { error: read.why } : { value: read.certificates }
}

const readKey = ({ tlsKey, existenceOnly }: SecretResource): Reading<string> => {
  if (tlsKey.status === 'masked' || tlsKey.status === 'unknown' || existenceOnly) return { unknown: ['private-key'] }
  const { facts } = tlsKey
  if (!facts || (facts.status === 'unreadable' && facts.code === 'not-pem')) return { error: NO_KEY }
  if (facts.status === 'unreadable') return { error: `error parsing private key (${facts.code})` }
  return isKnownKey(facts.publicKey) ? { value: facts.publicKey.identity } : { error: 'unknown private key type' }
}

const lacks = (secret: SecretResource, key: string): boolean => {
  const status = secret.keys.get(key)
  return (status === undefined || status === 'absent') && !secret.existenceOnly && secret.tlsKey.status !== 'unknown'
}

const place = (namespace: string, name: string): string => `${namespace}/${name}`

/** The Secret that a CA issuer names: where it is due, and what the dump has of it. */
export interface CaSecret {
  readonly namespace: string
  readonly name: string
  readonly secret?: SecretResource
  /** The Secret is not in the dump, and that proves nothing. */
  readonly unknown?: readonly Missing[]
}

const notReady = (reason: string, detail: string): ReadyCondition => ({
  status: 'False',
  reason,
  message: `Error getting keypair for CA issuer: ${detail}`,
})

const undecided = (missing: readonly Missing[]): ReadyCondition => ({ status: 'Unknown', reason: '', message: '', unknown: missing })

/**
 * The Ready condition of a CA issuer (facts of cert-manager 2.4): certificate readable, key readable, first certificate a CA.
 * That they belong together, and the dates, are not looked at.
 */
export const caIssuerReady = ({ namespace, name, secret, unknown }: CaSecret): ReadyCondition => {
  const get = 'ErrGetKeyPair'
  if (!secret) return unknown ? undecided(unknown) : notReady(get, `secret "${name}" not found`)
  if (lacks(secret, 'tls.crt')) return notReady(get, `no data for "tls.crt" in secret '${place(namespace, name)}'`)
  const chain = readChain(secret, secret.tlsCrt)
  if ('error' in chain) return notReady(get, chain.error)
  if ('unknown' in chain) return undecided(chain.unknown)
  if (lacks(secret, 'tls.key')) return notReady(get, `no data for "tls.key" in secret '${place(namespace, name)}'`)
  const key = readKey(secret)
  if ('error' in key) return notReady(get, key.error)
  if (chain.value[0]?.extensions.basicConstraints?.ca !== true) return notReady('ErrInvalidKeyPair', 'certificate is not a CA')
  if ('unknown' in key) return undecided(key.unknown)
  return { status: 'True', reason: 'KeyPairVerified', message: 'Signing CA verified' }
}

/** What a CA issuer would answer to a request: a chain with a new leaf at its start, or the request's Ready condition. */
export type SignOutcome = Exclude<BuiltChain, { readonly error: string }> | { readonly ready: ReadyCondition }

const outcome = (reason: 'Pending' | 'Failed', message: string): SignOutcome => ({ ready: { status: 'False', reason, message } })

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((item, index) => item === b[index])

/** Why the certificate's template cannot be made from the request, if so: CSR and request must agree where the CSR says anything. */
const templateError = (request: CertificateRequestResource): string | undefined => {
  const reading = readCsr(request)
  if (reading.status === 'unreadable') return reading.why
  if (request.csr.status !== 'read') return undefined
  const isCA = request.isCA === true
  const usages = resolveUsages(request.usages, isCA)
  if (usages.unknown.length > 0) return `unknown key usages: [${usages.unknown.join(' ')}]`
  const { basicConstraints, keyUsage, extendedKeyUsage } = request.csr.value.extensions
  if (basicConstraints && basicConstraints.ca !== isCA) {
    return `encoded CSR error: IsCA ${basicConstraints.ca} does not match expected value ${isCA}`
  }
  if (!keyUsage && !extendedKeyUsage) return undefined
  const own = KEY_USAGE_BITS.filter((bit) => keyUsage?.usages.includes(bit))
  if (!same(own, usages.keyUsage)) {
    return `encoded CSR error: the KeyUsages ${printKeyUsages(own)} do not match the expected KeyUsages ${printKeyUsages(usages.keyUsage)}`
  }
  const purposes = extendedKeyUsage?.purposes ?? []
  if (same(purposes, usages.extKeyUsage)) return undefined
  return `encoded CSR error: the ExtKeyUsages ${printExtKeyUsages(purposes)} do not match the expected ExtKeyUsages ${printExtKeyUsages(usages.extKeyUsage)}`
}

/**
 * What the CA issuer's controller would do with a request now (facts of cert-manager 2.4). The request's own signature is not
 * checked here.
 */
export const caIssuerSign = (
  ca: CaSecret,
  request: CertificateRequestResource,
  signedBy: SignedBy,
  behaviours: Behaviours,
): SignOutcome => {
  const { namespace, name, secret } = ca
  const path = place(namespace, name)
  const pending = (detail: string): SignOutcome => outcome('Pending', `Failed to parse signing CA keypair from secret ${path}: ${detail}`)
  if (!secret) {
    return ca.unknown
      ? { ready: undecided(ca.unknown) }
      : outcome('Pending', `Referenced secret ${path} not found: secret "${name}" not found`)
  }
  if (lacks(secret, 'tls.key')) return pending(`no private key data for "tls.key" in secret '${path}'`)
  const key = readKey(secret)
  if ('error' in key) return pending(key.error)
  if (lacks(secret, 'tls.crt')) return pending(`no certificate data for "tls.crt" in secret '${path}'`)
  const chain = readChain(secret, secret.tlsCrt)
  if ('error' in chain) return pending(chain.error)
  if ('unknown' in chain) return { ready: undecided(chain.unknown) }
  const hasCa = secret.caCrt.status !== 'empty' && secret.caCrt.status !== 'absent'
  const anchors = hasCa ? readChain(secret, secret.caCrt) : { value: [] }
  if ('error' in anchors) return pending(anchors.error)
  if ('unknown' in anchors) return { ready: undecided(anchors.unknown) }
  const problem = templateError(request)
  if (problem !== undefined) return outcome('Failed', `Error generating certificate template: ${problem}`)
  if ('unknown' in key) return { ready: undecided(key.unknown) }
  const signer = chain.value[0] as X509Certificate
  if (signer.publicKey.identity !== key.value) {
    const mismatch = "error creating x509 certificate: x509: provided PrivateKey doesn't match parent's PublicKey"
    return outcome('Failed', `Error signing certificate: ${mismatch}`)
  }
  const built = buildCertificateChain([...chain.value, ...anchors.value.slice(0, 1)], signedBy, behaviours, { signedBy: signer })
  return 'error' in built ? outcome('Failed', `Error signing certificate: ${built.error}`) : built
}
