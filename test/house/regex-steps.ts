import type { RegexNode, RegexRepeat } from './regex-syntax.ts'
import { parseRegex } from './regex-syntax.ts'

const SHORT = 128
const ENDINGS = ['', '\u0000', '!']
/** A linear pattern takes twice as many steps for an input of twice the length, a quadratic one four times as many. */
const TOO_MANY_TIMES = 3
/** No linear pattern comes near to it; an exponential one would not end. */
const GIVEN_UP = 100_000

/** Characters to repeat: what the pattern itself names, and one of each common class. */
const alphabetOf = (pattern: RegExp): readonly string[] => {
  const named = pattern.source.replace(/\\[a-zA-Z]/g, '').match(/[\w\s\-.:/=@,<>"']/g) ?? []
  return [...new Set([...named.slice(0, 24), 'a', 'Z', '0', ' ', '\t', '\n', '-', '.', '\\', '"'])]
}

type Rest = (at: number) => boolean

/** Counts the steps of a matcher that tries one way after another, as engines of JavaScript do, from every place of the input. */
const createCounter = (pattern: RegExp): ((input: string) => number) => {
  const root = parseRegex(pattern.source)
  const flags = pattern.flags.replace(/[gmydv]/g, '')
  const characters = new Map<string, (char: string) => boolean>()
  const matcherOf = (source: string): ((char: string) => boolean) => {
    let known = characters.get(source)
    if (known) return known
    const single = new RegExp(`^${source}$`, flags)
    const answers = new Map<string, boolean>()
    known = (char) => {
      let answer = answers.get(char)
      if (answer === undefined) answers.set(char, (answer = single.test(char)))
      return answer
    }
    characters.set(source, known)
    return known
  }
  return (input) => {
    let steps = 0
    const isSpent = (): boolean => ++steps > GIVEN_UP
    const repeat = (node: RegexRepeat, done: number, at: number, rest: Rest): boolean => {
      const again = (): boolean =>
        done < node.max && match(node.of, at, (next) => (next > at || done < node.min) && repeat(node, done + 1, next, rest))
      if (done < node.min) return again()
      return node.lazy ? rest(at) || again() : again() || rest(at)
    }
    const sequence = (nodes: readonly RegexNode[], index: number, at: number, rest: Rest): boolean => {
      const node = nodes[index]
      return node ? match(node, at, (next) => sequence(nodes, index + 1, next, rest)) : rest(at)
    }
    const match = (node: RegexNode, at: number, rest: Rest): boolean => {
      if (isSpent()) return false
      if (node.kind === 'character') return at < input.length && matcherOf(node.source)(input[at] ?? '') && rest(at + 1)
      if (node.kind === 'repeat') return repeat(node, 0, at, rest)
      if (node.kind === 'choice') return node.branches.some((branch) => sequence(branch, 0, at, rest))
      if (node.kind === 'start') return (at === 0 || (pattern.multiline && input[at - 1] === '\n')) && rest(at)
      return (at === input.length || (pattern.multiline && input[at] === '\n')) && rest(at)
    }
    for (let from = 0; from <= input.length && steps <= GIVEN_UP; from++) if (match(root, from, () => true)) break
    return steps
  }
}

/**
 * Tries a pattern on runs of single characters, and of pairs of them, with an ending that cannot match, and counts steps.
 * @returns the first input that takes more than in proportion to its length, described; undefined where there is none
 */
export const slowestInput = (pattern: RegExp): string | undefined => {
  const stepsFor = createCounter(pattern)
  const alphabet = alphabetOf(pattern)
  const units = [...alphabet, ...alphabet.slice(0, 8).flatMap((a) => alphabet.slice(0, 8).map((b) => a + b))]
  for (const unit of units)
    for (const ending of ENDINGS) {
      const run = unit.repeat(SHORT / unit.length)
      const [once, twice] = [stepsFor(run + ending), stepsFor(run + run + ending)]
      if (twice > GIVEN_UP || twice > TOO_MANY_TIMES * once)
        return `${JSON.stringify(unit)}${ending && ` and ${JSON.stringify(ending)}`}: ${once} steps, then ${twice}`
    }
  return undefined
}
