import type { Report } from '../report/report.ts'
import { renderDiagnostic } from './diagnostic.ts'
import { renderHead } from './head.ts'
import { renderNotChecked } from './not-checked.ts'
import { paintFor } from './paint.ts'
import { renderSummary } from './summary.ts'
import { renderTree } from './tree.ts'

export interface TextOptions {
  /** Colour by ANSI escapes; off unless asked for. */
  readonly color?: boolean
  /** Show what is only information, too, and the whole tree however large it is. */
  readonly verbose?: boolean
  /** Columns of the terminal: sentences are wrapped there, and the tree is made to fit where it can be. Without it, sentences at 100. */
  readonly width?: number
}

const SENTENCES = 100
const NARROWEST = 60
const WIDEST = 160

/**
 * The report for a terminal: the causes first, each with its evidence and the way out, then the tree, then what could not be checked,
 * then one line that sums up and says where to begin. Every value of the input is stripped of what a terminal would act on.
 */
export const renderText = (report: Report, options: TextOptions = {}): string => {
  const { verbose = false } = options
  const paint = paintFor(options.color === true)
  const width = Math.max(NARROWEST, Math.min(options.width ?? SENTENCES, WIDEST))
  const shown = report.diagnostics.filter((diagnostic) => verbose || diagnostic.severity !== 'info')
  const tree = renderTree(report, paint, { verbose, width: options.width })
  return [
    ...renderHead(report, paint, verbose),
    ...shown.flatMap((diagnostic) => [...renderDiagnostic(diagnostic, paint, width), '']),
    ...tree,
    ...(tree.length > 0 ? [''] : []),
    ...renderNotChecked(report, paint, { verbose, width }),
    ...renderSummary(report, paint, verbose),
    '',
  ].join('\n')
}
