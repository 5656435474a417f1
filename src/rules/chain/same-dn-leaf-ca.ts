import { equalBytes } from '../../base/bytes.ts'
import { say, sayList } from '../../base/phrase.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { edit } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const chain of model.chains) {
    const { leaf } = chain
    if (leaf.subject.normalized !== leaf.issuer.normalized || leaf.subject.rdns.length === 0) continue
    if (model.signs(leaf, leaf).status !== 'failed') continue
    const [aki, ski] = [leaf.extensions.authorityKeyIdentifier?.keyIdentifier, leaf.extensions.subjectKeyIdentifier?.keyIdentifier]
    // OpenSSL takes it for self-signed unless both identifiers are there and differ.
    if (aki && ski && !equalBytes(aki, ski)) continue
    const subject = chainRef(chain)
    // Where it is a CA, what it signed goes through it.
    const harmed = chain.feeds.length > 0 ? causes.below(chain.secret).filter((item) => item.pathInForce?.includes(leaf)) : []
    yield finding({
      subject,
      related: uniqueRefs([
        ...(subject.kind === 'Secret' ? [] : [chain.secret.ref]),
        ...chain.feeds.map((issuer) => issuer.ref),
        ...harmed.map(chainRef),
      ]),
      message: say`${sayRef(subject)} has the same name as the CA that signed it, ${leaf.subject.text}`,
      evidence: [
        {
          label: 'clients',
          text: say`OpenSSL takes it for self-signed and refuses it under every anchor (error 18); Go, Java and rustls accept`,
        },
        ...(harmed.length > 0
          ? [{ label: 'below it', text: sayList(sayRefs(uniqueRefs(harmed.map(chainRef)), chain.secret.ref.namespace)) }]
          : []),
      ],
      places: [
        chain.secret.placeOf(['data', 'tls.crt']),
        ...(chain.certificate ? [chain.certificate.placeOf(['spec', 'commonName'])] : []),
      ],
      remedy: {
        text: say`Give the certificate a commonName or subject of its own`,
        commands: subject.kind === 'Certificate' ? edit(subject) : [],
      },
    })
  }
}

export const sameDnLeafCa: Rule = {
  id: 'same-dn-leaf-ca',
  group: 'chain',
  severity: 'error',
  title: 'A certificate bears the name of its own CA',
  means: 'Subject and issuer are equal although the certificate is not self-signed, and no key identifiers tell the two apart.',
  matters: 'OpenSSL, and with it nginx, curl, Python and Node, takes the certificate for self-signed and refuses it, whatever it trusts.',
  mend: 'Change commonName or subject of the Certificate.',
  silent: 'Silent for self-signed certificates and where both key identifiers are there and differ.',
  sources: [
    { document: 'RFC 5280', at: '4.2.1.1' },
    { document: 'golang/go', at: 'issues/62060' },
  ],
  needs: ['secret-data'],
  check,
}
