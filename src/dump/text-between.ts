import type { Finds } from './found-object.ts'
import type { LinePrefix } from './line-prefix.ts'
import { firstPrefixedLine } from './line-prefix.ts'
import type { PrefixLookout } from './prefix-lookout.ts'

/** Where lines begin that have something before them. */
export interface PrefixedStart {
  readonly prefix: LinePrefix
  /** Offset of the first of them. */
  readonly at: number
  /** Its number, and that of the line at which an object begins. */
  readonly line: number
  readonly objectLine: number
}

/** The lines that no object has: prompts, tables, logs, prose. They are given in blocks. */
export interface TextBetween {
  /** A line from `pos` on, which is no empty one and no comment; the lookout is shown it first. @returns false when more must be read first, or `start` tells where lines with a prefix begin */
  readonly read: (bytes: Uint8Array, pos: number, to: number, line: number, final: boolean) => boolean
  readonly start: (bytes: Uint8Array, pos: number, line: number) => PrefixedStart | undefined
  /** Gives what stands before `to`. */
  readonly flush: (bytes: Uint8Array, to: number) => void
  /** The same, where something else than text begins. */
  readonly leave: (bytes: Uint8Array, to: number) => void
  /** Offset of the first line that was not given yet; `otherwise` where there is none. */
  readonly from: (otherwise: number) => number
  readonly shift: (by: number) => void
}

/**
 * @param give takes a block with the number of its first line
 * @param lookout is shown each line
 */
export const createTextBetween = (give: Finds['text'], lookout: PrefixLookout | undefined): TextBetween => {
  let first = -1
  let firstLine = 0
  let prefix: LinePrefix | undefined

  const flush = (bytes: Uint8Array, to: number): void => {
    if (first >= 0 && to > first) give(firstLine, bytes.subarray(first, to))
    first = -1
  }
  const leave = (bytes: Uint8Array, to: number): void => {
    flush(bytes, to)
    lookout?.reset()
  }

  return {
    read: (bytes, pos, to, line, final) => {
      const seen = lookout?.see(bytes, pos, to, line, final) ?? 'none'
      if (seen === 'none' && first < 0) [first, firstLine] = [pos, line]
      if (seen !== 'none' && seen !== 'wait') prefix = seen
      return seen === 'none'
    },
    start: (bytes, pos, line) => {
      if (!prefix) return undefined
      // Tables and prompts in the same quotation stand before its first object.
      const { at, lines } = firstPrefixedLine(bytes, first < 0 ? pos : first, pos, prefix)
      const start: PrefixedStart = { prefix, at, line: line - lines, objectLine: line }
      prefix = undefined
      leave(bytes, at)
      return start
    },
    flush,
    leave,
    from: (otherwise) => (first < 0 ? otherwise : first),
    shift: (by) => {
      if (first >= 0) first -= by
    },
  }
}
