/**
 * What we use of an `AbortSignal`: any real one fits. Written down here, so that our declarations need neither the DOM's types nor Node's.
 */
export interface AbortSignalLike {
  /** @throws the signal's reason, where it has been aborted */
  throwIfAborted(): void
}
