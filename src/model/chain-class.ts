import { equalBytes, toHex, toLatin1 } from '../base/bytes.ts'
import type { RawExtension, X509Certificate } from '../x509/certificate.ts'
import { isKeyOnCurve } from '../x509/elliptic-curve.ts'
import type { Name } from '../x509/name.ts'
import { isSameKey } from '../x509/public-key.ts'
import { keyIdentifiersAgree } from './signature-questions.ts'
import type { Model } from './model.ts'

/** Extensions of an end-entity certificate whose very content decides what a client says. */
const DECISIVE = new Set(['2.5.29.19', '2.5.29.15', '2.5.29.37'])

const SUBJECT_KEY_IDENTIFIER = '2.5.29.14'
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35'

/** Tags of X.680. */
const UTF8_STRING = 12
const PRINTABLE_STRING = 19

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const codesOf = (characters: string): Uint8Array =>
  Uint8Array.from({ length: 128 }, (_, code) => (characters.includes(String.fromCharCode(code)) ? 1 : 0))
const IN_HOSTS = codesOf(`${LOWER}0123456789.-`)
const IN_NAMES = codesOf(`${LOWER}${LOWER.toUpperCase()}0123456789.- `)

const isOf = (text: string, characters: Uint8Array): boolean => {
  for (let i = 0; i < text.length; i++) if (characters[text.charCodeAt(i)] !== 1) return false
  return true
}

/** Strings of a name that no validator reads in a way of its own: short UTF8Strings and PrintableStrings. */
const isPlainName = ({ rdns }: Name): boolean => {
  for (const rdn of rdns)
    for (const { tag, value } of rdn) if ((tag !== UTF8_STRING && tag !== PRINTABLE_STRING) || value.length > 64) return false
  return rdns.length > 0
}

/** Names that no validator reads in a way of its own: a plain subject, ordinary host names and addresses. */
const hasPlainNames = ({ subject, extensions }: X509Certificate): boolean => {
  if (!isPlainName(subject)) return false
  for (const name of extensions.subjectAltName?.names ?? []) {
    if (name.type === 'ip') continue
    if (name.type !== 'dns' || !isOf(name.value, IN_HOSTS)) return false
  }
  return true
}

const SECOND = 1000

/** Is an instant past, now, or still to come, in whole seconds? */
const sideOf = (instant: number, at: number): number => Math.sign(Math.floor(at / SECOND) - Math.floor(instant / SECOND))

/** What a validator looks at in one certificate apart from its names, keys, key identifiers, serial and exact dates. */
const profileOf = (certificate: X509Certificate, at: number): string => {
  const { version, signatureAlgorithm: algorithm, publicKey: key } = certificate
  const parts: unknown[] = [version, algorithm.oid, algorithm.parameters ? toHex(algorithm.parameters) : '']
  parts.push(key.oid, key.algorithm, key.bits, key.curve, key.exponent, key.compressedPoint, key.key.length, isKeyOnCurve(key))
  parts.push(sideOf(certificate.notBefore, at), sideOf(certificate.notAfter, at))
  for (const extension of certificate.rawExtensions) {
    const { oid, critical, malformed } = extension
    parts.push(oid, critical, malformed, DECISIVE.has(oid) ? toHex(extension.value) : '')
  }
  for (const { code } of certificate.problems) parts.push(code)
  return parts.join(' ')
}

/** Have the two the same profile? Without a text for either: certificates that stand beside each other are mostly alike. */
const areAlike = (one: X509Certificate, other: X509Certificate, at: number): boolean => {
  const [a, b] = [one.publicKey, other.publicKey]
  const [params, otherParams] = [one.signatureAlgorithm.parameters, other.signatureAlgorithm.parameters]
  if (one.version !== other.version || one.signatureAlgorithm.oid !== other.signatureAlgorithm.oid) return false
  if (params && otherParams ? !equalBytes(params, otherParams) : params !== otherParams) return false
  if (a.oid !== b.oid || a.bits !== b.bits || a.curve !== b.curve || a.exponent !== b.exponent) return false
  if (a.algorithm !== b.algorithm || a.compressedPoint !== b.compressedPoint) return false
  if (a.key.length !== b.key.length || isKeyOnCurve(a) !== isKeyOnCurve(b)) return false
  if (sideOf(one.notBefore, at) !== sideOf(other.notBefore, at) || sideOf(one.notAfter, at) !== sideOf(other.notAfter, at)) return false
  if (one.rawExtensions.length !== other.rawExtensions.length || one.problems.length !== other.problems.length) return false
  for (let i = 0; i < one.rawExtensions.length; i++) {
    const [x, y] = [one.rawExtensions[i] as RawExtension, other.rawExtensions[i] as RawExtension]
    if (x.oid !== y.oid || x.critical !== y.critical || x.malformed !== y.malformed) return false
    if (DECISIVE.has(x.oid) && !equalBytes(x.value, y.value)) return false
  }
  return one.problems.every(({ code }, index) => code === other.problems[index]?.code)
}

/** An authorityKeyIdentifier as it stands, for comparison with any certificate. */
const wholeAki = ({ extensions }: X509Certificate): string => {
  const aki = extensions.authorityKeyIdentifier
  if (!aki) return ''
  const id = aki.keyIdentifier ? toHex(aki.keyIdentifier) : '-'
  return aki.serial === undefined && !aki.issuer ? id : JSON.stringify([id, aki.serial, aki.issuer?.map((name) => name.value)])
}

/** How the authorityKeyIdentifier stands to one certificate; undefined where it says more than a key identifier. */
const akiTowards = (subject: X509Certificate, issuer: X509Certificate): string | undefined => {
  const aki = subject.extensions.authorityKeyIdentifier
  if (!aki) return ''
  return aki.serial === undefined && !aki.issuer && aki.keyIdentifier
    ? `${aki.keyIdentifier.length} ${keyIdentifiersAgree(subject, issuer)}`
    : undefined
}

/** Is all of an extension's content one key identifier, in its shortest form? `around`: octets of tags and lengths. */
const isBareIdentifier = (value: Uint8Array, id: Uint8Array | undefined, around: number): boolean =>
  id !== undefined && id.length > 0 && id.length < 100 && value.length === id.length + around

/**
 * The form of a CA that names itself as its issuer and has nothing but the usual extensions: two of one form differ in their name, key,
 * serial and key identifier, which validators only ever compare. undefined for any other certificate.
 */
const rootForm = (ca: X509Certificate, model: Pick<Model, 'at' | 'signs'>): string | undefined => {
  const { extensions, issuer, subject } = ca
  if (!equalBytes(subject.der, issuer.der) || !isPlainName(subject)) return undefined
  for (const { oid, value } of ca.rawExtensions) {
    const isUsual =
      oid === SUBJECT_KEY_IDENTIFIER
        ? isBareIdentifier(value, extensions.subjectKeyIdentifier?.keyIdentifier, 2)
        : oid === AUTHORITY_KEY_IDENTIFIER
          ? isBareIdentifier(value, extensions.authorityKeyIdentifier?.keyIdentifier, 4)
          : DECISIVE.has(oid)
    if (!isUsual) return undefined
  }
  let name = ''
  for (const rdn of subject.rdns) {
    for (const { oid, tag, value } of rdn) {
      if (!isOf(value, IN_NAMES)) return undefined
      name += `${oid}:${tag}:${value.length}+`
    }
    name += ','
  }
  const identifiers = `${extensions.subjectKeyIdentifier?.keyIdentifier.length} ${akiTowards(ca, ca)}`
  return `${profileOf(ca, model.at)} ${name} ${identifiers} ${ca.serial.length} ${ca.serial.startsWith('-')} ${model.signs(ca, ca).status}`
}

/** The one certificate that stands above a leaf, however often; undefined where there are several. */
const loneAbove = (
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
): X509Certificate | undefined => {
  const [first] = anchors
  if (!first) return undefined
  for (const anchor of anchors) if (anchor !== first) return undefined
  for (const certificate of sent) if (certificate !== leaf && certificate !== first) return undefined
  return first
}

/** Names the class of a chain as sent under anchors. */
export type ChainClasses = (leaf: X509Certificate, sent: readonly X509Certificate[], anchors: readonly X509Certificate[]) => string

/**
 * Chains of one class get the same answers from every validator when no peer name is asked: the same CAs above them, or one root of the same
 * form, and certificates that differ in nothing a validator looks at (their keys, names and serials). A certificate with anything out of
 * the ordinary is a class of its own.
 */
export const createChainClasses = (model: Pick<Model, 'at' | 'signs'>): ChainClasses => {
  /** Long texts by number, so that the names of classes are short. */
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const forms = new Map<X509Certificate, number | undefined>()
  const formOf = (ca: X509Certificate): number | undefined => {
    if (!forms.has(ca)) {
      const form = rootForm(ca, model)
      forms.set(ca, form === undefined ? undefined : numberOf(form))
    }
    return forms.get(ca)
  }
  let last: { readonly leaf: X509Certificate; readonly profile: number } | undefined
  const profileNumber = (leaf: X509Certificate): number => {
    if (!last || !areAlike(leaf, last.leaf, model.at)) last = { leaf, profile: numberOf(profileOf(leaf, model.at)) }
    return last.profile
  }
  return (leaf, sent, anchors) => {
    const root = loneAbove(leaf, sent, anchors)
    const form = root && formOf(root)
    // Where the leaf stands among what is sent, and how many anchors there are.
    let size = `${anchors.length} `
    for (const certificate of sent) size += certificate === leaf ? 'l' : '-'
    if (root === leaf && form !== undefined) return `root ${size} ${form}`
    const above = [...sent.filter((certificate) => certificate !== leaf), ...anchors]
    const isOrdinary =
      sent[0] === leaf &&
      leaf.subject.normalized !== leaf.issuer.normalized &&
      hasPlainNames(leaf) &&
      above.every((certificate) => certificate.extensions.nameConstraints === undefined)
    if (isOrdinary && root && form !== undefined && equalBytes(leaf.issuer.der, root.subject.der)) {
      const aki = akiTowards(leaf, root)
      const signed = model.signs(root, leaf).status
      if (aki !== undefined)
        return `below ${size} ${isSameKey(leaf.publicKey, root.publicKey)} ${aki} ${signed} ${profileNumber(leaf)} ${form}`
    }
    const statuses = above.map((ca) => (ca.subject.normalized === leaf.issuer.normalized ? model.signs(ca, leaf).status : ''))
    return JSON.stringify([
      size,
      above.map((certificate) => certificate.fingerprint),
      isOrdinary ? '' : leaf.fingerprint,
      toLatin1(leaf.issuer.der),
      profileNumber(leaf),
      wholeAki(leaf),
      statuses,
    ])
  }
}
