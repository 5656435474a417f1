import { formatInstant } from '../base/instant.ts'

/** RFC 3339 in UTC, whole seconds, of epoch milliseconds: as formatInstant, quicker for the years that certificates have. */
export const formatSeconds = (at: number): string => {
  const year9999 = 253_402_300_799_999
  return at >= 0 && at <= year9999 ? `${new Date(at).toISOString().slice(0, 19)}Z` : formatInstant(at)
}
