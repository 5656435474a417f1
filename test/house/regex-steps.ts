const LENGTHS = [16, 20, 24, 28, 1_000, 30_000]
const ENDINGS = ['', '\u0000', '!']
const TOO_LONG = 150

/** Characters to repeat: what the pattern itself names, and one of each common class. */
const alphabetOf = (pattern: RegExp): readonly string[] => {
  const named = pattern.source.replace(/\\[a-zA-Z]/g, '').match(/[\w\s\-.:/=@,<>"']/g) ?? []
  return [...new Set([...named.slice(0, 24), 'a', 'Z', '0', ' ', '\t', '\n', '-', '.', '\\', '"'])]
}

const milliseconds = (pattern: RegExp, input: string): number => {
  const start = performance.now()
  pattern.lastIndex = 0
  pattern.exec(input)
  return performance.now() - start
}

/**
 * Tries a pattern on long runs of single characters, and of pairs of them, with an ending that cannot match.
 * @returns the first input that took over 150 ms twice, described; undefined where all were quick. 30,000 characters cost a linear
 * pattern less than a millisecond and a quadratic one about a second; lengths grow so that an exponential one is caught early.
 */
export const slowestInput = (pattern: RegExp): string | undefined => {
  const alphabet = alphabetOf(pattern)
  const units = [...alphabet, ...alphabet.slice(0, 8).flatMap((a) => alphabet.slice(0, 8).map((b) => a + b))]
  for (const length of LENGTHS)
    for (const unit of units)
      for (const ending of ENDINGS) {
        const input = unit.repeat(Math.ceil(length / unit.length)) + ending
        if (milliseconds(pattern, input) > TOO_LONG && milliseconds(pattern, input) > TOO_LONG)
          return `${JSON.stringify(unit)} × ${length}${ending && ` and ${JSON.stringify(ending)}`}`
      }
  return undefined
}
