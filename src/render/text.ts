import type { Ref } from '../base/ref.ts'
import type { Diagnostic, Message, Report, Severity } from '../report/report.ts'
import { visible } from '../report/message.ts'
import type { Paint } from './paint.ts'
import { paintFor } from './paint.ts'
import { renderTree } from './tree.ts'

export interface TextOptions {
  /** Colour by ANSI escapes; off unless asked for. */
  readonly color?: boolean
  /** Show what is only information, too. */
  readonly verbose?: boolean
  /** Columns of the terminal; sentences are wrapped there. */
  readonly width?: number
}

const MARKS: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: 'ℹ' }

const minute = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

const messageText = (message: Message, paint: Paint): string =>
  message.parts.map((part) => (typeof part === 'string' ? part : paint.value(visible(part.value)))).join('')

/** Characters that a terminal shows, escapes left out. */
const shownLength = (text: string): number => {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === 0x1b) while (i < text.length && text[i] !== 'm') i++
    else length++
  }
  return length
}

const wrap = (text: string, indent: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + shownLength(line) + 1 + shownLength(word) > width) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(indent + line)
  return lines
}

const refText = (ref: Ref): string =>
  visible(ref.namespace === undefined ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`)

const renderDiagnostic = (diagnostic: Diagnostic, paint: Paint, width: number): readonly string[] => {
  const mark = paint.severity(diagnostic.severity, MARKS[diagnostic.severity])
  const lines = [...wrap(`${mark} ${paint.bold(diagnostic.rule)}  ${messageText(diagnostic.message, paint)}`, '', width)].map(
    (line, index) => (index === 0 ? line : `    ${line}`),
  )
  const labels = Math.min(26, Math.max(4, ...diagnostic.evidence.map((entry) => entry.label.length)))
  for (const entry of diagnostic.evidence) {
    const [first, ...more] = wrap(messageText(entry, paint), '', width - 6 - labels)
    lines.push(`    ${paint.dim(visible(entry.label).padEnd(labels))}  ${first ?? ''}`)
    for (const line of more) lines.push(`    ${' '.repeat(labels)}  ${line}`)
  }
  const place = diagnostic.locations[0]
  if (place)
    lines.push(
      `    ${paint.dim('at'.padEnd(labels))}  ${visible(place.source)}:${place.line}${diagnostic.locations.length > 1 ? ` and ${count(diagnostic.locations.length - 1, 'more place')}` : ''}`,
    )
  if (diagnostic.remedy.text !== '') {
    const [first, ...more] = wrap(messageText(diagnostic.remedy, paint), '', width - 6 - labels)
    lines.push(`    ${paint.dim('mend'.padEnd(labels))}  ${first ?? ''}`)
    for (const line of more) lines.push(`    ${' '.repeat(labels)}  ${line}`)
  }
  for (const command of diagnostic.remedy.commands.slice(0, 6))
    lines.push(`    ${' '.repeat(labels)}  ${paint.command(`$ ${visible(command)}`)}`)
  if (diagnostic.remedy.commands.length > 6)
    lines.push(
      `    ${' '.repeat(labels)}  ${paint.dim(`and ${count(diagnostic.remedy.commands.length - 6, 'more command')} in --format json`)}`,
    )
  return lines
}

/** What could not be checked, once for each rule. */
const renderNotEvaluable = (report: Report, paint: Paint): readonly string[] => {
  const byMissing = new Map<string, Set<string>>()
  for (const entry of report.notEvaluable) {
    const key = [...entry.missing].sort().join(', ') || 'unknown'
    const known = byMissing.get(key) ?? new Set<string>()
    byMissing.set(key, known.add(entry.rule))
  }
  return [...byMissing]
    .sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([missing, rules]) => paint.dim(`not checked for lack of ${missing}: ${[...rules].sort().join(', ')}`))
}

const renderHead = (report: Report, paint: Paint): readonly string[] => {
  const { counts, sources } = report
  const namespaces = new Set(report.resources.flatMap((resource) => resource.ref.namespace ?? []))
  const [only] = sources
  const name = sources.length === 1 && only ? visible(only.name) : count(sources.length, 'source')
  const issuers = counts.issuers + counts.clusterIssuers
  const what = [count(counts.certificates, 'Certificate'), count(issuers, 'issuer'), count(counts.secrets, 'Secret')].join(', ')
  const collectors = report.bundles.map(
    (bundle) =>
      `${visible(bundle.collector)}${bundle.leavesOut.length > 0 ? ` (does not collect ${bundle.leavesOut.map(visible).join(', ')})` : ''}`,
  )
  return [
    `${paint.bold(name)} · ${what} in ${count(namespaces.size, 'namespace')} · at ${minute(report.at)}`,
    ...collectors.map((collector) => paint.dim(`made by ${collector}`)),
    '',
  ]
}

/** The way out in one line: how many causes, how many chains, and where to begin. */
const renderSummary = (report: Report, paint: Paint): readonly string[] => {
  const errors = report.diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  const warnings = report.diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length
  const infos = report.diagnostics.length - errors.length - warnings
  const parts = [count(errors.length, 'error'), count(warnings, 'warning'), ...(infos > 0 ? [`${infos} for information`] : [])]
  const total = report.counts.certificates + report.counts.secrets + report.counts.issuers + report.counts.clusterIssuers
  if (total === 0)
    return [
      `${paint.severity('error', 'Nothing of cert-manager was found')}${report.counts.others > 0 ? `, only ${count(report.counts.others, 'object')} of other kinds` : ''}. Export it with (-o json where YAML cannot be printed):`,
      '  kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A -o yaml',
    ]
  const first = report.diagnostics.find((diagnostic) => diagnostic.severity !== 'info')
  if (!first) return [`${paint.good('No fault found.')} ${parts.join(', ')}.`]
  const [command] = first.remedy.commands
  return [
    `${parts.join(', ')}. Begin with ${paint.bold(first.rule)} (${refText(first.subject)})${command === undefined ? '.' : ':'}`,
    ...(command === undefined ? [] : [`  ${paint.command(`$ ${visible(command)}`)}`]),
  ]
}

/**
 * The report for a terminal: the causes first, each with its evidence and the way out, then the tree, then one line that sums up.
 * Every value of the input is stripped of what a terminal would act on.
 */
export const renderText = (report: Report, options: TextOptions = {}): string => {
  const paint = paintFor(options.color === true)
  const width = Math.max(60, Math.min(options.width ?? 100, 160))
  const shown = report.diagnostics.filter((diagnostic) => options.verbose || diagnostic.severity !== 'info')
  const blocks = shown.flatMap((diagnostic) => [...renderDiagnostic(diagnostic, paint, width), ''])
  const tree = renderTree(report, paint)
  return [
    ...renderHead(report, paint),
    ...blocks,
    ...tree,
    ...(tree.length > 0 ? [''] : []),
    ...renderNotEvaluable(report, paint),
    ...renderSummary(report, paint),
    '',
  ].join('\n')
}
