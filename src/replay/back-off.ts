const HOUR = 3_600_000

/**
 * How long nothing is retried after a failed issuance: 1 h, 2 h, 4 h … at most 32 h (facts of cert-manager 3.3; the flags'
 * defaults). Before v1.8 always one hour.
 * @param attempts status.failedIssuanceAttempts; unset or not positive counts as the first failure
 * @returns milliseconds
 */
export const backOffDelay = (attempts: number | undefined, exponential: boolean): number => {
  if (!exponential || attempts === undefined || attempts <= 1) return HOUR
  return attempts >= 6 ? 32 * HOUR : HOUR * 2 ** (Math.floor(attempts) - 1)
}

/**
 * When the next attempt is made.
 * @param at @param lastFailureTime epoch milliseconds
 * @returns undefined where nothing holds it back any more
 */
export const backOffUntil = (
  at: number,
  lastFailureTime: number | undefined,
  attempts: number | undefined,
  exponential: boolean,
): number | undefined => {
  if (lastFailureTime === undefined) return undefined
  const until = lastFailureTime + backOffDelay(attempts, exponential)
  return at >= until ? undefined : until
}
