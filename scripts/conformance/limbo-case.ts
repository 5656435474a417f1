import type { ValidatePathOptions } from '../../src/x509/validate-path.ts'

/** One case in x509-limbo's format, as far as it is read here; `section` and `error_class` are PKITS's own. */
export interface LimboCase {
  readonly id: string
  readonly section?: string
  readonly error_class?: string | null
  readonly features?: readonly string[]
  readonly validation_kind: 'SERVER' | 'CLIENT'
  readonly trusted_certs: readonly string[]
  readonly untrusted_intermediates: readonly string[]
  readonly peer_certificate: string
  readonly validation_time: string | null
  readonly expected_result: 'SUCCESS' | 'FAILURE'
  readonly expected_peer_name: { readonly kind: string; readonly value: string } | null
  readonly max_chain_depth?: number | null
}

/** What private-pki-profile.json beside a limbo file says of each case. */
export type LimboProfile = Readonly<Record<string, { readonly class: string }>>

/** Sections of PKITS that bind a private PKI: no policies (4.8 to 4.12), no CRLs (4.4, 4.14, 4.15). */
const PKITS_SECTIONS = /^4\.(1|2|3|5|6|7|13|16)\./

/** The class under which a case is counted; undefined where it does not bind a private PKI and is left out. */
export const classOf = (item: LimboCase, profile: LimboProfile | undefined): string | undefined => {
  if (item.section !== undefined) return PKITS_SECTIONS.test(item.section) ? 'pkits' : undefined
  if (!profile) return item.id.split('::').slice(0, -1).join('::') || 'cases'
  const known = profile[item.id]?.class ?? 'path'
  return known === 'webpki-only' ? undefined : known
}

const peerOf = (name: LimboCase['expected_peer_name']): ValidatePathOptions['peer'] =>
  name?.kind === 'IP' ? { ip: name.value } : name?.kind === 'DNS' ? { dns: name.value } : null

/** The question that a case asks. PKITS's certificates carry no purpose and no name, so none is asked for. */
export const questionOf = (item: LimboCase, now: Date): ValidatePathOptions => ({
  chain: [item.peer_certificate, ...item.untrusted_intermediates],
  anchors: item.trusted_certs,
  peer: peerOf(item.expected_peer_name),
  at: item.validation_time ?? now,
  ...(item.section === undefined && { purpose: item.validation_kind === 'CLIENT' ? ('client' as const) : ('server' as const) }),
  ...(typeof item.max_chain_depth === 'number' && { maxDepth: item.max_chain_depth }),
})
