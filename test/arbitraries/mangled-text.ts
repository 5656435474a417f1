import fc from 'fast-check'

/** Whatever means something to YAML, and characters that readers treat in ways of their own. */
const tokens = [
  ...[' ', '  ', '\n', '\n\n', '\n ', '\n    ', '\t', '"', "'", "''", ':', ': ', '#', ' #', '-', '- ', '--- ', '...', '? ', ','],
  ...['{', '}', '[', ']', '{}', '[]', '&a', '*a', '!', '!!str ', '|', '|-', '|+', '|2', '>', '>-', '%', '@', '`', '<<: ', '=', '~'],
  ...['\\', '\\n', '\\x', '\\x4', '\\u12', '\\U0011FFFF', '\\\n', '\\ ', '\\N', '0', '1', '0x1', '0o1', '.', 'e', '1e3', '_', '.inf'],
  ...['null', 'true', 'Yes', '\0', '\u0001', '\u007f', '\u00a0', '\u200b', '\ufeff', '\ud800', '\udc00', '😀', 'a:', 'kind: Secret\n'],
]

type Accident = (text: string) => string

const accident: fc.Arbitrary<Accident> = fc
  .record({
    kind: fc.nat(9),
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    other: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    token: fc.constantFrom(...tokens),
    count: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ kind, at, other, token, count }): Accident => (text) => {
    const position = Math.floor(at * (text.length + 1))
    const lines = text.split('\n')
    const line = Math.floor(at * lines.length)
    const change = (changed: (found: string) => readonly string[]): string =>
      [...lines.slice(0, line), ...changed(lines[line] ?? ''), ...lines.slice(line + 1)].join('\n')
    switch (kind) {
      case 0:
      case 1:
        return text.slice(0, position) + token + text.slice(position)
      case 2:
        return text.slice(0, position) + token + text.slice(position + count)
      case 3:
        return text.slice(0, position) + text.slice(position + count)
      case 4:
        return change((found) => [' '.repeat(count) + found])
      case 5:
        return change((found) => [found.replace(new RegExp(`^ {1,${count}}`), '')])
      case 6:
        return change(() => [])
      case 7:
        return change((found) => [found, lines[Math.floor(other * lines.length)] ?? ''])
      case 8:
        return change((found) => [found + token])
      default:
        return other < 0.2 ? text.slice(0, position) : change((found) => [found, ' '.repeat(Math.floor(other * 8)) + token])
    }
  })

/** A text after one to three accidents: tokens put in or over others, characters lost, lines moved, doubled, indented, dropped, cut off. */
export const mangled = (text: string): fc.Arbitrary<string> =>
  fc.array(accident, { minLength: 1, maxLength: 3 }).map((accidents) => accidents.reduce((result, change) => change(result), text))
