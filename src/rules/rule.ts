import type { Limits } from '../base/limits.ts'
import type { Phrase } from '../base/phrase.ts'
import type { Place } from '../base/place.ts'
import type { Ref } from '../base/ref.ts'
import type { Missing } from '../base/verdict.ts'
import type { Model } from '../model/model.ts'
import type { ControllerVerdict } from '../replay/controller-verdict.ts'
import type { Causes } from './causes.ts'

/** error: broken at `at`, and certain. warning: works today, will not last or is fragile, and certain. info: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

export type RuleGroup = 'input' | 'issuer' | 'request' | 'secret' | 'chain' | 'validity' | 'content'

/** Where a rule's claim can be read: an RFC and its section, a file or an issue of cert-manager, a document of a product. */
export interface Citation {
  readonly document: string
  readonly at: string
}

/** One observation behind a finding, in the words `label: text`. */
export interface Evidence {
  readonly label: string
  readonly text: Phrase
}

/** What to do: a sentence, and commands to paste with the real names, already shell-quoted. */
export interface Remedy {
  readonly text: Phrase
  readonly commands: readonly string[]
}

export interface Finding {
  readonly kind: 'finding'
  /** Where the effect differs from the rule's own severity. */
  readonly severity?: Severity
  readonly subject: Ref
  readonly related: readonly Ref[]
  readonly message: Phrase
  readonly evidence: readonly Evidence[]
  readonly places: readonly Place[]
  readonly remedy: Remedy
}

/** The question could not be answered from this dump. */
export interface NotEvaluable {
  readonly kind: 'not-evaluable'
  readonly subject?: Ref
  readonly missing: readonly Missing[]
}

export type Outcome = Finding | NotEvaluable

export interface RuleContext {
  readonly model: Model
  readonly at: number
  readonly limits: Limits
  /** What cert-manager would decide about a Certificate, by namespace and name. */
  readonly controllerOf: (namespace: string | undefined, name: string) => ControllerVerdict | undefined
  /** Faults worked out once for all rules, so that a cause is told and its symptoms are not. */
  readonly causes: Causes
  /** Does an error of a rule before this one, in the order of the list, name this object? */
  readonly isTold: (ref: Ref) => boolean
}

/** One check: metadata, prose for its page, the check itself with its remedy. A file each, named by its id. */
export interface Rule {
  readonly id: string
  readonly group: RuleGroup
  readonly severity: Severity
  readonly title: string
  /** What a finding says, in one or two sentences. */
  readonly means: string
  /** Who is hurt, and how. */
  readonly matters: string
  /** The way out, in general. */
  readonly mend: string
  /** When the rule says nothing, and when it says that it cannot know. */
  readonly silent: string
  readonly sources: readonly Citation[]
  /** What must be in the dump for an answer. */
  readonly needs: readonly Missing[]
  readonly check: (context: RuleContext) => Iterable<Outcome>
}

/** A finding of a rule; what is left out is empty. */
export const finding = (
  parts: Omit<Finding, 'kind' | 'related' | 'evidence' | 'places' | 'remedy'> & Partial<Finding> & { readonly remedy: Remedy },
): Finding => ({
  related: [],
  evidence: [],
  places: [],
  ...parts,
  kind: 'finding',
})

/** A rule’s answer where the dump does not have what it needs. */
export const notEvaluable = (missing: readonly Missing[], subject?: Ref): NotEvaluable => ({
  kind: 'not-evaluable',
  missing,
  ...(subject && { subject }),
})
