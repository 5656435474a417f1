import { statSync } from 'node:fs'
import type { WriteStream } from 'node:tty'

/** How much has been read, on a terminal, once it takes longer than a moment. */
export interface Progress {
  readonly update: (bytes: number) => void
  readonly end: () => void
}

const AFTER = 700
const EVERY = 100
const WIDTH = 24

/** Octets of the files that were named; undefined where that cannot be told beforehand (folders, standard input). */
export const totalBytes = (paths: readonly string[]): number | undefined => {
  let total = 0
  try {
    for (const path of paths) {
      const facts = statSync(path)
      if (!facts.isFile()) return undefined
      total += facts.size
    }
  } catch {
    // Why it cannot be read is told when it is read.
    return undefined
  }
  return total
}

/** The bar; none without a total, and none once there is more than that: what comes out of an archive. */
export const drawProgress = (bytes: number, total: number | undefined, milliseconds: number): string => {
  const megabytes = (bytes / 1e6).toFixed(0)
  const rate = `${(bytes / 1e3 / Math.max(1, milliseconds)).toFixed(0)} MB/s`
  if (total === undefined || bytes > total || total === 0) return `reading  ${megabytes} MB  ${rate}`
  const done = Math.floor((bytes / total) * WIDTH)
  return `reading  [${'='.repeat(done)}${' '.repeat(WIDTH - done)}]  ${megabytes} of ${(total / 1e6).toFixed(0)} MB  ${rate}`
}

/** Draws nothing into a pipe. */
export const createProgress = (stream: Pick<WriteStream, 'isTTY' | 'write'>, total: number | undefined): Progress => {
  const started = Date.now()
  let last = 0
  let drawn = false
  return {
    update: (bytes) => {
      const now = Date.now()
      if (!stream.isTTY || now - started < AFTER || now - last < EVERY) return
      last = now
      drawn = true
      stream.write(`\r\u001b[K${drawProgress(bytes, total, now - started)}`)
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[K')
    },
  }
}
