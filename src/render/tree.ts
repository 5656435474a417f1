import type { Report, TreeNode } from '../report/report.ts'
import { visible } from '../report/message.ts'
import type { Paint } from './paint.ts'

const ROLES: Readonly<Record<string, string>> = {
  selfSigned: 'SelfSigned',
  ca: 'CA',
  acme: 'ACME',
  vault: 'Vault',
  venafi: 'Venafi',
  'end-entity': '',
  none: 'no type',
}

/** Healthy siblings beyond this many are summed up in one line. */
const SIBLINGS = 12

const day = (instant: string): string => instant.slice(0, 10)

/** As kubectl prints AGE, in its larger steps: days from two on, hours from two on, minutes. */
const age = (created: string, at: string): string => {
  const minutes = Math.floor((Date.parse(at) - Date.parse(created)) / 60_000)
  if (minutes < 0) return ''
  if (minutes >= 2880) return `${Math.floor(minutes / 1440)}d`
  return minutes >= 120 ? `${Math.floor(minutes / 60)}h` : `${minutes}m`
}

const mark = (node: TreeNode, paint: Paint): string => {
  if (node.worst === 'error') return `${paint.severity('error', '✖')} `
  if (node.worst === 'warning') return `${paint.severity('warning', '▲')} `
  if (node.signature === 'verified') return `${paint.good('✔')} `
  if (node.signature === 'failed') return `${paint.severity('error', '✖')} `
  return node.signature === 'unknown' ? '? ' : ''
}

const isIssuer = (node: TreeNode): boolean => node.ref.kind === 'Issuer' || node.ref.kind === 'ClusterIssuer'

const line = (node: TreeNode, report: Report, namespace: string | undefined, paint: Paint): string => {
  const name = visible(
    node.ref.namespace !== undefined && node.ref.namespace !== namespace ? `${node.ref.namespace}/${node.ref.name}` : node.ref.name,
  )
  const kind = isIssuer(node)
    ? `${node.ref.kind} ${ROLES[node.role] ?? node.role}`
    : node.ref.kind === 'Secret'
      ? `Secret${node.role === 'ca' ? ' of a CA' : ''}, no Certificate`
      : node.role === 'ca'
        ? 'CA Certificate'
        : ''
  const facts = [
    kind,
    node.ready === undefined ? '' : `READY ${visible(node.ready)}`,
    node.secret !== undefined && node.secret !== node.ref.name ? `Secret ${visible(node.secret)}` : '',
    node.age === undefined ? '' : `AGE ${age(node.age, report.at)}`,
    node.notAfter === undefined ? '' : `to ${day(node.notAfter)}`,
    node.renewalTime === undefined ? '' : `renews ${day(node.renewalTime)}`,
    node.faults.length > 0 ? paint.severity(node.worst ?? 'warning', node.faults.join(', ')) : '',
  ].filter((fact) => fact !== '')
  return `${mark(node, paint)}${paint.bold(name)}  ${facts.join('  ')}`.trimEnd()
}

const isQuiet = (node: TreeNode): boolean => node.faults.length === 0 && node.signature === 'verified' && node.children.length === 0

const draw = (
  nodes: readonly TreeNode[],
  prefix: string,
  report: Report,
  namespace: string | undefined,
  paint: Paint,
  lines: string[],
): void => {
  const quiet = nodes.filter(isQuiet)
  const shown = quiet.length > SIBLINGS ? nodes.filter((node) => !isQuiet(node)) : nodes
  const rest = nodes.length - shown.length
  shown.forEach((node, index) => {
    const last = index === shown.length - 1 && rest === 0
    lines.push(`${prefix}${last ? '└─ ' : '├─ '}${line(node, report, namespace, paint)}`)
    draw(node.children, `${prefix}${last ? '   ' : '│  '}`, report, namespace, paint, lines)
  })
  if (rest > 0) lines.push(`${prefix}└─ ${paint.good('✔')} ${rest} more certificates`)
}

/** The forest, a root for each issuer that nothing stands above, by namespace. The depth is bounded where the forest is built. */
export const renderTree = (report: Report, paint: Paint): readonly string[] => {
  const byNamespace = new Map<string, TreeNode[]>()
  for (const node of report.forest) {
    const known = byNamespace.get(node.ref.namespace ?? '')
    if (known) known.push(node)
    else byNamespace.set(node.ref.namespace ?? '', [node])
  }
  const lines: string[] = []
  for (const [namespace, nodes] of [...byNamespace].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    lines.push(paint.bold(namespace === '' ? '(cluster)' : visible(namespace)))
    const issuers = nodes.filter((node) => isIssuer(node) || !isQuiet(node))
    const quiet = nodes.length - issuers.length
    for (const node of issuers) {
      lines.push(`  ${line(node, report, namespace, paint)}`)
      draw(node.children, '  ', report, namespace, paint, lines)
    }
    if (quiet > 0)
      lines.push(`  ${paint.good('✔')} ${quiet} ${quiet === 1 ? 'certificate' : 'certificates'} whose issuer is not in the dump`)
  }
  return lines
}
