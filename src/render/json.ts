import type { ControllerEntry, LazyReport, Report } from '../report/report.ts'

export interface JsonOptions {
  /** One line instead of two-space indentation. */
  readonly compact?: boolean
}

/** The report as JSON text with a line end. */
export const renderJson = (report: Report, options: JsonOptions = {}): string =>
  `${JSON.stringify(report, null, options.compact ? undefined : 2)}\n`

const BATCH = 32

/** Policies without a message of their own are shared by thousands of controller entries: each is made into text once. */
const createPolicyWriter = (): ((policies: ControllerEntry['policies']) => string) => {
  const texts = new Map<unknown, string>()
  const lists = new Map<unknown, string>()
  const once = <T extends object>(value: T, known: Map<unknown, string>, write: (value: T) => string): string => {
    // What is shared is frozen.
    if (!Object.isFrozen(value)) return write(value)
    let text = known.get(value)
    if (text === undefined) known.set(value, (text = write(value)))
    return text
  }
  return (policies) => once(policies, lists, (list) => `[${list.map((policy) => once(policy, texts, JSON.stringify)).join(',')}]`)
}

const createPieceWriter = (key: string): ((entries: readonly unknown[]) => string) => {
  if (key !== 'controller') return (entries) => JSON.stringify(entries).slice(1, -1)
  const writePolicies = createPolicyWriter()
  return (entries) =>
    (entries as readonly ControllerEntry[])
      .map(({ certificate, policies, ...rest }) => {
        return `{"certificate":${JSON.stringify(certificate)},"policies":${writePolicies(policies)},${JSON.stringify(rest).slice(1)}`
      })
      .join(',')
}

/** A list in pieces of a few entries. */
function* listPieces(key: string, entries: Iterable<unknown>): Generator<string> {
  const write = createPieceWriter(key)
  let separator = '['
  let batch: unknown[] = []
  for (const entry of entries) {
    if (batch.push(entry) < BATCH) continue
    yield separator + write(batch)
    separator = ','
    batch = []
  }
  if (batch.length > 0) yield separator + write(batch)
  yield separator === '[' && batch.length === 0 ? '[]' : ']'
}

/**
 * The report as compact JSON in pieces of a few entries: joined they are what `renderJson` gives, and no piece is large, however large
 * the cluster.
 */
export function* renderJsonPieces(report: LazyReport): Generator<string> {
  let separator = '{'
  for (const [key, value] of Object.entries(report) as [string, unknown][]) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    separator = ','
    if (typeof value === 'object' && value !== null && Symbol.iterator in value) yield* listPieces(key, value as Iterable<unknown>)
    else yield JSON.stringify(value)
  }
  yield '}\n'
}
