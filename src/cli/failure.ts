import { version } from '../index.ts'
import { KubepkiFileError } from '../node/index.ts'
import { UsageError } from './usage-error.ts'

/** How `analyze` begins when it refuses its instant. */
const OPTION_AT = 'analyze: option `at`'

/** What the command says of an error. The text of one that is not our own may quote the input, a TypeError's of the engine too. */
export const failureOf = (error: unknown): string => {
  if (error instanceof KubepkiFileError || error instanceof UsageError) return error.message
  if (error instanceof TypeError && error.message.startsWith(OPTION_AT)) return error.message.replace(OPTION_AT, '--at')
  return `failed by a fault of kubepki (${error instanceof Error ? error.name : 'error'}); please report it with the version ${version}`
}
