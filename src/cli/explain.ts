import { rules } from '../index.ts'

const page = (id: string): string | undefined => {
  const rule = rules.find((item) => item.id === id)
  if (!rule) return undefined
  const sources = rule.sources.map((source) => `  ${source.document} ${source.at}`)
  return [
    `${rule.id}  (${rule.severity})`,
    rule.title,
    '',
    rule.means,
    '',
    `Why it matters: ${rule.matters}`,
    '',
    `The way out: ${rule.mend}`,
    '',
    rule.silent,
    '',
    'Sources',
    ...sources,
    '',
  ].join('\n')
}

/** The page of one rule for the terminal, or the list of all rules. */
export const explain = (id: string | undefined): { readonly text: string; readonly found: boolean } => {
  if (id !== undefined) {
    const text = page(id)
    return text === undefined
      ? { text: `No rule is called ${JSON.stringify(id)}. kubepki explain lists them.\n`, found: false }
      : { text, found: true }
  }
  const width = Math.max(...rules.map((rule) => rule.id.length))
  return { text: `${rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.title}`).join('\n')}\n`, found: true }
}
