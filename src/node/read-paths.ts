import type { Stats } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { Buffer } from 'node:buffer'
import { basename, join, resolve } from 'node:path'
import process from 'node:process'
import type { AbortSignalLike, Source } from '../index.ts'
import { KubepkiFileError, toFileError } from './file-error.ts'

export interface ReadPathsOptions {
  readonly signal?: AbortSignalLike
  /**
   * Called for a file or folder inside of a folder that cannot be read. It is then left out, and the report says so. Without it the
   * error is thrown.
   */
  readonly onUnreadable?: (error: KubepkiFileError) => void
  /** Files of all folders together; over it, reading ends with `too-many`. */
  readonly maxFiles?: number
}

const MAX_FILES = 1_000_000
/** Folders in folders; a must-gather has ten. */
const MAX_DEPTH = 64
/** Larger ones are garbage for longer. */
const CHUNK = 256 * 1024

/** Stands in the place of what could not be read, so that nothing is called missing because of it. */
const unreadableSource = (name: string, partOf: string): Source => ({ name, text: '', partOf, unreadable: true })

const readAt = async (handle: FileHandle, offset: number, length: number): Promise<Uint8Array> => {
  const out = new Uint8Array(Math.max(0, length))
  let filled = 0
  while (filled < out.length) {
    const { bytesRead } = await handle.read(out, filled, out.length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return out.subarray(0, filled)
}

/** A file as a source: its bytes in pieces, and at any offset where it is a plain file. Closed when the next source is asked for. */
async function* readFile(path: string, name: string, partOf: string | undefined, options: ReadPathsOptions): AsyncGenerator<Source> {
  let handle: FileHandle
  let facts: Stats
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw toFileError(error, path)
  }
  try {
    facts = await handle.stat()
    const random = facts.isFile() && {
      random: {
        // Files of /proc tell no size; they are read to their end instead.
        size: facts.size,
        read: (offset: number, length: number) =>
          readAt(handle, offset, Math.min(length, Math.max(0, facts.size - offset))).catch((error: unknown) => {
            throw toFileError(error, path)
          }),
      },
    }
    async function* text(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          options.signal?.throwIfAborted()
          // Not wiped first: only what was read into it is given on.
          const chunk = Buffer.allocUnsafeSlow(CHUNK)
          const { bytesRead } = await handle.read(chunk, 0, CHUNK, null)
          if (bytesRead === 0) return
          yield chunk.subarray(0, bytesRead)
        }
      } catch (error) {
        options.signal?.throwIfAborted()
        throw toFileError(error, path)
      }
    }
    yield { name, text: text(), ...(facts.size > 0 && random), ...(partOf !== undefined && { partOf }) }
  } finally {
    await handle.close()
  }
}

async function* readFolder(
  folder: string,
  name: string,
  root: string,
  depth: number,
  count: { files: number },
  options: ReadPathsOptions,
): AsyncGenerator<Source> {
  if (depth > MAX_DEPTH) throw new KubepkiFileError('too-many', `${folder}: folders are nested deeper than ${MAX_DEPTH}`, folder)
  const unreadable = (error: unknown, path: string): void => {
    options.signal?.throwIfAborted()
    const known = toFileError(error, path)
    if (!options.onUnreadable || known.code === 'too-many') throw known
    options.onUnreadable(known)
  }
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    unreadable(error, folder)
    count.files++
    yield unreadableSource(`${name}/`, root)
    return
  }
  // By code units: the same order on every machine.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    options.signal?.throwIfAborted()
    const path = join(folder, entry.name)
    const inner = `${name}/${entry.name}`
    if (entry.isDirectory()) yield* readFolder(path, inner, root, depth + 1, count, options)
    else if (entry.isFile()) {
      if (++count.files > (options.maxFiles ?? MAX_FILES)) throw new KubepkiFileError('too-many', `${root}: more files than are read`, root)
      const file = readFile(path, inner, root, options)
      let first: IteratorResult<Source, void>
      try {
        first = await file.next()
      } catch (error) {
        unreadable(error, path)
        yield unreadableSource(inner, root)
        continue
      }
      try {
        if (first.done !== true) yield first.value
      } finally {
        await file.return(undefined)
      }
    }
    // Links are not followed: what they point at stands in the folder itself, or is none of its business.
  }
}

/** Standard input as a source. */
export const readStdin = (): Source => ({ name: 'stdin', text: process.stdin as AsyncIterable<Uint8Array> })

/**
 * Files, folders (all that is in them, in the order of their names, links not followed) and `-` for standard input, as sources.
 * A file in a folder is named by the folder's own name and its path in it, so that it is the same wherever the folder lies.
 * @throws KubepkiFileError `not-found`, `not-readable`, `too-many`; the signal's reason when it aborts
 */
export async function* readPaths(paths: readonly string[], options: ReadPathsOptions = {}): AsyncGenerator<Source> {
  const count = { files: 0 }
  for (const path of paths) {
    options.signal?.throwIfAborted()
    if (path === '-') {
      yield readStdin()
      continue
    }
    let facts: Stats
    try {
      facts = await stat(path)
    } catch (error) {
      throw toFileError(error, path)
    }
    const name = basename(resolve(path)) || path
    if (facts.isDirectory()) {
      const before = count.files
      yield* readFolder(path, name, name, 0, count, options)
      // A folder without a file is told as what it is.
      if (count.files === before) yield { name, text: '' }
    } else yield* readFile(path, path, undefined, options)
  }
}
