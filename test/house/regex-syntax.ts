/** A regular expression as what a backtracking matcher goes through. */
export type RegexNode =
  | { readonly kind: 'start' | 'end' }
  /** What stands for one character: itself, an escape or a class. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'choice'; readonly branches: readonly (readonly RegexNode[])[] }
  | RegexRepeat

/** A quantifier and what it repeats. */
export interface RegexRepeat {
  readonly kind: 'repeat'
  readonly of: RegexNode
  readonly min: number
  readonly max: number
  readonly lazy: boolean
}

/** The end of the character or class that begins at `at`. */
const endOfCharacter = (pattern: string, at: number): number => {
  if (pattern[at] === '[') {
    let to = at + 1
    while (to < pattern.length && pattern[to] !== ']') to += pattern[to] === '\\' ? 2 : 1
    return to + 1
  }
  if (pattern[at] !== '\\') return at + 1
  const escape = /^\\(?:[pP]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^1-9bBkpPux])/.exec(pattern.slice(at, at + 60))
  if (!escape) throw new Error(`an escape whose steps are not counted: ${pattern.slice(at)}`)
  return at + escape[0].length
}

/** Parses a pattern; throws at look-around, back-references and word boundaries, whose steps nobody counts here. */
export const parseRegex = (pattern: string): RegexNode => {
  let at = 0
  const quantified = (of: RegexNode): RegexNode => {
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/.exec(pattern.slice(at, at + 30))
    if (!found) return of
    at += found[0].length
    const [, sign, least, comma, most] = found
    const min = sign ? (sign === '+' ? 1 : 0) : Number(least)
    const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (most ? Number(most) : Infinity) : min
    return { kind: 'repeat', of, min, max, lazy: found[5] === '?' }
  }
  const choice = (): RegexNode => {
    const branches: RegexNode[][] = [[]]
    while (at < pattern.length && pattern[at] !== ')') {
      const char = pattern[at]
      if (char === '|') {
        branches.push([])
        at++
        continue
      }
      let node: RegexNode
      if (char === '(') {
        if (/^\(\?(?!:)/.test(pattern.slice(at, at + 3))) throw new Error(`a group whose steps are not counted: ${pattern.slice(at)}`)
        at += pattern[at + 1] === '?' ? 3 : 1
        node = choice()
        at++
      } else if (char === '^' || char === '$') {
        at++
        node = { kind: char === '^' ? 'start' : 'end' }
      } else {
        const to = endOfCharacter(pattern, at)
        node = { kind: 'character', source: pattern.slice(at, to) }
        at = to
      }
      branches[branches.length - 1]?.push(quantified(node))
    }
    return { kind: 'choice', branches }
  }
  return choice()
}
