import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import type { Report, TreeNode } from './report.ts'

type Test = (node: TreeNode) => boolean

/** The way from a root down to the first node that passes, that node last; empty where none does. The depth is bounded where the forest is built. */
const pathTo = (nodes: readonly TreeNode[], isSought: Test): readonly TreeNode[] => {
  for (const node of nodes) {
    if (isSought(node)) return [node]
    const below = pathTo(node.children, isSought)
    if (below.length > 0) return [node, ...below]
  }
  return []
}

const is =
  (ref: Ref): Test =>
  (node) =>
    refKey(node.ref) === refKey(ref)

/** Does this Certificate fill the Secret, or this Issuer sign with it? */
const holds =
  (kind: string, secret: Ref): Test =>
  ({ ref, secret: name }) =>
    ref.kind === kind && ref.namespace === secret.namespace && name === secret.name

/** A Secret has a node of its own only where no Certificate fills it and no issuer signs with it. */
const isHidden = (report: Report, ref: Ref): boolean => ref.kind === 'Secret' && pathTo(report.forest, is(ref)).length === 0

/**
 * Who stands above an object of the dump: issuer, CA Certificate, its issuer, up to the root, the nearest first. Above a Secret stands
 * the Certificate that fills it. Empty for a root, and for what the dump does not have.
 */
export const ancestorsOf = (report: Report, ref: Ref): readonly Ref[] => {
  const path = isHidden(report, ref) ? pathTo(report.forest, holds('Certificate', ref)) : pathTo(report.forest, is(ref)).slice(0, -1)
  return path.map((node) => node.ref).reverse()
}

const collect = (nodes: readonly TreeNode[], out: Ref[]): readonly Ref[] => {
  for (const node of nodes) {
    out.push(node.ref)
    collect(node.children, out)
  }
  return out
}

/**
 * Everything below an object of the dump, top down: what has to be issued anew, in this order, when it changes. Below a Secret stand the
 * issuers that sign with it.
 */
export const everythingBelow = (report: Report, ref: Ref): readonly Ref[] => {
  const last = (path: readonly TreeNode[]): TreeNode | undefined => path[path.length - 1]
  if (!isHidden(report, ref)) return collect(last(pathTo(report.forest, is(ref)))?.children ?? [], [])
  const filler = last(pathTo(report.forest, holds('Certificate', ref)))
  if (filler) return collect(filler.children, [])
  const issuer = last(pathTo(report.forest, holds('Issuer', ref)))
  return issuer ? collect([issuer], []) : []
}

/** Certificates by what signed them, or by what they signed: verified signatures alone, each certificate once, the nearest first. */
const follow = (report: Report, id: string, [from, to]: readonly ['from', 'to'] | readonly ['to', 'from']): readonly string[] => {
  const next = new Map<string, string[]>()
  for (const link of report.links) {
    if (link.kind !== 'signed-by' || link.status !== 'verified' || link.from === link.to) continue
    const known = next.get(link[from])
    if (known) known.push(link[to])
    else next.set(link[from], [link[to]])
  }
  const found = new Set([id])
  for (const each of found) for (const other of next.get(each) ?? []) found.add(other)
  found.delete(id)
  return [...found]
}

/**
 * The X.509 certificates of the dump that stand above one, by signature and not by what Kubernetes says: who signed it, who signed those,
 * the nearest first.
 * @param id id of a certificate, as in `report.certificates`
 */
export const signersOf = (report: Report, id: string): readonly string[] => follow(report, id, ['from', 'to'])

/**
 * The X.509 certificates of the dump that one signed, those that they signed, and so on, the nearest first.
 * @param id id of a certificate, as in `report.certificates`
 */
export const signedBelow = (report: Report, id: string): readonly string[] => follow(report, id, ['to', 'from'])
