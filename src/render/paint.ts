import type { Severity } from '../report/report.ts'

/** Colours of a terminal, or nothing at all. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly value: (text: string) => string
  readonly command: (text: string) => string
  readonly good: (text: string) => string
  readonly severity: (severity: Severity, text: string) => string
}

const sgr =
  (code: string) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

const plain = (text: string): string => text

/** ANSI colours (ECMA-48 SGR) when `color`, plain text otherwise. */
export const paintFor = (color: boolean): Paint => {
  if (!color) return { bold: plain, dim: plain, value: plain, command: plain, good: plain, severity: (_severity, text) => text }
  const codes: Readonly<Record<Severity, string>> = { error: '1;31', warning: '1;33', info: '36' }
  return {
    bold: sgr('1'),
    dim: sgr('2'),
    value: plain,
    command: sgr('36'),
    good: sgr('32'),
    severity: (severity, text) => sgr(codes[severity])(text),
  }
}
