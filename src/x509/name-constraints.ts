import type { Extensions, GeneralName, GeneralSubtree, X509Certificate } from './certificate.ts'
import type { NameForm, ParsedSubtree } from './names-forms.ts'
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

/** One subtree with its base read; `parsed` is undefined where the base is malformed or of a form that is not judged. */
interface ReadSubtree {
  readonly base: GeneralName
  readonly parsed: ParsedSubtree | undefined
  /** `minimum` or `maximum` are other than RFC 5280 4.2.1.10 wants them. */
  readonly bounded: boolean
}

type Subtrees = ReadonlyMap<NameForm, readonly ReadSubtree[]>

interface ReadConstraints {
  readonly permitted: Subtrees
  readonly excluded: Subtrees
  readonly malformed?: NameConstraintViolation
}

const readSubtrees = (subtrees: readonly GeneralSubtree[]): Subtrees => {
  const byForm = new Map<NameForm, ReadSubtree[]>()
  for (const { base, minimum, maximum } of subtrees) {
    const subtree = { base, parsed: parseSubtree(base), bounded: (minimum ?? 0) !== 0 || maximum !== undefined }
    const known = byForm.get(base.type)
    if (known) known.push(subtree)
    else byForm.set(base.type, [subtree])
  }
  return byForm
}

const findMalformed = (subtrees: Subtrees): NameConstraintViolation | undefined => {
  for (const [form, list] of subtrees) {
    const bad = isJudgedForm(form) ? list.find(({ parsed }) => parsed === undefined) : undefined
    if (bad) return { code: 'name-constraints-malformed', form, subtree: bad.base.value }
  }
  return undefined
}

/** Subtrees are read once for each certificate, however many names are held against them. */
const memory = new WeakMap<NameConstraints, ReadConstraints>()

const readConstraints = (constraints: NameConstraints): ReadConstraints => {
  const known = memory.get(constraints)
  if (known) return known
  const [permitted, excluded] = [readSubtrees(constraints.permitted ?? []), readSubtrees(constraints.excluded ?? [])]
  const empty: NameConstraintViolation = { code: 'name-constraints-malformed', form: 'dns', subtree: '' }
  const malformed = permitted.size + excluded.size === 0 ? empty : (findMalformed(permitted) ?? findMalformed(excluded))
  const read = { permitted, excluded, ...(malformed && { malformed }) }
  memory.set(constraints, read)
  return read
}

/** The first thing in constraints that makes them unreadable, whoever stands below: none is left out of account quietly. */
export const malformedSubtree = (constraints: NameConstraints): NameConstraintViolation | undefined =>
  readConstraints(constraints).malformed

interface FormQuestion {
  readonly form: NameForm
  readonly names: readonly GeneralName[]
  readonly permitted: readonly ReadSubtree[]
  readonly excluded: readonly ReadSubtree[]
}

/** The names of one form against the subtrees of that form: outside all excluded ones, inside one of the permitted ones. */
const checkForm = ({ form, names, permitted, excluded }: FormQuestion): NameConstraintViolation | undefined => {
  for (const name of names) {
    const parsedName = parseConstrainedName(name)
    if (!parsedName) return { code: 'name-malformed', form, name: name.value }
    for (const { base, parsed } of excluded)
      if (!parsed || relationOf(parsedName, parsed, 'excluded') !== 'outside')
        return { code: 'name-excluded', form, name: name.value, subtree: base.value }
    // A wildcard that is only partly inside stands for hosts that are not permitted.
    const isInside = ({ parsed }: ReadSubtree): boolean => parsed !== undefined && relationOf(parsedName, parsed, 'permitted') === 'inside'
    if (permitted.length > 0 && !permitted.some(isInside)) return { code: 'name-not-permitted', form, name: name.value }
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
): NameConstraintViolation | undefined => {
  const read = readConstraints(constraints)
  if (read.malformed) return read.malformed
  for (const [form, present] of names) {
    const permitted = read.permitted.get(form) ?? []
    const excluded = read.excluded.get(form) ?? []
    const subtrees = permitted.length + excluded.length
    if (subtrees === 0) continue
    const bounded = [...permitted, ...excluded].find((subtree) => subtree.bounded)
    if (!isJudgedForm(form) || bounded) {
      // RFC 5280 4.2.1.10 asks for processing or refusal only where the extension is critical.
      if (!constraints.critical && !bounded) continue
      return { code: 'name-constraints-unsupported', form, name: present[0]?.value, ...(bounded && { subtree: bounded.base.value }) }
    }
    budget.left -= present.length * subtrees
    if (budget.left < 0) return { code: 'name-comparisons-exceeded', form }
    const violation = checkForm({ form, names: present, permitted, excluded })
    if (violation) return violation
  }
  return undefined
}
