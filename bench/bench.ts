// npm run bench -- [--sizes=1000,10000] [--large] [--stream] [--runs=3] [--build=FOLDER] [--write]
// Measures kubepki beside other ways of doing a part of its work, each in a process of its own, and prints one table a size and the ratios.
// docs/performance.md says what the figures mean; --write puts them there.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, loadavg, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { compileProgram, medianRun, runProgram } from './run-program.ts'
import type { Run } from './run-program.ts'
import { formatTable, whole } from './table.ts'
import { DUMP_AT, dumpFolder, writeDump } from './write-dump.ts'
import type { WrittenDump } from './write-dump.ts'

/** The largest dump that `yaml` is given whole: beyond it, it needs minutes and gigabytes, and its rate is told instead. */
const YAML_CERTIFICATES = 1_000
/** JSON.parse takes one string, and V8's are not longer than 512 MiB. */
const JSON_BYTES = 500_000_000

interface Row {
  readonly name: string
  readonly run: Run
  /** Certificates decoded and signatures verified on the way; none for what only reads. */
  readonly certificates?: number
  readonly signatures?: number
  /** Computed from a smaller dump. */
  readonly estimated?: boolean
}

interface Sized {
  readonly dump: WrittenDump
  readonly rows: ReadonlyMap<string, Row>
}

interface Ratio {
  readonly name: string
  readonly figure: number
  /** The same in processor time, which what else the machine does changes less. */
  readonly cpuFigure?: number
  readonly wanted: string
  readonly estimated?: boolean
}

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000' },
    large: { type: 'boolean', default: false },
    stream: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    build: { type: 'string', default: '.' },
    write: { type: 'boolean', default: false },
  },
})
const runs = Number(options.runs)
const sizes = [...options.sizes.split(',').map(Number), ...(options.large ? [100_000] : [])]
if (![runs, ...sizes].every((number) => Number.isInteger(number) && number > 0)) throw new Error('--sizes and --runs take whole numbers')

const cli = resolve(options.build, 'dist/cli.js')
const entry = resolve(options.build, 'dist/index.js')
const reportPath = (): string => join(dumpFolder(), `report-${process.pid}.json`)

const decimal = (figure: number): string => figure.toFixed(figure < 10 ? 2 : 1)

const said: string[] = []
const say = (text: string): void => {
  said.push(text)
  console.log(text)
}
const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const repeated = async (count: number, once: () => Promise<Run>): Promise<Run> => {
  const all: Run[] = []
  for (let i = 0; i < count; i++) all.push(await once())
  return medianRun(all)
}

const analyze = (path: string, input?: string): Promise<Run> =>
  runProgram([cli, path, '--at', DUMP_AT, '--format', 'json', '--output', reportPath()], input)

/** A report that leaves something out is not measured. Its last megabyte is not parsed: it may be longer than V8's strings. */
const checkReport = (dump: WrittenDump): void => {
  const head = readFileSync(reportPath())
    .subarray(0, 1 << 20)
    .toString('latin1')
  const counts = /"counts":\s*(\{[^}]*\})/.exec(head)?.[1]
  const { issuers, certificates } = JSON.parse(counts ?? '{}') as { issuers?: number; certificates?: number }
  if (issuers !== 2 * dump.cas || certificates !== dump.certificates)
    throw new Error(`the report does not tell of all that is in the dump: ${counts ?? 'no counts'}`)
}

const readingOf = async (method: string, name: string, path: string, count: number): Promise<Row> => {
  const program = compileProgram('reading')
  return { name, run: await repeated(count, () => runProgram([program, method, path, entry])) }
}

const hasJsYaml = (): boolean => {
  try {
    createRequire(resolve('x.js')).resolve('js-yaml')
    return true
  } catch {
    return false
  }
}

const scaled = (row: Row, factor: number, dump: WrittenDump): Row => ({
  ...row,
  run: { ...row.run, ms: row.run.ms * factor, cpuMs: row.run.cpuMs * factor, maxRss: 0, told: {} },
  ...(row.certificates !== undefined && { certificates: dump.certificates, signatures: dump.certificates }),
  estimated: true,
})

/** Floor and command take turns, so that what else the machine does meets both. */
const floorAndCommand = async (dump: WrittenDump): Promise<readonly [Row, Row]> => {
  const program = compileProgram('floor')
  const [floors, commands]: [Run[], Run[]] = [[], []]
  // Once is enough where a run takes minutes.
  for (let i = 0; i < (dump.endEntities > 10_000 ? 1 : runs); i++) {
    const floor = await runProgram([program, dump.path])
    if (floor.told['verified'] !== dump.certificates) throw new Error(`the floor verified ${JSON.stringify(floor.told)}`)
    floors.push(floor)
    commands.push(await analyze(dump.path))
    checkReport(dump)
  }
  const counts = { certificates: dump.certificates, signatures: dump.certificates }
  return [
    { name: 'floor: scan, base64, OpenSSL verify', run: medianRun(floors), ...counts },
    { name: 'kubepki DUMP, whole analysis', run: medianRun(commands), ...counts },
  ]
}

const measure = async (dump: WrittenDump, small: Sized | undefined): Promise<Sized> => {
  const rows = new Map<string, Row>()
  const [floor, command] = await floorAndCommand(dump)
  rows.set('floor', floor)
  if (dump.bytes < JSON_BYTES) {
    const json = `${dump.path}.objects.json`
    if (!existsSync(json)) await runProgram([compileProgram('reading'), 'to-json', dump.path, entry, json])
    rows.set('json', await readingOf('json', 'JSON.parse of the same objects', json, runs))
    const reader = await readingOf('kubepki', 'parseDump', dump.path, runs)
    rows.set('reader', reader)
    const { best } = reader.run.told
    if (typeof best === 'number')
      rows.set('again', { name: 'parseDump, again in the same process', run: { ...reader.run, ms: best, cpuMs: 0, maxRss: 0 } })
  }
  const factor = small ? dump.bytes / small.dump.bytes : 1
  for (const [method, name] of [['yaml', 'yaml'], ...(hasJsYaml() ? [['js-yaml', 'js-yaml']] : [])] as const) {
    const known = small?.rows.get(method)
    if (dump.endEntities <= YAML_CERTIFICATES) rows.set(method, await readingOf(method, name, dump.path, 1))
    else if (known) rows.set(method, scaled(known, factor, dump))
  }
  const naive = small?.rows.get('naive')
  if (dump.endEntities <= YAML_CERTIFICATES) {
    const run = await runProgram([compileProgram('naive'), dump.path])
    if (run.told['verified'] !== dump.certificates) throw new Error(`naive verified ${JSON.stringify(run.told)}`)
    rows.set('naive', { name: 'naive: yaml, pkijs', run, certificates: dump.certificates, signatures: dump.certificates })
  } else if (naive) rows.set('naive', scaled(naive, factor, dump))
  rows.set('command', command)
  return { dump, rows }
}

const printRows = ({ dump, rows }: Sized): void => {
  say(
    `\n${whole(dump.endEntities)} end-entity certificates under ${whole(dump.cas)} CAs, ${whole(dump.noise)} other objects, ` +
      `${(dump.bytes / 1e6).toFixed(1)} MB\n`,
  )
  const floor = rows.get('floor')?.run.ms
  const cells = [...rows.values()].map(({ name, run, certificates, signatures, estimated }) => {
    const perSecond = (count: number | undefined): string => (count === undefined ? '' : whole((count / run.ms) * 1000))
    const bytes = typeof run.told['bytes'] === 'number' ? run.told['bytes'] : dump.bytes
    return [
      `${name}${estimated ? ' (estimated)' : ''}`,
      whole(run.ms),
      run.cpuMs > 0 ? whole(run.cpuMs) : '',
      whole(bytes / 1000 / run.ms),
      perSecond(certificates),
      perSecond(signatures),
      run.maxRss > 0 ? whole(run.maxRss / 1e6) : '',
      floor === undefined ? '' : (run.ms / floor).toFixed(2),
    ]
  })
  say(formatTable(['', 'ms', 'processor ms', 'MB/s', 'certificates/s', 'signatures/s', 'peak MB', '÷ floor'], cells))
}

const ratiosOf = ({ dump, rows }: Sized): readonly Ratio[] => {
  const at = `${whole(dump.endEntities)}: `
  const ratio = (name: string, over: string, under: string, wanted: string): readonly Ratio[] => {
    const [a, b] = [rows.get(over), rows.get(under)]
    return a && b
      ? [
          {
            name: at + name,
            figure: a.run.ms / b.run.ms,
            cpuFigure: a.run.cpuMs / b.run.cpuMs,
            wanted,
            estimated: a.estimated === true || b.estimated === true,
          },
        ]
      : []
  }
  const command = rows.get('command')
  return [
    ...ratio('whole analysis ÷ floor', 'command', 'floor', dump.endEntities === 10_000 ? '≤ 2.5' : ''),
    ...ratio('naive ÷ whole analysis', 'naive', 'command', dump.endEntities === 10_000 ? '≥ 20' : ''),
    ...ratio('yaml ÷ parseDump', 'yaml', 'reader', '≥ 20'),
    ...ratio('js-yaml ÷ parseDump', 'js-yaml', 'reader', ''),
    ...ratio('JSON.parse ÷ parseDump', 'json', 'reader', '≥ 0.8'),
    ...(command ? [{ name: `${at}peak memory ÷ input`, figure: command.run.maxRss / dump.bytes, wanted: '≤ 2 from 100 MB on' }] : []),
  ]
}

const growth = (measured: readonly Sized[]): readonly Ratio[] =>
  measured.slice(1).flatMap((later, i) => {
    const earlier = measured[i]!
    const [a, b] = [later.rows.get('command')!, earlier.rows.get('command')!]
    const name = `whole analysis at ${whole(later.dump.endEntities)} ÷ at ${whole(earlier.dump.endEntities)}`
    return [
      {
        name,
        figure: a.run.ms / b.run.ms,
        cpuFigure: a.run.cpuMs / b.run.cpuMs,
        wanted: later.dump.endEntities === 10 * earlier.dump.endEntities ? '≤ 11' : '',
      },
    ]
  })

const printSmall = async (): Promise<void> => {
  const alone = await repeated(5, () => runProgram(['-e', '0']))
  const example = resolve('examples/api-connect/healthy.yaml')
  const small = await repeated(5, () =>
    runProgram([cli, example, '--at', '2026-11-24T05:00:00Z', '--format', 'json', '--output', reportPath()]),
  )
  say(
    `\nSmall example: ${whole(small.ms)} ms from start to end, node alone ${whole(alone.ms)} ms, of its own ` +
      `${whole(small.ms - alone.ms)} ms (wanted: under 300)`,
  )
}

const printStream = async (): Promise<void> => {
  const dump = await writeDump({ endEntities: 10_000, noise: 100_000, noiseKind: 'all' })
  note(`standard input, ${whole(dump.bytes / 1e6)} MB`)
  const run = await analyze('-', dump.path)
  checkReport(dump)
  say(
    `\nStandard input of ${whole(dump.bytes / 1e6)} MB, ${whole(dump.endEntities)} end-entity certificates, ${whole(dump.noise)} other objects: ` +
      `${whole(run.ms)} ms, ${whole(dump.bytes / 1000 / run.ms)} MB/s, peak ${whole(run.maxRss / 1e6)} MB (wanted: under 400)`,
  )
}

if (!existsSync(cli) || !existsSync(entry)) {
  note('npm run build')
  execFileSync('npm', ['run', 'build'], { stdio: 'ignore' })
}
say(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'processor unknown'}, ${cpus().length} cores, ${whole(totalmem() / 1e9)} GB; ` +
    `load ${loadavg()[0]!.toFixed(1)} at the start; median of ${runs}; built ${statSync(cli).mtime.toISOString().slice(0, 16)}Z`,
)
const measured: Sized[] = []
for (const size of sizes) {
  note(`${whole(size)} end-entity certificates: writing the dump`)
  const dump = await writeDump({ endEntities: size, noise: (size * 3) / 10, noiseKind: 'secrets' })
  note(`${whole(size)} end-entity certificates: measuring`)
  const small = measured.find((earlier) => earlier.dump.endEntities <= YAML_CERTIFICATES)
  const result = await measure(dump, small)
  measured.push(result)
  printRows(result)
}
say('')
say(
  formatTable(
    ['ratio', 'by time', 'by processor time', 'wanted'],
    [...measured.flatMap(ratiosOf), ...growth(measured)].map(({ name, figure, cpuFigure, wanted, estimated }) => [
      `${name}${estimated ? ' (estimated)' : ''}`,
      decimal(figure),
      cpuFigure === undefined ? '' : decimal(cpuFigure),
      wanted,
    ]),
  ),
)
if (!hasJsYaml()) say('\njs-yaml is not installed here; it is measured where it is.')
await printSmall()
if (options.stream) await printStream()
rmSync(reportPath(), { force: true })
if (options.write) {
  const page = resolve('docs/performance.md')
  const [before, , after] = readFileSync(page, 'utf8').split(/^(?=<!-- (?:end of )?figures -->$)/m)
  writeFileSync(page, `${before ?? ''}<!-- figures -->\n\n${said.join('\n').trim()}\n\n${after ?? ''}`)
}
