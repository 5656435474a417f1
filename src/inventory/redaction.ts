import { fromBase64, toLatin1 } from '../base/bytes.ts'
import type { Json } from '../dump/raw-object.ts'

/** One value of a Secret's data as a dump shows it. `bytes` only where there is a value to read. */
export type ShownValue =
  | { readonly status: 'present'; readonly bytes: Uint8Array }
  | { readonly status: 'empty' | 'absent' }
  | { readonly status: 'masked'; readonly size?: number }
  | { readonly status: 'unknown' }

/** Words that redactors and people leave, and nothing at all; compared without case and without brackets, stars and blanks around them. */
const MARK_WORDS = new Set(
  [
    '',
    'redacted, hidden, masked, removed, omitted, secret, private, sensitive, snip, snipped, scrubbed, anonymized, anonymised',
    'data hidden, data omitted, data removed, value hidden, value removed, scrubbed base64 pem, deleted, stripped, sanitized',
    'sanitised, confidential, n/a, none, null, xxx, private key, key removed, key redacted, redacted by support, before, after',
  ].flatMap((line) => line.split(', ')),
)

const FRAME = new Set([...'*<>[](){}-_#.…"\'`= \t\r\nxX~|/\\+:%@!&?,;$'])

/** Characters that somebody draws over a value, as many as it has. */
const BLACKENED = new Set([...'xX*.#_-0'])

/** One character and nothing else, for longer than any real value would have it. */
const isOneCharacter = (text: string): boolean => {
  const [first] = text
  if (first === undefined || text.length < 16) return false
  for (let i = 1; i < text.length; i++) if (text[i] !== first) return false
  return true
}

/** Is this text a mark that a redactor left in the place of a value? Linear in the text; only short texts can be marks. */
export const isRedactionMark = (text: string): boolean => {
  if (text.length === 0 || text.length > 200) return false
  if (text.startsWith('ENC[') || text.startsWith('***TOKEN_') || text.startsWith('-----SCRUBBED')) return true
  let from = 0
  let to = text.length
  while (from < to && FRAME.has(text[from] as string)) from++
  while (to > from && FRAME.has(text[to - 1] as string)) to--
  return MARK_WORDS.has(text.slice(from, to).toLowerCase())
}

/** `1675 bytes long` (oc adm inspect), `1679 bytes` (kubectl describe): the value exists and has that size. */
const sizeInWords = (text: string): number | undefined => {
  if (text.length > 30) return undefined
  const space = text.indexOf(' ')
  const rest = text.slice(space)
  const size = Number(text.slice(0, space))
  return space > 0 && (rest === ' bytes long' || rest === ' bytes') && Number.isInteger(size) ? size : undefined
}

/** Inside of a value stands one character for longer than in base64 of anything real: worth a look at its lines. */
const mayBeBlackened = (bytes: Uint8Array): boolean => {
  const isRun = (from: number): boolean => {
    for (let i = from + 1; i < from + 16; i++) if (bytes[i] !== bytes[from]) return false
    return true
  }
  // Of two places 20 bytes apart one has no line end in it; in the middle of a chain stand an END and a BEGIN.
  return [bytes.length >> 1, bytes.length >> 2].some((at) => isRun(at) || isRun(at + 20))
}

const isBlackenedLine = (line: string): boolean => BLACKENED.has(line[0] ?? '') && isOneCharacter(line)

/** A PEM block whose body was replaced by a mark, as a whole or line by line: between BEGIN and END stands what base64 does not have. */
const isHollowPem = (text: string): boolean => {
  const begin = text.indexOf('-----BEGIN ')
  const body = text.indexOf('\n', begin)
  const end = text.indexOf('-----END ', body)
  if (begin < 0 || body < 0 || end < 0) return false
  const inside = text.slice(body, end).trim()
  if (inside === '' || isRedactionMark(inside) || inside.includes('***') || inside.includes('...') || inside.includes('…')) return true
  return inside.split('\n').some((line) => isBlackenedLine(line.trimEnd()))
}

/** Longer than any mark or size in words, in base64. */
export const LONGEST_MARK = 600

/**
 * Says how one value of Secret data stands in the dump (facts of bundles, section 3).
 * @param shown as it was read, or the octets of a base64 text
 * @param plain the dump holds text instead of base64 (Troubleshoot)
 */
export const readShownValue = (shown: Json | Uint8Array | undefined, plain: boolean): ShownValue => {
  if (shown instanceof Uint8Array && shown.length > LONGEST_MARK && shown.some((octet) => octet !== shown[0])) {
    const bytes = fromBase64(shown)
    if (bytes && bytes.length > 400 && !mayBeBlackened(bytes)) return { status: 'present', bytes }
  }
  const value = shown instanceof Uint8Array ? toLatin1(shown) : shown
  if (value === undefined) return { status: 'absent' }
  if (value === null || value === '') return { status: 'empty' }
  if (typeof value !== 'string') return { status: 'masked' }
  const size = sizeInWords(value)
  if (size !== undefined) return { status: 'masked', size }
  if (isRedactionMark(value) || isOneCharacter(value)) return { status: 'masked' }
  const bytes = plain ? new TextEncoder().encode(value) : fromBase64(value)
  if (bytes === undefined) return { status: value.includes('*') || value.includes('<') || value.includes('[') ? 'masked' : 'unknown' }
  if (bytes.length === 0) return { status: 'empty' }
  if (bytes.length > 400 && !mayBeBlackened(bytes)) return { status: 'present', bytes }
  const text = toLatin1(bytes)
  const inner = sizeInWords(text)
  if (inner !== undefined) return { status: 'masked', size: inner }
  if (isRedactionMark(text.trim()) || isOneCharacter(text.trim()) || isHollowPem(text)) return { status: 'masked' }
  return { status: 'present', bytes }
}
