import { readGeneralYaml } from './general-yaml.ts'

/** Longer lines are values, not marks that somebody put in their place. */
const LONGEST_MARK = 400

/** Different marks in one object: nobody writes so many, and each is tried. */
const DISTINCT_MARKS = 200

/** Begins like an alias, a tag, a directive or a quote, or has a mapping inside: what a mark in the place of a value may do to YAML. */
const isSuspect = (value: string): boolean => '*&!%@`"\'{[-?,]}'.includes(value[0] ?? 'a') || value.includes(': ')

/** What tells which object it is. */
const IDENTITY = /^(name|namespace|kind|apiVersion)$/

/** `{{ .Values.name }}`: a template, which is to be rendered first. */
const TEMPLATE = /\{\{-?[ .]/

/**
 * Somebody replaced values by marks that YAML takes for something else (`tls.key: ***` is an alias): gives the text with these marks quoted.
 * Names and kinds are left as they are: an object whose own name was masked is nobody's.
 * @returns undefined where there is no such value, or there are too many
 */
export const quoteMarks = (text: string): string | undefined => {
  if (TEMPLATE.test(text)) return undefined
  const known = new Map<string, boolean>()
  const isBroken = (value: string): boolean => {
    const broken = known.get(value) ?? !readGeneralYaml(`a: ${value}`, 8).ok
    known.set(value, broken)
    return broken
  }
  let block = -1
  const lines = text.split('\n')
  const quoted = lines.map((line, index) => {
    if (known.size > DISTINCT_MARKS) return line
    const indent = line.search(/\S/)
    if (block >= 0 && (indent < 0 || indent > block)) return line
    block = -1
    const colon = line.indexOf(': ')
    if (indent < 0 || colon < 0 || line.length - colon > LONGEST_MARK) return line
    const value = line.slice(colon + 2).trim()
    if (value[0] === '|' || value[0] === '>') {
      block = indent
      return line
    }
    // The value goes on below: it is one of several lines.
    if ((lines[index + 1]?.search(/\S/) ?? -1) > indent) return line
    const key = line.slice(indent, colon).replace(/^- /, '')
    if (value === '' || !isSuspect(value) || IDENTITY.test(key) || !/^[\w./-]+$/.test(key) || !isBroken(value)) return line
    return `${line.slice(0, colon + 2)}${JSON.stringify(value)}`
  })
  if (known.size > DISTINCT_MARKS) return undefined
  return quoted.some((line, index) => line !== lines[index]) ? quoted.join('\n') : undefined
}
