import type { Report } from '../report/report.ts'

export interface JsonOptions {
  /** One line instead of two-space indentation. */
  readonly compact?: boolean
}

/** The report as JSON text with a line end. */
export const renderJson = (report: Report, options: JsonOptions = {}): string =>
  `${JSON.stringify(report, null, options.compact ? undefined : 2)}\n`

const BATCH = 32

/** Policies without a message of their own are shared by thousands of controller entries: each is made into text once. */
const createPolicyWriter = (): ((policies: Report['controller'][number]['policies']) => string) => {
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

const controllerPiece = (entries: Report['controller'], write: ReturnType<typeof createPolicyWriter>): string =>
  entries
    .map(({ certificate, policies, ...rest }) => {
      return `{"certificate":${JSON.stringify(certificate)},"policies":${write(policies)},${JSON.stringify(rest).slice(1)}`
    })
    .join(',')

/**
 * The report as compact JSON in pieces of a few hundred entries: joined they are what `renderJson` gives, and no piece is large,
 * however large the cluster.
 */
export function* renderJsonPieces(report: Report): Generator<string> {
  let separator = '{'
  const writePolicies = createPolicyWriter()
  for (const [key, value] of Object.entries(report) as [string, unknown][]) {
    if (value === undefined) continue
    yield `${separator}${JSON.stringify(key)}:`
    separator = ','
    if (!Array.isArray(value)) {
      yield JSON.stringify(value)
      continue
    }
    yield '['
    for (let from = 0; from < value.length; from += BATCH) {
      const piece =
        key === 'controller'
          ? controllerPiece(report.controller.slice(from, from + BATCH), writePolicies)
          : JSON.stringify(value.slice(from, from + BATCH)).slice(1, -1)
      yield from === 0 ? piece : `,${piece}`
    }
    yield ']'
  }
  yield '}\n'
}
