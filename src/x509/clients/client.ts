/** The validators that are predicted. `openssl` is the default of nginx and Node; curl takes partial chains, Python 3.13 partial ones strictly. */
export const clients = ['go', 'openssl', 'opensslPartial', 'opensslStrict', 'java', 'rustls'] as const
export type Client = (typeof clients)[number]

/** What a client says of a chain. `reason`: a code, and in brackets the client's own word where it is known. */
export interface ClientVerdict {
  readonly accepts: boolean | 'unknown'
  readonly reason: string
}

/** The name under which the client reaches its peer. */
export type ClientPeer = { readonly dns: string } | { readonly ip: string }
export type ClientPurpose = 'server' | 'client'

/** Why a client refuses, in codes of ours. */
export type RefusalCode =
  | 'unreadable-certificate'
  | 'unreadable-anchor'
  | 'no-path'
  | 'expired'
  | 'not-yet-valid'
  | 'invalid-date'
  | 'signature'
  | 'weak-signature'
  | 'weak-key'
  | 'unsupported-algorithm'
  | 'unsupported-key'
  | 'not-a-ca'
  | 'key-usage'
  | 'path-length'
  | 'too-many-intermediates'
  | 'extended-key-usage'
  | 'critical-extension'
  | 'name-constraints'
  | 'name-mismatch'
  | 'ca-as-leaf'
  | 'anchor-not-self-signed'
  | 'anchor-not-a-ca'
  | 'policy'
  | 'malformed-extension'
  | 'strict'

/** The outcome of one check: undefined where it passes. `unknown` where the habit or the signature is not known. */
export interface Refusal {
  readonly code: RefusalCode | 'unknown'
  /** What exactly, in plain English. */
  readonly detail?: string
}

/** The client refuses. */
export const refuse = (code: RefusalCode, detail?: string): Refusal => (detail === undefined ? { code } : { code, detail })
/** What the client does here is not known. */
export const unsure = (detail: string): Refusal => ({ code: 'unknown', detail })
