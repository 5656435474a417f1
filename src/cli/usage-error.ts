/** Arguments that make no sense, told in a sentence of our own. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
