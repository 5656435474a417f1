import { analyzeLazily, toReport } from '../index.ts'
import type { AnalyzeOptions, LazyReport, Report } from '../index.ts'
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

/** `analyzePaths`, for a writer of large reports: see `analyzeLazily`. */
export const analyzePathsLazily = (paths: readonly string[], options: AnalyzePathsOptions = {}): Promise<LazyReport> =>
  analyzeLazily(readPaths(paths, options), { ...options, at: options.at ?? ((collectedAt) => collectedAt ?? new Date()) })

/**
 * Analyses files, folders, archives and standard input (`-`): `readPaths`, then `analyze`.
 * @throws KubepkiFileError as `readPaths` does; whatever `analyze` throws
 */
export const analyzePaths = async (paths: readonly string[], options: AnalyzePathsOptions = {}): Promise<Report> =>
  toReport(await analyzePathsLazily(paths, options))
