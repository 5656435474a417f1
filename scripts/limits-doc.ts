import ts from 'typescript'
import type { Limits } from '../src/base/limits.ts'

/** `objectBytes` as `8 MiB`, a count as `1,000,000`. */
const shown = (name: string, value: number): string => {
  if (!name.endsWith('Bytes')) return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
  return value % 1_048_576 === 0 ? `${value / 1_048_576} MiB` : `${value / 1024} KiB`
}

/** The doc comment of each field of `interface Limits`, on one line. */
const commentsOf = (source: string): ReadonlyMap<string, string> => {
  const tree = ts.createSourceFile('limits.ts', source, ts.ScriptTarget.Latest, true)
  const limits = tree.statements.filter(ts.isInterfaceDeclaration).find((statement) => statement.name.text === 'Limits')
  return new Map(
    (limits?.members ?? []).map((member) => {
      const comment = ts.getJSDocCommentsAndTags(member).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
      return [member.name?.getText(tree) ?? '', comment.join(' ').replace(/\s+/g, ' ').replaceAll('|', '\\|')]
    }),
  )
}

/** The page docs/limits.md, made from the text of src/base/limits.ts and its default values. */
export const limitsDoc = (source: string, defaults: Limits): string => {
  const comments = commentsOf(source)
  return [
    '# Limits',
    '',
    'Generated from `src/base/limits.ts` by `npm run docs`.',
    '',
    'Everything that kubepki reads may have been written by somebody who wants it to hang or to fill the memory. So each loop over input has a',
    'bound. A bound that is reached is never passed over in silence: the input is reported with the name of the limit, and every question that',
    'depends on what was left out is answered *unknown*, with the budget as what is missing. It is never answered *failed*.',
    '',
    'A program that imports kubepki may set any of them: `analyze(sources, { at, limits: { objects: 10_000 } })`.',
    '',
    '| limit | default | what it bounds, and where the number comes from |',
    '| --- | ---: | --- |',
    ...Object.entries(defaults).map(([name, value]) => `| \`${name}\` | ${shown(name, value as number)} | ${comments.get(name) ?? ''} |`),
    '',
  ].join('\n')
}
