import type { CertManagerVersion } from './cert-manager-version.ts'
import { isSince } from './cert-manager-version.ts'

/** Gates as the controller's flag has them (`"OtherNames=true,ServerSideApply=false"`) or as a record. */
export type FeatureGatesOption = string | Readonly<Record<string, boolean>>

/** The gates that change what the replay says, each with the release since which it is on by default. */
const DEFAULT_ON: Readonly<Record<string, CertManagerVersion>> = {
  LiteralCertificateSubject: [1, 15, 0],
  AdditionalCertificateOutputFormats: [1, 15, 0],
  NameConstraints: [1, 17, 0],
  UseCertificateRequestBasicConstraints: [99, 0, 0],
  OtherNames: [1, 20, 0],
  DefaultPrivateKeyRotationPolicyAlways: [1, 18, 0],
  ServerSideApply: [99, 0, 0],
  ACMEUseARI: [99, 0, 0],
}

const TRUE_WORDS = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE_WORDS = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

const readFlag = (text: string): ReadonlyMap<string, boolean> => {
  const gates = new Map<string, boolean>()
  for (const item of text.slice(0, 4096).split(',')) {
    const equals = item.indexOf('=')
    const [name, value] = [item.slice(0, equals).trim(), item.slice(equals + 1).trim()]
    if (equals > 0 && TRUE_WORDS.has(value)) gates.set(name, true)
    else if (equals > 0 && FALSE_WORDS.has(value)) gates.set(name, false)
  }
  return gates
}

/**
 * Answers whether a feature gate is on: as the option says, else that release's default.
 * `AllAlpha` and `AllBeta` are not followed; a value that is no boolean is passed over.
 */
export const readFeatureGates = (option: FeatureGatesOption | undefined, version: CertManagerVersion): ((gate: string) => boolean) => {
  const named = typeof option === 'string' ? readFlag(option) : new Map(Object.entries(option ?? {}))
  return (gate) => {
    const set = named.get(gate)
    if (typeof set === 'boolean') return set
    const since = Object.hasOwn(DEFAULT_ON, gate) ? DEFAULT_ON[gate] : undefined
    return since !== undefined && isSince(version, since)
  }
}
