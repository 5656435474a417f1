import type { Ref } from '../base/ref.ts'
import type { Report, TreeNode } from './report.ts'

export interface Selection {
  /** Only what concerns these namespaces; cluster-scoped objects stay. */
  readonly namespaces?: readonly string[]
  /** Only these rules. */
  readonly rules?: readonly string[]
  /** All rules but these. */
  readonly ignore?: readonly string[]
}

/**
 * Narrows what a report tells; everything is still analysed together, since a cause may lie in another namespace.
 * A diagnostic stays when its subject or one of its related objects lies in a chosen namespace.
 */
export const selectFindings = (report: Report, selection: Selection): Report => {
  const { namespaces = [], rules = [], ignore = [] } = selection
  if (namespaces.length + rules.length + ignore.length === 0) return report
  const isWanted = (rule: string): boolean => (rules.length === 0 || rules.includes(rule)) && !ignore.includes(rule)
  const isNear = (ref: Ref | undefined): boolean =>
    namespaces.length === 0 || ref?.namespace === undefined || namespaces.includes(ref.namespace)
  const keepsTree = (node: TreeNode): boolean =>
    namespaces.length === 0 ||
    (node.ref.namespace !== undefined && namespaces.includes(node.ref.namespace)) ||
    node.children.some(keepsTree)
  return {
    ...report,
    diagnostics: report.diagnostics.filter(
      (item) =>
        isWanted(item.rule) &&
        [item.subject, ...item.related].some(
          (ref) => (namespaces.length === 0 || ref.kind === 'Source' || ref.namespace !== undefined) && isNear(ref),
        ),
    ),
    notEvaluable: report.notEvaluable.filter((item) => isWanted(item.rule) && isNear(item.subject)),
    forest: report.forest.filter(keepsTree),
    resources: report.resources.filter((resource) => isNear(resource.ref)),
    controller: report.controller.filter((entry) => isNear(entry.certificate)),
  }
}
