import type { Finds } from './found-object.ts'
import type { LinePrefix } from './line-prefix.ts'
import { createPrefixLookout } from './prefix-lookout.ts'
import type { PrefixedBlock } from './prefixed-block.ts'
import { createPrefixedBlock } from './prefixed-block.ts'
import { createSplitter } from './split-source.ts'

/** A splitter that reads blocks of lines without what somebody put before them. */
export interface PrefixSplitter {
  readonly push: (chunk: Uint8Array) => void
  readonly end: () => void
  /** What stands before the lines that are read now, the outermost first. */
  readonly prefixes: () => readonly LinePrefix[]
}

const NONE = new Uint8Array(0)
/** A block in a block: a list in a quotation, a fence in an item of that list. */
const DEEPEST = 4

/**
 * Cuts a text into its objects as `createSplitter` does, and where an object begins behind indentation, marks of a quotation or of a diff,
 * or a number, takes that from each line of the block. Only what stands in no object is looked at: lines in an object stay as they are.
 * @param onBlock called where a block begins: what comes next is not what was pushed
 */
export const withoutLinePrefix = (finds: Finds, objectBytes: number, onBlock: () => void): PrefixSplitter => {
  let oldLine: number | undefined
  let hasOldSide = false

  /** Of a diff of anything else there is nothing to tell, and of objects it is told once. */
  const tellOldSide = (): void => {
    if (oldLine === undefined || hasOldSide) return
    hasOldSide = true
    finds.problem('stray-line', oldLine, 'the old side of a diff')
  }
  const lookout = createPrefixLookout()
  const object: Finds['object'] = (found) => {
    tellOldSide()
    finds.object(found)
  }
  const item: Finds['item'] = (open) => {
    const taken = finds.item?.(open)
    if (taken) tellOldSide()
    return taken
  }
  const splitter = createSplitter({ ...finds, object, item }, objectBytes, lookout)
  const blocks: PrefixedBlock[] = []
  let prefixes: readonly LinePrefix[] = []

  const open = (prefix: LinePrefix, line: number, objectLine: number): void => {
    onBlock()
    blocks.push(createPrefixedBlock(prefix, line, (old) => void (oldLine ??= old)))
    lookout.passOver(blocks.length < DEEPEST ? objectLine : Number.MAX_SAFE_INTEGER)
  }

  /** Reads what comes out of so many blocks. `cut`: `final`, and what is open was broken off. */
  const read = (depth: number, chunk: Uint8Array, final: boolean, cut: boolean): void => {
    let rest = chunk
    for (;;) {
      const block = blocks[depth]
      if (block) {
        const end = block.push(rest, final, (text) => {
          prefixes = blocks.map(({ prefix }) => prefix())
          read(depth + 1, text, false, false)
        })
        if (!end) return
        read(depth + 1, NONE, true, end.cut || (cut && end.rest.length === 0))
        blocks.length = depth
        oldLine = undefined
        lookout.passOver(0)
        rest = end.rest
      } else {
        prefixes = blocks.map(({ prefix }) => prefix())
        const given = splitter.push(rest) ?? (final ? splitter.end(cut) : undefined)
        if (!given) return
        open(given.prefix, given.line, given.objectLine)
        rest = given.rest
      }
    }
  }

  return {
    push: (chunk) => read(0, chunk, false, false),
    end: () => read(0, NONE, true, false),
    prefixes: () => prefixes,
  }
}
