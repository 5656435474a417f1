import { NamedMap } from '../base/named-map.ts'
import { compareStrings } from '../base/order.ts'
import type { Ref } from '../base/ref.ts'
import { defaultLimits } from '../base/limits.ts'
import type { Limits } from '../base/limits.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { CertificateBundle, SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { SignatureQuestion } from '../x509/signature.ts'
import { createAbsence } from './absence.ts'
import { findSignedPath, isSelfSigned, readCaRelation, readChainOrder, readKeyMatch, readOwnAnchor } from './build-chain.ts'
import { createChainJudge } from './judge-chains.ts'
import type { Chain, Holder, IssuerNode, IssuerResolution, Model, ModelOptions } from './model.ts'
import { buildIssuerNodes, createIssuerResolver } from './resolve-issuer.ts'
import type { SignatureOracle } from './signature-questions.ts'
import { askSignatures, keyIdentifiersAgree, namesChain } from './signature-questions.ts'

const groupBy = <K, T>(items: readonly T[], keyOf: (item: T) => K | undefined): ReadonlyMap<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** Objects by their name, in all namespaces; most models are never asked. */
const createNameFinder = <T extends { readonly ref: Ref }>(items: readonly T[]): ((name: string) => readonly T[]) => {
  let byName: ReadonlyMap<string, readonly T[]> | undefined
  return (name) => (byName ??= groupBy(items, (item) => item.ref.name)).get(name) ?? NONE
}

/** Items by the namespace and name that they lead to. */
const groupByName = <T>(items: readonly T[], nameOf: (item: T) => readonly [string | undefined, string] | undefined): NamedMap<T[]> => {
  const groups = new NamedMap<T[]>()
  for (const item of items) {
    const name = nameOf(item)
    if (name) NamedMap.push(groups, name[0], name[1], item)
  }
  return groups
}

const NONE: readonly never[] = []

const ANNOTATION = 'cert-manager.io/certificate-name'
const OLD_ANNOTATION = 'certmanager.k8s.io/certificate-name'

/** The Certificate named by the Secret's annotation if it is among them, else the oldest, ties by name (cert-manager internal/controller/certificates/certificates.go). */
const ownerAmong = (claimants: readonly CertificateResource[], secret: SecretResource): CertificateResource | undefined => {
  const named = secret.metadata.annotations[ANNOTATION] ?? secret.metadata.annotations[OLD_ANNOTATION]
  return claimants.find((certificate) => certificate.ref.name === named) ?? claimants[0]
}

const oldestFirst = (a: CertificateResource, b: CertificateResource): number =>
  (a.metadata.creationTimestamp ?? 0) - (b.metadata.creationTimestamp ?? 0) || compareStrings(a.ref.name, b.ref.name)

const findHolders = (inventory: Inventory): ReadonlyMap<string, readonly Holder[]> => {
  const holders = new Map<string, Holder[]>()
  const add = (bundle: CertificateBundle, ref: Ref, key: Holder['key']): void => {
    bundle.certificates.forEach((certificate, position) => {
      const holder: Holder = { ref, key, position }
      const known = holders.get(certificate.fingerprint)
      if (known) known.push(holder)
      else holders.set(certificate.fingerprint, [holder])
    })
  }
  for (const { ref, tlsCrt, caCrt } of inventory.secrets) {
    add(tlsCrt, ref, 'tls.crt')
    add(caCrt, ref, 'ca.crt')
  }
  for (const { ref, certificate, ca } of inventory.certificateRequests) {
    add(certificate, ref, 'status.certificate')
    add(ca, ref, 'status.ca')
  }
  return holders
}

/** Only what is broken is asked where it stands: the index is made when the first rule asks. */
const createHolderFinder = (inventory: Inventory): Model['holdersOf'] => {
  let holders: ReadonlyMap<string, readonly Holder[]> | undefined
  return (certificate) => (holders ??= findHolders(inventory)).get(certificate.fingerprint) ?? NONE
}

/** The issuerRef of a Secret that no Certificate of the dump fills, from the annotations that cert-manager left on it. */
const annotatedIssuerRef = (secret: SecretResource): IssuerRef | undefined => {
  const { annotations } = secret.metadata
  const name = annotations['cert-manager.io/issuer-name'] ?? annotations['certmanager.k8s.io/issuer-name']
  if (name === undefined || name === '') return undefined
  const kind = annotations['cert-manager.io/issuer-kind'] ?? annotations['certmanager.k8s.io/issuer-kind']
  const group = annotations['cert-manager.io/issuer-group']
  return { name, kind: kind || 'Issuer', group: group || 'cert-manager.io', written: { name, kind, group } }
}

/** Climbs from issuer to issuer by the CAs in force to what a client should trust now; a loop of issuers ends where it began. */
const createAnchorsInForce = (
  oracle: SignatureOracle,
  issuerOfSecret: (secret: SecretResource) => IssuerResolution,
): ((issuer: IssuerResolution) => readonly X509Certificate[]) => {
  const known = new Map<IssuerNode, readonly X509Certificate[]>()
  const climb = (node: IssuerNode, seen: ReadonlySet<IssuerNode>): readonly X509Certificate[] => {
    const cached = known.get(node)
    if (cached) return cached
    const { ca, caSecret } = node
    if (!ca || !caSecret) return []
    let found: readonly X509Certificate[]
    if (isSelfSigned(ca, oracle)) found = [ca]
    else {
      const above = issuerOfSecret(caSecret)
      const next =
        above.status === 'found' && !seen.has(above.issuer) && seen.size < 12 ? climb(above.issuer, new Set([...seen, node])) : []
      found = next.length > 0 ? next : caSecret.caCrt.certificates.length > 0 ? caSecret.caCrt.certificates : [ca]
    }
    known.set(node, found)
    return found
  }
  return (issuer) => (issuer.status === 'found' ? climb(issuer.issuer, new Set()) : [])
}

/**
 * Builds the chain model: resolves every reference, asks every signature question in batches (the one place that waits),
 * and works out for each Secret how its certificates stand to each other, to its ca.crt and to the CA in force.
 */
export const buildModel = async (inventory: Inventory, options: ModelOptions, limits: Limits = defaultLimits): Promise<Model> => {
  const secrets = new NamedMap<SecretResource>()
  for (const secret of inventory.secrets) secrets.set(secret.ref.namespace, secret.ref.name, secret)
  const secretAt: Model['secret'] = (namespace, name) => (name === undefined ? undefined : secrets.get(namespace, name))
  const issuers = buildIssuerNodes(inventory, secretAt, options.clusterResourceNamespace)
  const resolveIssuer = createIssuerResolver(issuers)
  const claimants = groupByName([...inventory.certificates].sort(oldestFirst), ({ ref, spec }) =>
    spec.secretName === undefined ? undefined : [ref.namespace, spec.secretName],
  )
  // Asked for each of a Secret's claimants, and there may be very many.
  const owners = new Map<SecretResource, CertificateResource>()
  for (const secret of inventory.secrets) {
    const owner = ownerAmong(claimants.get(secret.ref.namespace, secret.ref.name) ?? NONE, secret)
    if (owner) owners.set(secret, owner)
  }
  const ownerOf: Model['ownerOf'] = (secret) => owners.get(secret)
  const issuerOfSecret = (secret: SecretResource): IssuerResolution => {
    const owner = ownerOf(secret)
    return owner
      ? resolveIssuer(owner.spec.issuerRef, owner.ref.namespace)
      : resolveIssuer(annotatedIssuerRef(secret), secret.ref.namespace)
  }

  const extra: SignatureQuestion[] = []
  for (const secret of inventory.secrets) {
    const issuer = issuerOfSecret(secret)
    const ca = issuer.status === 'found' ? issuer.issuer.ca : undefined
    if (ca)
      for (const certificate of secret.tlsCrt.certificates)
        if (certificate.issuer.normalized === ca.subject.normalized) extra.push({ certificate, issuer: ca })
    const consider = (certificate: X509Certificate, others: readonly X509Certificate[], most: number): void => {
      for (let i = 0; i < most && i < others.length; i++) {
        const above = others[i] as X509Certificate
        // Some clients take two names for one that RFC 5280 tells apart: the key identifiers say which pairs those are.
        if (above !== ca && above !== certificate && (namesChain(certificate, above) || keyIdentifiersAgree(certificate, above) === true))
          extra.push({ certificate, issuer: above })
      }
    }
    for (const certificate of secret.tlsCrt.certificates) {
      consider(certificate, secret.caCrt.certificates, 4)
      consider(certificate, secret.tlsCrt.certificates, 8)
    }
  }
  const oracle = await askSignatures([...inventory.x509.values()], extra, limits.signaturesPerCertificate)
  const anchorsInForce = createAnchorsInForce(oracle, issuerOfSecret)
  const feeds = groupBy(issuers, (node) => node.caSecret)

  const buildChain = (secret: SecretResource): Chain => {
    const sent = secret.tlsCrt.certificates
    const facts = secret.tlsKey.facts
    const order = readChainOrder(sent, facts?.status === 'read' ? facts.publicKey : undefined, oracle)
    const leaf = sent[order.kind === 'leaf-not-first' ? order.leafPosition : 0] as X509Certificate
    const issuer = issuerOfSecret(secret)
    const certificate = ownerOf(secret)
    const inForce = anchorsInForce(issuer)
    const found = inForce.length > 0 ? findSignedPath(leaf, () => sent, inForce, oracle, limits.pathLength) : 'none'
    const pathInForce = typeof found === 'string' ? undefined : found
    return {
      secret,
      certificate,
      issuer,
      leaf,
      sent,
      anchors: secret.caCrt.certificates,
      order,
      ownAnchor: readOwnAnchor(leaf, secret, oracle, limits.pathLength, inForce, pathInForce !== undefined),
      relation: readCaRelation(leaf, secret, issuer, oracle),
      anchorsInForce: inForce,
      pathInForce,
      keyMatches: readKeyMatch(secret, leaf),
      feeds: feeds.get(secret) ?? NONE,
    }
  }
  const chains = inventory.secrets.filter((secret) => secret.tlsCrt.certificates.length > 0).map(buildChain)
  const chainBySecret = new Map(chains.map((chain) => [chain.secret, chain]))
  const issued = groupBy(inventory.certificates, (certificate) => {
    const resolution = resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace)
    return resolution.status === 'found' ? resolution.issuer : undefined
  })
  const requests = groupByName(inventory.certificateRequests, (request) => {
    const name = certificateNameOf(request)
    return name === undefined ? undefined : [request.ref.namespace, name]
  })
  return {
    at: options.at,
    inventory,
    issuers,
    chains,
    holdersOf: createHolderFinder(inventory),
    resolveIssuer,
    secret: secretAt,
    secretsNamed: createNameFinder(inventory.secrets),
    issuersNamed: createNameFinder(issuers),
    chainOf: (namespace, name) => {
      const secret = secretAt(namespace, name)
      return secret && chainBySecret.get(secret)
    },
    ownerOf,
    claimantsOf: (namespace, name) => claimants.get(namespace, name) ?? NONE,
    requestsOf: (certificate) => requests.get(certificate.ref.namespace, certificate.ref.name) ?? NONE,
    issuersOf: (secret) => feeds.get(secret) ?? NONE,
    issuedBy: (issuer) => issued.get(issuer) ?? NONE,
    isAbsenceKnown: createAbsence(inventory),
    signs: oracle.signs,
    signersOf: oracle.signersOf,
    signersByKey: oracle.signersByKey,
    judge: createChainJudge({ at: options.at, signs: oracle.signs, inventory }, limits),
  }
}

/** The Certificate a request was made for: its controller owner, else the annotation. */
const certificateNameOf = (request: CertificateRequestResource): string | undefined => {
  const owner = request.metadata.ownerReferences.find((item) => item.kind === 'Certificate' && item.name !== undefined)
  return owner?.name ?? request.metadata.annotations[ANNOTATION] ?? request.metadata.annotations[OLD_ANNOTATION]
}
