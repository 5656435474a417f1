/** What a dump can lack, so that a question stays open. Closed, so that a report can say what to add to the next dump. */
export type Missing =
  | 'secret'
  | 'secret-data'
  | 'private-key'
  | 'annotations'
  | 'managed-fields'
  | 'issuer'
  | 'cluster-issuers'
  | 'certificate-resource'
  | 'certificate-requests'
  | 'status'
  | 'certificate'
  | 'algorithm'
  | 'budget'
  | 'option'

/**
 * The answer to one question, never two-valued: it holds, it fails, or it cannot be known from this dump.
 * A used-up budget and an algorithm that cannot be verified here are `unknown`, never `failed`.
 */
export type Verdict =
  | { readonly status: 'verified' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'unknown'; readonly missing: readonly Missing[]; readonly reason?: string }

/** It holds. */
export const verified: Verdict = { status: 'verified' }
/** It fails, for a coded reason. */
export const failed = (reason: string): Verdict => ({ status: 'failed', reason })
/** Nobody can tell: what is missing, and a coded reason where there is one. */
export const unknown = (missing: readonly Missing[], reason?: string): Verdict =>
  reason === undefined ? { status: 'unknown', missing } : { status: 'unknown', missing, reason }
