import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { PathVerdict } from '../../src/x509/path.ts'
import { validatePath } from '../../src/x509/validate-path.ts'
import type { ExceptionList } from './exceptions.ts'
import type { LimboCase, LimboProfile } from './limbo-case.ts'
import { classOf, questionOf } from './limbo-case.ts'

/** How the cases of one class came out. `excepted`: fell, and stands among the exceptions. */
export interface ClassTally {
  cases: number
  passed: number
  excepted: number
  wronglyAccepted: number
  wronglyRejected: number
  untold: number
  slow: number
}

/** The outcome of one file. `faults` are what makes a run fail. */
export interface PathsResult {
  readonly tallies: ReadonlyMap<string, ClassTally>
  readonly leftOut: number
  readonly faults: readonly string[]
}

const SLOW = 1000

/** Remarks that say nothing about a defect: they stand on good certificates too. */
const NO_DEFECT: ReadonlySet<string> = new Set(['policies-not-evaluated'])

/**
 * Was a defect told? For the class `lint` a case that must fail counts as passed where the path is refused or a finding names a defect of
 * one of its certificates: rules for issuers are worth a remark, and break no path.
 */
const isTold = (verdict: PathVerdict): boolean => !verdict.valid || verdict.findings.some(({ code }) => !NO_DEFECT.has(code))

const readJson = (file: string): unknown => {
  const bytes = readFileSync(file)
  return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'))
}

const isCaseFile = (value: unknown): value is { readonly testcases: readonly LimboCase[] } =>
  typeof value === 'object' && value !== null && Array.isArray((value as { readonly testcases?: unknown }).testcases)

type Outcome = 'passed' | 'wronglyAccepted' | 'wronglyRejected' | 'untold'

const judge = (item: LimboCase, group: string, verdict: PathVerdict | undefined): Outcome => {
  const valid = verdict?.valid ?? false
  if (item.expected_result === 'SUCCESS') return valid ? 'passed' : 'wronglyRejected'
  if (group === 'lint') return verdict && isTold(verdict) ? 'passed' : 'untold'
  return valid ? 'wronglyAccepted' : 'passed'
}

const emptyTally = (): ClassTally => ({ cases: 0, passed: 0, excepted: 0, wronglyAccepted: 0, wronglyRejected: 0, untold: 0, slow: 0 })

const runCase = async (item: LimboCase): Promise<{ readonly verdict?: PathVerdict; readonly threw?: string; readonly ms: number }> => {
  const start = performance.now()
  try {
    const verdict = await validatePath(questionOf(item, new Date()))
    return { verdict, ms: performance.now() - start }
  } catch (error) {
    return { threw: String(error), ms: performance.now() - start }
  }
}

/** Runs one file in x509-limbo's format; undefined where it is none. A file private-pki-profile.json beside it sorts the cases. */
export const runPaths = async (file: string, exceptions: ExceptionList): Promise<PathsResult | undefined> => {
  const value = readJson(file)
  if (!isCaseFile(value)) return undefined
  const profileFile = join(dirname(file), 'private-pki-profile.json')
  const profile = existsSync(profileFile) ? (readJson(profileFile) as LimboProfile) : undefined
  const tallies = new Map<string, ClassTally>()
  const faults: string[] = []
  let leftOut = 0
  for (const item of value.testcases) {
    const group = classOf(item, profile)
    if (group === undefined) {
      leftOut++
      continue
    }
    const tally = tallies.get(group) ?? emptyTally()
    tallies.set(group, tally)
    tally.cases++
    const { verdict, threw, ms } = await runCase(item)
    if (ms > SLOW) {
      tally.slow++
      faults.push(`${item.id}: ${Math.round(ms)} ms`)
    }
    const outcome = judge(item, group, verdict)
    const excepted = exceptions.has(item.id)
    if (threw !== undefined) faults.push(`${item.id}: threw ${threw}`)
    if (outcome === 'passed') {
      tally.passed++
      if (excepted) faults.push(`${item.id}: is an exception, and passes`)
    } else if (excepted) tally.excepted++
    else {
      tally[outcome]++
      const reasons = verdict?.reasons.map((reason) => reason.code).join(', ') ?? ''
      faults.push(
        `${item.id}: ${{ wronglyAccepted: 'accepted', wronglyRejected: 'rejected', untold: 'no finding' }[outcome]} ${reasons}`.trim(),
      )
    }
  }
  return { tallies, leftOut, faults }
}

/** One line for each class. */
export const printTallies = (result: PathsResult): readonly string[] => [
  ...[...result.tallies].map(
    ([group, tally]) =>
      `  ${group}: passed ${tally.passed} of ${tally.cases}, exceptions ${tally.excepted}, wrongly accepted ${tally.wronglyAccepted}, ` +
      `wrongly rejected ${tally.wronglyRejected}, ${group === 'lint' ? `not told ${tally.untold}, ` : ''}over a second ${tally.slow}`,
  ),
  ...(result.leftOut > 0 ? [`  left out, no rule for a private PKI: ${result.leftOut}`] : []),
]
