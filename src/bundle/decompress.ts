import { ArchiveFault } from './bundle.ts'

/** What the input threw, apart from what the format has to say. */
interface InputFault {
  readonly error: unknown
}

/** Feeds a stream into a writer; what is wrong with the format shows on the readable side. */
const feed = async (
  input: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<BufferSource>,
): Promise<InputFault | undefined> => {
  const iterator = input[Symbol.asyncIterator]()
  for (;;) {
    let next: IteratorResult<Uint8Array>
    try {
      next = await iterator.next()
    } catch (error) {
      // Closed and not aborted, so that what was unpacked until here still comes out.
      await writer.close().catch(() => undefined)
      return { error }
    }
    try {
      if (next.done === true) {
        await writer.close()
        return undefined
      }
      await writer.ready
      await writer.write(next.value as Uint8Array<ArrayBuffer>)
    } catch {
      if (next.done !== true) await iterator.return?.()
      return undefined
    }
  }
}

/** An error of the stream without bytes behind it: the input ended before the compressed data did. */
const isCut = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return true
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
  return code === 'Z_BUF_ERROR' || (typeof message === 'string' && /unexpected end|input ended|incomplete/i.test(message))
}

/**
 * Unpacks a stream of bytes, chunk by chunk.
 * @throws ArchiveFault `archive-truncated` or `archive-corrupt`, after the bytes that could be had; and what the input throws
 */
export async function* decompress(format: 'gzip' | 'deflate-raw', input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream(format)
  const reader = stream.readable.getReader()
  const writer = stream.writable.getWriter()
  // Its rejection is told by the reader.
  writer.closed.catch(() => undefined)
  const feeding = feed(input, writer)
  let fault: ArchiveFault | undefined
  let inputFault: InputFault | undefined
  try {
    for (;;) {
      const result = await reader.read().catch((error: unknown) => ({ error }))
      if ('error' in result) {
        fault = new ArchiveFault(isCut(result.error) ? 'archive-truncated' : 'archive-corrupt')
        break
      }
      if (result.done) break
      yield result.value
    }
  } finally {
    await Promise.allSettled([reader.cancel(), writer.abort()])
    inputFault = await feeding
  }
  if (inputFault) throw inputFault.error
  if (fault) throw fault
}
