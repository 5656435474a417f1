import { equalBytes, toLatin1 } from '../base/bytes.ts'
import { compareBy } from '../base/order.ts'
import type { Verdict } from '../base/verdict.ts'
import { unknown } from '../base/verdict.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import { createSignatureVerifier } from '../x509/signature.ts'

/** The verdicts on "was this signed with that key", asked beforehand so that everything after is synchronous. */
export interface SignatureOracle {
  readonly signs: (issuer: X509Certificate, subject: X509Certificate) => Verdict
  readonly signersOf: (certificate: X509Certificate) => readonly X509Certificate[]
}

/** Was the first signed with the key of the second? */
export type SignaturePair = readonly [subject: X509Certificate, issuer: X509Certificate]

const NOT_ASKED = unknown(['budget'], 'signature not verified')

/** Does the AKI's key identifier name this certificate's SKI? undefined where one of the two is absent. */
export const keyIdentifiersAgree = (subject: X509Certificate, issuer: X509Certificate): boolean | undefined => {
  const aki = subject.extensions.authorityKeyIdentifier?.keyIdentifier
  const ski = issuer.extensions.subjectKeyIdentifier?.keyIdentifier
  return aki && ski ? equalBytes(aki, ski) : undefined
}

/** Whether the issuer that the one names is the subject of the other, as RFC 5280 section 7.1 compares names. */
export const namesChain = (subject: X509Certificate, issuer: X509Certificate): boolean =>
  subject.issuer.normalized === issuer.subject.normalized

/** How many same-named CAs are all asked about at once: beyond it, key identifiers say whom to ask first. */
const FEW = 8

/** The certificates that bear one subject name, by key and by subject key identifier. */
interface NameGroup {
  /** One certificate for each distinct key, in the order of fingerprints. */
  readonly distinctKeys: readonly X509Certificate[]
  readonly byKey: ReadonlyMap<string, readonly X509Certificate[]>
  readonly byKeyIdentifier: ReadonlyMap<string, readonly X509Certificate[]>
}

const pushTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

const groupByName = (certificates: readonly X509Certificate[]): ReadonlyMap<string, NameGroup> => {
  const bySubject = new Map<string, X509Certificate[]>()
  const issuers = new Set(certificates.map((certificate) => certificate.issuer.normalized))
  for (const certificate of certificates)
    if (issuers.has(certificate.subject.normalized)) pushTo(bySubject, certificate.subject.normalized, certificate)
  const groups = new Map<string, NameGroup>()
  for (const [name, bearers] of bySubject) {
    const byKey = new Map<string, X509Certificate[]>()
    const byKeyIdentifier = new Map<string, X509Certificate[]>()
    for (const bearer of bearers.sort(compareBy((item) => item.fingerprint))) {
      const isNewKey = !byKey.has(bearer.publicKey.identity)
      pushTo(byKey, bearer.publicKey.identity, bearer)
      const ski = bearer.extensions.subjectKeyIdentifier?.keyIdentifier
      if (ski && isNewKey) pushTo(byKeyIdentifier, toLatin1(ski), bearer)
      else if (ski && !byKeyIdentifier.get(toLatin1(ski))?.some((other) => other.publicKey.identity === bearer.publicKey.identity))
        pushTo(byKeyIdentifier, toLatin1(ski), bearer)
    }
    groups.set(name, { byKey, byKeyIdentifier, distinctKeys: [...byKey.values()].map((items) => items[0] as X509Certificate) })
  }
  return groups
}

/**
 * Asks who signed each certificate. Candidates are all certificates of the dump that bear the issuer's name, those whose SKI is the
 * AKI first; `extra` adds pairs that matter for other reasons (the CA in force). One key is asked once, however many certificates bear it.
 * @param signaturesPerCertificate after so many candidates the search for a signer is given up (its answer is then unknown)
 */
export const askSignatures = async (
  certificates: readonly X509Certificate[],
  extra: readonly SignaturePair[],
  signaturesPerCertificate: number,
): Promise<SignatureOracle> => {
  const verifier = createSignatureVerifier()
  const answers = new Map<string, Map<string, Verdict>>()
  const groups = groupByName(certificates)
  const answersOf = (subject: X509Certificate): Map<string, Verdict> => {
    const known = answers.get(subject.fingerprint)
    if (known) return known
    const fresh = new Map<string, Verdict>()
    answers.set(subject.fingerprint, fresh)
    return fresh
  }
  const ask = async (pairs: readonly SignaturePair[]): Promise<void> => {
    const open = pairs.filter(([subject, issuer]) => {
      const known = answersOf(subject)
      if (known.has(issuer.publicKey.identity)) return false
      known.set(issuer.publicKey.identity, NOT_ASKED)
      return true
    })
    const verdicts = await verifier.verifyBatch(open.map(([certificate, issuer]) => ({ certificate, issuer })))
    open.forEach(([subject, issuer], index) => answersOf(subject).set(issuer.publicKey.identity, verdicts[index] ?? NOT_ASKED))
  }
  const isVerified = (subject: X509Certificate): boolean => {
    for (const verdict of answersOf(subject).values()) if (verdict.status === 'verified') return true
    return false
  }

  const first: SignaturePair[] = [...extra]
  const crowded: X509Certificate[] = []
  for (const subject of certificates) {
    const group = groups.get(subject.issuer.normalized)
    if (!group) continue
    if (group.distinctKeys.length <= FEW) {
      for (const candidate of group.distinctKeys) first.push([subject, candidate])
      continue
    }
    const aki = subject.extensions.authorityKeyIdentifier?.keyIdentifier
    for (const candidate of (aki && group.byKeyIdentifier.get(toLatin1(aki)))?.slice(0, FEW) ?? []) first.push([subject, candidate])
    crowded.push(subject)
  }
  await ask(first)
  // Rounds of a few candidates each: the next ones are asked only where all before them failed.
  let open = crowded
  for (let from = 0; from < signaturesPerCertificate && open.length > 0; from += FEW) {
    open = open.filter((subject) => !isVerified(subject) && from < (groups.get(subject.issuer.normalized)?.distinctKeys.length ?? 0))
    await ask(
      open.flatMap((subject) =>
        (groups.get(subject.issuer.normalized)?.distinctKeys ?? [])
          .slice(from, from + FEW)
          .map((candidate): SignaturePair => [subject, candidate]),
      ),
    )
  }

  const signers = new Map<string, readonly X509Certificate[]>()
  return {
    signs: (issuer, subject) => answers.get(subject.fingerprint)?.get(issuer.publicKey.identity) ?? NOT_ASKED,
    signersOf: (certificate) => {
      const known = signers.get(certificate.fingerprint)
      if (known) return known
      const group = groups.get(certificate.issuer.normalized)
      const found: X509Certificate[] = []
      for (const [key, verdict] of answers.get(certificate.fingerprint) ?? [])
        if (verdict.status === 'verified') found.push(...(group?.byKey.get(key) ?? []))
      signers.set(certificate.fingerprint, found)
      return found
    },
  }
}
