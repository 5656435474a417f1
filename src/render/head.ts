import { visible } from '../report/message.ts'
import type { Report } from '../report/report.ts'
import { count } from './measure.ts'
import type { Paint } from './paint.ts'
import { minuteOf } from './times.ts'

const ARCHIVES = ['.zip', '.tgz', '.tar', '.gz']

/** The archive, or the folder, that all sources lie in; empty where there is none. */
const commonFolder = (names: readonly string[]): string => {
  const [first = [], ...others] = names.map((name) => name.split('/'))
  let length = first.length - 1
  for (const parts of others) {
    let same = 0
    while (same < length && same < parts.length && parts[same] === first[same]) same++
    length = same
  }
  const archive = first.slice(0, Math.max(0, length)).findIndex((part) => ARCHIVES.some((ending) => part.endsWith(ending)))
  return first.slice(0, archive < 0 ? Math.max(0, length) : archive + 1).join('/')
}

const nameOf = ({ sources, diagnostics }: Report): string => {
  const [only] = sources
  if (!only) return diagnostics.find((item) => item.subject.kind === 'Source')?.subject.name ?? 'nothing read'
  if (sources.length === 1) return only.name
  const folder = commonFolder(sources.map((source) => source.name))
  return folder === '' ? count(sources.length, 'file') : `${folder} (${count(sources.length, 'file')})`
}

/** What was read, how much of it there is, the instant of the analysis; below it, who collected it and what that leaves out. */
export const renderHead = (report: Report, paint: Paint, verbose: boolean): readonly string[] => {
  const { counts, certManager } = report
  const namespaces = new Set(report.resources.flatMap((resource) => resource.ref.namespace ?? []))
  const what = [
    count(counts.certificates, 'Certificate'),
    count(counts.issuers + counts.clusterIssuers, 'issuer'),
    count(counts.secrets, 'Secret'),
  ].join(', ')
  const collectors = report.bundles.map(({ collector, leavesOut }) => {
    const lacks = leavesOut.map((item) => visible(item).replaceAll('-', ' ')).join(', ')
    return `made by ${visible(collector)}${lacks === '' ? '' : ` (does not collect ${lacks})`}`
  })
  return [
    `${paint.bold(visible(nameOf(report)))} · ${what}${namespaces.size > 0 ? ` in ${count(namespaces.size, 'namespace')}` : ''} · at ${minuteOf(report.at)}`,
    ...collectors.map((line) => paint.dim(line)),
    ...(verbose ? [paint.dim(`judged as cert-manager ${visible(certManager.version)} does: ${visible(certManager.why)}`)] : []),
    '',
  ]
}
