import type { Phrase } from '../../base/phrase.ts'
import { say, sayList } from '../../base/phrase.ts'
import { isBrokenCertificate } from '../../inventory/secret.ts'
import { decidingClients, isCa } from '../../model/judge-chains.ts'
import type { Chain, Model } from '../../model/model.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import type { ClientVerdict } from '../../x509/clients/client.ts'
import { chainRef, uniqueRefs } from '../causes.ts'
import { certificatePath } from '../certificate-path.ts'
import { describe } from '../commands.ts'
import { groupByCa } from '../group-by-ca.ts'
import type { Evidence, Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayClient, sayInstant, sayKey, sayRef, sayRefs } from '../wording.ts'

/**
 * What a certificate above can be refused for. Names, signatures and anchors have rules of their own, and a client that does not know
 * an algorithm says nothing against the certificate.
 */
const REASONS: ReadonlySet<string> = new Set([
  'expired',
  'not-yet-valid',
  'invalid-date',
  'weak-signature',
  'weak-key',
  'not-a-ca',
  'anchor-not-a-ca',
  'key-usage',
  'extended-key-usage',
  'too-many-intermediates',
  'critical-extension',
  'malformed-extension',
])

/** Purposes of TLS; a certificate for none of them is not made for these clients. */
const TLS_PURPOSES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0'])

/** Is it what a client of TLS may be shown, with an anchor above it to judge it by? */
const isPresented = (chain: Chain, at: number): boolean => {
  const { leaf } = chain
  const purposes = leaf.extensions.extendedKeyUsage?.purposes
  if (isCa(chain) || chain.feeds.length > 0 || leaf.subject.normalized === leaf.issuer.normalized) return false
  if (purposes && !purposes.some((purpose) => TLS_PURPOSES.has(purpose))) return false
  if (leaf.notAfter < at || at < leaf.notBefore) return false
  return ![...chain.secret.tlsCrt.entries, ...chain.secret.caCrt.entries].some(isBrokenCertificate)
}

const anchorsOf = (chain: Chain): readonly X509Certificate[] => (chain.anchorsInForce.length > 0 ? chain.anchorsInForce : chain.anchors)

/** Of its own uses the end-entity certificate has those that its Certificate asks for. */
const isOfLeaf = ({ reason }: ClientVerdict): boolean => reason.includes('(of the leaf)')

const codeOf = ({ reason }: ClientVerdict): string => reason.slice(0, Math.max(0, reason.indexOf(':')))

/** `key-usage: key usage (no keyCertSign) [INVALID_KEY_USAGE]` without the code and the client's own word. */
const shortReason = (reason: string): string => reason.slice(reason.indexOf(':') + 2).split(' [', 1)[0] ?? reason

interface Refused {
  readonly chain: Chain
  /** Client and reason, of those that refuse. */
  readonly refusals: readonly (readonly [string, string])[]
}

const refusalsOf = (chain: Chain, model: Model): Refused['refusals'] => {
  const { clients } = model.judge.judge(chain, anchorsOf(chain))
  return decidingClients.flatMap((client) => {
    const verdict = clients[client]
    return verdict.accepts === false && REASONS.has(codeOf(verdict)) && !isOfLeaf(verdict)
      ? [[sayClient(client), verdict.reason] as const]
      : []
  })
}

const usagesOf = ({ extensions }: X509Certificate): string => {
  const key = extensions.keyUsage ? `key usage ${extensions.keyUsage.usages.join(', ') || 'empty'}` : 'no key usage'
  const purposes = extensions.extendedKeyUsage?.purposes
  return purposes ? `${key}, extended key usage ${purposes.join(', ')}` : key
}

const sayAbove = (certificate: X509Certificate): Phrase =>
  say`${certificate.subject.text || '(empty name)'}: ${certificate.extensions.basicConstraints?.ca === true ? 'CA' : 'no CA'}, ${sayKey(certificate.publicKey)}, ${usagesOf(certificate)}, until ${sayInstant(certificate.notAfter)}`

/** The certificates above, from the lowest up: one of them is what the clients refuse. */
const above = (chain: Chain): readonly Evidence[] => {
  const path = certificatePath(chain).slice(1)
  const shown = path.length > 0 ? path : [...chain.sent.filter((certificate) => certificate !== chain.leaf), ...anchorsOf(chain)]
  return shown.slice(0, 6).map((certificate) => ({ label: 'above it', text: sayAbove(certificate) }))
}

const check = function* ({ at, causes, isTold, model }: RuleContext): ReturnType<Rule['check']> {
  const groups = new Map<string, Refused[]>()
  for (const chain of model.chains) {
    if (!isPresented(chain, at) || anchorsOf(chain).length === 0 || causes.isToldByCa(chain)) continue
    if (isTold(chainRef(chain)) || isTold(chain.secret.ref)) continue
    const refusals = refusalsOf(chain, model)
    if (refusals.length === 0) continue
    const key = refusals.map((refusal) => refusal.join(' ')).join('\n')
    const known = groups.get(key)
    if (known) known.push({ chain, refusals })
    else groups.set(key, [{ chain, refusals }])
  }
  for (const members of groups.values()) {
    for (const group of groupByCa(
      model,
      members.map(({ chain }) => chain),
    )) {
      const [first] = group.chains
      const refusals = members[0]?.refusals ?? []
      if (!first) continue
      const refs = uniqueRefs(group.chains.map(chainRef))
      yield finding({
        subject: group.subject,
        related: uniqueRefs([...group.related, ...refs, ...group.chains.map((chain) => chain.secret.ref)]).filter(
          (ref) => ref !== group.subject,
        ),
        message: say`${sayList(refusals.map(([client]) => client))} ${refusals.length === 1 ? 'refuses' : 'refuse'} ${refs.length === 1 ? sayList(sayRefs(refs)) : say`${refs.length} certificates below ${sayRef(group.subject)}`} for a certificate above: ${sayList([...new Set(refusals.map(([, reason]) => shortReason(reason)))])}`,
        evidence: [
          ...refusals.map(([client, reason]) => ({ label: client, text: say`${reason}` })),
          ...above(first),
          ...(refs.length === 1 ? [] : [{ label: 'chains', text: sayList(sayRefs(refs, group.subject.namespace)) }]),
        ],
        places: group.chains.slice(0, 10).map((chain) => chain.secret.placeOf(['data', 'tls.crt'])),
        remedy: {
          text: say`Issue the certificate above anew with what the clients miss in it, then everything below it`,
          commands: describe(group.subject),
        },
      })
    }
  }
}

export const refusedByClients: Rule = {
  id: 'refused-by-clients',
  group: 'chain',
  severity: 'error',
  title: 'Clients refuse the chain for a certificate above',
  means:
    'At least one of Go, OpenSSL, Java and rustls, given the anchor in force or else the ca.crt of the Secret, refuses the chain for a CA or an intermediate in it: no CA, key usage, a purpose that does not fit, a key too small, an old signature algorithm, too many intermediates, an anchor out of its dates.',
  matters: 'cert-manager looks at none of this: READY says True, and the connection fails.',
  mend: 'Issue the CA or the intermediate anew, then everything below it.',
  silent:
    'Silent where another rule names the Certificate or its Secret, for CAs, self-signed certificates and those for no purpose of TLS, where no anchor is known, and where a client only does not know the algorithm.',
  sources: [
    { document: 'RFC 5280', at: '6.1' },
    { document: 'kubepki', at: 'docs/clients.md' },
  ],
  needs: ['secret-data'],
  check,
}
