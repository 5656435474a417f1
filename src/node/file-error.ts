/** Closed, kebab-case. */
export type FileErrorCode = 'not-found' | 'not-readable' | 'not-writable' | 'too-many'

/** A path that could not be read or written. The message holds no content of any file. */
export class KubepkiFileError extends Error {
  override readonly name = 'KubepkiFileError'
  readonly code: FileErrorCode
  /** The path as it was given or found. */
  readonly path: string | undefined
  constructor(code: FileErrorCode, message: string, path?: string) {
    super(message)
    this.code = code
    this.path = path
  }
}

const codeOf = (error: unknown): string => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}

/** The error of a system call as one of ours. */
export const toFileError = (error: unknown, path: string): KubepkiFileError => {
  if (error instanceof KubepkiFileError) return error
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new KubepkiFileError('not-found', `${path}: no such file or folder`, path)
  return new KubepkiFileError('not-readable', `${path}: cannot be read (${code})`, path)
}

/** The error of a write as one of ours. */
export const toWriteError = (error: unknown, path: string): KubepkiFileError =>
  new KubepkiFileError('not-writable', `${path}: cannot be written (${codeOf(error)})`, path)
