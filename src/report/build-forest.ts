import { formatInstant } from '../base/instant.ts'
import { NamedMap } from '../base/named-map.ts'
import type { Ref } from '../base/ref.ts'
import type { Writable } from '../base/writable.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Condition } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { Chain, IssuerNode, Model } from '../model/model.ts'
import type { Diagnostic, Severity, TreeNode } from './report.ts'

/** Levels of issuers and CAs below each other that a tree shows; a real PKI has three or four. */
const DEEPEST = 20

const readyOf = (conditions: readonly Condition[] | undefined): string | undefined =>
  conditions?.find((condition) => condition.type === 'Ready')?.status

const signatureOf = (chain: Chain | undefined, model: Model): TreeNode['signature'] => {
  if (!chain) return undefined
  switch (chain.relation.kind) {
    case 'current':
    case 'key-identifier-differs':
      return 'verified'
    case 'rekeyed':
    case 'signature-invalid':
    case 'other-name':
      return 'failed'
    case 'unknown':
      return 'unknown'
    case 'not-applicable': {
      if (chain.leaf.subject.normalized === chain.leaf.issuer.normalized) return model.signs(chain.leaf, chain.leaf).status
      return chain.ownAnchor.kind === 'reached' ? 'verified' : chain.ownAnchor.kind === 'unrelated' ? 'failed' : 'unknown'
    }
  }
}

const NONE: readonly never[] = []

interface Faults {
  readonly faults: readonly string[]
  readonly worst?: Severity
}

const NO_FAULTS: Faults = { faults: [] }

const faultsIn = (found: readonly Diagnostic[]): Faults => ({
  faults: [...new Set(found.map((diagnostic) => diagnostic.rule))],
  worst: found.some((diagnostic) => diagnostic.severity === 'error') ? 'error' : 'warning',
})

/** Which diagnostics say something of an object, as error or warning. One of them may name thousands, which then share list and answer. */
const indexFaults = (diagnostics: readonly Diagnostic[]): ((ref: Ref, secret?: Ref) => Faults) => {
  const byKind = new Map<string, NamedMap<Diagnostic[]>>()
  const add = ({ kind, namespace, name }: Ref, diagnostic: Diagnostic, alone: Diagnostic[]): void => {
    let ofKind = byKind.get(kind)
    if (!ofKind) byKind.set(kind, (ofKind = new NamedMap<Diagnostic[]>()))
    const known = ofKind.get(namespace, name)
    if (!known) ofKind.set(namespace, name, alone)
    else if (known[known.length - 1] === diagnostic) return
    else if (known.length === 1) ofKind.set(namespace, name, [known[0] as Diagnostic, diagnostic])
    else known.push(diagnostic)
  }
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'info') continue
    const alone = [diagnostic]
    add(diagnostic.subject, diagnostic, alone)
    for (const ref of diagnostic.related) add(ref, diagnostic, alone)
  }
  const answers = new Map<readonly Diagnostic[], Faults>()
  const answerOf = (found: readonly Diagnostic[] | undefined): Faults => {
    if (!found) return NO_FAULTS
    let known = answers.get(found)
    if (!known) answers.set(found, (known = faultsIn(found)))
    return known
  }
  const foundAt = (ref: Ref): readonly Diagnostic[] | undefined => byKind.get(ref.kind)?.get(ref.namespace, ref.name)
  return (ref, secret) => {
    const [own, ofSecret] = [foundAt(ref), secret && foundAt(secret)]
    return own && ofSecret && own !== ofSecret ? faultsIn([...new Set([...own, ...ofSecret])]) : answerOf(own ?? ofSecret)
  }
}

/**
 * The forest from each root down: issuers that no CA of the dump stands above, what they issued, the issuers that sign with that.
 * Secrets with a certificate and without a Certificate stand at the end, by themselves or below the issuer their annotation names.
 */
export const buildForest = (
  model: Model,
  diagnostics: readonly Diagnostic[],
  renewalTimeOf: (certificate: CertificateResource) => string | undefined,
): readonly TreeNode[] => {
  const faultsOf = indexFaults(diagnostics)
  const chainUnder = (issuer: IssuerNode): Chain | undefined =>
    issuer.caSecret && model.chainOf(issuer.caSecret.ref.namespace, issuer.caSecret.ref.name)
  /** Who fills an issuer's Secret, where its certificate is masked or the Secret is missing: then names are all there is to go by. */
  const fillerOf = (issuer: IssuerNode): CertificateResource | undefined => {
    const { caSecretName } = issuer.resource
    return caSecretName === undefined || issuer.secretNamespace === undefined || chainUnder(issuer)
      ? undefined
      : model.claimantsOf(issuer.secretNamespace, caSecretName)[0]
  }
  const feeds = new Map<SecretResource | CertificateResource, IssuerNode[]>()
  for (const issuer of model.issuers) {
    const from = fillerOf(issuer) ?? issuer.caSecret
    if (!from) continue
    const known = feeds.get(from)
    if (known) known.push(issuer)
    else feeds.set(from, [issuer])
  }
  const orphansOf = new Map<IssuerNode | undefined, Chain[]>()
  for (const chain of model.chains) {
    if (chain.certificate) continue
    const issuer = chain.issuer.status === 'found' ? chain.issuer.issuer : undefined
    const known = orphansOf.get(issuer)
    if (known) known.push(chain)
    else orphansOf.set(issuer, [chain])
  }
  const shown = new Set<IssuerNode>()
  /** The certificate may be there, and the dump does not show it: then the Certificate's own status is believed. */
  const isOutOfSight = ({ ref, spec }: CertificateResource, secret: SecretResource | undefined): boolean =>
    secret
      ? secret.tlsCrt.status === 'masked' || secret.tlsCrt.status === 'unknown'
      : !model.isAbsenceKnown('Secret', ref.namespace, spec.secretName ?? '')

  const secretNode = (chain: Chain, depth: number): TreeNode => ({
    ref: chain.secret.ref,
    role: chain.feeds.length > 0 || chain.leaf.extensions.basicConstraints?.ca === true ? 'ca' : 'end-entity',
    ...(chain.secret.metadata.creationTimestamp !== undefined && { age: formatInstant(chain.secret.metadata.creationTimestamp) }),
    notAfter: formatInstant(chain.leaf.notAfter),
    ...(signatureOf(chain, model) && { signature: signatureOf(chain, model) }),
    ...faultsOf(chain.secret.ref),
    children: (feeds.get(chain.secret) ?? []).flatMap((issuer) => issuerNode(issuer, depth + 1)),
  })
  const certificateNode = (certificate: CertificateResource, depth: number): TreeNode => {
    const secret = model.secret(certificate.ref.namespace, certificate.spec.secretName)
    const chain = secret && model.ownerOf(secret) === certificate ? model.chainOf(secret.ref.namespace, secret.ref.name) : undefined
    const signature = signatureOf(chain, model)
    const ready = readyOf(certificate.status?.conditions)
    const status = isOutOfSight(certificate, secret) ? certificate.status : undefined
    const notAfter = chain ? chain.leaf.notAfter : status?.notAfter
    const renewalTime = renewalTimeOf(certificate) ?? (status?.renewalTime === undefined ? undefined : formatInstant(status.renewalTime))
    const { creationTimestamp } = certificate.metadata
    const { faults, worst } = faultsOf(certificate.ref, chain?.secret.ref)
    // Put in one by one: a spread of what may be absent makes an object for each of them.
    const node: Writable<Omit<TreeNode, 'faults' | 'worst' | 'children'>> = {
      ref: certificate.ref,
      role: certificate.spec.isCA === true ? 'ca' : 'end-entity',
    }
    if (ready !== undefined) node.ready = ready
    if (certificate.spec.secretName !== undefined) node.secret = certificate.spec.secretName
    if (creationTimestamp !== undefined) node.age = formatInstant(creationTimestamp)
    if (notAfter !== undefined) node.notAfter = formatInstant(notAfter)
    if (renewalTime !== undefined) node.renewalTime = renewalTime
    if (signature) node.signature = signature
    const children = (feeds.get(chain?.secret ?? certificate) ?? NONE).flatMap((issuer) => issuerNode(issuer, depth + 1))
    return Object.assign(node, worst === undefined ? { faults, children } : { faults, worst, children })
  }
  const issuerNode = (issuer: IssuerNode, depth: number): readonly TreeNode[] => {
    if (shown.has(issuer) || depth > DEEPEST) return []
    shown.add(issuer)
    const ready = readyOf(issuer.resource.conditions)
    return [
      {
        ref: issuer.ref,
        role: issuer.resource.types.join(', ') || 'none',
        ...(ready !== undefined && { ready }),
        ...(issuer.resource.caSecretName !== undefined && { secret: issuer.resource.caSecretName }),
        ...(issuer.resource.metadata.creationTimestamp !== undefined && { age: formatInstant(issuer.resource.metadata.creationTimestamp) }),
        ...faultsOf(issuer.ref),
        children: [
          ...model.issuedBy(issuer).map((certificate) => certificateNode(certificate, depth)),
          ...(orphansOf.get(issuer) ?? []).map((chain) => secretNode(chain, depth)),
        ],
      },
    ]
  }
  // A CA issuer hangs below the Certificate (or the orphan Secret) that fills its Secret, where that one is itself issued by an issuer of the dump.
  const hangsBelow = (issuer: IssuerNode): boolean => {
    const filler = fillerOf(issuer)
    const above = filler ? model.resolveIssuer(filler.spec.issuerRef, filler.ref.namespace) : chainUnder(issuer)?.issuer
    return above?.status === 'found' && above.issuer !== issuer
  }
  const roots = model.issuers.filter((issuer) => !hangsBelow(issuer)).flatMap((issuer) => issuerNode(issuer, 0))
  // Issuers in a loop hang below each other and from no root.
  const loops = model.issuers.filter((issuer) => !shown.has(issuer)).flatMap((issuer) => issuerNode(issuer, 0))
  const unresolved = model.inventory.certificates
    .filter((certificate) => model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace).status !== 'found')
    .map((certificate) => certificateNode(certificate, 0))
  const orphans = (orphansOf.get(undefined) ?? [])
    .filter((chain) => (feeds.get(chain.secret) ?? []).every((issuer) => !shown.has(issuer)))
    .map((chain) => secretNode(chain, 0))
  return [...roots, ...loops, ...unresolved, ...orphans]
}
