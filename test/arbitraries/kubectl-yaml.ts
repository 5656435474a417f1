import fc from 'fast-check'
import type { Json, JsonObject } from '../../src/dump/raw-object.ts'

/**
 * Prints values as kubectl does (sigs.k8s.io/yaml over go-yaml v2): keys sorted, two spaces, sequences in the column of their key,
 * literal blocks for strings with line ends, long values folded at blanks where asked for.
 */
export interface PrintOptions {
  /** Width at which go-yaml folds; Infinity where it does not. */
  readonly width: number
}

const NON_STRING =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|<<|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|[-+]?[0-9][0-9_.:eExXoObBa-fA-F+-]*|[-+]?\.[0-9][0-9_eE+-]*|[0-9-]+T?[0-9:.Z ]*)$/

const escapeChar = (char: string): string => {
  const code = char.codePointAt(0) as number
  const named: Record<string, string> = {
    '"': '\\"',
    '\\': '\\\\',
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\0': '\\0',
    '\u0007': '\\a',
    '\b': '\\b',
    '\u001b': '\\e',
    '\f': '\\f',
    '\v': '\\v',
    '\u0085': '\\N',
    '\u2028': '\\L',
    '\u2029': '\\P',
    '\ufeff': '\\uFEFF',
  }
  const known = named[char]
  if (known !== undefined) return known
  if (code < 0x20 || code === 0x7f || (code >= 0x80 && code < 0xa0)) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code >= 0xd800 && code < 0xe000) return `\\u${code.toString(16)}`
  return code > 0xffff ? `\\U${code.toString(16).toUpperCase().padStart(8, '0')}` : char
}

const isPrintable = (text: string): boolean => [...text].every((char) => escapeChar(char) === char || '"\\\n\''.includes(char))

/** go-yaml folds at a single blank between other characters once the line is longer than its width. */
const fold = (text: string, column: number, indent: number, width: number, quoted: boolean): string => {
  let out = ''
  let at = column
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string
    const single = char === ' ' && i > 0 && i < text.length - 1 && text[i - 1] !== ' ' && text[i + 1] !== ' ' && text[i - 1] !== '\\'
    const safe = quoted || (text[i + 1] !== '#' && text[i - 1] !== ':' && text[i + 1] !== '-' && text[i + 1] !== '?')
    if (single && safe && at > width) {
      out += `\n${' '.repeat(indent)}`
      at = indent
    } else {
      out += char
      at++
    }
  }
  return out
}

const printString = (value: string, column: number, indent: number, { width }: PrintOptions): string => {
  if (value === '') return '""'
  const special = !isPrintable(value)
  const edges = value.startsWith(' ') || value.endsWith(' ')
  if (value.includes('\n') && !special && !/ (?:\n|$)/.test(value)) {
    const hint = /^[ \n]/.test(value) ? '2' : ''
    const chomp = value.endsWith('\n') ? (value === '\n' || value.endsWith('\n\n') ? '+' : '') : '-'
    const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n')
    return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`
  }
  if (special || value.includes('\n') || NON_STRING.test(value))
    return fold(`"${[...value].map(escapeChar).join('')}"`, column, indent, width, true)
  const plain = !edges && !/^[-?:,[\]{}#&*!|>'"%@`\s]/.test(value) && !value.includes(': ') && !value.includes(' #') && !value.endsWith(':')
  if (plain) return fold(value, column, indent, width, false)
  const inner = fold(value.replaceAll("'", "''"), column, indent, width, true)
  return `'${inner}'`
}

const printKey = (key: string): string => printString(key, 0, 0, { width: Infinity })

const printNode = (value: Json, indent: number, options: PrintOptions): string => {
  if (Array.isArray(value)) {
    const items: readonly Json[] = value
    return items
      .map((item) => {
        if (typeof item === 'object' && item !== null && Object.keys(item).length > 0) return `- ${printNode(item, indent + 2, options)}`
        return `- ${printScalar(item, indent + 2, indent + 2, options)}`
      })
      .join(`\n${' '.repeat(indent)}`)
  }
  return Object.entries(value as JsonObject)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => {
      const name = printKey(key)
      if (Array.isArray(item) && item.length > 0) return `${name}:\n${' '.repeat(indent)}${printNode(item, indent, options)}`
      if (typeof item === 'object' && item !== null && Object.keys(item).length > 0) {
        return `${name}:\n${' '.repeat(indent + 2)}${printNode(item, indent + 2, options)}`
      }
      return `${name}: ${printScalar(item, indent + name.length + 2, indent + 2, options)}`
    })
    .join(`\n${' '.repeat(indent)}`)
}

const printScalar = (value: Json, column: number, indent: number, options: PrintOptions): string => {
  if (typeof value === 'string') return printString(value, column, indent, options)
  if (Array.isArray(value)) return '[]'
  return typeof value === 'object' && value !== null ? '{}' : JSON.stringify(value)
}

/** One object as `kubectl get -o yaml` prints it, ending in a line feed. */
export const printKubectlYaml = (value: JsonObject, options: PrintOptions = { width: Infinity }): string =>
  `${printNode(value, 0, options)}\n`

/** Several objects as one List. */
export const printKubectlList = (values: readonly JsonObject[], options: PrintOptions = { width: Infinity }): string =>
  `apiVersion: v1\nitems:\n${values.map((value) => `- ${printNode(value, 2, options)}\n`).join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`

const hostile = fc.constantFrom(
  '1e3',
  'null',
  'true',
  '0x10',
  '010',
  '2026-11-24',
  '1_000',
  '12:30:45',
  'y',
  'no',
  '~',
  '=',
  '<<',
  '- a',
  '? b',
  ': c',
  'a: b',
  'a #b',
  '#',
  '*x',
  '&x',
  '!t',
  '|',
  '>-',
  '%',
  '@',
  '`',
  '{}',
  '[]',
  '{a: b}',
  '',
  ' ',
  ' a',
  'a ',
  '\n',
  'a\n',
  'a\n\n',
  '\na',
  ' a\nb',
  'a\n  b',
  'a \nb',
  '\t',
  'a\tb',
  '"',
  "'",
  "it's",
  '\\',
  'C:\\New',
  '---',
  '...',
  '--- a',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  '{"a":1}\n',
  '{{ .x }}',
  '😀',
  'é',
  '\u00a0',
  '\u0007',
  'a\r\nb',
  '.5',
  '-.5',
  '+1',
  '0o17',
  '.inf',
  '.nan',
  'e3',
  '1.',
  '9f9cadae-f4cb-44d3',
  '- apiVersion: v1',
  '__proto__',
  'constructor',
  'word word word word word word word word word word word word word word word word word word word word word word word',
  'x'.repeat(300),
)

export const scalarText = fc.oneof(
  { weight: 3, arbitrary: hostile },
  { weight: 2, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.array(hostile, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.array(hostile, { minLength: 2, maxLength: 3 }).map((parts) => parts.join('\n')) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'ab: -#\n\'"\\{}[]|>&*!%@`~,.0:'), maxLength: 20 }) },
)

const keyText = fc.oneof(
  fc.constantFrom('tls.crt', 'a', 'cert-manager.io/issuer-name', 'f:metadata', '.', 'k:{"type":"Ready"}', '1', 'y', 'null'),
  fc.stringMatching(/^[a-zA-Z0-9_./-]{1,12}$/),
  hostile.filter((key) => !key.includes('\n') && key !== '' && key.length < 100),
)

const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalarText,
    fc.oneof(fc.boolean(), fc.constant(null), fc.integer(), fc.constantFrom(0.5, -1.25, 1000000, 2 ** 53, 0)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keyText, tie('tree'), { maxKeys: 5 }),
  ),
}))

/** Any object, with strings that YAML has to quote everywhere. */
export const jsonObject: fc.Arbitrary<JsonObject> = fc.dictionary(keyText, tree, { minKeys: 1, maxKeys: 6 })

/** A text with one accident: bytes flipped, lines dropped, moved, doubled or put in, a part cut out. */
export const damaged = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(6),
      fc.nat(text.length),
      fc.nat(text.length),
      fc.constantFrom(' ', '\n', '\t', '"', "'", ':', '#', '-', '{', '&', '|', 'é', '\u2028', '\0'),
    )
    .map(([kind, a, b, char]) => {
      const lines = text.split('\n')
      const line = a % lines.length
      switch (kind) {
        case 0:
          return text.slice(0, a) + char + text.slice(a + 1)
        case 1:
          return text.slice(0, a) + char + text.slice(a)
        case 2:
          return text.slice(0, a)
        case 3:
          return lines.filter((_, index) => index !== line).join('\n')
        case 4:
          return lines.map((each, index) => (index === line ? ` ${each}` : each)).join('\n')
        case 5:
          return [...lines.slice(0, line), char, ...lines.slice(line)].join('\n')
        default:
          return text.slice(0, Math.min(a, b)) + text.slice(Math.max(a, b))
      }
    })
