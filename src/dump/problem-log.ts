import { withoutKeyText } from '../base/key-text.ts'
import { isOurKind } from './object-head.ts'
import type { ObjectName } from './object-name.ts'
import type { DumpProblem } from './raw-object.ts'

/** What the problems of all sources come to. */
export interface ToldProblems {
  readonly problems: DumpProblem[]
  /** `kind/namespace/name` of objects that are there and could not be read. */
  readonly unread: Set<string>
  truncated: boolean
}

/** Takes the problems of one source. */
export interface ProblemLog {
  readonly tell: (code: string, line: number, detail?: string, object?: Partial<ObjectName>) => void
  readonly isTold: (code: string) => boolean
  /** Tells how many more there were of each code; when the source is read. */
  readonly end: () => void
}

/** Problems of one code that are told of one source; the others are counted. */
const PROBLEMS_PER_CODE = 100
const LONGEST_DETAIL = 200
/** Problems that cost the object they are told of, or a value in it: whether that object is what it seems is then not known. */
const LOSES_OBJECT = new Set(['yaml-syntax', 'json-syntax', 'line-break-characters', 'too-deep', 'too-large', 'template'])

const shownName = ({ kind, namespace, name }: Partial<ObjectName>): NonNullable<DumpProblem['object']> => ({
  ...(kind !== undefined && { kind: withoutKeyText(kind) }),
  ...(namespace !== undefined && { namespace: withoutKeyText(namespace) }),
  ...(name !== undefined && { name: withoutKeyText(name) }),
})

/** Keeps the first problems of each code, and notes which objects they cost. Nothing that may be key material gets into one. */
export const createProblemLog = (source: string, out: ToldProblems): ProblemLog => {
  const counts = new Map<string, number>()
  return {
    tell: (code, line, detail, object) => {
      const count = (counts.get(code) ?? 0) + 1
      counts.set(code, count)
      if (count <= PROBLEMS_PER_CODE)
        out.problems.push({
          code,
          place: { source, line },
          ...(detail !== undefined && { detail: withoutKeyText(detail.slice(0, LONGEST_DETAIL)) }),
          ...(object && { object: shownName(object) }),
        })
      if (!LOSES_OBJECT.has(code)) return
      const { kind, namespace, name } = object ?? {}
      if (name !== undefined && kind !== undefined) out.unread.add(`${kind}/${namespace ?? ''}/${name}`)
      // It may have been any of ours.
      else if (kind === undefined || isOurKind(undefined, kind)) out.truncated = true
    },
    isTold: (code) => counts.has(code),
    end: () => {
      for (const [code, count] of counts)
        if (count > PROBLEMS_PER_CODE) out.problems.push({ code, place: { source, line: 1 }, more: count - PROBLEMS_PER_CODE })
    },
  }
}
