import { startsWithAt } from '../base/bytes.ts'
import type { Finds, ListFrame } from './found-object.ts'
import { decodeText } from './read-lines.ts'
import { withoutRanges } from './without-ranges.ts'
import type { WrappedLines } from './wrapped-lines.ts'

/** Reads one top-level JSON value of a text that comes in chunks, and hands over its items one by one. */
export interface JsonScanner {
  /** Reads on from `pos`. `done`: the value ended at the new `pos`. With `final` it always ends. */
  readonly scan: (bytes: Uint8Array, pos: number, final: boolean) => { readonly pos: number; readonly line: number; readonly done: boolean }
  /** First byte that is still needed. */
  readonly needed: () => number
  readonly shift: (by: number) => void
}

interface OpenItem {
  start: number
  readonly line: number
  /** Depth outside of the item. */
  readonly depth: number
  /** Blanks before its brace when it is the first on its line, else -1: pretty-printed items end at the same column. */
  readonly column: number
  keys: number[]
  /** Ends of lines inside of strings, which a window broke: they are left out. */
  readonly broken: [number, number][]
  oversize: boolean
}

const BRACE = 123
const BRACE_END = 125
const BRACKET = 91
const BRACKET_END = 93
const QUOTE = 34
const MAX_DEPTH = 512
/** `},{"apiVersion"` and what may be cut off of it. */
const LONGEST_MARK = 16

/** Bytes that JSON has outside of strings, brackets apart: blanks, comma, colon, numbers and the letters of true, false, null. */
const PLAIN = new Uint8Array(256)
for (const char of ' \t\r\n,:0123456789+-.eEtrufalsn') PLAIN[char.charCodeAt(0)] = 1

const columnOf = (bytes: Uint8Array, at: number): number => {
  let i = at - 1
  while (i >= 0 && bytes[i] === 32) i--
  return i < 0 || bytes[i] === 10 ? at - 1 - i : -1
}

/**
 * @param line the line that `pos` of the first scan stands in
 * @param nextList numbers the lists of a source
 */
export const createJsonScanner = (
  finds: Finds,
  objectBytes: number,
  firstLine: number,
  nextList: () => number,
  wrapped: WrappedLines,
): JsonScanner => {
  let line = firstLine
  let depth = 0
  const stack = new Uint8Array(MAX_DEPTH)
  let inString = false
  let escaped = false
  let stringStart = 0
  /** The last string of the depth at which keys are of interest. */
  let lastString: [number, number] | undefined
  let item: OpenItem | undefined
  let top: OpenItem | undefined
  let frame: ListFrame | undefined
  let itemsDepth = -1
  let head = ''
  let tailStart = -1
  let skipping = false

  const tail = (bytes: Uint8Array, to: number): string =>
    tailStart >= 0 && to - tailStart < 1 << 16 ? decodeText(bytes.subarray(tailStart, to)) : ''

  const emit = (bytes: Uint8Array, done: OpenItem, to: number, cut: boolean): void => {
    if (done.oversize || to - done.start > objectBytes) {
      finds.problem('too-large', done.line)
      return
    }
    const isBroken = done.broken.length > 0
    finds.object({
      syntax: 'json',
      bytes: isBroken ? withoutRanges(bytes, done.start, to, done.broken) : bytes.subarray(done.start, to),
      line: done.line,
      lines: line - done.line + 1,
      indent: 0,
      keys: isBroken ? [] : done.keys.map((key) => key - done.start),
      list: frame,
      cut: cut ? 'cut' : undefined,
    })
  }

  /** The value is over, whole or not. */
  const finish = (bytes: Uint8Array, to: number, whole: boolean): void => {
    if (item) emit(bytes, item, to, true)
    if (frame) finds.listEnd(frame, 'json', frame.bare || !whole ? '' : head + tail(bytes, to), whole)
    else if (top) emit(bytes, top, to, !whole)
    item = undefined
    top = undefined
  }

  const open = (bytes: Uint8Array, at: number, byte: number): void => {
    if (depth === 0) {
      if (byte === BRACKET) {
        frame = { number: nextList(), line, bare: true, head: '' }
        itemsDepth = 1
      } else top = { start: at, line, depth: 0, column: columnOf(bytes, at), keys: [], broken: [], oversize: false }
    } else if (byte === BRACKET && depth === 1 && top && !frame && lastString && isItemsKey(bytes, lastString)) {
      head = at - top.start < 1 << 16 ? decodeText(bytes.subarray(top.start, at)) : ''
      frame = { number: nextList(), line: top.line, bare: false, head }
      top = undefined
      itemsDepth = 2
    } else if (byte === BRACE && depth === itemsDepth && !item) {
      item = { start: at, line, depth, column: columnOf(bytes, at), keys: [], broken: [], oversize: false }
    }
    if (depth < MAX_DEPTH) stack[depth] = byte
    depth++
  }

  const isItemsKey = (bytes: Uint8Array, [from, to]: [number, number]): boolean => to - from === 7 && startsWithAt(bytes, from, '"items"')

  /** @returns false when this bracket closes nothing that is open */
  const close = (bytes: Uint8Array, at: number, byte: number): boolean => {
    if (depth === 0) return false
    if (depth <= MAX_DEPTH && stack[depth - 1] !== (byte === BRACE_END ? BRACE : BRACKET)) return false
    depth--
    if (item && depth === item.depth) {
      emit(bytes, item, at + 1, false)
      item = undefined
    } else if (frame && depth === itemsDepth - 1 && itemsDepth > 0) {
      itemsDepth = -1
      tailStart = at
      if (!frame.bare) head += '['
    }
    return true
  }

  /**
   * Something broke inside of an item or of the frame. Goes on at the next place that can only be the end of this item or the start
   * of the next one. undefined: there is none in what was read so far.
   */
  const findRestart = (bytes: Uint8Array, from: number): { at: number; closed: boolean } | undefined => {
    const broken = item ?? top
    if (broken && broken.column >= 0) {
      for (let newline = bytes.indexOf(10, from); newline >= 0; newline = bytes.indexOf(10, newline + 1)) {
        let i = newline + 1
        while (bytes[i] === 32) i++
        if (i >= bytes.length) return undefined
        const column = i - newline - 1
        if (column === broken.column && bytes[i] === BRACE_END) return { at: i + 1, closed: true }
        if (column === broken.column && bytes[i] === BRACE) return { at: i, closed: true }
        if (column < broken.column && (bytes[i] === BRACKET_END || column === 0)) return { at: i, closed: true }
      }
      return undefined
    }
    if (item) {
      for (let comma = bytes.indexOf(44, from); comma >= 0; comma = bytes.indexOf(44, comma + 1)) {
        if (comma + LONGEST_MARK > bytes.length) break
        if (bytes[comma - 1] !== BRACE_END || bytes[comma + 1] !== BRACE) continue
        if (['{"apiVersion"', '{"kind"', '{"metadata"'].some((start) => startsWithAt(bytes, comma + 1, start)))
          return { at: comma + 1, closed: true }
      }
    }
    const newline = bytes.indexOf(10, from)
    return newline >= 0 ? { at: newline + 1, closed: false } : undefined
  }

  const countLines = (bytes: Uint8Array, from: number, to: number): void => {
    for (let i = bytes.indexOf(10, from); i >= 0 && i < to; i = bytes.indexOf(10, i + 1)) line++
  }

  const giveUp = (large: OpenItem): void => {
    large.oversize = true
    large.keys = []
    large.broken.length = 0
  }

  const restart = (bytes: Uint8Array, pos: number, final: boolean): { pos: number; line: number; done: boolean } => {
    const found = findRestart(bytes, pos)
    if (!found) {
      if (!final) {
        skipping = true
        for (const broken of [item, top]) if (broken) giveUp(broken)
        // The start of a line, and of a mark between two items, may stand at the end of what was read.
        const newline = bytes.lastIndexOf(10)
        const next = Math.max(pos, Math.min(newline >= pos ? newline : bytes.length, bytes.length - LONGEST_MARK))
        countLines(bytes, pos, next)
        return { pos: next, line, done: false }
      }
      countLines(bytes, pos, bytes.length)
      if (frame) finds.listEnd(frame, 'json', '', false)
      item = top = undefined
      return { pos: bytes.length, line, done: true }
    }
    skipping = false
    countLines(bytes, pos, found.at)
    inString = false
    escaped = false
    if (item && found.closed) {
      depth = item.depth
      item = undefined
      return { pos: found.at, line, done: false }
    }
    if (frame) finds.listEnd(frame, 'json', '', false)
    frame = undefined
    item = top = undefined
    return { pos: found.at, line, done: true }
  }

  const fail = (bytes: Uint8Array, at: number, final: boolean) => {
    const broken = item ?? top
    finds.problem('json-syntax', broken?.line ?? line, `line ${line}`)
    return restart(bytes, at, final)
  }

  const scan = (bytes: Uint8Array, from: number, final: boolean): { pos: number; line: number; done: boolean } => {
    let pos = from
    if (skipping) {
      const result = restart(bytes, pos, final)
      if (skipping || result.done) return result
      pos = result.pos
    }
    const end = bytes.length
    while (pos < end) {
      if (inString) {
        let byte = 0
        let i = pos
        if (escaped && bytes[i] !== 10) {
          escaped = false
          i++
        }
        for (; i < end; i++) {
          byte = bytes[i] as number
          if (byte === QUOTE || byte === 92 || byte < 32) break
        }
        if (i >= end) {
          pos = end
          break
        }
        if (byte === 92) {
          escaped = true
          pos = i + 1
          continue
        }
        if (byte !== QUOTE) {
          const holder = item ?? top
          const isHeld = byte === 10 && holder !== undefined && !holder.oversize
          const goesOn = isHeld && wrapped.goesOn(bytes, holder.start, i + 1, line + 1, final)
          if (goesOn === undefined) return { pos: i, line, done: false }
          if (isHeld && goesOn) {
            holder.broken.push([i, i + 1])
            line++
            pos = i + 1
            continue
          }
          const result = fail(bytes, i, final)
          if (skipping || result.done) return result
          pos = result.pos
          continue
        }
        inString = false
        pos = i + 1
        if (item ? depth <= item.depth + 1 : depth <= 1) {
          lastString = [stringStart, pos]
          const holder = item ?? top
          if (holder && !holder.oversize && depth === holder.depth + 1) holder.keys.push(stringStart)
        }
        continue
      }
      const byte = bytes[pos] as number
      if (byte === QUOTE) {
        inString = true
        stringStart = pos++
      } else if (byte === BRACE || byte === BRACKET) {
        if (item && item.column >= 0 && byte === BRACE && pos > item.start && columnOf(bytes, pos) === item.column) {
          // A second item where the first is still open: the first lost its end.
          finds.problem('json-syntax', item.line, `line ${line}`)
          depth = item.depth
          item = undefined
        }
        open(bytes, pos++, byte)
      } else if (byte === BRACE_END || byte === BRACKET_END) {
        if (!close(bytes, pos, byte)) {
          const result = fail(bytes, pos, final)
          if (skipping || result.done) return result
          pos = result.pos
          continue
        }
        pos++
        if (depth === 0) {
          finish(bytes, pos, true)
          return { pos, line, done: true }
        }
      } else if (PLAIN[byte] === 1) {
        if (byte === 10) line++
        pos++
      } else {
        const result = fail(bytes, pos, final)
        if (skipping || result.done) return result
        pos = result.pos
      }
      const holder = item ?? top
      if (holder && !holder.oversize && pos - holder.start > objectBytes) giveUp(holder)
    }
    if (final) {
      finish(bytes, end, false)
      return { pos: end, line, done: true }
    }
    return { pos, line, done: false }
  }

  return {
    scan,
    needed: () => {
      let from = Number.MAX_SAFE_INTEGER
      const holder = item ?? top
      if (holder && !holder.oversize) from = holder.start
      if (tailStart >= 0) from = Math.min(from, tailStart)
      if (inString) from = Math.min(from, stringStart)
      if (lastString && !frame) from = Math.min(from, lastString[0])
      return from
    },
    shift: (by) => {
      for (const holder of [item, top]) {
        if (!holder) continue
        holder.start -= by
        holder.keys = holder.keys.map((key) => key - by)
        for (const range of holder.broken) {
          range[0] -= by
          range[1] -= by
        }
      }
      if (tailStart >= 0) tailStart -= by
      stringStart -= by
      if (lastString) lastString = [lastString[0] - by, lastString[1] - by]
    },
  }
}
