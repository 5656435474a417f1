const UNITS: readonly (readonly [string, number])[] = [
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

/**
 * Reads a Go duration (`2160h0m0s`, `1.5h`, `-30s`, `0`): decimal numbers each with a unit, no days.
 * @returns milliseconds, or undefined for anything that Go's time.ParseDuration refuses.
 */
export const parseGoDuration = (text: string): number | undefined => {
  if (text.length === 0 || text.length > 100) return undefined
  let at = 0
  const sign = text[0] === '-' ? -1 : 1
  if (text[0] === '-' || text[0] === '+') at++
  if (text.slice(at) === '0') return 0
  if (at === text.length) return undefined
  let total = 0
  while (at < text.length) {
    const start = at
    while (at < text.length && '0123456789.'.includes(text[at] as string)) at++
    const number = text.slice(start, at)
    if (number === '' || number === '.' || number.indexOf('.') !== number.lastIndexOf('.')) return undefined
    const unit = UNITS.find(([name]) => text.startsWith(name, at))
    if (!unit) return undefined
    total += Number(number) * unit[1]
    at += unit[0].length
  }
  return Math.abs(total) > 9_223_372_036_854.775 ? undefined : sign * total
}
