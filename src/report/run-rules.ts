import { compareStrings } from '../base/order.ts'
import { refKey } from '../base/ref.ts'
import type { Finding, NotEvaluable, Rule, RuleContext } from '../rules/rule.ts'
import { lackingIn, unmetNeeds } from './lacking.ts'
import { toMessage } from './message.ts'
import type { Diagnostic, NotEvaluableEntry } from './report.ts'

const RANK = { error: 0, warning: 1, info: 2 } as const

const toDiagnostic = (rule: Rule, found: Finding): Diagnostic => ({
  rule: rule.id,
  severity: found.severity ?? rule.severity,
  subject: found.subject,
  related: found.related,
  message: toMessage(found.message),
  evidence: found.evidence.map(({ label, text }) => ({ label, ...toMessage(text) })),
  locations: found.places,
  remedy: { ...toMessage(found.remedy.text), commands: found.remedy.commands },
})

const toEntry = (rule: Rule, open: NotEvaluable): NotEvaluableEntry => ({
  rule: rule.id,
  ...(open.subject && { subject: open.subject }),
  missing: [...open.missing],
})

/** Told in the place of a rule's findings, and never ignored: without them nobody may call the dump faultless. */
export const RULE_CRASHED = 'rule-crashed'

/** A rule that fails is a fault of ours: its id and the kind of error are told, never the error's text, which may quote the input. */
const crashed = (rule: Rule, error: unknown): Diagnostic => ({
  rule: RULE_CRASHED,
  severity: 'error',
  subject: { kind: 'Rule', name: rule.id },
  related: [],
  message: toMessage([
    `The rule ${rule.id} failed on this dump (${error instanceof Error ? error.name : 'error'}); the others were evaluated`,
  ]),
  evidence: [],
  locations: [],
  remedy: { ...toMessage(['Report it to the makers of kubepki, with the rule and the version']), commands: [] },
})

export interface RuleResults {
  readonly diagnostics: readonly Diagnostic[]
  readonly notEvaluable: readonly NotEvaluableEntry[]
}

/**
 * Runs every rule and orders what they found: errors first, causes before what one of them may explain (the order of the rules),
 * what concerns most before what concerns least, then by name. A rule that needs what the dump lacks is told once, for the whole dump,
 * where it does not tell for which objects.
 */
export const runRules = (rules: readonly Rule[], given: Omit<RuleContext, 'isTold'>): RuleResults => {
  const found: { readonly diagnostic: Diagnostic; readonly order: number }[] = []
  const notEvaluable: NotEvaluableEntry[] = []
  const lacking = lackingIn(given.model)
  const told = new Set<string>()
  const context: RuleContext = { ...given, isTold: (ref) => told.has(refKey(ref)) }
  const keep = (diagnostic: Diagnostic, order: number): void => {
    found.push({ order, diagnostic })
    if (diagnostic.severity === 'error') for (const ref of [diagnostic.subject, ...diagnostic.related]) told.add(refKey(ref))
  }
  rules.forEach((rule, order) => {
    try {
      const open = unmetNeeds(rule.needs, lacking)
      for (const outcome of rule.check(context)) {
        if (outcome.kind === 'finding') keep(toDiagnostic(rule, outcome), order)
        else {
          notEvaluable.push(toEntry(rule, outcome))
          for (const missing of outcome.missing) open.delete(missing)
        }
      }
      if (open.size > 0) notEvaluable.push({ rule: rule.id, missing: [...open] })
    } catch (error) {
      keep(crashed(rule, error), order)
    }
  })
  found.sort(
    (a, b) =>
      RANK[a.diagnostic.severity] - RANK[b.diagnostic.severity] ||
      a.order - b.order ||
      b.diagnostic.related.length - a.diagnostic.related.length ||
      compareStrings(refKey(a.diagnostic.subject), refKey(b.diagnostic.subject)) ||
      compareStrings(a.diagnostic.message.text, b.diagnostic.message.text),
  )
  return { diagnostics: found.map((entry) => entry.diagnostic), notEvaluable }
}
