import type { Report } from '../report/report.ts'

/** The report as JSON text with a line end, in two-space indentation unless `compact`. */
export const renderJson = (report: Report, options: { readonly compact?: boolean } = {}): string =>
  `${JSON.stringify(report, null, options.compact ? undefined : 2)}\n`
