import type { Node, Pair } from 'yaml'
import { Composer, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, Parser } from 'yaml'
import type { Json } from './raw-object.ts'

/** What `yaml` made of one document. `line` counts from 0 within the text. */
export type GeneralResult =
  | { readonly ok: true; readonly value: Json; readonly duplicate?: { readonly key: string; readonly line: number } }
  | { readonly ok: false; readonly code: 'yaml-syntax' | 'too-deep' | 'too-large'; readonly line: number; readonly detail: string }

/** Characters that are read: etcd refuses objects over 1.5 MiB, and `yaml` takes seconds for a hostile MiB. */
export const LONGEST_GENERAL = 1.5 * 1024 * 1024

/** Values that aliases may repeat in one object: more than any manifest, far less than a billion laughs. */
const ALIASED_VALUES = 100_000

class Unreadable extends Error {
  readonly code: 'yaml-syntax' | 'too-deep' | 'too-large'
  /** Offset of what cannot be read. */
  readonly at: number
  constructor(code: 'yaml-syntax' | 'too-deep' | 'too-large', message: string, node: unknown) {
    super(message)
    this.code = code
    this.at = isNode(node) ? (node.range?.[0] ?? 0) : 0
  }
}

interface Walk {
  readonly depth: number
  readonly lines: LineCounter
  readonly anchors: Map<string, Node>
  /** Nodes that are being read: an alias to one of them would never end. */
  readonly open: Set<Node>
  aliased: number
  duplicate?: { readonly key: string; readonly line: number }
}

const keyText = (pair: Pair, walk: Walk): string => {
  const { key } = pair
  if (key === null || key === undefined) return ''
  if (isScalar(key)) {
    const { value, source } = key
    if (typeof value === 'string') return value
    return source ?? String(value)
  }
  if (isAlias(key)) {
    const target = walk.anchors.get(key.source)
    if (isScalar(target)) return String(target.value)
  }
  throw new Unreadable('yaml-syntax', 'a key that is not a string', key)
}

const setKey = (target: Record<string, Json>, key: string, value: Json): void => {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  else target[key] = value
}

/**
 * `1e3` without sign and point is a string in YAML 1.1, which most programs that print Kubernetes objects write (PyYAML, yq), and a number
 * in YAML 1.2. No field of our kinds holds such a number; names may look like it.
 */
const isTextOfOldYaml = (source: string | undefined): boolean => source !== undefined && /^[0-9]+[eE][0-9]+$/.test(source)

/** The JSON value of a node, as kubectl would send it: keys are strings, numbers finite, the first of two equal keys counts. */
const toJson = (node: unknown, walk: Walk, level: number, inAlias: boolean): Json => {
  if (level > walk.depth) throw new Unreadable('too-deep', `nested deeper than ${walk.depth}`, node)
  if (inAlias && ++walk.aliased > ALIASED_VALUES) throw new Unreadable('too-large', 'aliases repeat too many values', node)
  if (node === null || node === undefined) return null
  if (isAlias(node)) {
    const target = walk.anchors.get(node.source)
    if (!target) throw new Unreadable('yaml-syntax', 'an alias without its anchor', node)
    if (walk.open.has(target)) throw new Unreadable('yaml-syntax', 'an alias inside of its own anchor', node)
    return toJson(target, walk, level + 1, true)
  }
  if (isScalar(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
    const { value, source } = node
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
    if (typeof value === 'number') return Number.isFinite(value) && !isTextOfOldYaml(source) ? value : (source ?? String(value))
    return source ?? null
  }
  if (isMap(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
    walk.open.add(node)
    const out: Record<string, Json> = {}
    for (const pair of node.items) {
      const key = keyText(pair, walk)
      const value = toJson(pair.value, walk, level + 1, inAlias)
      if (Object.hasOwn(out, key)) {
        const offset = (pair.key as Node | null)?.range?.[0] ?? 0
        walk.duplicate ??= { key, line: walk.lines.linePos(offset).line - 1 }
      } else setKey(out, key, value)
    }
    walk.open.delete(node)
    return out
  }
  if (isSeq(node)) {
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
    walk.open.add(node)
    const out = node.items.map((item) => toJson(item, walk, level + 1, inAlias))
    walk.open.delete(node)
    return out
  }
  throw new Unreadable('yaml-syntax', 'an unknown node', node)
}

/** `yaml`'s own sentences may quote the text; its codes do not. */
const detailOf = (code: string): string => code.toLowerCase().replaceAll('_', ' ')

/** Tokens with the first error among them: each would become an error with a stack of its own, and one is told. */
function* withOneError(text: string, lines: LineCounter) {
  let hasError = false
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    if (token.type !== 'error' || !hasError) yield token
    hasError ||= token.type === 'error'
  }
}

/** The first document of a text, as `parseDocument` gives it. */
const parse = (text: string, lines: LineCounter) => {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    stringKeys: false,
    keepSourceTokens: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  })
  const [first] = composer.compose(withOneError(text, lines), true, text.length)
  return first
}

/**
 * Reads one YAML document with `yaml` (YAML 1.2 core, no merge keys): everything that the fast reader declines.
 * Never throws; a text over `LONGEST_GENERAL` is not read. Of equal keys in one mapping the first counts, and the result tells it.
 * @param depth the deepest nesting that is read
 */
export const readGeneralYaml = (text: string, depth: number): GeneralResult => {
  if (text.length > LONGEST_GENERAL) return { ok: false, code: 'too-large', line: 0, detail: `more than ${LONGEST_GENERAL} characters` }
  const lines = new LineCounter()
  try {
    const document = parse(text, lines)
    const error = document?.errors[0]
    if (error)
      return { ok: false, code: 'yaml-syntax', line: Math.max(0, lines.linePos(error.pos[0]).line - 1), detail: detailOf(error.code) }
    const walk: Walk = { depth, lines, anchors: new Map(), open: new Set(), aliased: 0 }
    const value = toJson(document?.contents, walk, 0, false)
    return { ok: true, value, ...(walk.duplicate && { duplicate: walk.duplicate }) }
  } catch (error) {
    if (error instanceof Unreadable)
      return { ok: false, code: error.code, line: Math.max(0, lines.linePos(error.at).line - 1), detail: error.message }
    // The only other way out of `yaml` is a stack that nesting used up.
    return { ok: false, code: 'too-deep', line: 0, detail: `nested deeper than ${depth}` }
  }
}

/**
 * Line (from 0, within the text) of the value at a path: that of its key in a mapping, of its dash's content in a sequence.
 * Of a path that ends early, the line of the last part that exists. JSON is read as the YAML that it is.
 */
export const findLineInYaml = (text: string, path: readonly (string | number)[]): number => {
  const lines = new LineCounter()
  try {
    let node: unknown = parse(text, lines)?.contents
    let offset = 0
    for (const part of path) {
      if (isMap(node)) {
        const pair: Pair | undefined = node.items.find(({ key }) => isScalar(key) && (key.value === part || key.source === part))
        if (!pair) break
        offset = (pair.key as Node).range?.[0] ?? offset
        node = pair.value
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(part)]
        if (item === undefined) break
        offset = (item as Node).range?.[0] ?? offset
        node = item
      } else break
    }
    return offset === 0 ? 0 : lines.linePos(offset).line - 1
  } catch {
    return 0
  }
}
