/**
 * Which words YAML 1.1 takes for something else than a string, as kubectl's printer (sigs.k8s.io/yaml over go-yaml v2) asks
 * before it writes a string without quotes.
 */
const words = new Set(
  [
    ['', '~', 'null', 'Null', 'NULL'],
    ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'],
    ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'],
    ['.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'],
  ].flat(),
)

const integers = [/^[-+]?0[xX][0-9a-fA-F]+$/, /^[-+]?0[oO]?[0-7]+$/, /^[-+]?0[bB][01]+$/, /^[-+]?(?:0|[1-9][0-9]*)$/]
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const base60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/
const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)|[ ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/

/** Would this text, unquoted, be read as null, a boolean, a number or a timestamp? */
export function looksLikeOtherThanString(text: string): boolean {
  if (words.has(text)) return true
  if (/^\./.test(text)) return isFiniteFloat(text)
  if (!/^[-+0-9]/.test(text)) return false
  if (base60.test(text) || isTimestamp(text)) return true
  const plain = text.replaceAll('_', '')
  return isInteger(plain) || isFiniteFloat(plain)
}

function isInteger(text: string): boolean {
  if (!integers.some((form) => form.test(text))) return false
  const negative = text.startsWith('-')
  const digits = text.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o')
  const magnitude = BigInt(digits.toLowerCase())
  // Beyond 64 bits Go tells a range error, and the text is tried as a floating-point number.
  return negative ? magnitude <= 1n << 63n : magnitude < 1n << 64n
}

function isFiniteFloat(text: string): boolean {
  return float.test(text) && Number.isFinite(Number(text))
}

function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text)
  if (match === null) return false
  const [year = 0, month = 0, day = 0, ...clock] = match.slice(1).map((part: string | undefined) => Number(part ?? 0))
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  const [hour = 0, minute = 0, second = 0] = clock.slice(0, 3).some(Boolean) ? clock.slice(0, 3) : clock.slice(3, 6)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth && hour < 24 && minute < 60 && second < 60
}

/** What a scalar's characters allow (the emitter's analysis of go-yaml v2). */
export interface ScalarAnalysis {
  readonly multiline: boolean
  readonly plainInBlock: boolean
  readonly singleQuoted: boolean
  readonly literal: boolean
}

/** Line breaks of YAML 1.1. */
export function isBreak(char: string | undefined): boolean {
  return char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029'
}

/** Characters that go-yaml writes as they are; all others are escaped in double quotes. */
export function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  if (code === 0x0a || (code >= 0x20 && code <= 0x7e)) return true
  return (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
}

/** Reads a scalar once and says in which styles it can be written. */
export function analyzeScalar(chars: readonly string[]): ScalarAnalysis {
  const first = chars[0]
  const last = chars.at(-1)
  if (first === undefined || last === undefined) return { multiline: false, plainInBlock: true, singleQuoted: true, literal: false }
  const indicators = /^(?:---|\.\.\.)/.test(chars.slice(0, 3).join('')) || chars.some((_, index) => isIndicator(chars, index))
  const special = chars.some((char) => !isPrintable(char))
  const breakThenSpace = chars.some((char, index) => char === ' ' && isBreak(chars[index - 1]))
  const spaceThenBreak = chars.some((char, index) => isBreak(char) && chars[index - 1] === ' ')
  const multiline = chars.some((char) => isBreak(char))
  const edges = first === ' ' || last === ' '
  const broken = spaceThenBreak || special
  return {
    multiline,
    plainInBlock: !edges && !multiline && !indicators && !breakThenSpace && !broken,
    singleQuoted: !breakThenSpace && !broken,
    literal: last !== ' ' && !broken,
  }
}

/** Does this character, where it stands, mean something in a plain scalar in block context? */
function isIndicator(chars: readonly string[], index: number): boolean {
  const char = chars[index] ?? ''
  const before = chars[index - 1]
  const behind = chars[index + 1]
  const blankBehind = behind === undefined || behind === ' ' || behind === '\t'
  if (index === 0) return '#,[]{}&*!|>\'"%@`'.includes(char) || ('?:-'.includes(char) && blankBehind)
  return (char === ':' && blankBehind) || (char === '#' && (before === ' ' || before === '\t' || isBreak(before)))
}
