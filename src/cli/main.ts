#!/usr/bin/env node
import { Buffer } from 'node:buffer'
import { closeSync, openSync, writeSync } from 'node:fs'
import process from 'node:process'
import type { LazyReport, Report, Severity } from '../index.ts'
import { renderJson, renderJsonPieces, renderText, rules, selectFindings, toReport, version } from '../index.ts'
import { toWriteError } from '../node/file-error.ts'
import type { KubepkiFileError } from '../node/index.ts'
import { analyzePathsLazily } from '../node/index.ts'
import { visible } from '../report/message.ts'
import { explain } from './explain.ts'
import { failureOf } from './failure.ts'
import type { CliOptions } from './options.ts'
import { HELP, parseCommandLine } from './options.ts'
import { createProgress, totalBytes } from './progress.ts'
import { UsageError } from './usage-error.ts'

const RANK: Readonly<Record<Severity | 'never', number>> = { never: 0, error: 1, warning: 2, info: 3 }

const exitCode = (report: Pick<LazyReport, 'counts' | 'diagnostics'>, failOn: CliOptions['failOn']): number => {
  const { issuers, clusterIssuers, certificates, certificateRequests, secrets } = report.counts
  if (issuers + clusterIssuers + certificates + certificateRequests + secrets === 0) return 2
  return report.diagnostics.some((diagnostic) => RANK[diagnostic.severity] <= RANK[failOn]) ? 1 : 0
}

const wantsColor = (options: Pick<CliOptions, 'color' | 'output'>): boolean => {
  if (options.color !== undefined) return options.color
  if (options.output !== undefined || (process.env['NO_COLOR'] ?? '') !== '') return false
  return process.stdout.isTTY && process.env['TERM'] !== 'dumb'
}

const WRITTEN_AT_ONCE = 1 << 18

/** The text of the pieces in few and large blocks; each is valid until the next is asked for. */
function* toBytes(pieces: Iterable<string>): Generator<Uint8Array> {
  const block = Buffer.allocUnsafe(WRITTEN_AT_ONCE)
  let filled = 0
  for (const piece of pieces) {
    // A character is at most three octets.
    if (filled + piece.length * 3 > block.length) {
      yield block.subarray(0, filled)
      filled = 0
    }
    if (piece.length * 3 > block.length) yield Buffer.from(piece)
    else filled += block.write(piece, filled)
  }
  yield block.subarray(0, filled)
}

const writeAll = (file: number, bytes: Uint8Array): void => {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
}

/** Writes piece by piece, so that a large report is never one text. */
const write = async (pieces: Iterable<string>, output: string | undefined): Promise<void> => {
  if (output !== undefined) {
    try {
      const file = openSync(output, 'w')
      try {
        for (const bytes of toBytes(pieces)) writeAll(file, bytes)
      } finally {
        closeSync(file)
      }
    } catch (error) {
      // The pieces are made meanwhile: only a system call's error is one of writing.
      throw error instanceof Error && 'syscall' in error ? toWriteError(error, output) : error
    }
    return
  }
  for (const piece of pieces) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(piece, (error) => {
        if (error) reject(error)
        else resolve()
      })
    })
  }
}

const asOneText = (report: Report, { format, color, output, verbose }: CliOptions, isPlain: boolean): string =>
  format === 'json'
    ? renderJson(report)
    : renderText(report, { color: wantsColor({ color, output }), verbose, ...(!isPlain && { width: process.stdout.columns }) })

const tell = (sentence: string): void => {
  process.stderr.write(`kubepki: ${visible(sentence)}\n`)
}

/** Files that cannot be read and are named; the report has them all. */
const NAMED = 20

const run = async (options: CliOptions): Promise<number> => {
  const unknown = [...options.rules, ...options.ignore].find((id) => !rules.some((rule) => rule.id === id))
  if (unknown !== undefined) throw new UsageError(`no rule is called ${unknown}; kubepki explain lists them`)
  const paths = options.paths.length === 0 && !process.stdin.isTTY ? ['-'] : options.paths
  if (paths.length === 0)
    throw new UsageError('nothing to read: give a file, a folder, an archive, or pipe kubectl into it (kubepki --help)')
  const progress = createProgress(process.stderr, totalBytes(paths))
  let unreadable = 0
  const onUnreadable = ({ message }: KubepkiFileError): void => {
    progress.end()
    if (++unreadable <= NAMED) tell(message)
  }
  let report: LazyReport
  try {
    report = await analyzePathsLazily(paths, {
      ...(options.at !== undefined && { at: options.at }),
      onProgress: progress.update,
      onUnreadable,
      certManager: {
        ...(options.certManagerVersion !== undefined && { version: options.certManagerVersion }),
        ...(options.clusterResourceNamespace !== undefined && { clusterResourceNamespace: options.clusterResourceNamespace }),
        ...(options.featureGates !== undefined && { featureGates: options.featureGates }),
        ...(options.enableCertificateOwnerRef !== undefined && { enableCertificateOwnerRef: options.enableCertificateOwnerRef }),
      },
    })
  } finally {
    progress.end()
  }
  if (unreadable > NAMED) tell(`${unreadable - NAMED} more files or folders cannot be read`)
  const isNarrowed = options.namespaces.length + options.rules.length + options.ignore.length > 0
  const isPlain = options.output !== undefined || !process.stdout.isTTY
  const inPieces = options.format === 'json' && isPlain
  const shown = isNarrowed ? selectFindings(toReport(report), options) : report
  await write(inPieces ? renderJsonPieces(shown) : [asOneText(toReport(shown), options, isPlain)], options.output)
  const known = new Set(isNarrowed ? Array.from(report.resources, ({ ref }) => ref.namespace) : [])
  const unknownSpace = options.namespaces.find((name) => !known.has(name))
  if (unknownSpace !== undefined) {
    tell(`nothing of cert-manager and no Secret is in namespace ${unknownSpace}`)
    return 2
  }
  return exitCode(shown, options.failOn)
}

const main = async (): Promise<number> => {
  const request = parseCommandLine(process.argv.slice(2))
  switch (request.do) {
    case 'help':
      await write([HELP], undefined)
      return 0
    case 'version':
      await write([`${version}\n`], undefined)
      return 0
    case 'explain': {
      const page = explain(request.rule, process.stdout.isTTY ? process.stdout.columns : undefined)
      if (!page.found) throw new UsageError(page.text)
      await write([page.text], undefined)
      return 0
    }
    case 'refuse':
      tell(`${request.why} (kubepki --help)`)
      return 2
    case 'analyze':
      return run(request.options)
  }
}

// A reader that goes away (head, less) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2)
})

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    tell(failureOf(error))
    process.exitCode = 2
  },
)
