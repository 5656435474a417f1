import type { Ref } from '../base/ref.ts'
import { refKey } from '../base/ref.ts'
import { createNodeIds } from '../model/model.ts'
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

/** Does this Certificate fill the Secret? */
const fills =
  (secret: Ref): Test =>
  ({ ref, secret: name }) =>
    ref.kind === 'Certificate' && ref.namespace === secret.namespace && name === secret.name

/** A Secret has a node of its own only where no Certificate fills it. */
const isHidden = (report: Report, ref: Ref): boolean => ref.kind === 'Secret' && pathTo(report.forest, is(ref)).length === 0

/**
 * Who stands above an object of the dump: issuer, CA Certificate, its issuer, up to the root, the nearest first. Above a Secret stands
 * the Certificate that fills it. Empty for a root, and for what the dump does not have.
 */
export const ancestorsOf = (report: Report, ref: Ref): readonly Ref[] => {
  const path = isHidden(report, ref) ? pathTo(report.forest, fills(ref)) : pathTo(report.forest, is(ref)).slice(0, -1)
  return path.map((node) => node.ref).reverse()
}

const collect = (nodes: readonly TreeNode[], out: Ref[]): readonly Ref[] => {
  for (const node of nodes) {
    out.push(node.ref)
    collect(node.children, out)
  }
  return out
}

/** The topmost nodes that pass, each with all that hangs from it. */
const topmost = (nodes: readonly TreeNode[], isSought: Test): readonly TreeNode[] =>
  nodes.flatMap((node) => (isSought(node) ? [node] : topmost(node.children, isSought)))

/**
 * Everything below an object of the dump, top down: what has to be issued anew, in this order, when it changes. Below a Secret stand the
 * issuers that sign with it, ClusterIssuers too.
 */
export const everythingBelow = (report: Report, ref: Ref): readonly Ref[] => {
  if (ref.kind !== 'Secret') return collect(pathTo(report.forest, is(ref)).at(-1)?.children ?? [], [])
  const ids = createNodeIds()
  const secret = ids.ofResource(ref)
  // A tree has the name of an issuer's Secret alone; where a ClusterIssuer's is, its link says.
  const issuers = new Set(report.links.flatMap(({ kind, from, to }) => (kind === 'ca-secret-name' && to === secret ? [from] : [])))
  return collect(
    topmost(report.forest, (node) => issuers.has(ids.ofResource(node.ref))),
    [],
  )
}

/** Ids of certificates that bear one name and one key, by each of them: a signature is told of one of them, and is that of all. */
const alikeOf = ({ links }: Report): ReadonlyMap<string, readonly string[]> => {
  const groups = new Map<string, string[]>()
  for (const { kind, from, to } of links) {
    if (kind !== 'same-key') continue
    const group = groups.get(to) ?? [to]
    group.push(from)
    groups.set(to, group).set(from, group)
  }
  return groups
}

/** Certificates by what signed them, or by what they signed: verified signatures alone, each certificate once, the nearest first. */
const follow = (report: Report, id: string, way: 'up' | 'down'): readonly string[] => {
  const alike = alikeOf(report)
  /** What one of several alike signed is kept with the first of them. */
  const signerOf = (each: string): string => alike.get(each)?.[0] ?? each
  const next = new Map<string, string[]>()
  for (const { kind, status, from, to } of report.links) {
    if (kind !== 'signed-by' || status !== 'verified') continue
    const [at, other] = way === 'up' ? [from, to] : [signerOf(to), from]
    const known = next.get(at)
    if (known) known.push(other)
    else next.set(at, [other])
  }
  const found = new Set([id])
  const told = new Set<readonly string[]>()
  for (const each of found) {
    const at = way === 'up' ? each : signerOf(each)
    for (const other of next.get(at) ?? []) {
      found.add(other)
      const others = way === 'up' ? alike.get(other) : undefined
      if (!others || told.has(others)) continue
      told.add(others)
      for (const bearer of others) found.add(bearer)
    }
    // Others alike lead to the same ones.
    next.delete(at)
  }
  found.delete(id)
  return [...found]
}

/**
 * The X.509 certificates of the dump that stand above one, by signature and not by what Kubernetes says: who signed it, who signed those,
 * the nearest first.
 * @param id id of a certificate, as in `report.certificates`
 */
export const signersOf = (report: Report, id: string): readonly string[] => follow(report, id, 'up')

/**
 * The X.509 certificates of the dump that one signed, those that they signed, and so on, the nearest first.
 * @param id id of a certificate, as in `report.certificates`
 */
export const signedBelow = (report: Report, id: string): readonly string[] => follow(report, id, 'down')
