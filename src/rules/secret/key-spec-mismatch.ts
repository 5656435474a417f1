import { say, sayList } from '../../base/phrase.ts'
import type { Chain } from '../../model/model.ts'
import type { PublicKey } from '../../x509/public-key.ts'
import { patch, renew } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import { renewTopDown } from '../renew-top-down.ts'
import { isStuckByKey } from '../stuck-by-key.ts'
import { isViolated } from '../policy.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayKey, sayRefs } from '../wording.ts'

/** The key that cert-manager compares with the spec: tls.key, or what the certificate says of it where the key is masked. */
const keyOf = ({ secret, leaf }: Chain): PublicKey =>
  secret.tlsKey.facts?.status === 'read' ? secret.tlsKey.facts.publicKey : leaf.publicKey

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  // One edit of many specs, or one default that many rely on: certificates with the same difference are told together.
  const groups = new Map<string, { readonly policy: string; readonly asked: string; readonly chains: Chain[] }>()
  for (const certificate of context.model.inventory.certificates) {
    const policy = isViolated(context, certificate, ['SecretPrivateKeyMismatchesSpec', 'SecretPrivateKeyMatchesSpec'], 'SecretMismatch')
    if (!policy) continue
    const chain = context.model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (
      !chain ||
      chain.certificate !== certificate ||
      chain.order.kind === 'leaf-not-first' ||
      // Another key than the certificate's lies there: key-mismatch tells it, and its remedy makes a key that fits the spec.
      chain.keyMatches.status === 'failed' ||
      isStuckByKey(context, certificate) ||
      issuerOverwrittenBy(context.model, certificate)
    )
      continue
    const { algorithm = 'RSA', size } = certificate.spec.privateKey ?? {}
    const asked = `${algorithm}${size === undefined ? '' : ` ${size}`}`
    const key = `${asked}/${sayKey(keyOf(chain))}`
    const known = groups.get(key)
    if (known) known.chains.push(chain)
    else groups.set(key, { asked, policy: policy.message ?? policy.reason ?? '', chains: [chain] })
  }
  for (const { asked, policy, chains } of groups.values()) {
    const [first] = chains
    const refs = chains.flatMap((chain) => (chain.certificate ? [chain.certificate.ref] : []))
    const [subject, ...others] = refs
    if (!first || !subject) continue
    const below = chains.flatMap((chain) => context.causes.below(chain.secret))
    yield finding({
      subject,
      related: [...others, ...chains.map((chain) => chain.secret.ref)],
      message: say`The key of ${sayList(sayRefs(refs))} is ${sayKey(keyOf(first))}; ${refs.length === 1 ? 'its spec asks' : 'their specs ask'} for ${asked}`,
      evidence: [{ label: 'cert-manager', text: say`${policy}` }],
      places: chains.slice(0, 10).map((chain) => (chain.certificate ?? chain.secret).placeOf(['spec', 'privateKey'])),
      remedy: {
        text:
          below.length > 0
            ? say`Put the former algorithm and size back into the spec of a CA: with another key, nothing that it signed verifies under it. If the key has to change, set rotationPolicy Always where it is Never, renew, and issue anew what the CA signed`
            : say`Let the key be made anew when the certificate is issued: set rotationPolicy Always where it is Never, then renew`,
        commands: [
          ...(refs.length <= 10 ? refs.flatMap((ref) => patch(ref, { spec: { privateKey: { rotationPolicy: 'Always' } } })) : []),
          ...(below.length > 0 ? renewTopDown([...new Set([...chains, ...below])], context.model) : renew(refs)),
        ],
      },
    })
  }
}

export const keySpecMismatch: Rule = {
  id: 'key-spec-mismatch',
  group: 'secret',
  severity: 'warning',
  title: 'The key is of another kind or size than the spec asks for',
  means: 'Algorithm or size of the private key differ from spec.privateKey, defaults filled in.',
  matters: 'The certificate works; cert-manager wants to issue it anew, and with rotationPolicy Never it cannot.',
  mend: 'Set rotationPolicy: Always and renew. For a CA put the former key spec back, or issue anew everything below it as well.',
  silent:
    'Silent when they agree, where issuance is stuck for this reason (that is key-not-rotatable), and where the key is not that of the certificate (key-mismatch).',
  sources: [{ document: 'cert-manager', at: 'internal/controller/certificates/policies/checks.go: SecretPrivateKeyMismatchesSpec' }],
  needs: ['certificate-resource', 'secret-data'],
  check,
}
