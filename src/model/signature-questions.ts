import { equalBytes, toLatin1 } from '../base/bytes.ts'
import { compareBy } from '../base/order.ts'
import type { Verdict } from '../base/verdict.ts'
import { unknown } from '../base/verdict.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { SignatureQuestion } from '../x509/signature.ts'
import { createSignatureVerifier } from '../x509/signature.ts'

/** The verdicts on "was this signed with that key", asked beforehand so that everything after is synchronous. */
export interface SignatureOracle {
  readonly signs: (issuer: X509Certificate, subject: X509Certificate) => Verdict
  readonly signersOf: (certificate: X509Certificate) => readonly X509Certificate[]
  /** The same, a list for each key, in the order of fingerprints. Certificates that one key signed under one name share its list. */
  readonly signersByKey: (certificate: X509Certificate) => readonly (readonly X509Certificate[])[]
  /** No signer was found among as many candidates as may be asked, and there are more. */
  readonly isGivenUp: (certificate: X509Certificate) => boolean
}

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

/** The answers about one certificate by the keys that were asked. Most have one, and a map for each of them would be large. */
class Answers {
  readonly #key: string
  #verdict: Verdict
  #others: Map<string, Verdict> | undefined

  constructor(key: string, verdict: Verdict) {
    this.#key = key
    this.#verdict = verdict
  }

  get(key: string): Verdict | undefined {
    return key === this.#key ? this.#verdict : this.#others?.get(key)
  }

  set(key: string, verdict: Verdict): void {
    if (key === this.#key) this.#verdict = verdict
    else (this.#others ??= new Map<string, Verdict>()).set(key, verdict)
  }

  /** The keys that verify it, in the order in which they were asked. */
  verifying(): readonly string[] {
    const keys = this.#verdict.status === 'verified' ? [this.#key] : []
    for (const [key, { status }] of this.#others ?? []) if (status === 'verified') keys.push(key)
    return keys
  }
}

const NONE: readonly never[] = []

/**
 * Asks who signed each certificate. Candidates are all certificates of the dump that bear the issuer's name, those whose SKI is the
 * AKI first; `extra` adds pairs that matter for other reasons (the CA in force). One key is asked once, however many certificates bear it.
 * @param signaturesPerCertificate after so many candidates the search for a signer is given up (its answer is then unknown)
 */
export const askSignatures = async (
  certificates: readonly X509Certificate[],
  extra: readonly SignatureQuestion[],
  signaturesPerCertificate: number,
): Promise<SignatureOracle> => {
  const verifier = createSignatureVerifier()
  const answers = new Map<string, Answers>()
  const groups = groupByName(certificates)
  const ask = async (questions: readonly SignatureQuestion[]): Promise<void> => {
    const open = questions.filter(({ certificate, issuer }) => {
      const known = answers.get(certificate.fingerprint)
      const key = issuer.publicKey.identity
      if (known?.get(key)) return false
      if (known) known.set(key, NOT_ASKED)
      else answers.set(certificate.fingerprint, new Answers(key, NOT_ASKED))
      return true
    })
    const verdicts = await verifier.verifyBatch(open)
    open.forEach(({ certificate, issuer }, index) =>
      answers.get(certificate.fingerprint)?.set(issuer.publicKey.identity, verdicts[index] ?? NOT_ASKED),
    )
  }
  const isVerified = (subject: X509Certificate): boolean => (answers.get(subject.fingerprint)?.verifying().length ?? 0) > 0

  const first: SignatureQuestion[] = [...extra]
  const crowded: X509Certificate[] = []
  for (const subject of certificates) {
    const group = groups.get(subject.issuer.normalized)
    if (!group) continue
    if (group.distinctKeys.length <= FEW) {
      for (const candidate of group.distinctKeys) first.push({ certificate: subject, issuer: candidate })
      continue
    }
    // A root need not name its own key.
    if (namesChain(subject, subject)) first.push({ certificate: subject, issuer: subject })
    const aki = subject.extensions.authorityKeyIdentifier?.keyIdentifier
    for (const candidate of (aki && group.byKeyIdentifier.get(toLatin1(aki)))?.slice(0, FEW) ?? [])
      first.push({ certificate: subject, issuer: candidate })
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
          .map((issuer): SignatureQuestion => ({ certificate: subject, issuer })),
      ),
    )
  }

  const givenUp = new Set(
    open
      .filter(
        (subject) => !isVerified(subject) && (groups.get(subject.issuer.normalized)?.distinctKeys.length ?? 0) > signaturesPerCertificate,
      )
      .map((subject) => subject.fingerprint),
  )

  const signersByKey: SignatureOracle['signersByKey'] = (certificate) => {
    const keys = answers.get(certificate.fingerprint)?.verifying() ?? NONE
    const byKey = groups.get(certificate.issuer.normalized)?.byKey
    return keys.map((key) => byKey?.get(key) ?? NONE).filter((bearers) => bearers.length > 0)
  }
  /** Of those with several keys that verify them; the others share the list of their one key. */
  const signers = new Map<string, readonly X509Certificate[]>()
  return {
    signersByKey,
    isGivenUp: (certificate) => givenUp.has(certificate.fingerprint),
    signs: (issuer, subject) => answers.get(subject.fingerprint)?.get(issuer.publicKey.identity) ?? NOT_ASKED,
    signersOf: (certificate) => {
      const lists = signersByKey(certificate)
      if (lists.length < 2) return lists[0] ?? NONE
      let found = signers.get(certificate.fingerprint)
      if (!found) signers.set(certificate.fingerprint, (found = lists.flat()))
      return found
    },
  }
}
