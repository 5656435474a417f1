const [BASE, T_MIN, T_MAX, SKEW, DAMP] = [36, 1, 26, 38, 700]

const digitOf = (code: number): number =>
  code >= 0x30 && code <= 0x39 ? code - 22 : code >= 0x61 && code <= 0x7a ? code - 0x61 : code >= 0x41 && code <= 0x5a ? code - 0x41 : NaN

/** RFC 3492 6.1. */
const adapt = (delta: number, count: number, first: boolean): number => {
  let rest = Math.floor(first ? delta / DAMP : delta / 2)
  rest += Math.floor(rest / count)
  let k = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}

/** Decodes Punycode (RFC 3492 6.2); undefined where it is none. Labels have at most 63 octets, so the work is bounded. */
const decodePunycode = (text: string): string | undefined => {
  const dash = text.lastIndexOf('-')
  const out = [...text.slice(0, Math.max(dash, 0))].map((char) => char.charCodeAt(0))
  let [code, index, bias] = [128, 0, 72]
  for (let at = dash < 0 ? 0 : dash + 1; at < text.length;) {
    const before = index
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = at < text.length ? digitOf(text.charCodeAt(at++)) : NaN
      if (Number.isNaN(digit)) return undefined
      index += digit * weight
      const threshold = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias
      if (digit < threshold) break
      weight *= BASE - threshold
      if (weight > 0x7fffffff) return undefined
    }
    const count = out.length + 1
    bias = adapt(index - before, count, before === 0)
    code += Math.floor(index / count)
    index %= count
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
    out.splice(index++, 0, code)
  }
  return String.fromCodePoint(...out)
}

/** NFKC and lower case: what Nameprep makes of letters (RFC 3491). */
export const foldLabel = (label: string): string => label.normalize('NFKC').toLowerCase().normalize('NFKC')

/** Controls, spaces and what no character is assigned to (RFC 3491 5). */
const PROHIBITED = /[\p{C}\p{Z}]/u

/** RFC 3490 4.2, ToUnicode of one label: an A-label that does not come back from its decoded form stays as it is. */
export const labelToUnicode = (label: string): string => {
  if (label.length > 63 || !label.slice(0, 4).toLowerCase().startsWith('xn--')) return label
  const decoded = decodePunycode(label.slice(4).toLowerCase())
  if (decoded === undefined || PROHIBITED.test(decoded) || foldLabel(decoded) !== decoded) return label
  return [...decoded].some((char) => char.charCodeAt(0) > 0x7f) ? decoded : label
}
