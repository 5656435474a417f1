import { largest } from '../base/order.ts'
import { expandSources } from '../bundle/expand-sources.ts'
import type { BundleFacts } from '../bundle/expand-sources.ts'
import type { AbortSignalLike } from '../base/abort-signal-like.ts'
import type { Limits } from '../base/limits.ts'
import type { Dump } from '../dump/dump.ts'
import { mergeCoverage } from '../dump/merge-coverage.ts'
import type { DumpProblem } from '../dump/raw-object.ts'
import { readDump } from '../dump/read-dump.ts'
import type { SecretDataTaker } from '../dump/secret-data.ts'
import type { Source, Sources } from '../base/source.ts'

/** A dump with what is known of the bundles it came in. */
export interface ReadSources {
  readonly dump: Dump
  readonly bundles: readonly BundleFacts[]
  /** When the newest bundle was collected, epoch milliseconds, where one of them tells. */
  readonly collectedAt?: number
}

export interface ReadSourcesOptions {
  readonly limits: Limits
  readonly secretData: SecretDataTaker
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignalLike
}

/** In a bundle most files hold no object of ours: that is a fault only of a file that somebody named. */
const SAYS_NOTHING_OF_A_MEMBER = new Set(['no-objects', 'empty-list', 'empty', 'not-text', 'template'])

/**
 * Opens archives, reads every object in them and beside them, and says what the collectors leave out: the way from bytes to a dump.
 */
export const readSources = async (sources: Sources, options: ReadSourcesOptions): Promise<ReadSources> => {
  const expanded = expandSources(sources, {}, options.signal)
  const members = new Set<string>()
  async function* watched(): AsyncGenerator<Source> {
    for await (const source of expanded.sources) {
      if (source.partOf !== undefined) members.add(source.name)
      yield source
    }
  }
  const dump = await readDump(watched(), options)
  const facts = expanded.facts()
  // That there are no objects of one kind is an answer; it is told only where there are none at all.
  const isAnswer = (problem: DumpProblem): boolean => problem.code === 'empty-list' && dump.objects.length > 0
  const told = dump.problems.filter(
    (problem) => !isAnswer(problem) && (!members.has(problem.place.source) || !SAYS_NOTHING_OF_A_MEMBER.has(problem.code)),
  )
  const ofArchives = facts.problems.map(({ code, source, detail }): DumpProblem => ({
    code,
    place: { source, line: 1 },
    ...(detail !== undefined && { detail }),
  }))
  const problems = [...ofArchives, ...told]
  const silent = dump.objects.length === 0 && problems.length === 0 ? facts.bundles : []
  const kinds = new Set(dump.objects.flatMap((object) => (typeof object.value['kind'] === 'string' ? [object.value['kind']] : [])))
  const instants = facts.bundles.flatMap((bundle) => bundle.collectedAt ?? [])
  return {
    dump: {
      ...dump,
      problems: [...problems, ...silent.map((bundle): DumpProblem => ({ code: 'no-objects', place: { source: bundle.name, line: 1 } }))],
      sources: dump.sources.filter((source) => source.objects > 0 || !members.has(source.name)),
      coverage: mergeCoverage(dump.coverage, [], { notCollected: facts.notCollected, presentKinds: kinds, truncated: facts.truncated }),
    },
    bundles: facts.bundles,
    ...(instants.length > 0 && { collectedAt: largest(instants) }),
  }
}
