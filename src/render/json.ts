import type { Report } from '../report/report.ts'

export interface JsonOptions {
  /** One line instead of two-space indentation. */
  readonly compact?: boolean
}

/** The report as JSON text with a line end. */
export const renderJson = (report: Report, options: JsonOptions = {}): string =>
  `${JSON.stringify(report, null, options.compact ? undefined : 2)}\n`

const BATCH = 400

/**
 * The report as compact JSON in pieces of a few hundred entries: joined they are what `renderJson` gives, and no piece is large,
 * however large the cluster.
 */
export function* renderJsonPieces(report: Report): Generator<string> {
  let separator = '{'
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
      const piece = JSON.stringify(value.slice(from, from + BATCH)).slice(1, -1)
      yield from === 0 ? piece : `,${piece}`
    }
    yield ']'
  }
  yield '}\n'
}
