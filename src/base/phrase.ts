import { append } from './append.ts'

/** A value that came from the input, apart from our own words, so that each renderer can escape it in its own way. */
export interface Value {
  readonly value: string
}

/** A sentence in which our words (strings) and the input's values stay apart. */
export type Phrase = readonly (string | Value)[]

const asValue = (value: string | number | Value): Value => (typeof value === 'object' ? value : { value: String(value) })

/** Template tag: the literals are our words, whatever is interpolated is a value of the input (an interpolated Phrase keeps its parts). */
export const say = (literals: TemplateStringsArray, ...values: readonly (string | number | Value | Phrase)[]): Phrase => {
  const out: (string | Value)[] = []
  literals.forEach((literal, index) => {
    if (literal !== '') out.push(literal)
    const value = values[index]
    if (value === undefined) return
    if (Array.isArray(value)) append(out, value as Phrase)
    else out.push(asValue(value as string | number | Value))
  })
  // Kept for each Certificate: without the room for more that `push` makes.
  return out.slice()
}

/** Several values as one phrase: `a, b, c` or, over the limit, `a, b and 40 more`. */
export const sayList = (values: readonly string[], limit = 6): Phrase => {
  const shown = values.length > limit ? values.slice(0, limit - 1) : values
  const out: (string | Value)[] = []
  shown.forEach((value, index) => {
    if (index > 0) out.push(', ')
    out.push({ value })
  })
  if (shown.length < values.length) out.push(` and ${values.length - shown.length} more`)
  return out
}
