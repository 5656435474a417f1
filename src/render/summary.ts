import type { Ref } from '../base/ref.ts'
import { visible } from '../report/message.ts'
import type { Counts, Diagnostic, Report, TreeNode } from '../report/report.ts'
import { count } from './measure.ts'
import type { Paint } from './paint.ts'

/** Commands of the first remedy that the last lines repeat. */
const COMMANDS = 3

const refText = (ref: Ref): string =>
  visible(ref.namespace === undefined ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`)

const nothingFound = ({ counts, diagnostics }: Report, paint: Paint): readonly string[] => {
  const others = counts.others > 0 ? `, only ${count(counts.others, 'object')} of other kinds` : ''
  const found = `${paint.severity('error', 'Nothing of cert-manager was found')}${others}.`
  // A remedy above may have said it already.
  if (diagnostics.some((item) => item.severity !== 'info' && item.remedy.commands.length > 0)) return [found]
  return [
    `${found} Export it with (-o json where YAML cannot be printed):`,
    '  $ kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A -o yaml',
  ]
}

const wayOut = (first: Diagnostic, paint: Paint): readonly string[] => {
  const { commands } = first.remedy
  const more = commands.length - COMMANDS
  return [
    ...commands.slice(0, COMMANDS).map((command) => `  ${paint.command(`$ ${visible(command)}`)}`),
    ...(more > 0 ? [paint.dim(`  and ${count(more, 'more command')}`)] : []),
  ]
}

/** Did a signature speak anywhere? */
const hasVerdict = (nodes: readonly TreeNode[]): boolean =>
  nodes.some((node) => node.signature === 'verified' || node.signature === 'failed' || hasVerdict(node.children))

const lack = (counts: Counts): string => (counts.secrets === 0 ? 'the dump has no Secrets' : 'the Secrets show no certificates')

/** The way out at the end: how many causes, with which one to begin, and its commands. */
export const renderSummary = (report: Report, paint: Paint, verbose: boolean): readonly string[] => {
  const { counts, diagnostics } = report
  if (counts.certificates + counts.secrets + counts.issuers + counts.clusterIssuers + counts.certificateRequests === 0)
    return nothingFound(report, paint)
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  const warnings = diagnostics.filter((diagnostic) => diagnostic.severity === 'warning').length
  const infos = diagnostics.length - errors - warnings
  const parts = [
    count(errors, 'error'),
    count(warnings, 'warning'),
    ...(infos > 0 ? [`${infos} for information${verbose ? '' : ' (--verbose)'}`] : []),
  ].join(', ')
  const first = diagnostics.find((diagnostic) => diagnostic.severity !== 'info')
  if (first)
    return [
      `${parts}. Begin with ${paint.bold(first.rule)} (${refText(first.subject)})${first.remedy.commands.length === 0 ? '.' : ':'}`,
      ...wayOut(first, paint),
    ]
  if (report.forest.length > 0 && counts.certificates > 0 && !hasVerdict(report.forest))
    return [`${paint.severity('warning', 'No fault found, but not one certificate could be verified')}: ${lack(counts)}. ${parts}.`]
  return [`${paint.good(report.notEvaluable.length > 0 ? 'No fault found in what could be checked.' : 'No fault found.')} ${parts}.`]
}
