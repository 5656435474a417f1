import { createReadStream, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { caseKindOf, runCase } from './policy-cases.ts'

/** What came out of a run: how many cases agree, and a line for each of the first that do not. */
export interface ConformanceResult {
  readonly passed: number
  readonly failed: number
  readonly lines: readonly string[]
}

const SHOWN = 20

const readLines = (path: string): AsyncIterable<string> => {
  const file = createReadStream(path)
  return createInterface({ input: path.endsWith('.gz') ? file.pipe(createGunzip()) : file, crlfDelay: Infinity })
}

const filesOf = (path: string): readonly string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => caseKindOf(name) !== undefined)
        .sort()
        .map((name) => join(path, name))
    : [path]

/**
 * Runs cert-manager's own verdicts (a folder of JSON Lines files, or one of them) against the replay: `policy-*` whole, and the
 * tables of single functions. Files of other names are passed over.
 */
export const runPolicies = async (path: string): Promise<ConformanceResult> => {
  let [passed, failed] = [0, 0]
  const lines: string[] = []
  const shown: string[] = []
  for (const file of filesOf(path)) {
    const kind = caseKindOf(basename(file))
    if (kind === undefined) continue
    let [count, differing] = [0, 0]
    for await (const line of readLines(file)) {
      if (line === '') continue
      count++
      const { id, differences } = await runCase(kind, line)
      if (differences.length === 0) continue
      differing++
      if (shown.length < SHOWN) shown.push(`  ${id}: ${differences.slice(0, 4).join('; ')}`)
    }
    passed += count - differing
    failed += differing
    lines.push(`${basename(file)}: ${count - differing} of ${count} agree`)
  }
  return { passed, failed, lines: [...lines, ...shown] }
}
