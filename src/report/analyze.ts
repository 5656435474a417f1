import type { AbortSignalLike } from '../base/abort-signal-like.ts'
import { formatInstant, parseInstant } from '../base/instant.ts'
import { defaultLimits } from '../base/limits.ts'
import type { Limits } from '../base/limits.ts'
import { NamedMap } from '../base/named-map.ts'
import type { Sources } from '../base/source.ts'
import type { BundleFacts } from '../bundle/expand-sources.ts'
import type { SourceFacts } from '../dump/dump.ts'
import { buildInventory } from '../inventory/build-inventory.ts'
import type { Inventory } from '../inventory/inventory.ts'
import { createSecretDataReader } from '../inventory/secret-data.ts'
import { buildModel } from '../model/build-model.ts'
import type { Model } from '../model/model.ts'
import { createNodeIds } from '../model/model.ts'
import type { ControllerVerdict } from '../replay/controller-verdict.ts'
import { replayController } from '../replay/replay-controller.ts'
import { findCauses } from '../rules/causes.ts'
import { rules as allRules } from '../rules/index.ts'
import type { Rule, RuleContext } from '../rules/rule.ts'
import { buildForest } from './build-forest.ts'
import { buildClients } from './build-clients.ts'
import { toControllerEntries } from './build-controller.ts'
import { toCertificateNodes, toReportLinks, toResourceNodes } from './build-nodes.ts'
import { readSources } from './read-sources.ts'
import type { Counts, LazyReport, Report } from './report.ts'
import { runRules } from './run-rules.ts'
import { version } from './version.ts'

/** What the controllers of the cluster run with; a dump tells little of it. */
export interface CertManagerOptions {
  /** With or without `v`. Without it, it is inferred from the dump, else the newest known release is taken; the report says which. */
  readonly version?: string
  /** Where a ClusterIssuer's Secrets are; `--cluster-resource-namespace` of the controller. */
  readonly clusterResourceNamespace?: string
  readonly enableCertificateOwnerRef?: boolean
  /** As the controller's own flag has it, or as a record; a gate that is not named has that version's default. */
  readonly featureGates?: string | Readonly<Record<string, boolean>>
}

export interface AnalyzeOptions {
  /**
   * The instant of the analysis: a Date or an RFC 3339 string. The analysis has no clock of its own. A function is asked once everything
   * is read, with the instant at which the bundle was collected, where it tells.
   */
  readonly at: Date | string | ((collectedAt: Date | undefined) => Date | string)
  readonly certManager?: CertManagerOptions
  /** Rules to run instead of all: `[...rules, mine]` adds one. */
  readonly rules?: readonly Rule[]
  readonly limits?: Partial<Limits>
  /** Called with the bytes read so far. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignalLike
}

const instantOf = (at: unknown, collectedAt: number | undefined): number => {
  const given: unknown =
    typeof at === 'function'
      ? (at as (collectedAt: Date | undefined) => unknown)(collectedAt === undefined ? undefined : new Date(collectedAt))
      : at
  const instant = given instanceof Date ? given.getTime() : typeof given === 'string' ? parseInstant(given) : undefined
  if (instant === undefined || Number.isNaN(instant))
    throw new TypeError('analyze: option `at` must be a valid Date or an RFC 3339 string such as 2026-11-24T05:00:00Z')
  return instant
}

/** Distinct objects of the API server: what stands in two API groups is two. */
const countObjects = ({ inventory }: Model): Counts => {
  const leftBehind = (kind: string): number => inventory.leftBehind.filter((ref) => ref.kind === kind).length
  return {
    issuers: inventory.issuers.length + leftBehind('Issuer'),
    clusterIssuers: inventory.clusterIssuers.length + leftBehind('ClusterIssuer'),
    certificates: inventory.certificates.length + leftBehind('Certificate'),
    certificateRequests: inventory.certificateRequests.length + leftBehind('CertificateRequest'),
    secrets: inventory.secrets.length,
    others: inventory.others,
  }
}

/** From bytes to typed resources. The raw objects end with it: what is returned holds none of them. */
const readInventory = async (
  sources: Sources,
  { at, onProgress, signal }: AnalyzeOptions,
  limits: Limits,
): Promise<{
  readonly inventory: Inventory
  readonly facts: readonly SourceFacts[]
  readonly bundles: readonly BundleFacts[]
  readonly at: number
}> => {
  const secretData = createSecretDataReader(limits)
  const { dump, bundles, collectedAt } = await readSources(sources, {
    limits,
    secretData,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  })
  return { at: instantOf(at, collectedAt), inventory: await buildInventory(dump, secretData), facts: dump.sources, bundles }
}

/** A list that is made while it is walked through, and again each time. */
const lazy = <T>(make: () => Generator<T>): Iterable<T> => ({ [Symbol.iterator]: make })

/**
 * `analyze`, for a writer of large reports: what grows with the cluster is made while it is read.
 * @throws as `analyze` does
 */
export const analyzeLazily = async (sources: Sources, options: AnalyzeOptions): Promise<LazyReport> => {
  if (typeof (options as AnalyzeOptions | undefined)?.at !== 'function') instantOf((options as AnalyzeOptions | undefined)?.at, undefined)
  const limits = { ...defaultLimits, ...options.limits }
  const { inventory, facts, bundles, at } = await readInventory(sources, options, limits)
  options.signal?.throwIfAborted()
  const namespace = options.certManager?.clusterResourceNamespace
  // The replay runs while signatures are verified: it asks none.
  const modelQuestion = buildModel(inventory, { at, ...(namespace !== undefined && { clusterResourceNamespace: namespace }) }, limits)
  const replay = replayController(inventory, { at, ...(options.certManager && { certManager: options.certManager }) })
  const model = await modelQuestion
  options.signal?.throwIfAborted()
  const verdicts = new NamedMap<ControllerVerdict>()
  for (const verdict of replay.verdicts) verdicts.set(verdict.certificate.namespace, verdict.certificate.name, verdict)
  const controllerOf: RuleContext['controllerOf'] = (space, name) => verdicts.get(space, name)
  const results = runRules(options.rules ?? allRules, { model, at, controllerOf, causes: findCauses(model), limits })
  const ids = createNodeIds()
  return {
    schemaVersion: 1,
    tool: { name: 'kubepki', version },
    at: formatInstant(at),
    sources: facts,
    bundles: bundles
      .filter((bundle) => bundle.collector !== 'files')
      .map((bundle) => ({
        collector: bundle.collector,
        ...(bundle.collectedAt !== undefined && { collectedAt: formatInstant(bundle.collectedAt) }),
        leavesOut: bundle.leavesOut,
      })),
    certManager: replay.version,
    counts: countObjects(model),
    ...results,
    forest: buildForest(
      model,
      results.diagnostics,
      (certificate) => controllerOf(certificate.ref.namespace, certificate.ref.name)?.renewalTime,
    ),
    clients: lazy(() => buildClients(model)),
    controller: lazy(() => toControllerEntries(replay.verdicts)),
    resources: lazy(() => toResourceNodes(model, ids)),
    certificates: lazy(() => toCertificateNodes(model, ids)),
    links: lazy(() => toReportLinks(model, ids)),
  }
}

/** The report with all of its lists. */
export const toReport = (report: LazyReport): Report => ({
  ...report,
  clients: [...report.clients],
  controller: [...report.controller],
  resources: [...report.resources],
  certificates: [...report.certificates],
  links: [...report.links],
})

/**
 * Analyses what kubectl exported: who issued what, what is broken, what breaks next. Pure: the same sources and options give the
 * same report, byte for byte. Bad input never throws; it becomes diagnostics.
 * @throws TypeError when `at` is missing or no instant; the signal's reason when it aborts
 */
export const analyze = async (sources: Sources, options: AnalyzeOptions): Promise<Report> => toReport(await analyzeLazily(sources, options))
