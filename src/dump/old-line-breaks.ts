import type { Json } from './raw-object.ts'

/** U+0085, U+2028, U+2029: what YAML 1.1, and so kubectl's printer, takes for line breaks and YAML 1.2 does not. */
const isOldBreak = (code: number): boolean => code === 0x85 || code === 0x2028 || code === 0x2029

/** Has the text one of these characters as it is? */
export const hasOldLineBreaks = (text: string): boolean => text.includes('\u0085') || text.includes('\u2028') || text.includes('\u2029')

const someText = (value: Json, test: (text: string) => boolean): boolean => {
  if (typeof value === 'string') return test(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((child) => someText(child, test))
}

/** May a double-quoted scalar in this text stand for such a character? */
export const mayHoldEscapes = (text: string): boolean =>
  text.includes('\\') && (text.includes('\\N') || text.includes('\\L') || text.includes('\\P'))

/** Has a value of this object such a character, written as it is or as an escape? */
export const holdsOldLineBreaks = (text: string, value: Json): boolean => {
  return (mayHoldEscapes(text) || hasOldLineBreaks(text)) && someText(value, hasOldLineBreaks)
}

/**
 * kubectl turns JSON into YAML by reading it as YAML 1.1: there U+0085 in a string is a line end, and folding makes a blank of it, without
 * a trace. In a dump with such characters every blank may have been one. Conditions are left out: cert-manager writes their messages.
 */
export const mayHaveLostBreak = (value: Json): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).some(([key, part]) => key !== 'status' && someText(part, (text) => text.includes(' ')))
}

/**
 * A literal that ends with such a character is followed by the next line without a line feed, also by the next item of a list.
 * @param column of the items' dashes
 * @returns the texts of the items, each with its number of line feeds before it, and without what belongs to the list itself
 */
export const splitAtOldBreaks = (text: string, column: number): readonly { readonly text: string; readonly line: number }[] => {
  const parts: { text: string; line: number }[] = []
  let from = 0
  let line = 0
  let lines = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 10) lines++
    if (!isOldBreak(code)) continue
    let next = i + 1
    while (text.charCodeAt(next) === 32) next++
    const found = next - i - 1
    if (column === 0 && found === 0 && (text.startsWith('kind: ', next) || text.startsWith('metadata:', next))) {
      parts.push({ text: text.slice(from, i + 1), line })
      return parts
    }
    if (found === column && text.startsWith('- ', next)) {
      parts.push({ text: text.slice(from, i + 1), line })
      from = next + 2
      line = lines
    }
  }
  parts.push({ text: text.slice(from), line })
  return parts
}
