import type { WriteStream } from 'node:tty'

/** How much has been read, on a terminal, once it takes longer than a moment. */
export interface Progress {
  readonly update: (bytes: number) => void
  readonly end: () => void
}

const AFTER = 700
const EVERY = 100

/** Draws nothing into a pipe. */
export const createProgress = (stream: WriteStream): Progress => {
  const started = Date.now()
  let last = 0
  let drawn = false
  return {
    update: (bytes) => {
      const now = Date.now()
      if (!stream.isTTY || now - started < AFTER || now - last < EVERY) return
      last = now
      drawn = true
      stream.write(`\r\u001b[Kreading  ${(bytes / 1e6).toFixed(0)} MB  ${(bytes / 1e3 / (now - started)).toFixed(0)} MB/s`)
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[K')
    },
  }
}
