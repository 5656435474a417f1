/** Bytes that WebCrypto takes: a view on a plain ArrayBuffer. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Puts byte strings one behind the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    result.set(part, offset)
    offset += part.length
  }
  return result
}

/** Lower- or upper-case hex, colons and blanks allowed between the digits, to bytes. Throws on anything else. */
export function hexToBytes(hex: string): Bytes {
  const digits = hex.replace(/[:\s]/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) throw new Error(`not hex: ${JSON.stringify(hex)}`)
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16))
}

/** Bytes as lower-case hex. */
export function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Text as UTF-8. */
export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text))
}

/** Tag, definite length in its shortest form, content (X.690 8.1, 10.1). `tag` is the whole identifier octet. */
export function tagged(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concatBytes(...content)
  const length: number[] = []
  if (body.length < 0x80) length.push(body.length)
  else {
    for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest & 0xff)
    length.unshift(0x80 | length.length)
  }
  return concatBytes(Uint8Array.of(tag, ...length), body)
}

/** SEQUENCE of the elements as given. */
export function sequence(...content: readonly Uint8Array[]): Bytes {
  return tagged(0x30, ...content)
}

/** SET OF: the elements in DER's order (X.690 11.6). */
export function setOf(...content: readonly Uint8Array[]): Bytes {
  return tagged(0x31, ...[...content].sort(compareBytes))
}

/** INTEGER from a number, a bigint (also negative), or the octets of an unsigned big-endian magnitude. */
export function integer(value: number | bigint | Uint8Array): Bytes {
  return tagged(0x02, value instanceof Uint8Array ? unsignedContent(value) : twosComplement(BigInt(value)))
}

/** BOOLEAN; DER writes true as 0xff (X.690 11.1). */
export function boolean(value: boolean): Bytes {
  return tagged(0x01, Uint8Array.of(value ? 0xff : 0))
}

/** OCTET STRING. */
export function octetString(content: Uint8Array): Bytes {
  return tagged(0x04, content)
}

/** BIT STRING; `unusedBits` are those of the last octet. */
export function bitString(content: Uint8Array, unusedBits = 0): Bytes {
  return tagged(0x03, Uint8Array.of(unusedBits), content)
}

/** A named bit list (X.690 11.2.2): bit numbers counted from the first bit, trailing zero bits left out. */
export function namedBits(bits: readonly number[]): Bytes {
  if (bits.length === 0) return bitString(new Uint8Array(0))
  const last = Math.max(...bits)
  const octets = new Uint8Array(Math.floor(last / 8) + 1)
  for (const bit of bits) octets[Math.floor(bit / 8)] = (octets[Math.floor(bit / 8)] ?? 0) | (0x80 >> (bit % 8))
  return bitString(octets, 7 - (last % 8))
}

/** NULL, as parameters of RSA algorithms have it. */
export function nullValue(): Bytes {
  return Uint8Array.of(0x05, 0x00)
}

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Bytes {
  return tagged(0x06, objectIdentifierContent(dotted))
}

/** The content octets of an OBJECT IDENTIFIER (X.690 8.19). Arcs may be larger than 2^53. Throws on what is no OID. */
export function objectIdentifierContent(dotted: string): Bytes {
  if (!/^[0-2](\.\d+)+$/.test(dotted)) throw new Error(`not an object identifier: ${JSON.stringify(dotted)}`)
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt)
  const octets = [first * 40n + second, ...rest].flatMap((arc) => {
    const groups = [Number(arc & 0x7fn)]
    for (let high = arc >> 7n; high > 0n; high >>= 7n) groups.unshift(Number(high & 0x7fn) | 0x80)
    return groups
  })
  return Uint8Array.from(octets)
}

/** Context-specific, constructed: an EXPLICIT tag, or an IMPLICIT one over a constructed type. */
export function contextConstructed(number: number, ...content: readonly Uint8Array[]): Bytes {
  return tagged(0xa0 | number, ...content)
}

/** Context-specific, primitive: an IMPLICIT tag over a primitive type. */
export function contextPrimitive(number: number, content: Uint8Array): Bytes {
  return tagged(0x80 | number, content)
}

/** UTCTime up to 2049, GeneralizedTime from 2050 and before 1950 (RFC 5280 4.1.2.5); whole seconds, UTC. */
export function time(instant: Date, form: 'auto' | 'generalized' = 'auto'): Bytes {
  const digits = instant.toISOString().replace(/[-:T]/g, '').slice(0, 14)
  const year = instant.getUTCFullYear()
  if (form === 'auto' && year >= 1950 && year < 2050) return tagged(0x17, utf8(`${digits.slice(2)}Z`))
  return tagged(0x18, utf8(`${digits}Z`))
}

/** One element at the start of `der`: the span of its content and where it ends. Only for DER that this room or WebCrypto made. */
export function readElement(der: Uint8Array, offset = 0): { tag: number; start: number; end: number } {
  const tag = der[offset]
  const first = der[offset + 1]
  if (tag === undefined || first === undefined) throw new Error('DER ends early')
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first }
  const count = first & 0x7f
  let length = 0
  for (let index = 0; index < count; index++) length = length * 256 + (der[offset + 2 + index] ?? 0)
  return { tag, start: offset + 2 + count, end: offset + 2 + count + length }
}

/** The elements inside a constructed element, each whole. Only for DER that this room or WebCrypto made. */
export function readChildren(der: Uint8Array): Bytes[] {
  const outer = readElement(der)
  const children: Bytes[] = []
  for (let offset = outer.start; offset < outer.end;) {
    const { end } = readElement(der, offset)
    children.push(new Uint8Array(der.slice(offset, end)))
    offset = end
  }
  return children
}

/** The content of the element at the start of `der`. */
export function readContent(der: Uint8Array): Bytes {
  const { start, end } = readElement(der)
  return new Uint8Array(der.slice(start, end))
}

/** Octet by octet; the shorter one first where it is the other's beginning. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length)
  for (let index = 0; index < shared; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function unsignedContent(magnitude: Uint8Array): Bytes {
  let start = 0
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++
  const octets = magnitude.length === 0 ? Uint8Array.of(0) : new Uint8Array(magnitude.slice(start))
  return (octets[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), octets) : octets
}

function twosComplement(value: bigint): Bytes {
  let width = 1
  while (value < -(1n << BigInt(8 * width - 1)) || value >= 1n << BigInt(8 * width - 1)) width++
  const octets = new Uint8Array(width)
  let rest = BigInt.asUintN(8 * width, value)
  for (let index = width - 1; index >= 0; index--) {
    octets[index] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return octets
}
