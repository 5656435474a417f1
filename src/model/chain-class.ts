import { toHex, toLatin1 } from '../base/bytes.ts'
import type { X509Certificate } from '../x509/certificate.ts'
import type { Chain, Model } from './model.ts'

/** Extensions of an end-entity certificate whose very content decides what a client says. */
const DECISIVE = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37'])

/** Tags of X.680. */
const UTF8_STRING = 12
const PRINTABLE_STRING = 19

const PLAIN = new Set([...'abcdefghijklmnopqrstuvwxyz0123456789.-'])

/** Names that no validator reads in a way of its own: ordinary host names and addresses, UTF8String and PrintableString in the subject. */
const hasPlainNames = ({ subject, extensions }: X509Certificate): boolean => {
  for (const rdn of subject.rdns)
    for (const { tag, value } of rdn) if ((tag !== UTF8_STRING && tag !== PRINTABLE_STRING) || value.length > 64) return false
  for (const name of extensions.subjectAltName?.names ?? []) {
    if (name.type === 'ip') continue
    if (name.type !== 'dns') return false
    for (const char of name.value) if (!PLAIN.has(char)) return false
  }
  return true
}

const SECOND = 1000

/**
 * Chains of one class get the same answers from every validator when no peer name is asked: the same CAs above them, and certificates
 * that differ in nothing a validator looks at (their keys, names and serials). A certificate with anything out of the ordinary is a
 * class of its own.
 * @param anchors what is trusted
 */
export const chainClass = ({ leaf, sent }: Chain, anchors: readonly X509Certificate[], model: Pick<Model, 'at' | 'signs'>): string => {
  const above = [...sent.filter((certificate) => certificate !== leaf), ...anchors]
  const seconds = (at: number): number => Math.sign(Math.floor(model.at / SECOND) - Math.floor(at / SECOND))
  const isOrdinary =
    sent[0] === leaf &&
    leaf.subject.rdns.length > 0 &&
    leaf.subject.normalized !== leaf.issuer.normalized &&
    hasPlainNames(leaf) &&
    above.every((certificate) => certificate.extensions.nameConstraints === undefined)
  const { signatureAlgorithm: algorithm, publicKey: key } = leaf
  const aki = leaf.extensions.authorityKeyIdentifier
  return JSON.stringify([
    sent.length,
    above.map((certificate) => certificate.fingerprint),
    isOrdinary ? '' : leaf.fingerprint,
    leaf.version,
    algorithm.oid,
    algorithm.parameters ? toHex(algorithm.parameters) : '',
    [key.oid, key.algorithm, key.bits, key.curve, key.exponent, key.compressedPoint],
    toLatin1(leaf.issuer.der),
    leaf.rawExtensions.map(({ oid, critical, malformed, value }) => [
      oid,
      critical,
      malformed === true,
      DECISIVE.has(oid) ? toHex(value) : '',
    ]),
    leaf.problems.map((problem) => problem.code),
    [seconds(leaf.notBefore), seconds(leaf.notAfter)],
    aki ? [aki.keyIdentifier ? toHex(aki.keyIdentifier) : '', aki.serial ?? '', aki.issuer?.map((name) => name.value) ?? []] : [],
    above.map((certificate) => (certificate.subject.normalized === leaf.issuer.normalized ? model.signs(certificate, leaf).status : '')),
  ])
}
