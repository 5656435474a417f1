import { wrap } from './measure.ts'

/** What a page of a rule is made of; every rule of `rules` has it. */
export interface RulePage {
  readonly id: string
  readonly severity: string
  readonly title: string
  readonly means: string
  readonly matters: string
  readonly mend: string
  readonly silent: string
  readonly sources: readonly { readonly document: string; readonly at: string }[]
}

const WIDTH = 100

/** What a rule means, why it matters, the way out, when it is silent, and its sources: plain text, wrapped at `width` columns. */
export const rulePage = (rule: RulePage, width = WIDTH): string => {
  const paragraph = (text: string): readonly string[] => [...wrap(text, '', width), '']
  return [
    `${rule.id}  (${rule.severity})`,
    ...paragraph(rule.title),
    ...paragraph(rule.means),
    ...paragraph(`Why it matters: ${rule.matters}`),
    ...paragraph(`The way out: ${rule.mend}`),
    ...paragraph(rule.silent),
    rule.sources.length === 1 ? 'Source' : 'Sources',
    ...rule.sources.map((source) => `  ${source.document} ${source.at}`),
    '',
  ].join('\n')
}
