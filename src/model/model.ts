import type { Ref } from '../base/ref.ts'
import type { Missing, Verdict } from '../base/verdict.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { Inventory } from '../inventory/inventory.ts'
import type { IssuerResource } from '../inventory/issuer.ts'
import type { IssuerRef } from '../inventory/resource.ts'
import type { SecretResource } from '../inventory/secret.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { ChainJudge } from './judge-chains.ts'

/** An issuer with what its CA is made of. */
export interface IssuerNode {
  readonly resource: IssuerResource
  readonly ref: Ref
  /** Where its Secrets are due: an Issuer's own namespace, the cluster resource namespace for a ClusterIssuer. */
  readonly secretNamespace?: string
  /** How the cluster resource namespace is known; a guess is labelled as one. */
  readonly secretNamespaceFrom?: 'namespace' | 'option' | 'inferred' | 'default'
  /** The Secret that spec.ca names, where it is in the dump. */
  readonly caSecret?: SecretResource
  /** The CA in force: the first certificate of that Secret's tls.crt, which is what the controller signs with. */
  readonly ca?: X509Certificate
}

/** Where an issuerRef leads. */
export type IssuerResolution =
  | { readonly status: 'found'; readonly issuer: IssuerNode }
  | { readonly status: 'external' }
  | { readonly status: 'invalid-kind' }
  | { readonly status: 'not-found' }
  | { readonly status: 'no-ref' }

/** How the certificate in a Secret stands to the CA that its issuer signs with now. */
export type CaRelation =
  /** Verifies under the CA in force, key identifiers agree. `staleAnchor`: its own ca.crt is an older certificate of the same CA key. */
  | { readonly kind: 'current'; readonly staleAnchor?: X509Certificate }
  /** Verifies, but AKI and the CA's SKI differ. */
  | { readonly kind: 'key-identifier-differs'; readonly staleAnchor?: X509Certificate }
  /** Same name, another key: signed by `former`, found in the dump. */
  | { readonly kind: 'rekeyed'; readonly former: X509Certificate }
  /** Same name, and no key of the dump verifies it. */
  | { readonly kind: 'signature-invalid' }
  /** The CA in force has another name; `signer` is the one that verifies it, where the dump has it. */
  | { readonly kind: 'other-name'; readonly signer?: X509Certificate }
  | { readonly kind: 'unknown'; readonly missing: readonly Missing[] }
  /** Not issued by a CA whose Secret a dump can hold (SelfSigned, ACME, Vault, Venafi, external, no issuer known). */
  | { readonly kind: 'not-applicable' }

/** How tls.crt is put together. */
export type ChainOrder =
  | { readonly kind: 'ordered' }
  /** The end-entity certificate is not the first one. */
  | { readonly kind: 'leaf-not-first'; readonly leafPosition: number }
  /** The certificate at `position` did not sign the one before it. */
  | { readonly kind: 'not-a-line'; readonly position: number }

/** Does tls.crt lead to the Secret's own ca.crt? */
export type OwnAnchor =
  /** `path`: from the end-entity certificate to the anchor; left out where it is the path in force. */
  | { readonly kind: 'reached'; readonly path?: readonly X509Certificate[] }
  | { readonly kind: 'absent' }
  /** `through`: certificates of the dump, not in tls.crt, that would complete the path; without ca.crt, the path to an anchor in force. */
  | { readonly kind: 'incomplete'; readonly through: readonly X509Certificate[] }
  | { readonly kind: 'unrelated' }
  | { readonly kind: 'unknown'; readonly missing: readonly Missing[] }

/** A Secret that holds certificates, with the Certificate that fills it and what the links around it say. */
export interface Chain {
  readonly secret: SecretResource
  /** The Certificate that owns the Secret; undefined for a Secret nobody manages. */
  readonly certificate?: CertificateResource
  readonly issuer: IssuerResolution
  /** The end-entity certificate: the first one, or where tls.crt is in the wrong order, the one that belongs there. */
  readonly leaf: X509Certificate
  readonly sent: readonly X509Certificate[]
  readonly anchors: readonly X509Certificate[]
  readonly order: ChainOrder
  readonly ownAnchor: OwnAnchor
  readonly relation: CaRelation
  /** Self-signed, or the topmost known certificates of the CAs in force above this one: what a client should trust now. */
  readonly anchorsInForce: readonly X509Certificate[]
  /** A path from the leaf over tls.crt to an anchor in force, signatures alone; leaf first. */
  readonly pathInForce?: readonly X509Certificate[]
  /** Does tls.key belong to the leaf? */
  readonly keyMatches: Verdict
  /** The CA issuers that sign with this Secret. */
  readonly feeds: readonly IssuerNode[]
}

/**
 * `signed-by` leads to one certificate for each key that verifies, however many bear that name and key; `same-key` leads from each of the
 * others to the first of them: what one of them signed, so did all.
 */
export type LinkKind = 'issuer-ref' | 'secret-name' | 'ca-secret-name' | 'holds' | 'signed-by' | 'same-key' | 'matches' | 'trusts'

/** One edge of the model. `from` and `to` are node ids (`certificate-resource/ns/name`, `x509/<sha256>`). */
export interface Link {
  readonly kind: LinkKind
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  /** Which key and position of a Secret; for `signed-by` how names, key identifiers and dates stand, each for itself. */
  readonly detail?: Readonly<Record<string, string | number>>
}

export interface ModelOptions {
  readonly at: number
  readonly clusterResourceNamespace?: string
}

/** The chain model: the Kubernetes graph and the X.509 graph side by side, with indexes for rules. */
export interface Model {
  readonly at: number
  readonly inventory: Inventory
  readonly issuers: readonly IssuerNode[]
  /** Every Secret with a readable certificate in tls.crt, sorted by namespace and name. */
  readonly chains: readonly Chain[]
  /** Where a certificate stands. */
  readonly holdersOf: (certificate: X509Certificate) => readonly Holder[]
  readonly resolveIssuer: (ref: IssuerRef | undefined, namespace: string | undefined) => IssuerResolution
  readonly secret: (namespace: string | undefined, name: string | undefined) => SecretResource | undefined
  /** Secrets of this name in every namespace. */
  readonly secretsNamed: (name: string) => readonly SecretResource[]
  /** Issuers and ClusterIssuers of this name, in every namespace. */
  readonly issuersNamed: (name: string) => readonly IssuerNode[]
  readonly chainOf: (namespace: string | undefined, secretName: string | undefined) => Chain | undefined
  /** The Certificate that fills a Secret (facts of cert-manager 4.6). */
  readonly ownerOf: (secret: SecretResource) => CertificateResource | undefined
  /** Every Certificate that names this Secret, the oldest first. */
  readonly claimantsOf: (namespace: string | undefined, secretName: string) => readonly CertificateResource[]
  readonly requestsOf: (certificate: CertificateResource) => readonly CertificateRequestResource[]
  /** CA issuers that sign with this Secret. */
  readonly issuersOf: (secret: SecretResource) => readonly IssuerNode[]
  /** Certificates whose issuerRef leads to this issuer. */
  readonly issuedBy: (issuer: IssuerNode) => readonly CertificateResource[]
  /** Can the dump know that an object is not there? */
  readonly isAbsenceKnown: (kind: 'Secret' | 'Issuer' | 'ClusterIssuer', namespace: string | undefined, name: string) => boolean
  /** Was this signed with that certificate's key? Unknown where it was not asked or cannot be verified here. */
  readonly signs: (issuer: X509Certificate, subject: X509Certificate) => Verdict
  /** What RFC 5280 and each client say of a chain, given anchors. */
  readonly judge: ChainJudge
  /** Certificates of the dump whose key verifies this one. */
  readonly signersOf: (certificate: X509Certificate) => readonly X509Certificate[]
  /** The same, a list for each key, in the order of fingerprints. Certificates that one key signed under one name share its list. */
  readonly signersByKey: (certificate: X509Certificate) => readonly (readonly X509Certificate[])[]
}

export interface Holder {
  readonly ref: Ref
  readonly key: 'tls.crt' | 'ca.crt' | 'status.certificate' | 'status.ca'
  readonly position: number
}

const NODE_KINDS: Readonly<Record<string, string>> = {
  Certificate: 'certificate-resource',
  Issuer: 'issuer',
  ClusterIssuer: 'cluster-issuer',
  Secret: 'secret',
  CertificateRequest: 'certificate-request',
}

/** The ids of the report's nodes, each made once. */
export interface NodeIds {
  /** By kind, namespace and name. */
  readonly ofResource: (ref: Ref) => string
  /** By the SHA-256 of its DER. */
  readonly ofCertificate: (certificate: X509Certificate) => string
}

/** Ids for one report. */
export const createNodeIds = (): NodeIds => {
  const resources = new Map<Ref, string>()
  const certificates = new Map<X509Certificate, string>()
  const resourceId = (ref: Ref): string =>
    [NODE_KINDS[ref.kind] ?? ref.kind.toLowerCase(), ...(ref.namespace === undefined ? [] : [ref.namespace]), ref.name].join('/')
  return {
    ofResource: (ref) => {
      let id = resources.get(ref)
      if (id === undefined) resources.set(ref, (id = resourceId(ref)))
      return id
    },
    ofCertificate: (certificate) => {
      let id = certificates.get(certificate)
      if (id === undefined) certificates.set(certificate, (id = ['x509', certificate.fingerprint].join('/')))
      return id
    },
  }
}
