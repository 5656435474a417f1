import { NamedMap } from '../base/named-map.ts'
import type { Ref } from '../base/ref.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { SecretResource } from '../inventory/secret.ts'
import { formatInstant } from '../base/instant.ts'
import { AGREES, compareWithStatus } from './agrees-with-status.ts'
import type { ExpectedStatus } from './agrees-with-status.ts'
import { backOffUntil } from './back-off.ts'
import type { Behaviours } from './behaviours.ts'
import { behavioursOf } from './behaviours.ts'
import type { ControllerVerdict, ReadyCondition, ReplayedVersion } from './controller-verdict.ts'
import { createDumpPresence } from './dump-presence.ts'
import type { DumpPresence } from './dump-presence.ts'
import type { EvaluatedPolicies } from './evaluate-policies.ts'
import { createPolicyEvaluator } from './evaluate-policies.ts'
import { readFeatureGates } from './feature-gates.ts'
import type { GatheredRequests } from './gather-requests.ts'
import { gatherRequests, indexRequests } from './gather-requests.ts'
import { inferVersion } from './infer-version.ts'
import { nextStep } from './next-step.ts'
import type { CsrReading, PolicyInput, SecretFacts } from './policies/policy-input.ts'
import { readyAsWritten, readyCondition } from './readiness.ts'
import type { RenewalTime } from './renewal-time.ts'
import { createRenewalClock, hasRenewalFields, readRenewalSpec, renewalTimeOf } from './renewal-time.ts'
import { requestViolations } from './request-matches-spec.ts'
import { readCsr, readSecretFacts } from './secret-facts.ts'
import type { SecretClaim } from './secret-owner.ts'
import { claimOf } from './secret-owner.ts'

export interface ReplayOptions {
  /** Epoch milliseconds. */
  readonly at: number
  readonly certManager?: {
    readonly version?: string
    readonly clusterResourceNamespace?: string
    readonly enableCertificateOwnerRef?: boolean
    readonly featureGates?: string | Readonly<Record<string, boolean>>
  }
}

/** What is worked out once for a dump. */
interface Context {
  readonly at: number
  readonly behaviours: Behaviours
  readonly usesAri: boolean
  readonly ownerReferencesEnabled: boolean
  readonly presence: DumpPresence
  readonly requestsOf: (certificate: CertificateResource) => readonly CertificateRequestResource[]
  readonly csrOf: (request: CertificateRequestResource) => CsrReading
  readonly factsOf: (secret: SecretResource, isShared: boolean) => SecretFacts
  readonly renewalOf: (certificate: CertificateResource, facts: SecretFacts | undefined) => RenewalTime | undefined
  readonly claims: (certificate: CertificateResource, secret: SecretResource | undefined) => SecretClaim
  readonly evaluate: (input: PolicyInput) => EvaluatedPolicies
}

const createClaims = (certificates: readonly CertificateResource[]): Context['claims'] => {
  const bySecret = new NamedMap<CertificateResource[]>()
  for (const certificate of certificates) NamedMap.push(bySecret, certificate.ref.namespace, certificate.spec.secretName ?? '', certificate)
  const claims = new Map<readonly CertificateResource[], SecretClaim>()
  return (certificate, secret) => {
    const claimants = bySecret.get(certificate.ref.namespace, certificate.spec.secretName ?? '') ?? [certificate]
    if (claimants.length === 1) return claimOf(claimants, secret)
    let claim = claims.get(claimants)
    if (!claim) claims.set(claimants, (claim = claimOf(claimants, secret)))
    return claim
  }
}

const NO_RENEWAL_FIELDS = Object.freeze({})
const NO_RENEWAL: RenewalTime = Object.freeze({})

const createContext = (inventory: Inventory, options: ReplayOptions, version: ReturnType<typeof inferVersion>): Context => {
  const behaviours = behavioursOf(version.parsed)
  const gates = readFeatureGates(options.certManager?.featureGates, version.parsed)
  const presence = createDumpPresence(inventory, options.certManager)
  const facts = new Map<SecretResource, SecretFacts>()
  const csrs = new Map<CertificateRequestResource, CsrReading>()
  const clock = createRenewalClock()
  /** Without renewal fields the dates alone decide, and many certificates were issued together. */
  let last: { readonly notBefore: number; readonly notAfter: number; readonly renewal: RenewalTime } | undefined
  return {
    at: options.at,
    behaviours,
    usesAri: gates('ACMEUseARI'),
    ownerReferencesEnabled: options.certManager?.enableCertificateOwnerRef === true,
    presence,
    requestsOf: indexRequests(inventory.certificateRequests).of,
    csrOf: (request) => {
      let csr = csrs.get(request)
      if (!csr) csrs.set(request, (csr = readCsr(request)))
      return csr
    },
    factsOf: (secret, isShared) => {
      const known = facts.get(secret) ?? readSecretFacts(secret, behaviours, presence.managedFieldsHidden)
      if (isShared) facts.set(secret, known)
      return known
    },
    renewalOf: (certificate, secretFacts) => {
      if (secretFacts?.certificate.status !== 'read') return undefined
      const { notBefore, notAfter } = secretFacts.certificate.certificate
      const [from, to] = [Math.floor(notBefore / 1000), Math.floor(notAfter / 1000)]
      if (hasRenewalFields(certificate.spec)) return renewalTimeOf(from, to, readRenewalSpec(certificate.rawSpec), behaviours, clock)
      if (last?.notBefore !== from || last.notAfter !== to)
        last = { notBefore: from, notAfter: to, renewal: renewalTimeOf(from, to, NO_RENEWAL_FIELDS, behaviours, clock) }
      return last.renewal
    },
    claims: createClaims(inventory.certificates),
    evaluate: createPolicyEvaluator(behaviours),
  }
}

/** The next attempt after a failure: none where the spec has changed since the failed request, or that cannot be compared. */
const backoffOf = (
  context: Context,
  certificate: CertificateResource,
  next: CertificateRequestResource | undefined,
): number | undefined => {
  const { status, spec } = certificate
  const until = backOffUntil(context.at, status?.lastFailureTime, status?.failedIssuanceAttempts, context.behaviours.exponentialBackOff)
  if (until === undefined || !next) return until
  const csr = context.csrOf(next)
  if (csr.status === 'hidden') return until
  if (csr.status === 'unreadable') return undefined
  const violations = requestViolations(next, csr, spec, context.behaviours)
  return violations?.length === 0 ? until : undefined
}

const isConditionTrue = (certificate: CertificateResource, type: string): boolean =>
  certificate.status?.conditions.some((condition) => condition.type === type && condition.status === 'True') === true

/** Revisions told for each Certificate: where all of n name the uid to which n requests belong, all of them would be n × n. */
const REVISIONS_TOLD = 100

/** Revisions of the requests that returned the certificate which is in the Secret; none where that of the status is among them. */
const revisionsOf = (
  requests: readonly CertificateRequestResource[],
  facts: SecretFacts | undefined,
  written: number,
): Pick<ExpectedStatus, 'revisions' | 'revisionsLeftOut'> => {
  if (facts?.certificate.status !== 'read') return {}
  const { fingerprint } = facts.certificate.certificate
  const revisions: string[] = []
  let revisionsLeftOut = 0
  for (const { certificate, revision } of requests) {
    if (revision === undefined || certificate.certificates[0]?.fingerprint !== fingerprint) continue
    if (revision === String(written)) return {}
    if (revisions.length < REVISIONS_TOLD) revisions.push(revision)
    else revisionsLeftOut++
  }
  return { revisions, revisionsLeftOut }
}

const expectedDates = (
  facts: SecretFacts | undefined,
  isSecretKnown: boolean,
  renewal: RenewalTime | undefined,
): Pick<ExpectedStatus, 'notBefore' | 'notAfter' | 'renewalTime'> => {
  const reading = facts?.certificate
  if (reading?.status === 'read') {
    const { notBefore, notAfter } = reading.certificate
    if (renewal?.budgetSpent) return { notBefore, notAfter }
    return { notBefore, notAfter, renewalTime: renewal?.at === undefined ? null : renewal.at * 1000 }
  }
  const isCleared = isSecretKnown && (reading === undefined || reading.status === 'unreadable')
  return isCleared ? { notBefore: null, notAfter: null, renewalTime: null } : {}
}

/** Other claimants told for each: where all of n Certificates name one Secret, all of them would be n × n. */
const OTHERS_TOLD = 100

const ownerOf = (context: Context, certificate: CertificateResource, claim: SecretClaim, facts: SecretFacts | undefined) => {
  const told = claim.claimants.slice(0, OTHERS_TOLD + 1).filter((other) => other !== certificate)
  const others = told.slice(0, OTHERS_TOLD).map((other) => other.ref)
  const othersLeftOut = claim.claimants.length - 1 - others.length
  const isOwner = !context.behaviours.secretOwnership || claim.owner === certificate.ref.name
  const isUnknown = others.length > 0 && facts !== undefined && !facts.secret.metadataKnown
  return { isOwner, others, ...(othersLeftOut > 0 && { othersLeftOut }), ...(isUnknown && { unknown: ['annotations' as const] }) }
}

const NO_OTHERS: ControllerVerdict['secretOwner'] = Object.freeze({ isOwner: true, others: Object.freeze([] as Ref[]) })

const replayOne = (context: Context, certificate: CertificateResource): ControllerVerdict => {
  const { at } = context
  const { spec, status } = certificate
  const found = context.presence.secret(certificate.ref.namespace ?? '', spec.secretName)
  const secret = 'secret' in found ? found.secret : undefined
  const claim = context.claims(certificate, secret)
  const facts = secret && context.factsOf(secret, claim.claimants.length > 1)
  const owned = context.requestsOf(certificate)
  const gathered: GatheredRequests = gatherRequests(owned, status?.revision)
  const renewal = context.renewalOf(certificate, facts)
  const currentUnknown = status?.revision === undefined ? undefined : context.presence.requestsUnknown
  const evaluated = context.evaluate({
    at,
    behaviours: context.behaviours,
    ownerReferencesEnabled: context.ownerReferencesEnabled,
    certificate,
    facts,
    secretUnknown: 'unknown' in found ? found.unknown : undefined,
    current: gathered.current,
    csrOf: context.csrOf,
    requestsUnknown: currentUnknown,
    renewal: renewal ?? NO_RENEWAL,
  })
  const secretOwner = claim.claimants.length > 1 ? ownerOf(context, certificate, claim, facts) : NO_OTHERS
  const isDeleted = context.behaviours.skipsDeleted && certificate.metadata.deletionTimestamp !== undefined
  const isIssuing = isConditionTrue(certificate, 'Issuing')
  const decides = !isDeleted && gathered.error === undefined
  const mayTrigger = decides && !isIssuing && secretOwner.isOwner
  const backoff = mayTrigger ? backoffOf(context, certificate, gathered.next) : undefined
  const triggered = mayTrigger && backoff === undefined && evaluated.trigger.violated === true
  const written = status?.conditions.find((condition) => condition.type === 'Ready')
  const ready: ReadyCondition = decides ? readyCondition(evaluated.readiness, renewal) : readyAsWritten(written)
  const ariRules = context.usesAri && status?.ari !== undefined
  const dates = expectedDates(facts, !('unknown' in found), renewal)
  const revisions = isIssuing || status?.revision === undefined || owned.length === 0 ? {} : revisionsOf(owned, facts, status.revision)
  const agreesWithStatus = decides
    ? compareWithStatus(certificate, {
        ready,
        notBefore: dates.notBefore,
        notAfter: dates.notAfter,
        renewalTime: ariRules ? undefined : dates.renewalTime,
        issuing:
          triggered && !evaluated.trigger.unknown
            ? evaluated.trigger.reason === 'WindowError'
              ? 'Renewing'
              : (evaluated.trigger.reason ?? '')
            : undefined,
        ...revisions,
      })
    : AGREES
  const reading = facts?.certificate.status === 'read' ? facts.certificate.certificate : undefined
  const renewalTime = renewal?.at === undefined ? undefined : renewal.at * 1000
  return {
    certificate: certificate.ref,
    policies: evaluated.policies,
    trigger: evaluated.trigger,
    readiness: evaluated.readiness,
    temporaryCertificate: evaluated.temporaryCertificate,
    postIssuance: evaluated.postIssuance,
    ready,
    triggered,
    backoffUntil: backoff === undefined ? undefined : formatInstant(backoff),
    notBefore: reading && formatInstant(reading.notBefore),
    notAfter: reading && formatInstant(reading.notAfter),
    renewalTime: renewalTime === undefined ? undefined : formatInstant(renewalTime),
    renewalTimeError: renewal?.error,
    currentRequest: gathered.current?.ref,
    nextRequest: gathered.next?.ref,
    gatherError: gathered.error,
    secretOwner,
    agreesWithStatus,
    next: nextStep({
      at,
      certificate,
      isDeleted,
      gatherError: gathered.error,
      isIssuing,
      nextRequest: gathered.next,
      otherOwner: secretOwner.isOwner ? undefined : claim.owner,
      backoffUntil: backoff,
      trigger: evaluated.trigger,
      renewalTime,
      renewalError: renewal?.error,
      notAfter: reading?.notAfter,
      isRenewalDisabled: context.behaviours.renewalWindows && spec.renewal?.policy === 'Disabled',
    }),
  }
}

/**
 * Replays what cert-manager's controllers would decide for every Certificate of a dump at one instant (facts of cert-manager
 * 3.3–3.5, 4.6 and 5). Synchronous and pure; what the dump lacks makes the outcomes that need it unknown.
 */
export const replayController = (
  inventory: Inventory,
  options: ReplayOptions,
): { readonly verdicts: readonly ControllerVerdict[]; readonly version: ReplayedVersion } => {
  const inferred = inferVersion(inventory, options.certManager?.version)
  const context = createContext(inventory, options, inferred)
  return {
    verdicts: inventory.certificates.map((certificate) => replayOne(context, certificate)),
    version: { version: inferred.version, source: inferred.source, why: inferred.why },
  }
}
