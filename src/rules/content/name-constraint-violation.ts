import { say, sayList } from '../../base/phrase.ts'
import { refKey } from '../../base/ref.ts'
import { isCa } from '../../model/judge-chains.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { ConstrainedNames, NameConstraintViolation } from '../../x509/name-constraints.ts'
import { checkNameConstraints, namesUnderConstraints } from '../../x509/name-constraints.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { certificatePath } from '../certificate-path.ts'
import { edit } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

interface Breach {
  readonly ca: X509Certificate
  readonly certificate: X509Certificate
  readonly violation: NameConstraintViolation
  readonly code: BreachCode
}

type BreachCode = Exclude<NameConstraintViolation['code'], 'name-comparisons-exceeded'>

const COMMON_NAME = '2.5.4.3'

const isHostName = (text: string): boolean => {
  if (!text.includes('.') || text.startsWith('.') || text.endsWith('.')) return false
  for (const char of text) if (!'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-'.includes(char)) return false
  return true
}

/** OpenSSL and Java hold a commonName that is a host name against constraints on DNS names where subjectAltName has none. */
const namesOf = (certificate: X509Certificate, isLeaf: boolean): ConstrainedNames => {
  const names = namesUnderConstraints(certificate)
  if (!isLeaf || names.has('dns')) return names
  const hosts = certificate.subject.rdns.flat().filter(({ oid, value }) => oid === COMMON_NAME && isHostName(value))
  return hosts.length === 0 ? names : new Map([...names, ['dns', hosts.map(({ value }) => ({ type: 'dns', value }))]])
}

/** The first certificate of the path whose names a CA above it does not allow; self-issued CAs are exempt (RFC 5280 6.1.3 (b)). */
const firstBreach = (chain: Chain, comparisons: number): Breach | 'budget' | undefined => {
  const path = certificatePath(chain)
  for (let index = 1; index < path.length; index++) {
    const ca = path[index] as X509Certificate
    const constraints = ca.extensions.nameConstraints
    if (!constraints) continue
    const budget = { left: comparisons }
    for (const [below, certificate] of path.slice(0, index).entries()) {
      if (below > 0 && certificate.subject.normalized === certificate.issuer.normalized) continue
      const violation = checkNameConstraints(constraints, namesOf(certificate, below === 0 && !isCa(chain)), budget)
      if (violation?.code === 'name-comparisons-exceeded') return 'budget'
      if (violation) return { ca, certificate, violation, code: violation.code }
    }
  }
  return undefined
}

const SAYS: Readonly<Record<BreachCode, string>> = {
  'name-not-permitted': 'is outside what the CA permits',
  'name-excluded': 'is excluded by the CA',
  'name-malformed': 'is not a well-formed name, so that nobody can hold it against the constraints',
  'name-constraints-malformed': 'stands under constraints that are malformed',
  'name-constraints-unsupported': 'is of a form that critical constraints bind and that clients cannot judge',
}

const FORMS: Readonly<Partial<Record<NameConstraintViolation['form'], string>>> = {
  dns: 'DNS name',
  ip: 'IP address',
  email: 'e-mail address',
  uri: 'URI',
  directory: 'directory name',
}

/** The subtrees of the name's own form that the CA permits. */
const permittedBy = (ca: X509Certificate, { code, form }: NameConstraintViolation): readonly string[] =>
  code === 'name-not-permitted'
    ? (ca.extensions.nameConstraints?.permitted ?? []).filter(({ base }) => base.type === form).map(({ base }) => base.value)
    : []

const sayName = ({ form, name, subtree }: NameConstraintViolation): string => `${FORMS[form] ?? form} ${name ?? subtree ?? ''}`

const check = function* ({ limits, model }: RuleContext): ReturnType<Rule['check']> {
  // What one CA forbids is one cause, however many certificates below it ask for it.
  const groups = new Map<X509Certificate, { readonly chain: Chain; readonly breach: Breach }[]>()
  for (const chain of model.chains) {
    const breach = firstBreach(chain, limits.nameComparisons)
    if (!breach) continue
    if (breach === 'budget') {
      yield notEvaluable(['budget'], chainRef(chain))
      continue
    }
    const known = groups.get(breach.ca)
    if (known) known.push({ chain, breach })
    else groups.set(breach.ca, [{ chain, breach }])
  }
  for (const [ca, members] of groups) {
    const refs = uniqueRefs(members.map(({ chain }) => chainRef(chain)))
    const [subject, ...others] = refs
    const first = members[0]
    if (!subject || !first) continue
    const { certificate, violation } = first.breach
    const holders = model
      .holdersOf(ca)
      .filter((holder) => holder.key === 'tls.crt' && holder.position === 0)
      .map((holder) => holder.ref)
    const own = certificate === first.chain.leaf
    const permitted = permittedBy(ca, violation)
    yield finding({
      subject,
      related: uniqueRefs([...others, ...members.map(({ chain }) => chain.secret.ref)]).filter((ref) => refKey(ref) !== refKey(subject)),
      message:
        others.length === 0
          ? say`${own ? 'A name of' : 'A name of a CA certificate in the chain of'} ${sayRef(subject)} ${SAYS[first.breach.code]}: ${sayName(violation)}`
          : say`Names of ${refs.length} certificates break the constraints of the CA ${ca.subject.text || '(empty name)'}: ${sayList(sayRefs(refs, subject.namespace))}`,
      evidence: [
        { label: 'CA', text: [...say`${ca.subject.text || '(empty name)'}`, ...(holders[0] ? say`, Secret ${sayRef(holders[0])}` : [])] },
        ...(permitted.length === 0 ? [] : [{ label: 'permits', text: sayList(permitted) }]),
        ...(others.length === 0
          ? []
          : members.slice(0, 6).map(({ chain, breach }) => ({
              label: sayRef(chainRef(chain)),
              text: say`${sayName(breach.violation)} ${SAYS[breach.code]}`,
            }))),
        ...(violation.subtree === undefined ? [] : [{ label: 'constraint', text: say`${violation.subtree}` }]),
        ...(own ? [] : [{ label: 'certificate', text: say`${certificate.subject.text || '(empty name)'}` }]),
        { label: 'cert-manager', text: say`does not check name constraints when it signs` },
        { label: 'clients', text: say`refuse; where the constraints stand in the anchor itself, Java does not look at them` },
      ],
      places: members
        .slice(0, 10)
        .flatMap(({ chain }) => [
          chain.secret.placeOf(['data', 'tls.crt']),
          ...(chain.certificate ? [chain.certificate.placeOf(['spec', 'dnsNames'])] : []),
        ]),
      remedy: {
        text: say`Change the names to what the CA allows, or issue from a CA without this constraint`,
        commands: refs
          .filter((ref) => ref.kind === 'Certificate')
          .slice(0, 10)
          .flatMap((ref) => edit(ref)),
      },
    })
  }
}

export const nameConstraintViolation: Rule = {
  id: 'name-constraint-violation',
  group: 'content',
  severity: 'error',
  title: 'A name lies outside what a CA above allows',
  means:
    'A subject or subjectAltName on the path is not permitted, or excluded, by the name constraints of a CA above it. Without DNS names in subjectAltName, a commonName that is a host name counts as one, as OpenSSL and Java have it.',
  matters: 'Clients refuse the chain; cert-manager signs such certificates without a word.',
  mend: 'Change the names, or use another CA.',
  silent: 'Silent where no CA on the path has constraints, or every name keeps to them. Not evaluable where no path is known.',
  sources: [
    { document: 'RFC 5280', at: '4.2.1.10' },
    { document: 'RFC 5280', at: '6.1.3 (b), (c)' },
    { document: 'cert-manager', at: 'issues/2446' },
  ],
  needs: ['secret-data'],
  check,
}
