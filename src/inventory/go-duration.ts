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

const POINT = 0x2e

const isDigitOrPoint = (code: number): boolean => (code >= 0x30 && code <= 0x39) || code === POINT

const unitAt = (text: string, at: number): (typeof UNITS)[number] | undefined => {
  for (const unit of UNITS) if (text.startsWith(unit[0], at)) return unit
  return undefined
}

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
    let points = 0
    for (; at < text.length && isDigitOrPoint(text.charCodeAt(at)); at++) if (text.charCodeAt(at) === POINT) points++
    if (at - start <= points || points > 1) return undefined
    const unit = unitAt(text, at)
    if (!unit) return undefined
    total += Number(text.slice(start, at)) * unit[1]
    at += unit[0].length
  }
  return Math.abs(total) > 9_223_372_036_854.775 ? undefined : sign * total
}
