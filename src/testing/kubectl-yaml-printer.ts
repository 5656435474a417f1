import { analyzeScalar, isBreak, isPrintable, looksLikeOtherThanString } from './yaml-scalars.ts'

/** What a Kubernetes object consists of. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

const width = 80
const indentStep = 2
const longestSimpleKey = 128

const escapes: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

/**
 * Prints a value as `kubectl get -o yaml` does (sigs.k8s.io/yaml over go-yaml v2): block style, keys in go-yaml's order, sequences at their
 * key's indent, folding behind column 80. Throws on characters with which kubectl cannot print YAML either.
 */
export function printKubectlYaml(value: JsonValue): string {
  const writer = new Writer()
  writer.node(value, -1, 'root')
  return writer.text.endsWith('\n') ? writer.text : `${writer.text}\n`
}

/** Prints a value as `kubectl get -o json` does: four spaces, keys in byte order, `<`, `>` and `&` escaped as Go does. */
export function printKubectlJson(value: JsonValue): string {
  return `${jsonText(value, '')}\n`
}

/** go-yaml's order of mapping keys: letters behind everything else, runs of digits by their value. */
export function compareKeys(left: string, right: string): number {
  const a = [...left]
  const b = [...right]
  const shared = Math.min(a.length, b.length)
  let at = 0
  while (at < shared && a[at] === b[at]) at++
  const x = a[at]
  const y = b[at]
  if (x === undefined || y === undefined) return a.length - b.length
  const xLetter = /^\p{L}$/u.test(x)
  const yLetter = /^\p{L}$/u.test(y)
  if (xLetter !== yLetter) return xLetter ? 1 : -1
  if (!xLetter) {
    // A zero inside a number counts as a digit of it, so both sides get the same digit in front of them.
    const lead = (x === '0' || y === '0') && /[1-9]\d*$/.test(a.slice(0, at).join('')) ? '1' : ''
    const xDigits = digitsFrom(a, at)
    const yDigits = digitsFrom(b, at)
    const difference = Number(`${lead}${xDigits}`) - Number(`${lead}${yDigits}`)
    if (difference !== 0) return difference
    if (xDigits.length !== yDigits.length) return xDigits.length - yDigits.length
  }
  return (x.codePointAt(0) ?? 0) - (y.codePointAt(0) ?? 0)
}

function digitsFrom(chars: readonly string[], start: number): string {
  let end = start
  while (end < chars.length && /^\p{Nd}$/u.test(chars[end] ?? '')) end++
  return chars.slice(start, end).join('')
}

/** Where a node stands: it decides whether a sequence is indented and whether a scalar may spread over lines. */
type Role = 'root' | 'item' | 'value' | 'explicit-value' | 'key'

class Writer {
  text = ''
  #column = 0

  node(value: JsonValue, indent: number, role: Role): void {
    if (Array.isArray(value)) this.#sequence(value as readonly JsonValue[], indent, role)
    else if (value !== null && typeof value === 'object')
      this.#mapping(value as { readonly [key: string]: JsonValue | undefined }, indent, role)
    else if (typeof value === 'string') this.#string(value, indent, role)
    else {
      this.#blank()
      this.#put(String(value))
    }
  }

  #sequence(items: readonly JsonValue[], outer: number, role: Role): void {
    if (items.length === 0) {
      this.#blank()
      this.#put('[]')
      return
    }
    const indent = role === 'value' ? outer : deeper(outer)
    items.forEach((item, index) => {
      this.#start(indent, index === 0 && role !== 'value')
      this.#put('-')
      this.node(item, indent, 'item')
    })
  }

  #mapping(fields: { readonly [key: string]: JsonValue | undefined }, outer: number, role: Role): void {
    const entries = Object.entries(fields).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
    if (entries.length === 0) {
      this.#blank()
      this.#put('{}')
      return
    }
    const indent = deeper(outer)
    entries.sort(([left], [right]) => compareKeys(left, right))
    entries.forEach(([key, value], index) => {
      this.#start(indent, index === 0 && role !== 'value')
      if (isSimpleKey(key)) {
        this.#string(key, indent, 'key')
        this.#put(':')
        this.node(value, indent, 'value')
      } else {
        this.#put('?')
        this.#string(key, indent, 'item')
        this.#start(indent, false)
        this.#put(':')
        this.node(value, indent, 'explicit-value')
      }
    })
  }

  /** Goes to a new line's indent, or, for the first entry behind `- ` and `: `, on to that column. */
  #start(indent: number, inline: boolean): void {
    if (!inline) this.#newLine(indent)
    else while (this.#column < indent) this.#put(' ')
  }

  #string(text: string, outer: number, role: Role): void {
    const chars = [...foldNextLines(text)]
    for (const char of chars) refuseControl(char)
    const analysis = analyzeScalar(chars)
    const key = role === 'key'
    const indent = Math.max(outer, 0) + indentStep
    if (chars.includes('\n') && analysis.literal && !key) this.#literal(chars, indent)
    else if (chars.includes('\n') || (key && analysis.multiline)) this.#doubleQuoted(chars, indent, !key)
    else if (looksLikeOtherThanString(chars.join(''))) this.#doubleQuoted(chars, indent, !key)
    else if (analysis.plainInBlock && !(key && chars.length === 0)) this.#plain(chars, indent, !key)
    else if (analysis.singleQuoted) this.#singleQuoted(chars, indent, !key)
    else this.#doubleQuoted(chars, indent, !key)
  }

  #plain(chars: readonly string[], indent: number, fold: boolean): void {
    this.#blank()
    chars.forEach((char, index) => {
      const single = char === ' ' && chars[index - 1] !== ' ' && chars[index + 1] !== ' '
      if (single && fold && this.#column > width) this.#newLine(indent)
      else this.#put(char)
    })
  }

  #singleQuoted(chars: readonly string[], indent: number, fold: boolean): void {
    this.#blank()
    this.#put("'")
    chars.forEach((char, index) => {
      const inside = index > 0 && index < chars.length - 1
      const single = char === ' ' && chars[index - 1] !== ' ' && chars[index + 1] !== ' '
      if (single && inside && fold && this.#column > width) this.#newLine(indent)
      else if (isBreak(char)) this.#put(char)
      else {
        if (isBreak(chars[index - 1])) this.#newLine(indent)
        this.#put(char === "'" ? "''" : char)
      }
    })
    this.#put("'")
  }

  #doubleQuoted(chars: readonly string[], indent: number, fold: boolean): void {
    this.#blank()
    this.#put('"')
    let afterSpace = false
    chars.forEach((char, index) => {
      if (char === ' ') {
        const inside = index > 0 && index < chars.length - 1
        if (fold && !afterSpace && inside && this.#column > width) {
          this.#newLine(indent)
          if (chars[index + 1] === ' ') this.#put('\\')
        } else this.#put(' ')
      } else this.#put(isPrintable(char) && !isBreak(char) && char !== '"' && char !== '\\' ? char : escape(char))
      afterSpace = char === ' '
    })
    this.#put('"')
  }

  #literal(chars: readonly string[], indent: number): void {
    this.#blank()
    this.#put('|')
    if (chars[0] === ' ' || isBreak(chars[0])) this.#put(String(indentStep))
    if (!isBreak(chars.at(-1))) this.#put('-')
    else if (chars.length === 1 || isBreak(chars.at(-2))) this.#put('+')
    this.#put('\n')
    chars.forEach((char, index) => {
      if (!isBreak(char) && (index === 0 || isBreak(chars[index - 1]))) while (this.#column < indent) this.#put(' ')
      this.#put(char)
    })
  }

  #blank(): void {
    if (this.text !== '' && !/[\n ]$/.test(this.text)) this.#put(' ')
  }

  #newLine(indent: number): void {
    if (this.#column > 0) this.#put('\n')
    this.#put(' '.repeat(Math.max(0, indent)))
  }

  #put(part: string): void {
    this.text += part
    this.#column = isBreak(part.at(-1)) ? 0 : this.#column + [...part].length
  }
}

function deeper(indent: number): number {
  return indent < 0 ? 0 : indent + indentStep
}

function isSimpleKey(key: string): boolean {
  return new TextEncoder().encode(key).length <= longestSimpleKey && ![...key].some((char) => isBreak(char))
}

function escape(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const known = escapes[char]
  if (known !== undefined) return known
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

/** The same refusal as go-yaml's reader, through which kubectl sends the object's JSON. */
function refuseControl(char: string): void {
  const code = char.codePointAt(0) ?? 0
  if ((code >= 0x7f && code <= 0x9f && code !== 0x85) || code === 0xfeff || code === 0xfffe || code === 0xffff) {
    throw new Error('yaml: control characters are not allowed')
  }
}

/**
 * kubectl's printer reads the object's JSON as YAML 1.1, where U+0085 is a line break: alone it becomes a blank, several become line ends.
 * U+2028 and U+2029 are escaped in that JSON and stay.
 */
function foldNextLines(text: string): string {
  return text.replace(/ *\u0085[ \u0085]*/g, (run) => {
    const breaks = run.split('\u0085').length - 1
    return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)
  })
}

function jsonText(value: JsonValue, indent: string): string {
  if (value === null || typeof value !== 'object') return goString(JSON.stringify(value))
  const inner = `${indent}    `
  const lines = Array.isArray(value)
    ? (value as readonly JsonValue[]).map((item) => `${inner}${jsonText(item, inner)}`)
    : Object.entries(value as { readonly [key: string]: JsonValue | undefined })
        .filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
        .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
        .map(([key, field]) => `${inner}${goString(JSON.stringify(key))}: ${jsonText(field, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

/** Go escapes HTML's characters and the two separators, and writes \b and \f by their number. */
function goString(json: string): string {
  return json
    .replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/\\(.)/g, (pair, char: string) => (char === 'b' ? '\\u0008' : char === 'f' ? '\\u000c' : pair))
}
