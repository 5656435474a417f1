import { analyze } from '../index.ts'
import type { AnalyzeOptions, Report } from '../index.ts'
import type { ReadPathsOptions } from './read-paths.ts'
import { readPaths } from './read-paths.ts'

export { KubepkiFileError } from './file-error.ts'
export type { FileErrorCode } from './file-error.ts'
export { readPaths, readStdin } from './read-paths.ts'
export type { ReadPathsOptions } from './read-paths.ts'

export interface AnalyzePathsOptions extends Omit<AnalyzeOptions, 'at'>, ReadPathsOptions {
  /** The instant of the analysis; without it, when the bundle was collected where it tells, else now. */
  readonly at?: AnalyzeOptions['at']
}

/**
 * Analyses files, folders, archives and standard input (`-`): `readPaths`, then `analyze`.
 * @throws KubepkiFileError as `readPaths` does; whatever `analyze` throws
 */
export const analyzePaths = (paths: readonly string[], options: AnalyzePathsOptions = {}): Promise<Report> =>
  analyze(readPaths(paths, options), { ...options, at: options.at ?? ((collectedAt) => collectedAt ?? new Date()) })
