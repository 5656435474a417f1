import { parseInstant } from '../../base/instant.ts'
import { defaultLimits } from '../../base/limits.ts'
import { decodePublicKey } from '../decode-public-key.ts'
import { readPem } from '../pem.ts'
import type { SignatureVerifier } from '../signature.ts'
import { createSignatureVerifier } from '../signature.ts'
import type { ClientCertificate } from './client-certificate.ts'
import { hasOutline, readClientCertificate } from './client-certificate.ts'
import type { Client, ClientPeer, ClientPurpose, ClientVerdict } from './client.ts'
import { clients } from './client.ts'
import type { ClientSubject, PredictionContext } from './predict-with.ts'
import { clientSubject, predictWith } from './predict-with.ts'
import type { SignatureOracle } from './path-question.ts'
import { keyFits, schemeOf } from './signature-habits.ts'

/** What is asked: the list as sent (leaf first) and the trust anchors, each PEM text or DER; the instant as a Date or RFC 3339. */
export interface ClientQuestion {
  readonly chain: readonly (string | Uint8Array)[]
  readonly anchors: readonly (string | Uint8Array)[]
  /** The name under which a server is reached; without it no name is checked. */
  readonly peer?: ClientPeer
  /** `server` (default): a server's certificate seen by a client; `client`: a client's seen by a server. */
  readonly purpose?: ClientPurpose
  readonly at: Date | string
}

/** Certificates of one question that are looked at, and signatures verified for it. */
const MAX_CERTIFICATES = 200
const MAX_SIGNATURES = 400

const isText = (input: string | Uint8Array): input is string => typeof input === 'string'

/** The DER of every block of a text, or the bytes themselves; undefined stands for what is no certificate. */
const readInput = (input: string | Uint8Array): readonly (Uint8Array | undefined)[] => {
  if (!isText(input)) return [input]
  const blocks = readPem(input)
  return blocks.length === 0 ? [undefined] : blocks.map(({ der }) => der)
}

/** Reads certificates for `predictWith`; equal bytes share one subject. */
export const readClientSubjects = (inputs: readonly (string | Uint8Array)[], known = new Map<string, ClientSubject>()): ClientSubject[] => {
  const unreadable = clientSubject(undefined)
  // It has the outline of a certificate, but within it is as no client was ever seen to read or to refuse one.
  const odd = clientSubject(undefined, 'a certificate of an unknown form')
  const large = clientSubject(undefined, 'a certificate that is too large to be looked at here')
  return inputs.flatMap(readInput).map((der) => {
    if (!der) return unreadable
    if (der.length > defaultLimits.certificateBytes) return large
    const certificate = readClientCertificate(der)
    if (!certificate) return hasOutline(der) ? odd : unreadable
    const id = `${der.length} ${certificate.identity}`
    const subject = known.get(id) ?? clientSubject(certificate)
    known.set(id, subject)
    return subject
  })
}

const couldIssue = (child: ClientCertificate, issuer: ClientCertificate): boolean =>
  (['bytes', 'openssl', 'java'] as const).some((comparison) => child.issuer.key(comparison) === issuer.subject.key(comparison))

const askedFor = (child: ClientCertificate, issuer: ClientCertificate): string => `${child.identity} ${issuer.keyIdentity}`

/**
 * Verifies every pair of these certificates whose names chain for any client and whose key fits the algorithm, once for each pair.
 * Beyond the bound on signatures, and where an algorithm cannot be verified here, the oracle says `unknown`.
 */
export const askSignatures = async (
  subjects: readonly ClientSubject[],
  verifier: SignatureVerifier = createSignatureVerifier(),
): Promise<SignatureOracle> => {
  const answers = new Map<string, 'good' | 'bad' | 'unknown'>()
  const certificates = [...new Set(subjects)].flatMap(({ certificate }) => (certificate ? [certificate] : []))
  const waiting: Promise<void>[] = []
  for (const child of certificates) {
    const scheme = schemeOf(child.algorithm)
    for (const issuer of certificates) {
      const id = askedFor(child, issuer)
      if (answers.has(id) || !couldIssue(child, issuer) || !keyFits(issuer.key, scheme)) continue
      answers.set(id, 'unknown')
      if (waiting.length >= MAX_SIGNATURES) continue
      const key = decodePublicKey(issuer.key.spki)
      if (!key) continue
      const { oid, parameters } = child.algorithm
      const question = { signed: child.tbs, algorithm: parameters ? { oid, parameters } : { oid }, signature: child.signature, key }
      waiting.push(
        verifier.verifyBytes(question).then(({ status }) => {
          answers.set(id, status === 'verified' ? 'good' : status === 'failed' ? 'bad' : 'unknown')
        }),
      )
    }
  }
  await Promise.all(waiting)
  return (child, issuer) => answers.get(askedFor(child, issuer)) ?? 'unknown'
}

const instantOf = (at: Date | string): number => (typeof at === 'string' ? (parseInstant(at) ?? NaN) : at.getTime())

const everyClient = (verdict: ClientVerdict): Record<Client, ClientVerdict> => ({
  go: verdict,
  openssl: verdict,
  opensslPartial: verdict,
  opensslStrict: verdict,
  java: verdict,
  rustls: verdict,
})

/**
 * What each client will say of a chain: Go, OpenSSL 3 (as nginx and Node use it), OpenSSL taking partial chains (curl), and strictly besides
 * (Python 3.13), Java and rustls. Each is one row of the habits table over one path search; `unknown` where a habit or a signature is not
 * known here. No revocation.
 */
export const predictClients = async (question: ClientQuestion): Promise<Record<Client, ClientVerdict>> => {
  const at = instantOf(question.at)
  if (Number.isNaN(at)) return everyClient({ accepts: 'unknown', reason: 'unknown: the instant is no date' })
  const known = new Map<string, ClientSubject>()
  const chain = readClientSubjects(question.chain.slice(0, MAX_CERTIFICATES + 1), known)
  const anchors = readClientSubjects(question.anchors.slice(0, MAX_CERTIFICATES + 1), known)
  if (chain.length > MAX_CERTIFICATES || anchors.length > MAX_CERTIFICATES)
    return everyClient({ accepts: 'unknown', reason: 'unknown: too many certificates' })
  const context: PredictionContext = {
    chain,
    anchors,
    ...(question.peer && { peer: question.peer }),
    purpose: question.purpose ?? 'server',
    at,
    signed: await askSignatures([...chain, ...anchors]),
  }
  const out = everyClient({ accepts: 'unknown', reason: 'unknown' })
  for (const client of clients) out[client] = predictWith(context, client)
  return out
}
