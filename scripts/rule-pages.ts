import type { Rule } from '../src/rules/rule.ts'

const CITATIONS: Readonly<Record<string, (at: string) => string | undefined>> = {
  'cert-manager': (at) =>
    at.startsWith('issues/') || at.startsWith('pull/') ? `https://github.com/cert-manager/cert-manager/${at}` : undefined,
  'golang/go': (at) => `https://github.com/golang/go/${at}`,
}

/** An RFC section or an issue as a link; a file of cert-manager as its path. */
const citation = ({ document, at }: Rule['sources'][number]): string => {
  if (document.startsWith('RFC ')) return `[${document}, ${at}](https://www.rfc-editor.org/rfc/rfc${document.slice(4)}.html)`
  const link = CITATIONS[document]?.(at)
  return link === undefined ? `${document}: ${at}` : `[${document} ${at}](${link})`
}

/** What the rule says in the first of its test cases: the heading of the case, and what the command prints. */
const example = (told: string): readonly string[] => {
  const [, what, rest = ''] = /^# (.+)\n\n([^]*)$/.exec(told) ?? []
  const [first = ''] = rest.split(/\n\n# /)
  return what === undefined
    ? []
    : ['## Looks like', '', `${what[0]?.toUpperCase()}${what.slice(1)}:`, '', '```text', first.trimEnd(), '```', '']
}

/**
 * The page of one rule, made from its metadata and from what it says in its tests.
 * @param told the text of its cases, `test/rules/told/ID.txt`; empty where there is none
 */
export const rulePage = (rule: Rule, told: string): string =>
  [
    `# ${rule.id}`,
    '',
    `${rule.title}.`,
    '',
    '| | |',
    '| --- | --- |',
    `| severity | ${rule.severity} |`,
    `| group | ${rule.group} |`,
    `| needs | ${rule.needs.length === 0 ? 'nothing but the input' : rule.needs.join(', ')} |`,
    '',
    '## Means',
    '',
    rule.means,
    '',
    ...example(told),
    '## Matters because',
    '',
    rule.matters,
    '',
    '## Mend',
    '',
    rule.mend,
    '',
    '## Silent when',
    '',
    rule.silent,
    '',
    '## Sources',
    '',
    ...rule.sources.map((source) => `- ${citation(source)}`),
    '',
  ].join('\n')

/** The table of all rules, causes first, as the report orders them. */
export const ruleIndex = (rules: readonly Rule[]): string =>
  [
    '# Rules',
    '',
    'Generated from the rule files by `npm run docs`. `kubepki explain ID` prints the same without the example, in which letters stand for the digits of digests.',
    '',
    '| id | severity | what it says |',
    '| --- | --- | --- |',
    ...rules.map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.severity} | ${rule.title} |`),
    '',
  ].join('\n')
