import type { Report } from '../report/report.ts'

export interface JsonOptions {
  /** One line instead of two-space indentation. */
  readonly compact?: boolean
}

/** The report as JSON text with a line end. */
export const renderJson = (report: Report, options: JsonOptions = {}): string =>
  `${JSON.stringify(report, null, options.compact ? undefined : 2)}\n`

const BATCH = 400

/** Controller entries share their policies where nothing is out of the ordinary: one list is written thousands of times, and made into text once. */
const controllerPiece = (entries: Report['controller'], known: Map<unknown, string>): string =>
  entries
    .map((entry) => {
      let policies = known.get(entry.policies)
      if (policies === undefined) known.set(entry.policies, (policies = JSON.stringify(entry.policies)))
      const { certificate, policies: _shared, ...rest } = entry
      return `{"certificate":${JSON.stringify(certificate)},"policies":${policies},${JSON.stringify(rest).slice(1)}`
    })
    .join(',')

/**
 * The report as compact JSON in pieces of a few hundred entries: joined they are what `renderJson` gives, and no piece is large,
 * however large the cluster.
 */
export function* renderJsonPieces(report: Report): Generator<string> {
  let separator = '{'
  const shared = new Map<unknown, string>()
  for (const [key, value] of Object.entries(report) as [string, unknown][]) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    separator = ','
    if (!Array.isArray(value)) {
      yield JSON.stringify(value)
      continue
    }
    yield '['
    for (let from = 0; from < value.length; from += BATCH) {
      const piece =
        key === 'controller'
          ? controllerPiece(report.controller.slice(from, from + BATCH), shared)
          : JSON.stringify(value.slice(from, from + BATCH)).slice(1, -1)
      yield from === 0 ? piece : `,${piece}`
    }
    yield ']'
  }
  yield '}\n'
}
