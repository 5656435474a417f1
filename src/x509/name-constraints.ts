import type { Extensions, GeneralName, GeneralSubtree, X509Certificate } from './certificate.ts'
import type { NameForm } from './names-forms.ts'
import { isJudgedForm, parseConstrainedName, parseSubtree, relationOf } from './names-forms.ts'

type NameConstraints = NonNullable<Extensions['nameConstraints']>

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'

/** The names of one certificate that constraints bind, by form. */
export type ConstrainedNames = ReadonlyMap<NameForm, readonly GeneralName[]>

/** Why a certificate's names do not stand under a CA's constraints. `name` and `subtree` are text of the certificates. */
export interface NameConstraintViolation {
  readonly code:
    | 'name-not-permitted'
    | 'name-excluded'
    | 'name-malformed'
    | 'name-constraints-malformed'
    | 'name-constraints-unsupported'
    | 'name-comparisons-exceeded'
  readonly form: NameForm
  readonly name?: string
  readonly subtree?: string
}

/** What is left of the comparisons that one question may cost. Mutable: {@link checkNameConstraints} takes away from it. */
export interface ComparisonBudget {
  left: number
}

/** What may be decided otherwise than RFC 5280 has it, where a client's habits are asked for. */
export interface NameConstraintHabits {
  readonly relation: typeof relationOf
  readonly judges: (form: NameForm) => boolean
}

const rfc5280: NameConstraintHabits = { relation: relationOf, judges: isJudgedForm }

/**
 * The names that constraints are applied to (RFC 5280 4.2.1.10): all of subjectAltName, the subject where it is not empty, and the
 * e-mail addresses of the subject where subjectAltName has none.
 */
export const namesUnderConstraints = (certificate: X509Certificate): ConstrainedNames => {
  const byForm = new Map<NameForm, GeneralName[]>()
  const add = (name: GeneralName): void => {
    const known = byForm.get(name.type)
    if (known) known.push(name)
    else byForm.set(name.type, [name])
  }
  for (const name of certificate.extensions.subjectAltName?.names ?? []) add(name)
  const { subject } = certificate
  if (!byForm.has('email'))
    for (const rdn of subject.rdns)
      for (const attribute of rdn) if (attribute.oid === EMAIL_ADDRESS) add({ type: 'email', value: attribute.value })
  if (subject.rdns.length > 0) add({ type: 'directory', name: subject, value: subject.text })
  return byForm
}

const hasBounds = (subtree: GeneralSubtree): boolean => (subtree.minimum ?? 0) !== 0 || subtree.maximum !== undefined

/** The first thing in constraints that makes them unreadable, whoever stands below: none is left out of account quietly. */
export const malformedSubtree = (constraints: NameConstraints): NameConstraintViolation | undefined => {
  const { permitted, excluded } = constraints
  if (!permitted?.length && !excluded?.length) return { code: 'name-constraints-malformed', form: 'dns', subtree: '' }
  for (const { base } of [...(permitted ?? []), ...(excluded ?? [])])
    if (isJudgedForm(base.type) && parseSubtree(base) === undefined)
      return { code: 'name-constraints-malformed', form: base.type, subtree: base.value }
  return undefined
}

const subtreesByForm = (subtrees: readonly GeneralSubtree[] | undefined): ReadonlyMap<NameForm, readonly GeneralSubtree[]> => {
  const byForm = new Map<NameForm, GeneralSubtree[]>()
  for (const subtree of subtrees ?? []) {
    const known = byForm.get(subtree.base.type)
    if (known) known.push(subtree)
    else byForm.set(subtree.base.type, [subtree])
  }
  return byForm
}

interface FormQuestion {
  readonly form: NameForm
  readonly names: readonly GeneralName[]
  readonly permitted: readonly GeneralSubtree[]
  readonly excluded: readonly GeneralSubtree[]
}

const parseAll = (subtrees: readonly GeneralSubtree[]) => subtrees.map(({ base }) => ({ base, parsed: parseSubtree(base) }))

/** The names of one form against the subtrees of that form: outside all excluded ones, inside one of the permitted ones. */
const checkForm = (
  { form, names, permitted, excluded }: FormQuestion,
  habits: NameConstraintHabits,
): NameConstraintViolation | undefined => {
  const [outside, inside] = [parseAll(excluded), parseAll(permitted)]
  for (const name of names) {
    const parsedName = parseConstrainedName(name)
    if (!parsedName) return { code: 'name-malformed', form, name: name.value }
    for (const { base, parsed } of outside) {
      if (!parsed) return { code: 'name-constraints-malformed', form, subtree: base.value }
      if (habits.relation(parsedName, parsed, 'excluded') !== 'outside')
        return { code: 'name-excluded', form, name: name.value, subtree: base.value }
    }
    if (inside.length === 0) continue
    let permittedBy = false
    for (const { base, parsed } of inside) {
      if (!parsed) return { code: 'name-constraints-malformed', form, subtree: base.value }
      // A wildcard that is only partly inside stands for hosts that are not permitted.
      if (habits.relation(parsedName, parsed, 'permitted') === 'inside') {
        permittedBy = true
        break
      }
    }
    if (!permittedBy) return { code: 'name-not-permitted', form, name: name.value }
  }
  return undefined
}

/**
 * Holds one certificate's names against the constraints of one CA above it (RFC 5280 6.1.3 b, c; 6.1.4 g). Called for every CA of a path,
 * this intersects what they permit and unites what they exclude.
 * @param names what {@link namesUnderConstraints} gave
 * @param budget name by subtree; when it is used up, that is the violation
 */
export const checkNameConstraints = (
  constraints: NameConstraints,
  names: ConstrainedNames,
  budget: ComparisonBudget,
  habits: NameConstraintHabits = rfc5280,
): NameConstraintViolation | undefined => {
  const permittedByForm = subtreesByForm(constraints.permitted)
  const excludedByForm = subtreesByForm(constraints.excluded)
  for (const [form, present] of names) {
    const permitted = permittedByForm.get(form) ?? []
    const excluded = excludedByForm.get(form) ?? []
    const subtrees = permitted.length + excluded.length
    if (subtrees === 0) continue
    const bounded = [...permitted, ...excluded].find(hasBounds)
    if (!habits.judges(form) || bounded) {
      // RFC 5280 4.2.1.10 asks for processing or refusal only where the extension is critical.
      if (!constraints.critical && !bounded) continue
      return { code: 'name-constraints-unsupported', form, name: present[0]?.value, ...(bounded && { subtree: bounded.base.value }) }
    }
    budget.left -= present.length * subtrees
    if (budget.left < 0) return { code: 'name-comparisons-exceeded', form }
    const violation = checkForm({ form, names: present, permitted, excluded }, habits)
    if (violation) return violation
  }
  return undefined
}
