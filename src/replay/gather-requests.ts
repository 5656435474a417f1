import { NamedMap } from '../base/named-map.ts'
import type { CertificateRequestResource } from '../inventory/certificate-request.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'

/** Requests by the Certificate that owns them, made once for a dump. */
export interface RequestIndex {
  readonly of: (certificate: CertificateResource) => readonly CertificateRequestResource[]
}

const NONE: readonly CertificateRequestResource[] = Object.freeze([])
const NAME_ANNOTATION = 'cert-manager.io/certificate-name'

const controllerUid = (request: CertificateRequestResource): string | undefined =>
  request.metadata.ownerReferences.find((owner) => owner.controller === true)?.uid

/**
 * A request belongs to the Certificate that its controller owner reference names by uid. Where uids were
 * stripped from the dump, the annotation with the Certificate's name stands in (facts of cert-manager 5).
 */
export const indexRequests = (requests: readonly CertificateRequestResource[]): RequestIndex => {
  const byUid = new NamedMap<CertificateRequestResource[]>()
  const byName = new NamedMap<CertificateRequestResource[]>()
  for (const request of requests) {
    const uid = controllerUid(request)
    if (uid !== undefined) NamedMap.push(byUid, request.ref.namespace, uid, request)
    const name = request.metadata.annotations[NAME_ANNOTATION]
    if (name !== undefined) NamedMap.push(byName, request.ref.namespace, name, request)
  }
  return {
    of: (certificate) => {
      const { ref, metadata } = certificate
      if (metadata.uid === undefined) return byName.get(ref.namespace, ref.name) ?? NONE
      return byUid.get(ref.namespace, metadata.uid) ?? NONE
    },
  }
}

export interface GatheredRequests {
  readonly current?: CertificateRequestResource
  readonly next?: CertificateRequestResource
  /** Two requests of one revision: the controllers stop here, in these words. */
  readonly error?: string
}

const NOTHING: GatheredRequests = Object.freeze({})

/**
 * Picks the request that issued what is in the Secret (annotation revision = status.revision; none without a revision) and the
 * one that issues next (revision + 1, or 1).
 */
export const gatherRequests = (owned: readonly CertificateRequestResource[], revision: number | undefined): GatheredRequests => {
  if (owned.length === 0) return NOTHING
  const nextRevision = revision === undefined ? 1 : revision + 1
  const [currentText, nextText] = [revision === undefined ? undefined : String(revision), String(nextRevision)]
  let current: CertificateRequestResource | undefined
  let next: CertificateRequestResource | undefined
  let [manyCurrent, manyNext] = [false, false]
  for (const request of owned) {
    if (request.revision === undefined) continue
    if (request.revision === currentText) {
      manyCurrent ||= current !== undefined
      current = request
    } else if (request.revision === nextText) {
      manyNext ||= next !== undefined
      next = request
    }
  }
  const multiple = (which: string, wanted: number): GatheredRequests => ({
    error: `multiple CertificateRequests were found for the '${which}' revision ${wanted}, issuance is skipped until there are no more duplicates`,
  })
  if (manyCurrent) return multiple('current', revision ?? 0)
  if (manyNext) return multiple('next', nextRevision)
  return { ...(current && { current }), ...(next && { next }) }
}
