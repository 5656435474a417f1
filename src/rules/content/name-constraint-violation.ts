import { say } from '../../base/phrase.ts'
import { defaultLimits } from '../../base/limits.ts'
import type { Chain } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { NameConstraintViolation } from '../../x509/name-constraints.ts'
import { checkNameConstraints, namesUnderConstraints } from '../../x509/name-constraints.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { certificatePath } from '../certificate-path.ts'
import { edit } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef } from '../wording.ts'

interface Breach {
  readonly ca: X509Certificate
  readonly certificate: X509Certificate
  readonly violation: NameConstraintViolation
}

/** The first certificate of the path whose names a CA above it does not allow; self-issued CAs are exempt (RFC 5280 6.1.3 (b)). */
const firstBreach = (chain: Chain): Breach | undefined => {
  const path = certificatePath(chain)
  for (const [index, ca] of path.entries()) {
    const constraints = ca.extensions.nameConstraints
    if (index === 0 || !constraints) continue
    const budget = { left: defaultLimits.nameComparisons }
    for (const [below, certificate] of path.slice(0, index).entries()) {
      if (below > 0 && certificate.subject.normalized === certificate.issuer.normalized) continue
      const violation = checkNameConstraints(constraints, namesUnderConstraints(certificate), budget)
      if (violation && violation.code !== 'name-comparisons-exceeded') return { ca, certificate, violation }
    }
  }
  return undefined
}

const SAYS: Readonly<Record<NameConstraintViolation['code'], string>> = {
  'name-not-permitted': 'is outside what the CA permits',
  'name-excluded': 'is excluded by the CA',
  'name-malformed': 'is not a well-formed name, so that nobody can hold it against the constraints',
  'name-constraints-malformed': 'stands under constraints that are malformed',
  'name-constraints-unsupported': 'is of a form that critical constraints bind and that clients cannot judge',
  'name-comparisons-exceeded': 'was not compared',
}

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    const breach = firstBreach(chain)
    if (!breach) continue
    const { ca, certificate, violation } = breach
    const subject = chainRef(chain)
    const holders = model
      .holdersOf(ca)
      .filter((holder) => holder.key === 'tls.crt' && holder.position === 0)
      .map((holder) => holder.ref)
    const own = certificate === chain.leaf
    yield finding({
      subject,
      related: uniqueRefs([...(subject.kind === 'Secret' ? [] : [chain.secret.ref])]),
      message: say`${own ? 'A name' : 'A CA below whose constraints a name'} of ${sayRef(subject)} ${SAYS[violation.code]}: ${violation.form} ${violation.name ?? violation.subtree ?? ''}`,
      evidence: [
        { label: 'CA', text: [...say`${ca.subject.text || '(empty name)'}`, ...(holders[0] ? say`, Secret ${sayRef(holders[0])}` : [])] },
        ...(violation.subtree === undefined ? [] : [{ label: 'constraint', text: say`${violation.subtree}` }]),
        ...(own ? [] : [{ label: 'certificate', text: say`${certificate.subject.text || '(empty name)'}` }]),
        { label: 'cert-manager', text: say`does not check name constraints when it signs` },
        { label: 'clients', text: say`refuse; where the constraints stand in the anchor itself, Java does not look at them` },
      ],
      places: [chain.secret.placeOf(['data', 'tls.crt']), ...(chain.certificate ? [chain.certificate.placeOf(['spec', 'dnsNames'])] : [])],
      remedy: {
        text: say`Change the names to what the CA allows, or issue from a CA without this constraint`,
        commands: subject.kind === 'Certificate' ? edit(subject) : [],
      },
    })
  }
}

export const nameConstraintViolation: Rule = {
  id: 'name-constraint-violation',
  group: 'content',
  severity: 'error',
  title: 'A name lies outside what a CA above allows',
  means: 'A subject or subjectAltName on the path is not permitted, or excluded, by the name constraints of a CA above it.',
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
