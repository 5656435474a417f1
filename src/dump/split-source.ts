import { afterStray } from './after-stray.ts'
import { cutObject } from './cut-object.ts'
import type { Finds, FoundObject } from './found-object.ts'
import { holdsKind, opensFlow } from './flow-lines.ts'
import {
  classifyFlowLine,
  classifyLine,
  decodeText,
  endsJson,
  findKeyEnd,
  findNewline,
  FRAME_KEYS,
  isValueless,
  keyName,
  STARTERS,
  startsItem,
  startsJson,
} from './read-lines.ts'
import type { LineKind } from './read-lines.ts'
import { createChunkJoiner } from './join-chunks.ts'
import type { OpenDocument, OpenObject } from './open-document.ts'
import { shiftObject } from './open-document.ts'
import { findItemDash, itemFollows } from './item-lines.ts'
import { findSecondStart } from './second-start.ts'
import { createWrappedLines } from './wrapped-lines.ts'
import { createJsonScanner } from './split-json.ts'
import type { JsonScanner } from './split-json.ts'
import type { PrefixLookout } from './prefix-lookout.ts'
import type { PrefixedRest, Splitter } from './splitter.ts'
import { createTextBetween } from './text-between.ts'

const TEXT_BLOCK = 1 << 20
const NONE = new Uint8Array(0)

/**
 * @param objectBytes an object over this size is left out, and nothing larger is ever held
 * @param lookout is shown the lines that no object has
 */
export const createSplitter = (finds: Finds, objectBytes: number, lookout?: PrefixLookout): Splitter => {
  let bytes: Uint8Array = NONE
  const joiner = createChunkJoiner()
  let pos = 0
  let line = 1
  let object: OpenObject | undefined
  let doc: OpenDocument | undefined
  let json: JsonScanner | undefined
  let inLongLine = false
  let lists = 0
  /** No line end stands between `pos` and here. */
  let searched = 0
  const wrapped = createWrappedLines((at, width) => finds.problem('wrapped-lines', at, `${width} columns`))

  const between = createTextBetween(finds.text, lookout)

  /** A line that no object has. @returns false when more must be read first, or lines with a prefix begin */
  const readText = (newline: number, lineEnd: number, final: boolean): boolean => {
    if (!between.read(bytes, pos, lineEnd, line, final)) return false
    advance(newline)
    return true
  }

  const openObject = (start: number, indent: number): OpenObject => ({ start, line, indent, keys: [], noise: [], oversize: false })

  const closeObject = (to: number, cut?: FoundObject['cut']): void => {
    const done = object
    object = undefined
    if (!done) return
    if (done.oversize || to - done.start > objectBytes) {
      finds.problem('too-large', done.line)
      return
    }
    const again = done.noise.length > 0 ? undefined : findSecondStart(bytes, done)
    if (again) {
      const { stray: _stray, ...first } = done
      emit({ ...first, keys: done.keys.slice(0, again.keys) }, again.at, again.line)
      emit({ ...done, start: again.at, line: again.line, keys: done.keys.slice(again.keys), stray: again }, to, line, cut)
    } else emit(done, to, line, cut)
  }

  const emit = (done: OpenObject, to: number, endLine: number, cut?: FoundObject['cut']): void =>
    finds.object(cutObject(bytes, done, to, endLine, doc?.frame, cut))

  const frameText = (to: number): string => {
    const part = object && !object.oversize && to - object.start < 1 << 16 ? decodeText(bytes.subarray(object.start, to)) : ''
    object = undefined
    return part
  }

  /** @param cut `unterminated`: the source ended inside of its last line */
  const closeDocument = (to: number, cut?: FoundObject['cut']): void => {
    if (!doc) return
    if (doc.frame) {
      const { frame, inItems } = doc
      const whole = (!inItems || frame.bare || doc.keys.has('kind')) && cut !== 'cut'
      if (inItems) closeObject(to, whole ? cut : 'cut')
      const tail = inItems ? '' : frameText(to)
      finds.listEnd(frame, 'yaml', doc.head + tail, whole)
    } else if (doc.flow ? object && holdsKind(bytes.subarray(object.start, to)) : [...FRAME_KEYS].some((key) => doc?.keys.has(key)))
      closeObject(to, cut)
    else {
      if (object && !object.oversize) finds.text(object.line, bytes.subarray(object.start, to))
      object = undefined
    }
    doc = undefined
  }

  const openDocument = (key: string, lastIsEmpty: boolean, flow: boolean): void => {
    between.leave(bytes, pos)
    doc = { line, keys: new Set([key]), first: key, last: key, lastIsEmpty, itemIndent: 0, inItems: false, head: '', flow }
    object = openObject(pos, 0)
    if (!flow) object.keys.push(pos)
  }

  const openItem = (dash: number, to: number): void => {
    let start = dash + 1
    while (start < to && bytes[start] === 32) start++
    const empty = start >= to
    object = openObject(empty ? to + 1 : start, empty ? dash - pos + 2 : start - pos)
    if (!empty) object.keys.push(start)
  }

  const openList = (bare: boolean, dash: number, to: number): void => {
    if (bare) {
      between.leave(bytes, pos)
      doc = { line, keys: new Set(), first: '', last: '', lastIsEmpty: false, itemIndent: 0, inItems: true, head: '', flow: false }
    }
    if (!doc) return
    doc.head = bare ? '' : frameText(pos)
    doc.frame = { number: ++lists, line: doc.line, bare, head: doc.head }
    doc.inItems = true
    doc.itemIndent = dash - pos
    openItem(dash, to)
  }

  const advance = (newline: number): void => {
    pos = newline + 1
    line++
  }

  const isItem = (from: number, to: number): number => (doc ? findItemDash(bytes, from, to, doc.itemIndent) : -1)

  /** Does the open list go on behind this line, so that the line stands in one of its items? undefined: more must be read. */
  const goesOn = (newline: number, final: boolean): boolean | undefined =>
    doc?.inItems && doc.frame?.bare === false ? itemFollows(bytes, newline + 1, doc.itemIndent, final) : false

  /** `...` ends a document; where the object goes on behind it, somebody left a part of it out. undefined: more must be read. */
  const leavesOut = (newline: number, final: boolean): boolean | undefined => {
    const place = afterStray(bytes, newline, doc, final)
    return place && place !== 'ends'
  }

  /** Takes this line for the rest of the one before, where a window broke that. undefined: more must be read to tell. */
  const joinsLine = (final: boolean): boolean | undefined => {
    if (!object) return false
    const joins = wrapped.goesOn(bytes, Math.max(0, object.start), pos, line, final)
    if (joins && !object.oversize) object.noise.push([pos - 1, pos])
    return joins
  }

  /** A line in column 0 that no object has. @returns false when more must be read first */
  const readStray = (kind: LineKind, newline: number, final: boolean): boolean => {
    const joins = joinsLine(final)
    if (joins === undefined) return false
    if (joins) {
      advance(newline)
      return true
    }
    const place = kind === 'prompt' && !doc?.inItems ? 'ends' : afterStray(bytes, newline, doc, final)
    if (place === undefined) return false
    if (place === 'ends') {
      closeDocument(pos)
      return true
    }
    const saysNothing = kind === 'noise' || kind === 'prompt'
    if (saysNothing || place === 'between') object?.noise.push([pos, newline + 1])
    else if (object) object.stray ??= { at: pos, line, keys: object.keys.length }
    if (!saysNothing && place === 'between') finds.problem('stray-line', line, kind === 'conflict' ? 'conflict marker' : undefined)
    if (saysNothing && place === 'inside') finds.problem('stray-line', line)
    advance(newline)
    return true
  }

  const readKey = (newline: number, lineEnd: number, final: boolean): boolean => {
    const colon = findKeyEnd(bytes, pos, lineEnd)
    const key = keyName(bytes, pos, colon)
    const empty = isValueless(bytes, colon, lineEnd)
    if (doc && (doc.keys.has(key) ? key === doc.first || FRAME_KEYS.has(key) : doc.inItems && !FRAME_KEYS.has(key))) closeDocument(pos)
    if (!doc) {
      if (!STARTERS.has(key)) return readText(newline, lineEnd, final)
      openDocument(key, empty, false)
      advance(newline)
      return true
    }
    if (doc.inItems) {
      closeObject(pos)
      doc.inItems = false
      object = openObject(pos, 0)
    } else if (doc.frame && !object) object = openObject(pos, 0)
    doc.keys.add(key)
    doc.last = key
    doc.lastIsEmpty = empty
    if (object?.oversize === false) object.keys.push(pos)
    advance(newline)
    return true
  }

  /** Reads the line at `pos`, which ends at `newline`. @returns false when more must be read first */
  const readLine = (newline: number, lineEnd: number, final: boolean): boolean => {
    const kind = doc?.flow ? flowKind(lineEnd) : classifyLine(bytes, pos, lineEnd)
    // `...` outside of a document is where somebody left something out: whoever reads tables has to see it.
    switch (kind === 'end' && !doc ? 'other' : kind) {
      case 'blank':
      case 'comment':
        advance(newline)
        return true
      case 'start':
      case 'end':
      case 'fence':
      case 'key': {
        const follows = kind === 'end' && doc && !doc.inItems ? leavesOut(newline, final) : goesOn(newline, final)
        if (follows === undefined) return false
        if (follows) return readStray('other', newline, final)
        if (kind === 'key') return readKey(newline, lineEnd, final)
        closeDocument(pos)
        between.leave(bytes, pos)
        advance(newline)
        return true
      }
      case 'dash':
      case 'indented': {
        let dash = pos
        while (bytes[dash] === 32) dash++
        const isDash = bytes[dash] === 45 && (dash + 1 === lineEnd || bytes[dash + 1] === 32)
        // The first item's line may be lost or damaged: then the list begins at a later one.
        const opens = doc ? !doc.inItems && !doc.frame && doc.last === 'items' && isDash : kind === 'dash' && lineEnd > pos + 1
        if (opens && (doc?.lastIsEmpty || startsItem(bytes, dash, lineEnd))) {
          openList(!doc, dash, lineEnd)
          advance(newline)
          return true
        }
        if (doc?.inItems && kind === 'dash' && doc.itemIndent > 0 && startsItem(bytes, pos, lineEnd)) {
          doc.itemIndent = 0
          return startNextItem(newline, lineEnd)
        }
        if (!doc && kind === 'indented' && (bytes[dash] === 123 || bytes[dash] === 91)) return readBrace(dash, newline, final)
        if (doc && kind === 'dash' && (doc.inItems || !doc.lastIsEmpty)) return readStray('other', newline, final)
        if (!doc) return readText(newline, lineEnd, final)
        doc.lastIsEmpty = doc.lastIsEmpty && (kind === 'dash' || doc.last !== 'items')
        advance(newline)
        return true
      }
      case 'brace':
        return readBrace(pos, newline, final)
      default:
        return doc ? readStray(kind, newline, final) : readText(newline, lineEnd, final)
    }
  }

  /** Inside of a flow mapping that began in column 0 only the end of the document matters. */
  const flowKind = (lineEnd: number): LineKind => {
    if (bytes[pos] !== 123) return classifyFlowLine(bytes, pos, lineEnd)
    closeDocument(pos)
    return 'brace'
  }

  const readBrace = (at: number, newline: number, final: boolean): boolean => {
    const starts = startsJson(bytes, at, final)
    if (starts === undefined) return false
    if (starts && doc && endsJson(bytes, at, newline)) {
      // A line of a log, which something else wrote into the document: the document goes on right behind it.
      const place = afterStray(bytes, newline, doc, final, 1)
      if (place === undefined) return false
      if (place !== 'ends') return readStray('noise', newline, final)
    }
    if (starts) {
      closeDocument(pos)
      // Indented, it may be a value of what the text holds.
      const leave = at === pos ? between.leave : between.flush
      leave(bytes, pos)
      pos = at
      json = createJsonScanner(finds, objectBytes, line, () => ++lists, wrapped)
      return true
    }
    if (doc) return readStray('other', newline, final)
    if (at > pos || !opensFlow(bytes, at, newline)) return readText(newline, newline, final)
    openDocument('', false, true)
    advance(newline)
    return true
  }

  /** As findNewline; a long line that comes in many chunks is searched once. */
  const lineEndFrom = (from: number): number => {
    const newline = findNewline(bytes, searched > from ? searched : from)
    if (newline < 0) searched = bytes.length
    return newline
  }

  /** Lines of items that only continue the item: nearly all of a dump. Stops at the first line that needs a look. @returns false when more must be read */
  const skipItemLines = (final: boolean): boolean => {
    if (!doc?.inItems || !object) return true
    const { itemIndent } = doc
    const { indent } = object
    // Of an object that is too large nothing is kept.
    const keys = object.oversize ? [] : object.keys
    const end = bytes.length
    while (pos < end) {
      const newline = lineEndFrom(pos)
      if (newline < 0) return true
      const limit = pos + indent
      let i = pos
      while (i <= limit && bytes[i] === 32) i++
      const found = i - pos
      if (found === indent && bytes[i] !== 45) keys.push(pos)
      else if (found <= itemIndent && i !== newline) return true
      else if (found < indent && i !== newline && bytes[i] !== 35) {
        const joins = joinsLine(final)
        if (joins === undefined) return false
        if (!joins) object.stray ??= { at: pos, line, keys: keys.length }
      }
      pos = newline + 1
      line++
    }
    return true
  }

  const startNextItem = (newline: number, lineEnd: number): boolean => {
    if (!doc?.inItems) return false
    const dash = isItem(pos, lineEnd)
    if (dash < 0) return false
    closeObject(pos)
    openItem(dash, lineEnd)
    const taken = object && doc.frame && finds.item?.({ bytes, object, dashes: doc.itemIndent, list: doc.frame })
    if (!taken) advance(newline)
    else {
      object = undefined
      pos = taken.end
      line += taken.lines
    }
    return true
  }

  const giveUp = (large: OpenObject): void => {
    large.oversize = true
    large.keys.length = 0
    large.noise.length = 0
  }

  const skipTooLong = (): void => {
    if (object) giveUp(object)
    between.flush(bytes, bytes.length)
    pos = bytes.length
    inLongLine = true
  }

  const runJson = (final: boolean): boolean => {
    if (!json) return false
    const result = json.scan(bytes, pos, final)
    pos = result.pos
    line = result.line
    if (!result.done) return false
    json = undefined
    while (pos < bytes.length && (bytes[pos] === 32 || bytes[pos] === 44)) pos++
    return true
  }

  const run = (final: boolean): void => {
    for (;;) {
      if (json) {
        if (!runJson(final)) return
        continue
      }
      if (inLongLine) {
        const newline = bytes.indexOf(10, pos)
        pos = newline < 0 ? bytes.length : newline + 1
        if (newline < 0) return
        line++
        inLongLine = false
      }
      if (!skipItemLines(final)) return
      if (object && !object.oversize && pos - object.start > objectBytes) giveUp(object)
      if (pos - between.from(pos) > TEXT_BLOCK) between.flush(bytes, pos)
      if (pos >= bytes.length) return
      // Before the line's end is searched: JSON values that follow one another on one line would search it anew for each.
      if (!doc && (bytes[pos] === 123 || bytes[pos] === 91) && startsJson(bytes, pos, final) === true) {
        readBrace(pos, bytes.length, final)
        continue
      }
      let newline = lineEndFrom(pos)
      const lineEnd = newline < 0 ? bytes.length : newline
      if (newline < 0) {
        if (!final) {
          if (bytes.length - pos > objectBytes) skipTooLong()
          return
        }
        newline = bytes.length
      }
      if (!startNextItem(newline, lineEnd) && !readLine(newline, lineEnd, final)) return
      if (pos > bytes.length) pos = bytes.length
    }
  }

  /** First byte that is still needed. */
  const needed = (): number => {
    let from = pos
    if (object && !object.oversize && object.start < from) from = object.start
    from = Math.min(from, between.from(from))
    if (json) from = Math.min(from, json.needed())
    return from
  }

  const shift = (by: number): void => {
    pos -= by
    searched -= by
    if (object) shiftObject(object, by)
    between.shift(by)
    json?.shift(by)
  }

  const append = (chunk: Uint8Array): void => {
    const joined = joiner.join(bytes, needed(), chunk)
    bytes = joined.bytes
    shift(joined.shift)
  }

  const giveBack = (): PrefixedRest | undefined => {
    const start = between.start(bytes, pos, line)
    if (!start) return undefined
    const rest = joiner.isHeld(bytes) ? bytes.slice(start.at) : bytes.subarray(start.at)
    line = start.line
    bytes = NONE
    pos = searched = 0
    return { ...start, rest }
  }

  return {
    push: (chunk) => {
      if (chunk.length > 0) append(chunk)
      run(false)
      return giveBack()
    },
    end: (cut = false) => {
      const terminated = bytes.length === 0 || bytes[bytes.length - 1] === 10
      run(true)
      const given = giveBack()
      if (given) return given
      closeDocument(bytes.length, cut ? 'cut' : terminated ? undefined : 'unterminated')
      between.leave(bytes, bytes.length)
      bytes = NONE
      pos = searched = 0
      return undefined
    },
  }
}
