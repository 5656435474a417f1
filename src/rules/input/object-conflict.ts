import { say, sayList } from '../../base/phrase.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const { conflicts } = model.inventory
  const [first, ...others] = conflicts
  if (!first) return
  const refs = conflicts.map((conflict) => conflict.ref)
  const sources = [...new Set(first.places.map((place) => place.source))]
  yield finding({
    subject: first.ref,
    related: others.map((conflict) => conflict.ref),
    message: say`${refs.length === 1 ? 'One object stands' : `${refs.length} objects stand`} in the input more than once with different contents: ${sayList(sayRefs(refs))}`,
    evidence: [
      {
        label: sayRef(first.ref),
        text: sayList(
          first.places.map((place) => `${place.source}:${place.line}`),
          4,
        ),
      },
      { label: 'used', text: say`the copy that says most; of equal ones the same one whatever the order` },
    ],
    places: first.places.slice(0, 10),
    remedy: {
      text:
        sources.length > 1
          ? say`Analyse the dumps one by one: they are of different times or clusters`
          : say`Export again: the dump was put together from several`,
      commands: [],
    },
  })
}

export const objectConflict: Rule = {
  id: 'object-conflict',
  group: 'input',
  severity: 'warning',
  title: 'One object in two versions',
  means: 'The same kind, namespace and name stands more than once, and spec, data, status or annotations differ.',
  matters: 'Dumps of two clusters or of two times were read together: what is said mixes them.',
  mend: 'Analyse each dump by itself.',
  silent: 'Silent where the copies agree, and where one of them says less than the other (masked, without status).',
  sources: [{ document: 'Kubernetes', at: 'concepts: object names and IDs' }],
  needs: [],
  check,
}
