import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { Behaviours } from './behaviours.ts'
import type { ResolvedUsages } from './key-usages.ts'
import { resolveUsages } from './key-usages.ts'

const HOUR = 3_600_000

/** What rules for a Certificate where its spec says nothing: cert-manager's runtime defaults (facts of cert-manager 3.1). */
export interface EffectiveSpec {
  readonly rotationPolicy: string
  /** Milliseconds. */
  readonly duration: number
  readonly issuerKind: string
  readonly usages: ResolvedUsages
  /** Label of the PEM block in tls.key; undefined for an algorithm that cert-manager does not know. */
  readonly privateKeyBlock?: 'RSA PRIVATE KEY' | 'EC PRIVATE KEY' | 'PRIVATE KEY'
}

/** An unset rotationPolicy: Always since v1.18, unless the feature gate of v1.18 and v1.19 was switched off. */
export const effectiveRotationPolicy = (
  spec: CertificateSpec,
  behaviours: Behaviours,
  isGateOn: (gate: string) => boolean = () => true,
): string => {
  const written = spec.privateKey?.rotationPolicy
  if (written) return written
  return behaviours.rotationPolicyDefault === 'Always' && isGateOn('DefaultPrivateKeyRotationPolicyAlways') ? 'Always' : 'Never'
}

const privateKeyBlock = (spec: CertificateSpec): EffectiveSpec['privateKeyBlock'] => {
  const { algorithm, encoding } = spec.privateKey ?? {}
  if (algorithm === 'Ed25519') return 'PRIVATE KEY'
  if (algorithm !== undefined && algorithm !== '' && algorithm !== 'RSA' && algorithm !== 'ECDSA') return undefined
  if (encoding === 'PKCS8') return 'PRIVATE KEY'
  return algorithm === 'ECDSA' ? 'EC PRIVATE KEY' : 'RSA PRIVATE KEY'
}

/** Fills in everything that a spec leaves to cert-manager. `isGateOn` answers for the feature gates. */
export const effectiveSpec = (spec: CertificateSpec, behaviours: Behaviours, isGateOn?: (gate: string) => boolean): EffectiveSpec => {
  const block = privateKeyBlock(spec)
  return {
    rotationPolicy: effectiveRotationPolicy(spec, behaviours, isGateOn),
    duration: spec.duration ?? 90 * 24 * HOUR,
    issuerKind: spec.issuerRef?.kind ?? 'Issuer',
    usages: resolveUsages(spec.usages, spec.isCA === true),
    ...(block && { privateKeyBlock: block }),
  }
}
