const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0')

const escape = (char: string): string => {
  const known = ESCAPES[char]
  if (known !== undefined) return known
  const code = char.codePointAt(0) as number
  // Half of a surrogate pair never comes out of Go's UTF-8.
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd'
  if (code < 0x80) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

/** A string as Go's %q prints it (strconv.Quote): what cannot be printed is escaped, letters of all scripts stand as they are. */
export const goQuote = (text: string): string => `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escape)}"`
