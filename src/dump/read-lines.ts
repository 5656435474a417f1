/** What a line says by its first bytes, in a text where Kubernetes objects, tables, prompts and logs follow one another. */
export type LineKind =
  'blank' | 'comment' | 'start' | 'end' | 'fence' | 'key' | 'dash' | 'indented' | 'brace' | 'noise' | 'prompt' | 'conflict' | 'other'

const NEWLINE = 10
const SPACE = 32

/** Offset of the next line feed, or -1. Most lines are short: a loop finds those sooner than a call. */
export const findNewline = (bytes: Uint8Array, from: number): number => {
  const near = from + 96 < bytes.length ? from + 96 : bytes.length
  for (let i = from; i < near; i++) if (bytes[i] === NEWLINE) return i
  return near < bytes.length ? bytes.indexOf(NEWLINE, near) : -1
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Does nothing but blanks stand from `from` to `to`? */
export const isBlankFrom = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (bytes[i] !== SPACE && bytes[i] !== 9) return false
  return true
}

const KEY_BYTES = new Uint8Array(256)
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./') KEY_BYTES[char.charCodeAt(0)] = 1

const isLower = (byte: number): boolean => (byte >= 97 && byte <= 122) || byte === 95

/**
 * The end of a mapping key that begins at `from` (offset of its colon), or -1. Keys of Kubernetes objects begin in lower case;
 * the lines of `kubectl describe` (`Name:`) do not.
 */
export const findKeyEnd = (bytes: Uint8Array, from: number, to: number): number => {
  const first = bytes[from] as number
  let i = from
  if (first === 34 || first === 39) {
    i = bytes.indexOf(first, from + 1) + 1
    if (i <= 0 || i > to) return -1
  } else {
    if (!isLower(first)) return -1
    while (i < to && KEY_BYTES[bytes[i] as number] === 1) i++
  }
  if (bytes[i] !== 58 || i >= to) return -1
  return i + 1 === to || bytes[i + 1] === SPACE || bytes[i + 1] === 9 ? i : -1
}

/** The text of a key, without its quotes. */
export const keyName = (bytes: Uint8Array, from: number, colon: number): string => {
  const quoted = bytes[from] === 34 || bytes[from] === 39
  return decodeText(quoted ? bytes.subarray(from + 1, colon - 1) : bytes.subarray(from, colon))
}

/** Keys that may begin an object; anything else between objects is text. */
export const STARTERS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'items',
  'type',
  'data',
  'stringData',
  'spec',
  'status',
  'immutable',
  'binaryData',
])

/** Keys that every object has, and the frame of a list around its items. */
export const FRAME_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

const NOISE_STARTS = [
  'Warning: ',
  'Error from server',
  'error: ',
  'Error: ',
  'No resources found',
  'Unable to connect to the server',
  '==== ',
]
const PROMPTS = ['$ ', '# ', '> ', '% ', '❯ ', '+ ']
const COMMANDS = ['kubectl ', 'oc ', 'cat ', 'exit', 'k ', 'cmctl ']

const isDigits = (text: string, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (!(text.charCodeAt(i) >= 48 && text.charCodeAt(i) <= 57)) return false
  return to <= text.length
}

/** Lines that kubectl, client-go's log and shells put between outputs, and that say nothing about the objects around them. */
const isNoise = (text: string): boolean => {
  if (NOISE_STARTS.some((start) => text.startsWith(start))) return true
  if ('WEIF'.includes(text[0] ?? '#') && isDigits(text, 1, 5) && text[5] === ' ') return true
  if (text.length > 11 && isDigits(text, 0, 4) && (text[4] === '-' || text[4] === '/') && isDigits(text, 5, 7) && text.includes(':'))
    return true
  return false
}

/** A shell's prompt with a command behind it: what the command before had to say has ended. */
const isPrompt = (text: string): boolean =>
  PROMPTS.some((mark) => {
    const at = text.indexOf(mark)
    // `+ ` is what `set -x` prints, at the start of a line only.
    return at >= 0 && at < (mark === '+ ' ? 1 : 120) && COMMANDS.some((command) => text.startsWith(command, at + 2))
  })

const foreignKind = (bytes: Uint8Array, from: number, to: number): 'noise' | 'prompt' | undefined => {
  const text = decodeText(bytes.subarray(from, Math.min(to, from + 200)))
  return isNoise(text) ? 'noise' : isPrompt(text) ? 'prompt' : undefined
}

/** U+0085, U+2028 and U+2029 in UTF-8. */
const isOldBreak = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 0xc2 && bytes[at + 1] === 0x85) ||
  (bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && (bytes[at + 2] === 0xa8 || bytes[at + 2] === 0xa9))

/** @param to offset of the line's end, without its line feed */
export const classifyLine = (bytes: Uint8Array, from: number, to: number): LineKind => {
  if (from === to) return 'blank'
  const first = bytes[from] as number
  if (first === SPACE || first === 9) return isBlankFrom(bytes, from, to) ? 'blank' : 'indented'
  if (first === 45) {
    if (bytes[from + 1] === 45 && bytes[from + 2] === 45 && (from + 3 >= to || bytes[from + 3] === SPACE || bytes[from + 3] === 9))
      return 'start'
    if (from + 1 === to || bytes[from + 1] === SPACE) return 'dash'
    return 'other'
  }
  if (first === 123 || first === 91) return 'brace'
  if (first === 35) return foreignKind(bytes, from, to) ?? 'comment'
  if (first === 46 && bytes[from + 1] === 46 && bytes[from + 2] === 46 && isBlankFrom(bytes, from + 3, to)) return 'end'
  if ((first === 96 || first === 126) && bytes[from + 1] === first && bytes[from + 2] === first) return 'fence'
  if ((first === 60 || first === 61 || first === 62 || first === 124) && to - from >= 7) {
    let run = 1
    while (run < 8 && bytes[from + run] === first) run++
    if (run === 7 && (to - from === 7 || bytes[from + 7] === SPACE)) return 'conflict'
  }
  // A literal that begins with a line break character of YAML 1.1: its first line has no indentation.
  if (isOldBreak(bytes, from)) return 'blank'
  const colon = findKeyEnd(bytes, from, to)
  // `type: $ kubectl get …` is the object's own line; `error: …` is kubectl's.
  if (colon >= 0 && STARTERS.has(keyName(bytes, from, colon))) return 'key'
  return foreignKind(bytes, from, to) ?? (colon >= 0 ? 'key' : 'other')
}

/** Inside of a flow mapping that began in column 0 only the end of the document matters. */
export const classifyFlowLine = (bytes: Uint8Array, from: number, to: number): LineKind => {
  const kind = classifyLine(bytes, from, to)
  return kind === 'start' || kind === 'end' || kind === 'fence' ? kind : 'blank'
}

/** Does an item begin behind this dash: a key, a flow mapping or nothing yet? `- - -` and `- foo` begin none of ours. */
export const startsItem = (bytes: Uint8Array, dash: number, to: number): boolean => {
  let i = dash + 1
  while (i < to && bytes[i] === SPACE) i++
  if (i >= to) return true
  const byte = bytes[i] as number
  return byte === 123 || byte === 38 || byte === 33 || byte === 35 || findKeyEnd(bytes, i, to) >= 0
}

/** Blanks behind an opening brace; more of them are not printed by anything. */
const LONGEST_BLANK = 1 << 12

/** JSON begins at this brace or bracket: yes, no, or (undefined) not to be told before more is read. */
export const startsJson = (bytes: Uint8Array, at: number, final: boolean): boolean | undefined => {
  let array = bytes[at] === 91
  const limit = at + LONGEST_BLANK
  for (let i = at + 1; i < bytes.length; i++) {
    if (i > limit) return false
    const byte = bytes[i] as number
    if (byte === SPACE || byte === NEWLINE || byte === 9) continue
    if (array && byte === 123) array = false
    else return !array && byte === 34
  }
  return final ? false : undefined
}

/** Does the JSON that begins at `at` seem to end with this line? */
export const endsJson = (bytes: Uint8Array, at: number, to: number): boolean => {
  let last = to - 1
  while (last > at && (bytes[last] === SPACE || bytes[last] === 9)) last--
  return bytes[last] === 125 || bytes[last] === 93
}

/** Nothing but blanks or a comment stands behind this colon. */
export const isValueless = (bytes: Uint8Array, colon: number, to: number): boolean => {
  let i = colon + 1
  while (i < to && bytes[i] === SPACE) i++
  return i >= to || bytes[i] === 35
}
