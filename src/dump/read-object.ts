import { readGeneralYaml } from './general-yaml.ts'
import type { FoundObject } from './found-object.ts'
import { readKubectlYaml } from './kubectl-yaml.ts'
import { quoteMarks } from './quote-marks.ts'
import { hasOldLineBreaks, holdsOldLineBreaks } from './old-line-breaks.ts'
import type { Json } from './raw-object.ts'
import { decodeText } from './read-lines.ts'
import type { ReaderMemory } from './reader-memory.ts'

/** Something to tell of an object that was read all the same. */
export interface ReadRemark {
  readonly code: 'duplicate-key' | 'line-break-characters' | 'not-utf-8' | 'unquoted-mark'
  /** From 0, within the object. */
  readonly line: number
  readonly detail?: string
}

export type ReadResult =
  | {
      readonly ok: true
      readonly value: Json
      readonly remarks: readonly ReadRemark[]
      /** A string of it has a character that kubectl's YAML takes for a line break. */
      readonly oldBreaks: boolean
    }
  | { readonly ok: false; readonly code: string; readonly line: number; readonly detail?: string }

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

const isTooDeep = (value: Json, depth: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (depth === 0) return true
  return Object.values(value).some((child) => isTooDeep(child, depth - 1))
}

const readJson = (text: string, depth: number): ReadResult => {
  try {
    const value = JSON.parse(text) as Json
    return isTooDeep(value, depth) ? { ok: false, code: 'too-deep', line: 0 } : { ok: true, value, remarks: [], oldBreaks: false }
  } catch {
    return { ok: false, code: 'json-syntax', line: 0 }
  }
}

const readYaml = (text: string, indent: number, depth: number, memory: ReaderMemory | undefined): ReadResult => {
  const oldBreaks = hasOldLineBreaks(text)
  const fast = readKubectlYaml(text, indent, depth, oldBreaks, memory)
  if (fast !== undefined) return { ok: true, value: fast, remarks: [], oldBreaks: holdsOldLineBreaks(text, fast) }
  const general = readGeneralYaml(' '.repeat(indent) + text, depth)
  if (!general.ok) {
    const quoted = general.code === 'yaml-syntax' ? quoteMarks(' '.repeat(indent) + text) : undefined
    const mended = quoted === undefined ? undefined : readGeneralYaml(quoted, depth)
    if (mended?.ok) {
      return { ok: true, value: mended.value, remarks: [{ code: 'unquoted-mark', line: general.line }], oldBreaks: false }
    }
    if (oldBreaks) return { ok: false, code: 'line-break-characters', line: general.line }
    return { ...general, ...(text.includes('{{') && { code: 'template' }) }
  }
  const remarks: ReadRemark[] = []
  if (general.duplicate) remarks.push({ code: 'duplicate-key', line: general.duplicate.line, detail: general.duplicate.key.slice(0, 100) })
  if (oldBreaks) remarks.push({ code: 'line-break-characters', line: 0 })
  return { ok: true, value: general.value, remarks, oldBreaks }
}

/**
 * The value of one object: by the fast reader where the text is what kubectl prints, else by `yaml`; JSON by JSON.parse.
 * @param depth the deepest nesting that is read
 * @param memory for many objects of one source
 * @param text the object's text when it was decoded already
 */
export const readObject = (
  found: Pick<FoundObject, 'syntax' | 'bytes' | 'indent'>,
  depth: number,
  memory?: ReaderMemory,
  text = decodeText(found.bytes),
): ReadResult => {
  const result = found.syntax === 'json' ? readJson(text, depth) : readYaml(text, found.indent, depth, memory)
  if (!result.ok || text.length === found.bytes.length || !text.includes('\ufffd') || isUtf8(found.bytes)) return result
  return { ...result, remarks: [...result.remarks, { code: 'not-utf-8', line: 0 }] }
}
