import type { Missing } from '../base/verdict.ts'
import type { CertificateSpec } from '../inventory/certificate-resource.ts'
import type { PolicyId } from './behaviours.ts'
import type { Behaviours, Chains } from './behaviours.ts'
import type { Outcome, PolicyOutcome } from './controller-verdict.ts'
import type { PolicyInput } from './policies/policy-input.ts'
import { OK, unknownFor } from './policies/policy-input.ts'
import { POLICIES } from './policies/policies.ts'
import { compareCurrentRequest } from './policies/request-spec.ts'
import { asksForOutputFormats } from './policies/secret-contents.ts'
import { SECRET_DOES_NOT_EXIST } from './policies/secret-data.ts'

/** What came out of all policies of one Certificate, and of the four chains. */
export interface EvaluatedPolicies {
  readonly policies: readonly PolicyOutcome[]
  readonly trigger: Outcome
  readonly readiness: Outcome
  readonly temporaryCertificate: Outcome
  readonly postIssuance: Outcome
}

const CHAIN_NAMES = ['trigger', 'readiness', 'temporaryCertificate', 'postIssuance'] as const

/** Every policy of a release once, chain by chain. */
const policyOrder = (chains: Chains): readonly PolicyId[] => [...new Set(CHAIN_NAMES.flatMap((chain) => chains[chain]))]

const union = (lists: readonly (readonly Missing[])[]): readonly Missing[] =>
  lists.every((list) => list === lists[0]) ? (lists[0] as readonly Missing[]) : [...new Set(lists.flat())]

/**
 * Runs a chain over outcomes: the first violation is its result. An unknown outcome before it leaves the chain unknown;
 * where that one has an outcome as shown, so has the chain, and a later violation makes it violated for certain.
 */
const runChain = (chain: readonly number[], outcomes: readonly Outcome[]): Outcome => {
  const missing: (readonly Missing[])[] = []
  let asShown: Outcome | undefined = OK
  for (const index of chain) {
    const outcome = outcomes[index] as Outcome
    if (outcome.panics) return missing.length === 0 ? outcome : unknownFor(union(missing))
    if (outcome.unknown) {
      missing.push(outcome.unknown)
      if (asShown && !asShown.violated) asShown = outcome.violated === undefined ? undefined : outcome
      continue
    }
    if (!outcome.violated) continue
    if (missing.length === 0) return outcome
    if (!asShown) return { unknown: union(missing), violated: true }
    return unknownFor(union(missing), asShown.violated ? asShown : outcome)
  }
  return missing.length === 0 ? OK : unknownFor(union(missing), asShown)
}

const isEmptyTemplate = (template: NonNullable<CertificateSpec['secretTemplate']>): boolean =>
  Object.keys(template.annotations).length === 0 && Object.keys(template.labels).length === 0

/** What a policy says where there is no Secret: some are decided before they look at it, the others cannot be asked. */
const decideWithoutSecret = (id: PolicyId, input: PolicyInput): Outcome => {
  const { spec } = input.certificate
  switch (id) {
    case 'secret-does-not-exist':
      return input.secretUnknown ? unknownFor(input.secretUnknown) : SECRET_DOES_NOT_EXIST
    case 'public-key-current-request':
      if (input.current) break
      return input.requestsUnknown ? unknownFor(input.requestsUnknown) : OK
    case 'current-request-spec':
      if (input.current) return compareCurrentRequest(input, input.current)
      break
    case 'template-values':
      if (!spec.secretTemplate || (input.behaviours.templateKeyMustExist && isEmptyTemplate(spec.secretTemplate))) return OK
      break
    case 'output-formats':
      if (!asksForOutputFormats(spec)) return OK
      break
    case 'owner-reference':
      if (!input.ownerReferencesEnabled) return OK
      break
    default:
      break
  }
  return unknownFor(['secret'])
}

/** Combinations of outcomes without messages of their own that are kept; there are few in one dump. */
const MAX_SHARED = 32

/** Makes the evaluator for one analysis. Equal results share their objects: most Certificates of a dump are healthy. */
export const createPolicyEvaluator = (behaviours: Behaviours): ((input: PolicyInput) => EvaluatedPolicies) => {
  const { chains, names } = behaviours
  const order = policyOrder(chains)
  const named = new Map<Outcome, Map<PolicyId, PolicyOutcome>>()
  const withName = (id: PolicyId, outcome: Outcome): PolicyOutcome => {
    if (!Object.isFrozen(outcome)) return { policy: names[id], ...outcome }
    let byId = named.get(outcome)
    if (!byId) named.set(outcome, (byId = new Map<PolicyId, PolicyOutcome>()))
    let known = byId.get(id)
    if (!known) byId.set(id, (known = Object.freeze({ policy: names[id], ...outcome })))
    return known
  }
  const positions = (chain: readonly PolicyId[]): readonly number[] => chain.map((id) => order.indexOf(id))
  const indexes = {
    trigger: positions(chains.trigger),
    readiness: positions(chains.readiness),
    temporaryCertificate: positions(chains.temporaryCertificate),
    postIssuance: positions(chains.postIssuance),
  }
  const shared: { readonly outcomes: readonly Outcome[]; readonly result: EvaluatedPolicies }[] = []
  return (input) => {
    const { facts } = input
    const outcomes = order.map((id) => (facts ? POLICIES[id](input, facts) : decideWithoutSecret(id, input)))
    const known = shared.find((entry) => entry.outcomes.every((outcome, index) => outcome === outcomes[index]))
    if (known) return known.result
    const result: EvaluatedPolicies = {
      policies: order.map((id, index) => withName(id, outcomes[index] as Outcome)),
      trigger: runChain(indexes.trigger, outcomes),
      readiness: runChain(indexes.readiness, outcomes),
      temporaryCertificate: runChain(indexes.temporaryCertificate, outcomes),
      postIssuance: runChain(indexes.postIssuance, outcomes),
    }
    if (shared.length < MAX_SHARED && outcomes.every((outcome) => Object.isFrozen(outcome))) {
      Object.freeze(result.policies)
      shared.push({ outcomes, result: Object.freeze(result) })
    }
    return result
  }
}
