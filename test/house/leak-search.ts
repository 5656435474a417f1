import type { PlantedKey } from './key-material.ts'

/** A piece of a planted key that was found in an output: whose it is, in which writing, and what stands there. */
export interface Leak {
  readonly key: string
  readonly writing: string
  readonly found: string
}

/** Bytes of a key that nobody may show twice in a row: fewer could be there by chance. */
const WINDOW = 16
/** 15 bytes that begin on a group boundary of base64 are exactly 20 characters, whatever stands around them. */
const GROUPED = 15
const DIGITS = 20

/** The part of the key's PEM text that writes private numbers, with its line ends, as bytes: what a doubly encoded value holds. */
const privateText = (key: PlantedKey, lineEnd: string): readonly Buffer[] => {
  const body = key.pem.replace(/-----[A-Z0-9 ]+-----/g, '').trim()
  const flat = body.replaceAll('\n', '')
  return key.secrets.flatMap((secret) => {
    const at = key.der.indexOf(secret)
    if (at < 0) return []
    const [from, to] = [Math.ceil(at / 3) * 4, Math.floor((at + secret.length) / 3) * 4]
    const place = (digit: number): number => digit + Math.floor(digit / 64)
    const text = body.slice(place(from), place(to))
    return flat.includes(text.replaceAll('\n', '')) ? [Buffer.from(text.replaceAll('\n', lineEnd))] : []
  })
}

const eachWindow = (bytes: Buffer, length: number, visit: (window: Buffer) => void): void => {
  for (let at = 0; at + length <= bytes.length; at++) visit(bytes.subarray(at, at + length))
}

/** Finds what was planted in any output, in hexadecimal, base64, base64url, decimal numbers or as it stood, at every alignment. */
export const createLeakSearch = (keys: readonly PlantedKey[]): ((output: string) => readonly Leak[]) => {
  const hexadecimal = new Map<string, string>()
  const base64 = new Map<string, string>()
  const decimal = new Map<string, string>()
  for (const key of keys) {
    const texts = [...privateText(key, '\n'), ...privateText(key, '\r\n')]
    for (const bytes of [...key.secrets, ...texts]) {
      eachWindow(bytes, WINDOW, (window) => hexadecimal.set(window.toString('hex'), key.name))
      eachWindow(bytes, WINDOW, (window) => decimal.set([...window].join(','), key.name))
      eachWindow(bytes, GROUPED, (window) => base64.set(window.toString('base64'), key.name))
    }
  }
  const scan = (text: string, length: number, known: ReadonlyMap<string, string>, writing: string): readonly Leak[] => {
    const found: Leak[] = []
    for (let at = 0; at + length <= text.length; at++) {
      const piece = text.slice(at, at + length)
      const key = known.get(piece)
      if (key !== undefined) found.push({ key, writing, found: piece })
    }
    return found
  }
  return (output) => {
    const joined = output.replace(/\\[rnt]|\\u000[0-9a-f]|["'\s|│]/gi, '')
    const standard = joined.replaceAll('-', '+').replaceAll('_', '/')
    const numbers = joined.replace(/\d+:/g, '')
    const leaks = [
      ...scan(joined.replaceAll(':', '').toLowerCase(), WINDOW * 2, hexadecimal, 'hex'),
      ...scan(standard, DIGITS, base64, 'base64'),
      ...(/\d,\d+,\d/.test(numbers)
        ? [...decimal].flatMap(([digits, key]) => (numbers.includes(digits) ? [{ key, writing: 'decimal', found: digits }] : []))
        : []),
    ]
    return leaks.slice(0, 5)
  }
}
