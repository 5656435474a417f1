import type { Diagnostic, Ref, Report, Severity } from '../index.ts'

/** What of a report these asserts look at. */
export type ReportLike = Pick<Report, 'diagnostics' | 'notEvaluable'>

/** What is expected of a diagnostic. */
export interface DiagnosticExpectation {
  readonly severity?: Severity
  /**
   * Objects that must be its subject or related, each as `name`, `namespace/name`, `Kind/name` or `Kind/namespace/name`.
   * One diagnostic must have them all.
   */
  readonly names?: readonly string[]
  /** Text that must occur in its message. */
  readonly message?: string | RegExp
  /** How many diagnostics of the rule there are in all. */
  readonly count?: number
}

/** The diagnostics of a rule, all or those that concern an object (in one of the forms of `DiagnosticExpectation.names`). */
export function findDiagnostics(report: ReportLike, rule: string, object?: string | Ref): Diagnostic[] {
  const name = typeof object === 'object' ? refText(object) : object
  return report.diagnostics.filter((diagnostic) => diagnostic.rule === rule && (name === undefined || concerns(diagnostic, name)))
}

/**
 * The first diagnostic of the rule that fits the expectation. Throws an Error that says what the report has instead.
 */
export function expectDiagnostic(report: ReportLike, rule: string, expected: DiagnosticExpectation = {}): Diagnostic {
  const ofRule = findDiagnostics(report, rule)
  const { count } = expected
  if (count !== undefined && ofRule.length !== count) {
    throw new Error(`expected ${count} diagnostics of ${rule}, found ${ofRule.length}\n${listing(report)}`)
  }
  const fitting = ofRule.find((diagnostic) => fits(diagnostic, expected))
  if (fitting !== undefined) return fitting
  const wish = JSON.stringify({ ...expected, ...(expected.message === undefined ? {} : { message: String(expected.message) }) })
  throw new Error(`expected a diagnostic of ${rule} with ${wish}\n${listing(report)}`)
}

/** Throws an Error where the rule says anything (of the object, where one is named). */
export function expectSilent(report: ReportLike, rule: string, object?: string | Ref): void {
  const found = findDiagnostics(report, rule, object)
  if (found.length > 0) throw new Error(`expected nothing of ${rule}\n${found.map(line).join('\n')}`)
}

/** Throws an Error where the report has diagnostics of this severity or a worse one. Default: any error. */
export function expectHealthy(report: ReportLike, atMost: 'error' | 'warning' | 'info' = 'error'): void {
  const order = ['info', 'warning', 'error']
  const found = report.diagnostics.filter(({ severity }) => order.indexOf(severity) >= order.indexOf(atMost))
  if (found.length > 0) throw new Error(`expected a healthy cluster\n${found.map(line).join('\n')}`)
}

/** Throws an Error where the rule does not say that it could not be evaluated. Gives what is missing. */
export function expectNotEvaluable(report: ReportLike, rule: string): readonly string[] {
  const found = report.notEvaluable.filter((entry) => entry.rule === rule)
  if (found.length === 0) throw new Error(`expected ${rule} to be not evaluable\n${listing(report)}`)
  return found.flatMap(({ missing }) => missing)
}

function fits(diagnostic: Diagnostic, { severity, names = [], message }: DiagnosticExpectation): boolean {
  if (severity !== undefined && diagnostic.severity !== severity) return false
  if (!names.every((name) => concerns(diagnostic, name))) return false
  const { text } = diagnostic.message
  return message === undefined || (typeof message === 'string' ? text.includes(message) : message.test(text))
}

function concerns({ subject, related }: Diagnostic, name: string): boolean {
  return [subject, ...related].some((ref) => names(ref).includes(name))
}

function names(ref: Ref): string[] {
  const { kind, namespace, name } = ref
  return [name, `${namespace ?? ''}/${name}`, `${kind}/${name}`, refText(ref)]
}

function refText({ kind, namespace, name }: Ref): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${namespace}/${name}`
}

function listing({ diagnostics }: ReportLike): string {
  return diagnostics.length === 0 ? 'the report has no diagnostics' : `the report has:\n${diagnostics.map(line).join('\n')}`
}

function line({ rule, severity, subject, related, message }: Diagnostic): string {
  const objects = [subject, ...related].map(refText).join(', ')
  return `  ${severity} ${rule} [${objects}] ${message.text}`
}
