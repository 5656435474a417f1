import { findNewline, startsItem } from './read-lines.ts'

/** How far the next item of a list is looked for: etcd refuses objects over 1.5 MiB, and few come near. */
const ITEM_BYTES = 1 << 20

/** @returns the offset of the dash where this line begins an item of a list whose dashes stand in column `indent`, else -1 */
export const findItemDash = (bytes: Uint8Array, from: number, to: number, indent: number): number => {
  const dash = from + indent
  for (let i = from; i < dash; i++) if (bytes[i] !== 32) return -1
  return bytes[dash] === 45 && (dash + 1 === to || bytes[dash + 1] === 32) && startsItem(bytes, dash, to) ? dash : -1
}

/**
 * Does the next item of the list come before any other line in column 0?
 * @param final no more bytes will come
 * @returns undefined where more must be read to tell
 */
export const itemFollows = (bytes: Uint8Array, start: number, indent: number, final: boolean): boolean | undefined => {
  const limit = start + ITEM_BYTES
  for (let from = start; from < limit;) {
    const newline = findNewline(bytes, from)
    if (newline < 0 && !final && bytes.length < limit) return undefined
    const to = newline < 0 ? bytes.length : newline
    if (from >= bytes.length) return false
    if (findItemDash(bytes, from, to, indent) >= 0) return true
    const byte = bytes[from]
    if (from < to && byte !== 32 && byte !== 9 && byte !== 35) return false
    from = to + 1
  }
  return false
}
