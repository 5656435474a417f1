import type { Place } from '../base/place.ts'
import type { Ref } from '../base/ref.ts'

/** A sentence for machines and for renderers: `text` is plain (control characters of the input made visible), `parts` keeps our words and the input's values apart. */
export interface Message {
  readonly text: string
  readonly parts: readonly (string | { readonly value: string })[]
}

export type Severity = 'error' | 'warning' | 'info'

export interface Diagnostic {
  readonly rule: string
  readonly severity: Severity
  readonly subject: Ref
  /** What the fault concerns besides, never what is healthy beside it. */
  readonly related: readonly Ref[]
  readonly message: Message
  readonly evidence: readonly ({ readonly label: string } & Message)[]
  readonly locations: readonly Place[]
  readonly remedy: Message & { readonly commands: readonly string[] }
}

/** A question that this dump cannot answer, with what is missing. */
export interface NotEvaluableEntry {
  readonly rule: string
  readonly subject?: Ref
  readonly missing: readonly string[]
}

export interface Counts {
  readonly issuers: number
  readonly clusterIssuers: number
  readonly certificates: number
  readonly certificateRequests: number
  readonly secrets: number
  readonly others: number
}

/** An X.509 certificate of the dump. Times are RFC 3339. */
export interface CertificateNode {
  readonly id: string
  readonly fingerprint: string
  readonly subject: string
  readonly issuer: string
  readonly serial: string
  readonly notBefore: string
  readonly notAfter: string
  readonly key: string
  readonly ca: boolean
  readonly names: readonly string[]
  readonly subjectKeyIdentifier?: string
  readonly authorityKeyIdentifier?: string
  /** Codes of what its encoding or profile has wrong, where anything. */
  readonly problems?: readonly string[]
}

/** One Kubernetes object of ours, with what an administrator knows of it from `kubectl get` and `describe`. */
export interface ResourceNode {
  readonly id: string
  readonly ref: Ref
  readonly location: Place
  readonly created?: string
  readonly ready?: string
  readonly reason?: string
  /** selfSigned, ca, acme, vault, venafi: the types set on an issuer. */
  readonly types?: readonly string[]
  readonly secret?: string
  readonly issuerRef?: { readonly kind: string; readonly name: string; readonly group: string }
}

export interface ReportLink {
  readonly kind: string
  readonly from: string
  readonly to: string
  readonly status: 'verified' | 'failed' | 'unknown'
  readonly reason?: string
  readonly missing?: readonly string[]
  readonly detail?: Readonly<Record<string, string | number>>
}

/** A node of the forest that hangs from each root: issuer, what it issued, the issuers that sign with that, and so on. */
export interface TreeNode {
  readonly ref: Ref
  /** Type of an issuer; `ca` or `end-entity` for a certificate. */
  readonly role: string
  readonly ready?: string
  readonly secret?: string
  readonly age?: string
  readonly notAfter?: string
  readonly renewalTime?: string
  /** Is the certificate signed by the CA in force above it? */
  readonly signature?: 'verified' | 'failed' | 'unknown'
  /** Rules that say something of it as error or warning, as subject or related. */
  readonly faults: readonly string[]
  readonly worst?: Severity
  readonly children: readonly TreeNode[]
}

/** What RFC 5280 and each client say of the chain in a Secret under some anchors; `unknown` where a habit is not understood. */
export interface ClientVerdicts {
  readonly secret: Ref
  /** The CAs in force above it, the Secret's own ca.crt, or, where there is neither, the roots of the dump. */
  readonly anchors: 'in-force' | 'own-ca.crt' | 'roots'
  /** Is there a valid path by RFC 5280 section 6? */
  readonly valid: boolean
  /** Codes of why there is none. */
  readonly reasons: readonly string[]
  readonly verdicts: Readonly<Record<string, { readonly accepts: boolean | 'unknown'; readonly reason: string }>>
}

export interface PolicyEntry {
  readonly policy: string
  readonly violated?: boolean
  readonly reason?: string
  readonly message?: string
  readonly unknown?: readonly string[]
  readonly panics?: true
}

export type ChainEntry = Omit<PolicyEntry, 'policy'>

/** What cert-manager's controllers decide about one Certificate at `at`, in their own names and words. */
export interface ControllerEntry {
  readonly certificate: Ref
  readonly policies: readonly PolicyEntry[]
  readonly trigger: ChainEntry
  readonly readiness: ChainEntry
  readonly temporaryCertificate: ChainEntry
  readonly postIssuance: ChainEntry
  readonly ready: { readonly status: string; readonly reason: string; readonly message: string; readonly unknown?: readonly string[] }
  readonly triggered: boolean
  readonly backoffUntil?: string
  readonly notBefore?: string
  readonly notAfter?: string
  readonly renewalTime?: string
  readonly currentRequest?: Ref
  readonly nextRequest?: Ref
  readonly secretOwner: {
    readonly isOwner: boolean
    /** Other Certificates that name the Secret, oldest first; not all of them where there are very many. */
    readonly others: readonly Ref[]
    readonly othersLeftOut?: number
    readonly unknown?: readonly string[]
  }
  readonly agreesWithStatus: { readonly holds: boolean; readonly differences: readonly string[] }
  readonly next: { readonly at?: string; readonly sentence: string }
}

/** Everything kubepki found, as plain JSON. Changes of meaning come only with a new `schemaVersion`. */
export interface Report {
  readonly schemaVersion: 1
  readonly tool: { readonly name: 'kubepki'; readonly version: string }
  readonly at: string
  readonly sources: readonly { readonly name: string; readonly bytes: number; readonly objects: number }[]
  /** Collectors that were recognised, and what they leave out. */
  readonly bundles: readonly { readonly collector: string; readonly collectedAt?: string; readonly leavesOut: readonly string[] }[]
  readonly certManager: { readonly version: string; readonly source: 'option' | 'inferred' | 'newest'; readonly why: string }
  readonly counts: Counts
  readonly diagnostics: readonly Diagnostic[]
  readonly notEvaluable: readonly NotEvaluableEntry[]
  readonly forest: readonly TreeNode[]
  readonly clients: readonly ClientVerdicts[]
  readonly controller: readonly ControllerEntry[]
  readonly resources: readonly ResourceNode[]
  readonly certificates: readonly CertificateNode[]
  readonly links: readonly ReportLink[]
}

/**
 * A report whose long lists are made entry by entry, anew each time they are walked through: for a writer, which needs each entry once and
 * need not hold all of them. Every `Report` is one.
 */
export type LazyReport = {
  readonly [K in keyof Report]: K extends 'clients' | 'controller' | 'resources' | 'certificates' | 'links'
    ? Iterable<Report[K][number]>
    : Report[K]
}
