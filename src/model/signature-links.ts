import { compareBy } from '../base/order.ts'
import type { Verdict } from '../base/verdict.ts'
import { verified } from '../base/verdict.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { Link, Model, NodeIds } from './model.ts'
import { keyIdentifiersAgree, namesChain } from './signature-questions.ts'

const answer = (holds: boolean | undefined): string => (holds === undefined ? 'unknown' : holds ? 'holds' : 'fails')

const namesOf = (subject: X509Certificate, issuer: X509Certificate): Link['detail'] => ({
  names: answer(namesChain(subject, issuer)),
  keyIdentifiers: answer(keyIdentifiersAgree(subject, issuer)),
  dates: answer(subject.notBefore >= issuer.notBefore && subject.notAfter <= issuer.notAfter),
})

/** Equal for certificates of one name and one key. */
const bearerOf = ({ subject, publicKey }: X509Certificate): string => `${publicKey.identity} ${subject.normalized}`

/**
 * Chooses among the certificates that bear the name and the key which signed another: that one itself where it signed itself, the CA in
 * force above it, one that stands in the same Secret, else the first.
 */
const createSignerChoice = (model: Model): ((subject: X509Certificate, bearers: readonly X509Certificate[]) => X509Certificate) => {
  const nearTo = new Map<X509Certificate, ReadonlyMap<string, X509Certificate>>()
  const hasChoice = (subject: X509Certificate): boolean =>
    !nearTo.has(subject) && model.signersByKey(subject).some((bearers) => bearers.length > 1)
  for (const { issuer, sent, anchors } of model.chains) {
    const subjects = [...sent, ...anchors].filter(hasChoice)
    if (subjects.length === 0) continue
    const ca = issuer.status === 'found' ? issuer.issuer.ca : undefined
    // The one set last stays.
    const around = [...(ca ? [ca] : []), ...sent, ...anchors].reverse()
    const near = new Map(around.map((certificate) => [bearerOf(certificate), certificate]))
    for (const subject of subjects) nearTo.set(subject, near)
  }
  return (subject, bearers) => {
    const first = bearers[0] as X509Certificate
    if (bearers.length === 1) return first
    const bearer = bearerOf(first)
    return bearerOf(subject) === bearer ? subject : (nearTo.get(subject)?.get(bearer) ?? first)
  }
}

/**
 * Who signed what: one link for each certificate and key that signed it, since n certificates of one name and key would have n² of them;
 * then what bears one name and key. Each link has the four findings, each for itself: signature (the verdict), names, key identifiers, dates.
 */
export function* signatureLinks(model: Model, ids: NodeIds): Generator<Link> {
  const link = (subject: X509Certificate, issuer: X509Certificate, verdict: Verdict): Link => ({
    kind: 'signed-by',
    from: ids.ofCertificate(subject),
    to: ids.ofCertificate(issuer),
    verdict,
    detail: namesOf(subject, issuer),
  })
  const choose = createSignerChoice(model)
  const several = new Set<readonly X509Certificate[]>()
  for (const subject of [...model.inventory.x509.values()].sort(compareBy(({ fingerprint }) => fingerprint)))
    for (const bearers of model.signersByKey(subject)) {
      if (bearers.length > 1) several.add(bearers)
      yield link(subject, choose(subject, bearers), verified)
    }
  const told = new Map<X509Certificate, Set<X509Certificate>>()
  for (const { leaf, issuer } of model.chains) {
    const ca = issuer.status === 'found' ? issuer.issuer.ca : undefined
    if (!ca || told.get(leaf)?.has(ca)) continue
    const verdict = model.signs(ca, leaf)
    // Told above, of this one or another of its name and key.
    if (verdict.status === 'verified' && namesChain(leaf, ca)) continue
    told.set(leaf, (told.get(leaf) ?? new Set()).add(ca))
    yield link(leaf, ca, verdict)
  }
  for (const [first, ...others] of several)
    for (const other of others)
      yield { kind: 'same-key', from: ids.ofCertificate(other), to: ids.ofCertificate(first as X509Certificate), verdict: verified }
}
