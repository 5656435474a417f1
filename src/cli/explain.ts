import { rulePage, rules } from '../index.ts'

/** The page of one rule for the terminal, or the list of all rules. */
export const explain = (id: string | undefined, width?: number): { readonly text: string; readonly found: boolean } => {
  if (id !== undefined) {
    const rule = rules.find((item) => item.id === id)
    return rule
      ? { text: rulePage(rule, width), found: true }
      : { text: `no rule is called ${JSON.stringify(id)}; kubepki explain lists them`, found: false }
  }
  const longest = Math.max(...rules.map((rule) => rule.id.length))
  return {
    text: `${rules.map((rule) => `${rule.id.padEnd(longest)}  ${rule.severity.padEnd(7)}  ${rule.title}`).join('\n')}\n`,
    found: true,
  }
}
