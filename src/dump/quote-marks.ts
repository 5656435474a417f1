import { readGeneralYaml } from './general-yaml.ts'

/** Longer lines are values, not marks that somebody put in their place. */
const LONGEST_MARK = 400

/** Different marks in one object: nobody writes so many, and each is tried. */
const DISTINCT_MARKS = 200

/** Begins like an alias, a tag, a directive or a quote, or has a mapping inside: what a mark in the place of a value may do to YAML. */
const isSuspect = (value: string): boolean => '*&!%@`"\'{[-?,]}'.includes(value[0] ?? 'a') || value.includes(': ')

/** An entry of a list is more often something else: another list, a mapping, a text that goes on below. */
const isSuspectItem = (value: string): boolean => '*&!%@`'.includes(value[0] ?? 'a') && !value.includes(': ')

/** What tells which object it is. */
const IDENTITY = /^(name|namespace|kind|apiVersion)$/

/** `{{ .Values.name }}`: a template, which is to be rendered first. */
const TEMPLATE = /\{\{-?[ .]/

/** Where the value of a line begins: behind `key: `, or behind the dashes of a list's entry. */
interface ValueAt {
  readonly from: number
  /** Undefined in an entry of a list. */
  readonly key?: string
}

const findValue = (line: string, indent: number): ValueAt | undefined => {
  let from = indent
  while (line.startsWith('- ', from)) from += 2
  const colon = line.indexOf(': ', from)
  // `*.x: y` is no key: no field has such a name.
  const key = colon < 0 ? undefined : line.slice(from, colon)
  if (key !== undefined && /^[\w./-]+$/.test(key)) return { from: colon + 2, key }
  return from > indent ? { from } : undefined
}

/** Where the value ends and a comment begins. What begins with a quote may have ` #` inside. */
const valueEnd = (value: string): number => {
  const comment = value[0] === '"' || value[0] === "'" ? -1 : value.indexOf(' #')
  return comment < 0 ? value.length : comment
}

/** The aliases among the entries of `[*.example.com, b]` in quotes. */
const quoteEntries = (value: string): string =>
  value
    .slice(1, -1)
    .split(',')
    .map((entry) => (entry.trim().startsWith('*') ? JSON.stringify(entry.trim()) : entry.trim()))
    .join(', ')

/**
 * Somebody replaced values by marks that YAML takes for something else (`tls.key: ***` is an alias), or left the quotes of a wildcard out
 * (`- *.example.com`): gives the text with these in quotes.
 * Names and kinds are left as they are: an object whose own name was masked is nobody's.
 * @returns undefined where there is no such value, or there are too many
 */
export const quoteMarks = (text: string): string | undefined => {
  if (TEMPLATE.test(text)) return undefined
  const known = new Map<string, boolean>()
  /** Alone in its line it cannot be read, and in the object it can: `*x` of an anchor `&x`. */
  const isAlias = (value: string): boolean => value[0] === '*' && value.length > 1 && text.includes(`&${value.slice(1)}`)
  /** Each value is tried once: a text of a megabyte may have it on every line. */
  const isBroken = (value: string): boolean => {
    const broken = known.get(value) ?? (!isAlias(value) && !readGeneralYaml(`a: ${value}`, 8).ok)
    known.set(value, broken)
    return broken
  }
  const quotedOf = (value: string): string => {
    const entries = value.startsWith('[') && value.endsWith(']') ? `[${quoteEntries(value)}]` : value
    return entries !== value && !isBroken(entries) ? entries : JSON.stringify(value)
  }
  let block = -1
  const lines = text.split('\n')
  const quoted = lines.map((line, index) => {
    if (known.size > DISTINCT_MARKS) return line
    const indent = line.search(/\S/)
    if (block >= 0 && (indent < 0 || indent > block)) return line
    block = -1
    const at = indent < 0 ? undefined : findValue(line, indent)
    if (!at || line.length - at.from > LONGEST_MARK) return line
    const rest = line.slice(at.from).trim()
    if (rest[0] === '|' || rest[0] === '>') {
      block = indent
      return line
    }
    // The value goes on below: it is one of several lines.
    if ((lines[index + 1]?.search(/\S/) ?? -1) > indent) return line
    const end = valueEnd(rest)
    const value = rest.slice(0, end).trimEnd()
    const suspect = at.key === undefined ? isSuspectItem(value) : isSuspect(value) && !IDENTITY.test(at.key)
    if (value === '' || !suspect || !isBroken(value)) return line
    return `${line.slice(0, at.from)}${quotedOf(value)}${rest.slice(end)}`
  })
  if (known.size > DISTINCT_MARKS) return undefined
  return quoted.some((line, index) => line !== lines[index]) ? quoted.join('\n') : undefined
}
