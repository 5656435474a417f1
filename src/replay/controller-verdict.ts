import type { Phrase } from '../base/phrase.ts'
import type { Ref } from '../base/ref.ts'
import type { Missing } from '../base/verdict.ts'

/**
 * How one policy check, or one chain of them, comes out. `unknown` names what the dump lacks; the fields beside it, where there
 * are any, say how cert-manager would decide if the objects were exactly as the dump shows them, and are not to be relied on.
 * `panics`: the controller itself crashes on this input.
 */
export type Outcome =
  | {
      readonly violated: boolean
      readonly reason?: string
      readonly message?: string
      readonly unknown?: undefined
      readonly panics?: undefined
    }
  | {
      readonly unknown: readonly Missing[]
      readonly violated?: boolean
      readonly reason?: string
      readonly message?: string
      readonly panics?: undefined
    }
  | {
      readonly panics: true
      readonly violated?: undefined
      readonly reason?: undefined
      readonly message?: undefined
      readonly unknown?: undefined
    }

/** One policy under cert-manager's own function name of the release that is replayed. */
export type PolicyOutcome = { readonly policy: string } & Outcome

/** The Ready condition that one run of the readiness controller leaves in the status. */
export interface ReadyCondition {
  readonly status: string
  readonly reason: string
  readonly message: string
  /** Set where the dump lacks what the decision needs; see Outcome. */
  readonly unknown?: readonly Missing[]
}

/** What cert-manager's controllers decide about one Certificate at the instant of the analysis. Times are RFC 3339, whole seconds. */
export interface ControllerVerdict {
  readonly certificate: Ref
  readonly policies: readonly PolicyOutcome[]
  readonly trigger: Outcome
  readonly readiness: Outcome
  readonly temporaryCertificate: Outcome
  readonly postIssuance: Outcome
  readonly ready: ReadyCondition
  /** Would the trigger controller set Issuing=True now? */
  readonly triggered: boolean
  /** The next attempt after a failed issuance; until then nothing is triggered. */
  readonly backoffUntil?: string
  readonly notBefore?: string
  readonly notAfter?: string
  readonly renewalTime?: string
  /** Why there is no renewal time, or none within the renewal windows. */
  readonly renewalTimeError?: string
  readonly currentRequest?: Ref
  readonly nextRequest?: Ref
  /** The controllers give up before any decision: two requests of one revision. */
  readonly gatherError?: string
  readonly secretOwner: {
    readonly isOwner: boolean
    /** Other Certificates that name the Secret, oldest first; not all of them where there are very many. */
    readonly others: readonly Ref[]
    readonly othersLeftOut?: number
    readonly unknown?: readonly Missing[]
  }
  readonly agreesWithStatus: { readonly holds: boolean; readonly differences: readonly string[] }
  readonly next: { readonly at?: string; readonly sentence: Phrase }
}

/** Which release was replayed, and how it is known. */
export interface ReplayedVersion {
  readonly version: string
  readonly source: 'option' | 'inferred' | 'newest'
  readonly why: string
}
