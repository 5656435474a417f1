import type { FoundObject, ListFrame } from './found-object.ts'
import type { OpenObject } from './open-document.ts'
import { withoutRanges } from './without-ranges.ts'

/**
 * The object whose last line ends at `to`, as it is cut out of its text.
 * @param endLine number of the line behind it
 */
export const cutObject = (
  bytes: Uint8Array,
  done: OpenObject,
  to: number,
  endLine: number,
  list: ListFrame | undefined,
  cut: FoundObject['cut'],
): FoundObject => {
  const noisy = done.noise.length > 0
  return {
    syntax: 'yaml',
    bytes: noisy ? withoutRanges(bytes, done.start, to, done.noise) : bytes.subarray(done.start, to),
    line: done.line,
    lines: Math.max(1, endLine - done.line),
    indent: done.indent,
    keys: noisy ? [] : done.keys.map((key) => key - done.start),
    list,
    stray: done.stray?.line,
    cut,
  }
}
