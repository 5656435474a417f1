/** A tiny DER writer for tests: it writes what it is told, also what is wrong. */
export type Bytes = Uint8Array<ArrayBuffer>

export const concat = (...parts: readonly Uint8Array[]): Bytes => {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const lengthOctets = (length: number): number[] => {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

export const der = (tag: number, ...contents: readonly Uint8Array[]): Bytes => {
  const content = concat(...contents)
  return concat(Uint8Array.of(tag, ...lengthOctets(content.length)), content)
}

export const sequence = (...contents: readonly Uint8Array[]): Bytes => der(0x30, ...contents)
export const set = (...contents: readonly Uint8Array[]): Bytes => der(0x31, ...contents)
export const ascii = (text: string): Bytes => Uint8Array.from(text, (char) => char.charCodeAt(0))
export const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text))
export const hex = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
export const boolean = (value: boolean): Bytes => der(0x01, Uint8Array.of(value ? 0xff : 0))
export const octets = (content: Uint8Array): Bytes => der(0x04, content)
export const bits = (content: Uint8Array, unused = 0): Bytes => der(0x03, Uint8Array.of(unused), content)

export const integer = (value: bigint | number): Bytes => {
  let rest = BigInt(value)
  const out: number[] = []
  do {
    out.unshift(Number(rest & 0xffn))
    rest >>= 8n
  } while (!((rest === 0n && (out[0] as number) < 0x80) || (rest === -1n && (out[0] as number) >= 0x80)))
  return der(0x02, Uint8Array.from(out))
}

export const oid = (dotted: string): Bytes => {
  const arcs = dotted.split('.').map(BigInt)
  const [first, second, ...others] = arcs as [bigint, bigint, ...bigint[]]
  const out: number[] = []
  for (let arc of [first * 40n + second, ...others]) {
    const septets = [Number(arc & 0x7fn)]
    for (arc >>= 7n; arc > 0n; arc >>= 7n) septets.unshift(Number(arc & 0x7fn) | 0x80)
    out.push(...septets)
  }
  return der(0x06, Uint8Array.from(out))
}

export const NULL = Uint8Array.of(0x05, 0x00)

/** UTCTime up to 2049, GeneralizedTime after it. */
export const time = (at: number): Bytes => {
  const text = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z'
  const year = Number(text.slice(0, 4))
  return year >= 1950 && year < 2050 ? der(0x17, ascii(text.slice(2))) : der(0x18, ascii(text))
}

export interface Attribute {
  readonly type: string
  readonly value: string
  /** UTF8String unless given. */
  readonly tag?: number
}

export const rdn = (...attributes: readonly Attribute[]): Bytes =>
  set(...attributes.map(({ type, value, tag = 0x0c }) => sequence(oid(type), der(tag, tag === 0x0c ? utf8(value) : ascii(value)))))

/** A name with one common name, or with the RDNs that are given. */
export const name = (of: string | readonly (readonly Attribute[])[]): Bytes =>
  typeof of === 'string' ? sequence(rdn({ type: '2.5.4.3', value: of })) : sequence(...of.map((attributes) => rdn(...attributes)))

export const extension = (type: string, critical: boolean, content: Uint8Array): Bytes =>
  sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(content))
