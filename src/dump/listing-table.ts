import { kindOfResource } from './listing-command.ts'

/** One row of a table that `kubectl get` printed. */
export interface ListedRow {
  readonly kind: string
  /** Undefined where neither a column nor the command or path tells it; the empty text for cluster-scoped kinds. */
  readonly namespace?: string
  readonly name: string
}

/** The columns of a table: their names and the offset at which each begins. */
export interface TableHeader {
  readonly columns: ReadonlyMap<string, number>
  readonly starts: readonly number[]
  /** Kind as the columns alone tell it. */
  readonly kind?: string
}

const isUpper = (char: string): boolean => (char >= 'A' && char <= 'Z') || char === '-' || char === '(' || char === ')' || char === '_'

/**
 * Reads a header line: words in capitals, two blanks or more between columns (`CREATED AT` has one inside).
 * @returns undefined where the line is no header with a NAME
 */
export const readHeader = (line: string): TableHeader | undefined => {
  const columns = new Map<string, number>()
  const starts: number[] = []
  let at = 0
  while (at < line.length) {
    while (line[at] === ' ') at++
    if (at >= line.length) break
    let end = at
    while (end < line.length && !(line[end] === ' ' && (line[end + 1] ?? ' ') === ' ')) {
      if (!isUpper(line[end] as string) && line[end] !== ' ') return undefined
      end++
    }
    columns.set(line.slice(at, end), at)
    starts.push(at)
    at = end
  }
  if (!columns.has('NAME') || columns.size < 2) return undefined
  const has = (...names: readonly string[]): boolean => names.every((name) => columns.has(name))
  const kind = has('TYPE', 'DATA', 'AGE')
    ? 'Secret'
    : has('APPROVED', 'DENIED', 'READY')
      ? 'CertificateRequest'
      : has('READY', 'SECRET', 'AGE')
        ? 'Certificate'
        : undefined
  return { columns, starts, ...(kind !== undefined && { kind }) }
}

const isAlphanumeric = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
const isNameChar = (code: number): boolean => isAlphanumeric(code) || code === 45 || code === 46

/** Could this be the name of an object (RFC 1123 subdomain)? */
export const isObjectName = (text: string): boolean => {
  if (text === '' || text.length > 253) return false
  if (!isAlphanumeric(text.charCodeAt(0)) || !isAlphanumeric(text.charCodeAt(text.length - 1))) return false
  for (let i = 0; i < text.length; i++) if (!isNameChar(text.charCodeAt(i))) return false
  return true
}

const READY = new Set(['True', 'False', 'Unknown', ''])

/**
 * Reads a row under its header, by the offsets of the columns (a cell may be empty).
 * @param expected kinds that the command or the path asked for, where the columns do not tell the kind
 * @returns undefined where the line does not fit under the header; `kind` is empty where the row is of a kind that is none of ours
 */
export const readRow = (
  line: string,
  header: TableHeader,
  expected: readonly string[],
): { readonly row: ListedRow; readonly whole: boolean } | undefined => {
  const cell = (column: string): string | undefined => {
    const start = header.columns.get(column)
    if (start === undefined) return undefined
    const next = header.starts[header.starts.indexOf(start) + 1]
    if (start > 0 && line.length > start && line[start - 1] !== ' ') return undefined
    return line.slice(start, next).trim()
  }
  const written = cell('NAME')
  const namespace = cell('NAMESPACE')
  if (written === undefined || (header.columns.has('NAMESPACE') && (namespace === undefined || !isObjectName(namespace)))) return undefined
  const slash = written.indexOf('/')
  const name = written.slice(slash + 1)
  if (!isObjectName(name)) return undefined
  const ready = cell('READY')
  const told =
    slash >= 0 ? (kindOfResource(written.slice(0, slash)) ?? '') : (header.kind ?? (expected.length === 1 ? expected[0] : undefined))
  const kind = told ?? (header.columns.has('READY') && header.columns.has('STATUS') && READY.has(ready ?? '-') ? 'Issuer' : '')
  if (kind === 'Secret' && !/^\d+$/.test(cell('DATA') ?? '')) return undefined
  const space = kind === 'ClusterIssuer' ? '' : namespace
  return { row: { kind, name, ...(space !== undefined && { namespace: space }) }, whole: cell('AGE') !== '' }
}
