import { spawn } from 'node:child_process'
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

/** What one process took. */
export interface Run {
  /** From its start to its end, or what the program measured itself. */
  readonly ms: number
  /** Processor time of all its threads for the same. */
  readonly cpuMs: number
  /** Largest resident size, bytes. */
  readonly maxRss: number
  readonly status: number
  /** What it printed, where that is JSON; else empty. */
  readonly told: Readonly<Record<string, unknown>>
}

/** Inside the repository, so that a compiled program finds its packages; git ignores it. */
const folder = (): string => {
  const path = resolve('.bench')
  mkdirSync(path, { recursive: true })
  return path
}

/** Compiles a program of this folder, so that no compiler stands in the memory of what is measured. */
export const compileProgram = (name: string): string => {
  const source = readFileSync(resolve('bench', `${name}.ts`), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  })
  const path = join(folder(), `${name}.mjs`)
  writeFileSync(path, outputText)
  return path
}

/** A module that tells what its process took, through file descriptor 3, when it ends. */
const usageHook = (): string => {
  const path = join(folder(), 'usage.mjs')
  writeFileSync(
    path,
    `import { writeSync } from 'node:fs'
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeSync(3, JSON.stringify({ maxRss: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 }))
})
`,
  )
  return pathToFileURL(path).href
}

const parsed = (output: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(output) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

/**
 * Runs a program of Node in a process of its own.
 * @param input a file that is piped into its standard input
 * @throws where it fails: exit statuses 0 and 1 are answers
 */
export const runProgram = async (args: readonly string[], input?: string): Promise<Run> => {
  const started = performance.now()
  const child = spawn(process.execPath, ['--expose-gc', '--import', usageHook(), ...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
  })
  if (input !== undefined && child.stdin) createReadStream(input, { highWaterMark: 1 << 16 }).pipe(child.stdin)
  const ended = new Promise<number>((done, fail) => {
    child.on('error', fail)
    child.on('close', (status) => done(status ?? -1))
  })
  const [output, errors, usage] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    text(child.stdio[3] as NodeJS.ReadableStream),
  ])
  const status = await ended
  const ms = performance.now() - started
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${errors.slice(-2000)}`)
  const told = parsed(output)
  const number = (key: string): number | undefined => {
    const value = told[key]
    return typeof value === 'number' ? value : undefined
  }
  const { cpuMs, maxRss } = parsed(usage) as { cpuMs: number; maxRss: number }
  return {
    ms: number('ms') ?? ms,
    cpuMs: number('cpuMs') ?? cpuMs,
    maxRss: number('maxRss') ?? maxRss,
    status,
    told,
  }
}

/** The run in the middle by its time; runs are few and odd in number. */
export const medianRun = (runs: readonly Run[]): Run => [...runs].sort((a, b) => a.ms - b.ms)[runs.length >> 1]!
