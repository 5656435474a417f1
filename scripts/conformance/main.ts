import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import process from 'node:process'
import type { ExceptionList } from './exceptions.ts'
import { readExceptions } from './exceptions.ts'
import { printTallies, runPaths } from './paths.ts'
import { caseKindOf } from './policy-cases.ts'

/** What the runners of clients and policies give. */
interface Result {
  readonly passed: number
  readonly failed: number
  readonly lines: readonly string[]
}

const FAULTS_SHOWN = 40

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const isClients = (name: string): boolean => /^clients.*\.jsonl(\.gz)?$/.test(name)
const isCases = (name: string): boolean => /\.json(\.gz)?$/.test(name) && !name.endsWith('profile.json')

/** Files under a path that one of the runners knows; folders one level deep after the other, in the order of names. */
const filesUnder = (path: string): readonly string[] => {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]))
    .filter((file) => isClients(basename(file)) || isCases(basename(file)) || caseKindOf(basename(file)) !== undefined)
}

const runOther = async (file: string, module: string, name: string): Promise<boolean> => {
  const url = new URL(module, import.meta.url)
  if (!existsSync(url)) {
    print(`  skipped: ${module} is not here yet`)
    return true
  }
  const loaded = (await import(url.href)) as Readonly<Record<string, (path: string) => Promise<Result>>>
  const result = await loaded[name]?.(file)
  for (const line of result?.lines ?? []) print(`  ${line}`)
  return result?.failed === 0
}

const runFile = async (file: string, exceptions: ExceptionList): Promise<boolean> => {
  print(file)
  if (isClients(basename(file))) return runOther(file, './clients.ts', 'runClients')
  if (caseKindOf(basename(file)) !== undefined) return runOther(file, './policies.ts', 'runPolicies')
  const result = await runPaths(file, exceptions)
  if (!result) {
    print('  not a file of cases: passed over')
    return true
  }
  for (const line of printTallies(result)) print(line)
  for (const fault of result.faults.slice(0, FAULTS_SHOWN)) print(`  ✖ ${fault}`)
  if (result.faults.length > FAULTS_SHOWN) print(`  and ${result.faults.length - FAULTS_SHOWN} more`)
  return result.faults.length === 0
}

/**
 * `npm run conformance -- PATH…`: runs the suites found under the paths. Ends with 1 where a case falls that is no exception, where an
 * exception begins to pass, or where a case takes over a second; with 2 where a path is not there or there is nothing to run.
 */
const main = async (paths: readonly string[]): Promise<number> => {
  const missing = paths.filter((path) => !existsSync(path))
  for (const path of missing) print(`${path}: not here`)
  if (missing.length > 0) return 2
  const files = paths.flatMap(filesUnder)
  if (files.length === 0) {
    print('usage: npm run conformance -- PATH…: nothing to run was found')
    return 2
  }
  const exceptions = readExceptions()
  let passed = true
  for (const file of files) if (!(await runFile(file, exceptions))) passed = false
  return passed ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
