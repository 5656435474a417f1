import type { FoundObject, ListFrame } from './found-object.ts'
import type { OpenObject } from './open-document.ts'
import { withoutRanges } from './without-ranges.ts'

/**
 * The text of an object, cut out of the bytes that a splitter holds; lines that say nothing are left out of it.
 * @param to offset of its end
 * @param endLine the line behind its last one
 */
export const cutObject = (
  bytes: Uint8Array,
  { start, line, indent, keys, noise, stray }: OpenObject,
  to: number,
  endLine: number,
  list: ListFrame | undefined,
  cut: FoundObject['cut'],
): FoundObject => {
  const noisy = noise.length > 0
  const dropped = stray ? noise.reduce((sum, [from, until]) => sum + (until <= stray.at ? until - from : 0), 0) : 0
  return {
    syntax: 'yaml',
    bytes: noisy ? withoutRanges(bytes, start, to, noise) : bytes.subarray(start, to),
    line,
    lines: Math.max(1, endLine - line),
    indent,
    keys: noisy ? [] : keys.map((key) => key - start),
    list,
    stray: stray && { line: stray.line, at: stray.at - start - dropped },
    cut,
  }
}
