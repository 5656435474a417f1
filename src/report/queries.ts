import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import type { Report, TreeNode } from './report.ts'

/** The way from a root down to the object, the object last; empty where the forest does not hold it. */
const pathTo = (nodes: readonly TreeNode[], key: string): readonly TreeNode[] => {
  for (const node of nodes) {
    if (refKey(node.ref) === key) return [node]
    const below = pathTo(node.children, key)
    if (below.length > 0) return [node, ...below]
  }
  return []
}

/**
 * Who stands above an object: issuer, CA Certificate, its issuer, up to the root, the nearest first.
 * A Secret is found by the Certificate that fills it or by itself. The depth is bounded where the forest is built.
 */
export const ancestorsOf = (report: Report, ref: Ref): readonly Ref[] =>
  pathTo(report.forest, refKey(ref))
    .slice(0, -1)
    .map((node) => node.ref)
    .reverse()

const collect = (nodes: readonly TreeNode[], out: Ref[]): readonly Ref[] => {
  for (const node of nodes) {
    out.push(node.ref)
    collect(node.children, out)
  }
  return out
}

/** Everything below an object, top down: what has to be issued anew, in this order, when it changes. */
export const everythingBelow = (report: Report, ref: Ref): readonly Ref[] => {
  const path = pathTo(report.forest, refKey(ref))
  return collect(path[path.length - 1]?.children ?? [], [])
}
