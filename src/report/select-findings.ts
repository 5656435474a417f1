import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import { RULE_CRASHED } from './run-rules.ts'
import type { Diagnostic, Report, Severity, TreeNode } from './report.ts'

export interface Selection {
  /** Only what concerns these namespaces; cluster-scoped objects stay. */
  readonly namespaces?: readonly string[]
  /** Only these rules. */
  readonly rules?: readonly string[]
  /** All rules but these. */
  readonly ignore?: readonly string[]
}

/** The tree with the faults that are still told, and with how bad these are. */
const withFaultsOf = (diagnostics: readonly Diagnostic[], forest: readonly TreeNode[]): readonly TreeNode[] => {
  const told = new Map<string, Severity>()
  for (const { rule, severity, subject, related } of diagnostics)
    for (const ref of severity === 'info' ? [] : [subject, ...related]) {
      const key = `${rule} ${refKey(ref)}`
      if (told.get(key) !== 'error') told.set(key, severity)
    }
  const narrow = ({ faults, worst: _worst, ...node }: TreeNode): TreeNode => {
    const refs = [
      node.ref,
      ...(node.ref.kind === 'Certificate' && node.secret !== undefined ? [{ ...node.ref, kind: 'Secret', name: node.secret }] : []),
    ]
    const severities = (rule: string): readonly Severity[] => refs.flatMap((ref) => told.get(`${rule} ${refKey(ref)}`) ?? [])
    const kept = faults.filter((rule) => severities(rule).length > 0)
    const isError = kept.some((rule) => severities(rule).includes('error'))
    return {
      ...node,
      faults: kept,
      ...(kept.length > 0 && { worst: isError ? 'error' : 'warning' }),
      children: node.children.map(narrow),
    }
  }
  return forest.map(narrow)
}

/**
 * Narrows what a report tells; everything is still analysed together, since a cause may lie in another namespace.
 * A diagnostic stays when its subject or one of its related objects lies in a chosen namespace.
 */
export const selectFindings = (report: Report, selection: Selection): Report => {
  const { namespaces = [], rules = [], ignore = [] } = selection
  if (namespaces.length + rules.length + ignore.length === 0) return report
  const isWanted = (rule: string): boolean =>
    rule === RULE_CRASHED || ((rules.length === 0 || rules.includes(rule)) && !ignore.includes(rule))
  const isNear = (ref: Ref | undefined): boolean =>
    namespaces.length === 0 || ref?.namespace === undefined || namespaces.includes(ref.namespace)
  const keepsTree = (node: TreeNode): boolean =>
    namespaces.length === 0 ||
    (node.ref.namespace !== undefined && namespaces.includes(node.ref.namespace)) ||
    node.children.some(keepsTree)
  const diagnostics = report.diagnostics.filter(
    (item) =>
      isWanted(item.rule) &&
      [item.subject, ...item.related].some(
        (ref) => (namespaces.length === 0 || ref.kind === 'Source' || ref.kind === 'Rule' || ref.namespace !== undefined) && isNear(ref),
      ),
  )
  return {
    ...report,
    diagnostics,
    notEvaluable: report.notEvaluable.filter((item) => isWanted(item.rule) && isNear(item.subject)),
    forest: withFaultsOf(diagnostics, report.forest.filter(keepsTree)),
    resources: report.resources.filter((resource) => isNear(resource.ref)),
    controller: report.controller.filter((entry) => isNear(entry.certificate)),
    clients: report.clients.filter((entry) => isNear(entry.secret)),
  }
}
