import type { AlgorithmIdentifier } from './certificate.ts'
import type { DerCursor, DerElement } from './der.ts'
import {
  atEnd,
  bitStringContent,
  createDerNotes,
  derCursor,
  DerError,
  encodingOf,
  enter,
  expectElement,
  integerContent,
  noteRest,
  readElement,
  tags,
} from './der.ts'
import { sha1Hex, sha256Hex } from './digest.ts'
import { expandPoint } from './elliptic-curve.ts'
import { encodeBitString, encodeDer, encodeUnsigned } from './encode-der.ts'
import { keyOids } from './key-oids.ts'
import { oidText, readOid } from './oid.ts'
import type { PublicKey } from './public-key.ts'

/** Named curves by OID (RFC 5480 2.1.1.1): name where WebCrypto has it, and the field size in bits. */
const CURVES: ReadonlyMap<string, { readonly name: string; readonly bits: number }> = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', bits: 256 }],
  ['1.3.132.0.34', { name: 'P-384', bits: 384 }],
  ['1.3.132.0.35', { name: 'P-521', bits: 521 }],
  ['1.3.132.0.33', { name: '1.3.132.0.33', bits: 224 }],
  ['1.2.840.10045.3.1.1', { name: '1.2.840.10045.3.1.1', bits: 192 }],
  ['1.3.132.0.10', { name: '1.3.132.0.10', bits: 256 }],
])

const ALGORITHMS: ReadonlyMap<string, PublicKey['algorithm']> = new Map([
  ['1.2.840.113549.1.1.1', 'RSA'],
  ['1.2.840.113549.1.1.10', 'RSASSA-PSS'],
  ['1.2.840.10045.2.1', 'ECDSA'],
  ['1.3.101.112', 'Ed25519'],
  ['1.3.101.113', 'Ed448'],
])

/** Octets of a key without parameters (RFC 8410 4). */
const EDWARDS_OCTETS = { Ed25519: 32, Ed448: 57 } as const

/** What is odd in a key although its facts could be read. */
export type PublicKeyFlaw = 'key-malformed' | 'key-parameters' | 'key-curve-parameters'

interface Facts {
  readonly bits?: number
  readonly curve?: string
  readonly exponent?: number
  readonly compressedPoint?: boolean
  /** Writes the SubjectPublicKeyInfo in the one form under which equal keys are equal bytes; absent where the given one is it. */
  readonly canonical?: () => Uint8Array | undefined
}

const NULL = Uint8Array.of(0x05, 0x00)

const unsignedMagnitude = (content: Uint8Array): Uint8Array | undefined => {
  if ((content[0] as number) >= 0x80) return undefined
  let from = 0
  while (from < content.length && content[from] === 0) from++
  return from === content.length ? undefined : content.subarray(from)
}

const readRsa = (key: Uint8Array, parameters: Uint8Array | undefined, pss: boolean, note: (flaw: PublicKeyFlaw) => void): Facts => {
  const notes = createDerNotes()
  const outer = derCursor(key, notes)
  const inner = enter(outer, expectElement(outer, tags.sequence, 'RSA key'))
  const modulus = unsignedMagnitude(integerContent(inner, expectElement(inner, tags.integer, 'modulus'), 'modulus'))
  const exponent = unsignedMagnitude(integerContent(inner, expectElement(inner, tags.integer, 'exponent'), 'exponent'))
  noteRest(inner)
  noteRest(outer)
  if (!modulus || !exponent) throw new DerError('key-malformed', 0)
  const hasNull = parameters !== undefined && parameters.length === 2 && parameters[0] === 0x05 && parameters[1] === 0
  if (!pss && !hasNull) note('key-parameters')
  const isDer = !Object.values(notes).includes(true)
  if (!isDer) note('key-malformed')
  let value = 0
  for (const octet of exponent) value = value * 256 + octet
  const bits = (modulus.length - 1) * 8 + (32 - Math.clz32(modulus[0] as number))
  return {
    bits,
    ...(exponent.length <= 6 && { exponent: value }),
    ...(!(isDer && (pss || hasNull)) && {
      canonical: () =>
        encodeDer(
          tags.sequence,
          encodeDer(
            tags.sequence,
            encodeDer(tags.oid, pss ? keyOids.rsassaPss : keyOids.rsaEncryption),
            pss ? (parameters ?? new Uint8Array(0)) : NULL,
          ),
          encodeBitString(encodeDer(tags.sequence, encodeUnsigned(modulus), encodeUnsigned(exponent))),
        ),
    }),
  }
}

const readEc = (key: Uint8Array, parameters: Uint8Array | undefined, note: (flaw: PublicKeyFlaw) => void): Facts => {
  if (parameters?.[0] !== tags.oid) {
    note('key-curve-parameters')
    return {}
  }
  const cursor = derCursor(parameters)
  const element = readElement(cursor)
  const curveOid = oidText(cursor, element)
  const known = CURVES.get(curveOid)
  const curve = known?.name ?? curveOid
  const form = key[0] ?? 0
  if (!known) return { curve }
  const octets = Math.ceil(known.bits / 8)
  const compressed = form === 2 || form === 3
  if (key.length !== (compressed ? 1 + octets : 1 + 2 * octets) || (!compressed && form !== 4 && form !== 6 && form !== 7))
    note('key-malformed')
  return {
    bits: known.bits,
    curve,
    ...(compressed && { compressedPoint: true }),
    ...(form !== 4 && {
      canonical: () => {
        const point = expandPoint(known.name, key)
        return (
          point &&
          encodeDer(tags.sequence, encodeDer(tags.sequence, encodeDer(tags.oid, keyOids.ecPublicKey), parameters), encodeBitString(point))
        )
      },
    }),
  }
}

const readFacts = (algorithm: AlgorithmIdentifier, key: Uint8Array, note: (flaw: PublicKeyFlaw) => void): Facts => {
  const kind = ALGORITHMS.get(algorithm.oid)
  if (kind === 'RSA' || kind === 'RSASSA-PSS') return readRsa(key, algorithm.parameters, kind === 'RSASSA-PSS', note)
  if (kind === 'ECDSA') return readEc(key, algorithm.parameters, note)
  if (kind !== 'Ed25519' && kind !== 'Ed448') return {}
  if (key.length !== EDWARDS_OCTETS[kind]) note('key-malformed')
  if (algorithm.parameters === undefined) return { bits: kind === 'Ed25519' ? 256 : 456 }
  note('key-parameters')
  return {
    bits: kind === 'Ed25519' ? 256 : 456,
    canonical: () =>
      encodeDer(
        tags.sequence,
        encodeDer(tags.sequence, encodeDer(tags.oid, kind === 'Ed25519' ? keyOids.ed25519 : keyOids.ed448)),
        encodeBitString(key),
      ),
  }
}

class DecodedPublicKey implements PublicKey {
  readonly spki: Uint8Array
  readonly algorithm: PublicKey['algorithm']
  readonly oid: string
  readonly key: Uint8Array
  readonly parameters?: Uint8Array
  readonly bits?: number
  readonly curve?: string
  readonly exponent?: number
  readonly compressedPoint?: boolean
  readonly #canonical: Facts['canonical']
  #sha1: string | undefined
  #sha256: string | undefined
  #identity: string | undefined
  #standard: Uint8Array | undefined

  constructor(spki: Uint8Array, algorithm: AlgorithmIdentifier, key: Uint8Array, facts: Facts) {
    this.spki = spki
    this.algorithm = ALGORITHMS.get(algorithm.oid) ?? 'other'
    this.oid = algorithm.oid
    this.key = key
    if (algorithm.parameters) this.parameters = algorithm.parameters
    if (facts.bits !== undefined) this.bits = facts.bits
    if (facts.curve !== undefined) this.curve = facts.curve
    if (facts.exponent !== undefined) this.exponent = facts.exponent
    if (facts.compressedPoint) this.compressedPoint = true
    this.#canonical = facts.canonical
  }

  get sha1KeyIdentifier(): string {
    return (this.#sha1 ??= sha1Hex(this.key))
  }

  get sha256KeyIdentifier(): string {
    return (this.#sha256 ??= sha256Hex(this.key).slice(0, 40))
  }

  get canonicalSpki(): Uint8Array {
    return (this.#standard ??= this.#canonical?.() ?? this.spki)
  }

  get identity(): string {
    return (this.#identity ??= sha256Hex(this.canonicalSpki))
  }
}

const isNull = (bytes: Uint8Array, { tag, start, end }: DerElement): boolean =>
  tag === tags.null && end - start === 2 && bytes[start + 1] === 0

/** Reads an AlgorithmIdentifier: the OID, and the DER of whatever parameter follows it. */
export const readAlgorithm = (cursor: DerCursor, what: string): AlgorithmIdentifier => {
  const inside = enter(cursor, expectElement(cursor, tags.sequence, what))
  const oid = readOid(inside, what)
  if (atEnd(inside)) return { oid }
  const parameters = readElement(inside)
  noteRest(inside)
  return { oid, parameters: isNull(inside.bytes, parameters) ? NULL : encodingOf(inside, parameters) }
}

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). A key whose inside cannot be read keeps its algorithm and bytes and is noted as
 * malformed; only a broken outer structure throws (DerError).
 */
export const readPublicKey = (cursor: DerCursor, note: (flaw: PublicKeyFlaw) => void): PublicKey => {
  const whole = expectElement(cursor, tags.sequence, 'subjectPublicKeyInfo')
  const inside = enter(cursor, whole)
  const algorithm = readAlgorithm(inside, 'public key algorithm')
  const { bits: key, unused } = bitStringContent(inside, expectElement(inside, tags.bitString, 'subjectPublicKey'), 'subjectPublicKey')
  noteRest(inside)
  if (unused > 0) note('key-malformed')
  let facts: Facts = {}
  try {
    facts = readFacts(algorithm, key, note)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    note('key-malformed')
  }
  return new DecodedPublicKey(encodingOf(cursor, whole), algorithm, key, facts)
}

/** Reads the DER of one SubjectPublicKeyInfo; undefined where it is none. */
export const decodePublicKey = (spki: Uint8Array): PublicKey | undefined => {
  const cursor = derCursor(spki)
  try {
    const key = readPublicKey(cursor, () => undefined)
    return atEnd(cursor) ? key : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
