import { decodePublicKey } from './decode-public-key.ts'
import type { DerCursor, DerElement } from './der.ts'
import {
  atEnd,
  bitStringContent,
  contentOf,
  derCursor,
  DerError,
  encodingOf,
  enter,
  expectElement,
  integerContent,
  optionalElement,
  readElement,
  smallInteger,
  tags,
} from './der.ts'
import { encodeBitString, encodeDer, encodeUnsigned } from './encode-der.ts'
import { keyOids } from './key-oids.ts'
import { oidText } from './oid.ts'
import type { PemBlock } from './pem.ts'
import { readPem, wipeBlocks } from './pem.ts'
import type { PrivateKeyFacts } from './public-key.ts'

/** A public key; waited for only where the text has the private half alone. */
type Spki = Uint8Array | Promise<Uint8Array>
type Form = 'PKCS1' | 'SEC1' | 'PKCS8'
type UnreadableCode = Extract<PrivateKeyFacts, { status: 'unreadable' }>['code']

const NULL = Uint8Array.of(0x05, 0x00)

/** Curves of private keys that Go reads: WebCrypto's name where it has one, octets of the scalar. */
const CURVES: ReadonlyMap<string, { readonly name?: string; readonly octets: number }> = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', octets: 32 }],
  ['1.3.132.0.34', { name: 'P-384', octets: 48 }],
  ['1.3.132.0.35', { name: 'P-521', octets: 66 }],
  ['1.3.132.0.33', { octets: 28 }],
])

/** Far over the primes of any real key (RSA 16384 has 1024 octets each); more would only cost time. */
const MAX_PRIME_OCTETS = 4096

/** The key is of a kind that is not read here. */
class UnsupportedKey extends Error {}

const spkiOf = (algorithm: Uint8Array, parameters: Uint8Array, key: Uint8Array): Uint8Array =>
  encodeDer(tags.sequence, encodeDer(tags.sequence, encodeDer(tags.oid, algorithm), parameters), encodeBitString(key))

const fromBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))

/** The public half of a key by WebCrypto: imported from a minimal PKCS #8, which is wiped afterwards. */
const derive = async (
  algorithm: EcKeyImportParams | Algorithm,
  identifier: Uint8Array,
  privateKey: Uint8Array,
): Promise<readonly Uint8Array[]> => {
  const inner = encodeDer(tags.octetString, privateKey)
  const pkcs8 = encodeDer(tags.sequence, Uint8Array.of(tags.integer, 1, 0), identifier, inner)
  try {
    const key = await globalThis.crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
    const { x, y } = await globalThis.crypto.subtle.exportKey('jwk', key)
    return [x, y].flatMap((coordinate) => (coordinate === undefined ? [] : [fromBase64Url(coordinate)]))
  } catch (error) {
    if (error instanceof Error && error.name === 'NotSupportedError') throw new UnsupportedKey()
    throw new DerError('key-invalid', 0)
  } finally {
    inner.fill(0)
    pkcs8.fill(0)
  }
}

/** A big-endian magnitude as 16-bit limbs, the lowest first. */
const toLimbs = (magnitude: Uint8Array): Float64Array => {
  const limbs = new Float64Array((magnitude.length + 1) >> 1)
  for (let i = magnitude.length - 1, limb = 0; i >= 0; i -= 2, limb++)
    limbs[limb] = (magnitude[i] as number) + (i > 0 ? (magnitude[i - 1] as number) * 256 : 0)
  return limbs
}

/** Is n = p × q? Multiplied in arrays that are wiped afterwards: nobody can wipe a BigInt. */
const isProduct = (n: Uint8Array, p: Uint8Array, q: Uint8Array): boolean => {
  if (p.length > MAX_PRIME_OCTETS || q.length > MAX_PRIME_OCTETS) return false
  const [left, right, product] = [toLimbs(p), toLimbs(q), new Float64Array(((p.length + 1) >> 1) + ((q.length + 1) >> 1))]
  // Each sum has at most 2^11 products under 2^32: far below 2^53.
  for (let i = 0; i < left.length; i++) {
    const factor = left[i] as number
    for (let j = 0; j < right.length; j++) product[i + j] = (product[i + j] as number) + factor * (right[j] as number)
  }
  const expected = toLimbs(n)
  let carry = 0
  let same = true
  for (let i = 0; i < Math.max(product.length, expected.length); i++) {
    const sum = (product[i] ?? 0) + carry
    carry = Math.floor(sum / 0x10000)
    if (sum - carry * 0x10000 !== (expected[i] ?? 0)) same = false
  }
  for (const limbs of [left, right, product]) limbs.fill(0)
  return same && carry === 0
}

/** RSAPrivateKey (RFC 8017 A.1.2): the public half stands in it. */
const readPkcs1 = (cursor: DerCursor): Uint8Array => {
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'RSAPrivateKey'))
  if (!atEnd(cursor)) throw new DerError('trailing-data', cursor.at)
  const version = smallInteger(inside, expectElement(inside, tags.integer, 'version'), 'version')
  if (version !== 0 && version !== 1) throw new DerError('version-unsupported', 0)
  const numbers: Uint8Array[] = []
  for (let i = 0; i < 8; i++) {
    const number = integerContent(inside, expectElement(inside, tags.integer, 'key'), 'key')
    if ((number[0] as number) >= 0x80) throw new DerError('integer-negative', 0)
    numbers.push(number)
  }
  const [modulus, exponent, , p, q] = numbers as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  // Go has the exponent in 31 bits, and wants the primes to be those of the modulus.
  if (exponent.length > 4 || !isProduct(modulus, p, q)) throw new DerError('key-invalid', 0)
  return spkiOf(keyOids.rsaEncryption, NULL, encodeDer(tags.sequence, encodeUnsigned(modulus), encodeUnsigned(exponent)))
}

const scalarOf = (octets: Uint8Array, length: number): Uint8Array => {
  let from = 0
  while (octets.length - from > length && octets[from] === 0) from++
  if (octets.length - from > length) throw new DerError('key-invalid', 0)
  const out = new Uint8Array(length)
  out.set(octets.subarray(from), length - (octets.length - from))
  return out
}

/** @param minimal an ECPrivateKey of the scalar alone; wiped afterwards */
const derivePoint = async (curve: string, curveDer: Uint8Array, minimal: Uint8Array): Promise<Uint8Array> => {
  const identifier = encodeDer(tags.sequence, encodeDer(tags.oid, keyOids.ecPublicKey), curveDer)
  const [x, y] = await derive({ name: 'ECDSA', namedCurve: curve }, identifier, minimal).finally(() => minimal.fill(0))
  if (!x || !y) throw new DerError('key-invalid', 0)
  return spkiOf(keyOids.ecPublicKey, curveDer, Uint8Array.of(4, ...x, ...y))
}

/** @param seed an OCTET STRING with the seed in it */
const deriveEd25519 = async (seed: Uint8Array): Promise<Uint8Array> => {
  const [x] = await derive({ name: 'Ed25519' }, encodeDer(tags.sequence, encodeDer(tags.oid, keyOids.ed25519)), seed)
  if (!x) throw new DerError('key-invalid', 0)
  return spkiOf(keyOids.ed25519, new Uint8Array(0), x)
}

/** ECPrivateKey (RFC 5915 3). The public point is taken from the encoding, and derived where it is not there. */
const readSec1 = (cursor: DerCursor, outerCurve: Uint8Array | undefined): Spki => {
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'ECPrivateKey'))
  if (smallInteger(inside, expectElement(inside, tags.integer, 'version'), 'version') !== 1) throw new DerError('version-unsupported', 0)
  const octets = contentOf(inside, expectElement(inside, tags.octetString, 'privateKey'))
  const parameters = optionalElement(inside, 0xa0)
  const publicKey = optionalElement(inside, 0xa1)
  const curveDer = outerCurve ?? (parameters && contentOf(inside, parameters))
  if (!curveDer || curveDer[0] !== tags.oid) throw new UnsupportedKey()
  const oidCursor = derCursor(curveDer)
  const curve = CURVES.get(oidText(oidCursor, readElement(oidCursor)))
  if (!curve) throw new UnsupportedKey()
  const scalar = scalarOf(octets, curve.octets)
  try {
    if (publicKey) {
      const bits = enter(inside, publicKey)
      const { bits: point, unused } = bitStringContent(bits, expectElement(bits, tags.bitString, 'publicKey'), 'publicKey')
      if (unused === 0 && point[0] === 4 && point.length === 1 + 2 * curve.octets) return spkiOf(keyOids.ecPublicKey, curveDer, point)
    }
    if (curve.name === undefined) throw new UnsupportedKey()
    const field = encodeDer(tags.octetString, scalar)
    const minimal = encodeDer(tags.sequence, Uint8Array.of(tags.integer, 1, 1), field)
    field.fill(0)
    return derivePoint(curve.name, curveDer, minimal)
  } finally {
    scalar.fill(0)
  }
}

/** OneAsymmetricKey (RFC 5958 2) of RSA, EC and Ed25519 (RFC 8410 7). Fields behind the key are passed over, as Go does. */
const readPkcs8 = (cursor: DerCursor): Spki => {
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'PrivateKeyInfo'))
  smallInteger(inside, expectElement(inside, tags.integer, 'version'), 'version')
  const identifier = expectElement(inside, tags.sequence, 'privateKeyAlgorithm')
  const algorithm = enter(inside, identifier)
  const oid = oidText(algorithm, expectElement(algorithm, tags.oid, 'algorithm'))
  const parameters: DerElement | undefined = atEnd(algorithm) ? undefined : readElement(algorithm)
  const key = enter(inside, expectElement(inside, tags.octetString, 'privateKey'))
  switch (oid) {
    case '1.2.840.113549.1.1.1':
      return readPkcs1(key)
    case '1.2.840.10045.2.1':
      return readSec1(key, parameters && encodingOf(algorithm, parameters))
    case '1.3.101.112': {
      const seed = expectElement(key, tags.octetString, 'CurvePrivateKey')
      if (parameters || seed.to - seed.from !== 32) throw new DerError('key-invalid', 0)
      return deriveEd25519(encodingOf(key, seed))
    }
    default:
      throw new UnsupportedKey()
  }
}

const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['PRIVATE KEY', 'PKCS8'],
  ['EC PRIVATE KEY', 'SEC1'],
  ['RSA PRIVATE KEY', 'PKCS1'],
])

const readSpki = (form: Form, cursor: DerCursor): Spki => {
  if (form === 'PKCS1') return readPkcs1(cursor)
  return form === 'SEC1' ? readSec1(cursor, undefined) : readPkcs8(cursor)
}

const readBlock = (form: Form, der: Uint8Array): PrivateKeyFacts | Promise<PrivateKeyFacts> => {
  const cursor = derCursor(der)
  const refuse = (error: unknown): PrivateKeyFacts => {
    if (error instanceof UnsupportedKey) return { status: 'unreadable', code: 'unsupported' }
    if (error instanceof DerError) return { status: 'unreadable', code: 'malformed' }
    throw error
  }
  const finish = (spki: Uint8Array): PrivateKeyFacts => {
    const publicKey = decodePublicKey(spki)
    // Lengths that are not DER's are refused, as Go does; the notes are shared by all cursors of this block.
    const { lengthIndefinite, lengthNotMinimal, integerNotMinimal } = cursor.notes
    if (!publicKey || lengthIndefinite || lengthNotMinimal || integerNotMinimal) return { status: 'unreadable', code: 'malformed' }
    return { status: 'read', publicKey, form }
  }
  try {
    const spki = readSpki(form, cursor)
    return spki instanceof Promise ? spki.then(finish).catch(refuse) : finish(spki)
  } catch (error) {
    return refuse(error)
  }
}

const refusal = (block: PemBlock | undefined): UnreadableCode | undefined => {
  if (!block) return 'not-pem'
  if (block.encrypted || block.label === 'ENCRYPTED PRIVATE KEY') return 'encrypted'
  if (block.label === 'EC PARAMETERS') return 'ec-parameters-first'
  return FORMS.has(block.label) ? undefined : 'unsupported'
}

/**
 * Reads the public half of a private key, as cert-manager reads keys: the first PEM block only, which must be `PRIVATE KEY` (PKCS #8),
 * `EC PRIVATE KEY` (SEC 1) or `RSA PRIVATE KEY` (PKCS #1), unencrypted. No private octet is kept, returned, thrown or logged; the
 * decoded blocks are wiped before this returns.
 */
export const readPrivateKey = (pemText: string | Uint8Array): PrivateKeyFacts | Promise<PrivateKeyFacts> => {
  const blocks = readPem(pemText)
  const wipe = (): void => wipeBlocks(blocks)
  const first = blocks.find((block) => block.der)
  let facts: PrivateKeyFacts | Promise<PrivateKeyFacts> | undefined
  try {
    const code = refusal(first)
    const form = FORMS.get(first?.label ?? '')
    if (!first?.der || !form || (code && code !== 'encrypted')) return { status: 'unreadable', code: code ?? 'not-pem' }
    // Go does not look at the headers: a plain key below `Proc-Type: 4,ENCRYPTED` is read.
    const judge = (read: PrivateKeyFacts): PrivateKeyFacts => (code && read.status === 'unreadable' ? { status: 'unreadable', code } : read)
    const read = readBlock(form, first.der)
    facts = read instanceof Promise ? read.then(judge) : judge(read)
    return facts instanceof Promise ? facts.finally(wipe) : facts
  } finally {
    if (!(facts instanceof Promise)) wipe()
  }
}

/**
 * Reads a private key as Go's tls.X509KeyPair does, which cert-manager asked up to v1.12: the first block whose label ends in
 * PRIVATE KEY, whatever stands before it, and whatever encoding is in it. It can differ from readPrivateKey only where that finds none.
 */
export const readKeyPairPrivateKey = async (pemText: string | Uint8Array): Promise<PrivateKeyFacts> => {
  const blocks = readPem(pemText)
  const first = blocks.find((block) => block.der && (block.label === 'PRIVATE KEY' || block.label.endsWith(' PRIVATE KEY')))
  try {
    if (!first?.der) return { status: 'unreadable', code: 'not-pem' }
    for (const form of ['PKCS1', 'PKCS8', 'SEC1'] as const) {
      const facts = await readBlock(form, first.der)
      if (facts.status === 'read') return facts
    }
    return { status: 'unreadable', code: 'malformed' }
  } finally {
    wipeBlocks(blocks)
  }
}
