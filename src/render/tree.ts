import { refKey } from '../base/ref.ts'
import { visible } from '../report/message.ts'
import type { Report, ResourceNode, TreeNode } from '../report/report.ts'
import { count } from './measure.ts'
import type { Paint } from './paint.ts'
import { paintFor } from './paint.ts'
import { ageAt, dayNear } from './times.ts'
import type { TreeRow } from './tree-rows.ts'
import { setTreeRows } from './tree-rows.ts'

export interface TreeOptions {
  readonly verbose: boolean
  /** Columns of a terminal; undefined where lines may be long. */
  readonly width: number | undefined
}

const ROLES: Readonly<Record<string, string>> = {
  selfSigned: 'SelfSigned',
  ca: 'CA',
  acme: 'ACME',
  vault: 'Vault',
  venafi: 'Venafi',
  none: 'typeless',
}

/** A forest of more lines than this is shown by its faults; what is sound is counted. */
const SHORT = 200
/** Even then nobody reads on beyond this many lines. */
const LONGEST = 400
/** Of siblings that have the same to say, beyond this many only the first are shown. */
const ALIKE = 12
const FIRST = 3

const MARKS = [
  ['✔', 'signature verified'],
  ['✖', 'broken'],
  ['▲', 'will not last'],
  ['?', 'cannot be verified from this dump'],
] as const

const isIssuer = (node: TreeNode): boolean => node.ref.kind === 'Issuer' || node.ref.kind === 'ClusterIssuer'

const markOf = (node: TreeNode, paint: Paint): string => {
  if (node.worst === 'error') return `${paint.severity('error', '✖')} `
  if (node.worst === 'warning') return `${paint.severity('warning', '▲')} `
  if (node.signature === 'verified') return `${paint.good('✔')} `
  if (node.signature === 'failed') return `${paint.severity('error', '✖')} `
  return isIssuer(node) ? '' : '? '
}

const kindOf = (node: TreeNode): string => {
  if (isIssuer(node)) return `${ROLES[node.role] ?? visible(node.role)} ${node.ref.kind}`
  if (node.ref.kind === 'Secret') return node.role === 'ca' ? 'CA, Secret without a Certificate' : 'Secret without a Certificate'
  return node.role === 'ca' ? 'CA Certificate' : ''
}

interface Drawing {
  readonly report: Report
  readonly paint: Paint
  readonly collapsed: boolean
  readonly resources: ReadonlyMap<string, ResourceNode>
  readonly rows: TreeRow[]
}

const rowOf = (node: TreeNode, prefix: string, namespace: string | undefined, { report, paint, resources }: Drawing): TreeRow => {
  const name = visible(node.ref.name)
  const full = node.ref.namespace !== undefined && node.ref.namespace !== namespace ? `${visible(node.ref.namespace)}/${name}` : name
  const kind = kindOf(node)
  const reason = node.ready === undefined || node.ready === 'True' ? undefined : resources.get(refKey(node.ref))?.reason
  return {
    head: `${prefix}${markOf(node, paint)}${paint.bold(full)}${kind === '' ? '' : `  ${kind}`}`,
    cells: [
      node.ready === undefined ? '' : visible(node.ready),
      node.secret === undefined ? '' : visible(node.secret),
      node.age === undefined ? '' : ageAt(node.age, report.at),
      node.notAfter === undefined ? '' : dayNear(node.notAfter, report.at),
      node.renewalTime === undefined ? '' : dayNear(node.renewalTime, report.at),
    ],
    tail:
      node.faults.length > 0
        ? paint.severity(node.worst ?? 'warning', node.faults.join(', '))
        : reason === undefined
          ? ''
          : visible(reason),
    name,
  }
}

const likeness = (node: TreeNode): string =>
  node.children.length > 0 || isIssuer(node) || (node.ready !== 'True' && node.ref.kind !== 'Secret')
    ? refKey(node.ref)
    : `${node.signature ?? ''} ${node.worst ?? ''} ${node.faults.join(' ')}`

interface Siblings {
  readonly shown: readonly TreeNode[]
  readonly summed: readonly (readonly [TreeNode, string])[]
}

/** Siblings that have the same to say: the first few where something is wrong, none where nothing is, and how many more there are. */
const condense = (nodes: readonly TreeNode[]): Siblings => {
  const groups = new Map<string, TreeNode[]>()
  for (const node of nodes) {
    const known = groups.get(likeness(node))
    if (known) known.push(node)
    else groups.set(likeness(node), [node])
  }
  const hidden = new Set<TreeNode>()
  const summed: (readonly [TreeNode, string])[] = []
  for (const group of groups.values()) {
    const [first] = group
    if (!first || group.length <= ALIKE) continue
    const rest = group.slice(first.faults.length > 0 ? FIRST : 0)
    for (const node of rest) hidden.add(node)
    summed.push([first, `${rest.length}${rest.length < group.length ? ' more' : ''}`])
  }
  return { shown: nodes.filter((node) => !hidden.has(node)), summed }
}

/** Draws what hangs below a node. The depth is bounded where the forest is built. */
const draw = (nodes: readonly TreeNode[], prefix: string, namespace: string | undefined, drawing: Drawing): void => {
  const { shown, summed } = drawing.collapsed ? condense(nodes) : { shown: nodes, summed: [] }
  shown.forEach((node, index) => {
    const isLast = index === shown.length - 1 && summed.length === 0
    drawing.rows.push(rowOf(node, `${prefix}${isLast ? '└─ ' : '├─ '}`, namespace, drawing))
    draw(node.children, `${prefix}${isLast ? '   ' : '│  '}`, namespace, drawing)
  })
  summed.forEach(([first, number], index) => {
    const { paint, rows } = drawing
    const faults = first.faults.length > 0 ? paint.severity(first.worst ?? 'warning', first.faults.join(', ')) : ''
    rows.push({
      head: `${prefix}${index === summed.length - 1 ? '└─ ' : '├─ '}${markOf(first, paint)}${number} certificates`,
      cells: [],
      tail: faults,
    })
  })
}

const sizeOf = (nodes: readonly TreeNode[]): number => nodes.reduce((sum, node) => sum + 1 + sizeOf(node.children), 0)

const isSound = (node: TreeNode): boolean =>
  node.faults.length === 0 &&
  (node.signature === 'verified' || isIssuer(node)) &&
  (node.ready === undefined || node.ready === 'True') &&
  node.children.every(isSound)

/** Certificates whose issuer the dump does not have, below a line for the issuer that they name. */
const drawUnissued = (nodes: readonly TreeNode[], namespace: string | undefined, drawing: Drawing): void => {
  const groups = new Map<string, TreeNode[]>()
  for (const node of nodes) {
    const named = drawing.resources.get(refKey(node.ref))?.issuerRef
    const group = named && !['', 'cert-manager.io'].includes(named.group) ? ` of ${named.group}` : ''
    const title = named ? `${named.name}  ${named.kind || 'issuer'}${group}, not in this dump` : 'no issuerRef'
    const known = groups.get(title)
    if (known) known.push(node)
    else groups.set(title, [node])
  }
  for (const [title, members] of groups) {
    drawing.rows.push({ head: `  ${visible(title)}`, cells: [], tail: '' })
    draw(members, '  ', namespace, drawing)
  }
}

const drawRoots = (roots: readonly TreeNode[], drawing: Drawing): void => {
  const byNamespace = new Map<string, TreeNode[]>()
  for (const node of roots) {
    const known = byNamespace.get(node.ref.namespace ?? '')
    if (known) known.push(node)
    else byNamespace.set(node.ref.namespace ?? '', [node])
  }
  for (const [namespace, nodes] of [...byNamespace].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    drawing.rows.push({ head: drawing.paint.bold(namespace === '' ? '(cluster)' : visible(namespace)), cells: [], tail: '' })
    for (const node of nodes.filter(isIssuer)) {
      drawing.rows.push(rowOf(node, '  ', namespace, drawing))
      draw(node.children, '  ', namespace, drawing)
    }
    drawUnissued(
      nodes.filter((node) => node.ref.kind === 'Certificate'),
      namespace,
      drawing,
    )
    for (const node of nodes.filter((each) => each.ref.kind === 'Secret')) {
      drawing.rows.push(rowOf(node, '  ', namespace, drawing))
      draw(node.children, '  ', namespace, drawing)
    }
  }
}

const certificatesIn = (nodes: readonly TreeNode[]): number =>
  nodes.reduce((sum, node) => sum + (isIssuer(node) ? 0 : 1) + certificatesIn(node.children), 0)

/** What the marks of these lines mean: those that are there. */
const legend = (forest: readonly TreeNode[]): string => {
  const plain = paintFor(false)
  const marks = new Set<string>()
  const collect = (nodes: readonly TreeNode[]): void => {
    for (const node of nodes) {
      marks.add(markOf(node, plain).trim())
      collect(node.children)
    }
  }
  collect(forest)
  return MARKS.filter(([mark]) => marks.has(mark))
    .map((words) => words.join(' '))
    .join(' · ')
}

/**
 * The forest, a root for each issuer that nothing stands above, by namespace. A long one is shown by its faults, and what is sound is
 * counted, unless everything is asked for.
 */
export const renderTree = (report: Report, paint: Paint, { verbose, width }: TreeOptions): readonly string[] => {
  if (report.forest.length === 0) return []
  const collapsed = !verbose && sizeOf(report.forest) > SHORT
  const sound = collapsed ? report.forest.filter(isSound) : []
  const resources = new Map(report.resources.map((resource) => [refKey(resource.ref), resource]))
  const drawing: Drawing = { report, paint, collapsed, resources, rows: [] }
  const isHidden = new Set(sound)
  drawRoots(
    report.forest.filter((node) => !isHidden.has(node)),
    drawing,
  )
  const rows = verbose ? drawing.rows : drawing.rows.slice(0, LONGEST)
  const cut = drawing.rows.length - rows.length
  const showsAll = '--verbose or --namespace shows them'
  return [
    ...setTreeRows(rows, width, paint),
    ...(cut > 0 ? [`… ${count(cut, 'more line')} like these: ${showsAll}`] : []),
    ...(sound.length > 0
      ? [
          `${paint.good('✔')} ${count(sound.length, cut + rows.length > 0 ? 'more tree' : 'tree')} with ${count(certificatesIn(sound), 'certificate')}, all verified and without a fault: ${showsAll}`,
        ]
      : []),
    ...[legend(report.forest)].filter((line) => line !== '').map((line) => paint.dim(line)),
  ]
}
