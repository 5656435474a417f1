import { largest } from '../base/order.ts'
import { visible } from '../report/message.ts'
import type { Diagnostic, Message, Severity } from '../report/report.ts'
import { count, wrap } from './measure.ts'
import type { Paint } from './paint.ts'

const MARKS: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: 'ℹ' }

/** Commands of a remedy that are shown; the others are in the JSON. */
const COMMANDS = 6
/** A longer label pushes its own line to the right, and no other. */
const WIDEST_LABEL = 26

const messageText = (message: Message, paint: Paint): string =>
  message.parts.map((part) => (typeof part === 'string' ? part : paint.value(visible(part.value)))).join('')

/** One diagnostic: the cause in its first line, the evidence, the place, the way out. */
export const renderDiagnostic = (diagnostic: Diagnostic, paint: Paint, width: number): readonly string[] => {
  const { rule, severity, message, evidence, locations, remedy } = diagnostic
  const labels = Math.min(WIDEST_LABEL, Math.max(4, largest(evidence.map((entry) => entry.label.length))))
  const set = (label: string, text: string): readonly string[] =>
    wrap(text, '', width - 6 - labels).map(
      (line, index) => `    ${index === 0 ? paint.dim(visible(label).padEnd(labels)) : ' '.repeat(labels)}  ${line}`,
    )
  const [place, ...others] = locations
  const hidden = remedy.commands.length - COMMANDS
  return [
    ...wrap(`${paint.severity(severity, MARKS[severity])} ${paint.bold(rule)}  ${messageText(message, paint)}`, '', width - 4).map(
      (line, index) => (index === 0 ? line : `    ${line}`),
    ),
    ...evidence.flatMap((entry) => set(entry.label, messageText(entry, paint))),
    ...(place
      ? [
          `    ${paint.dim('at'.padEnd(labels))}  ${visible(place.source)}:${place.line}${others.length > 0 ? ` and ${count(others.length, 'more place')}` : ''}`,
        ]
      : []),
    ...(remedy.text === '' ? [] : set('mend', messageText(remedy, paint))),
    ...remedy.commands.slice(0, COMMANDS).map((command) => `    ${' '.repeat(labels)}  ${paint.command(`$ ${visible(command)}`)}`),
    ...(hidden > 0 ? [`    ${' '.repeat(labels)}  ${paint.dim(`and ${count(hidden, 'more command')} in --format json`)}`] : []),
  ]
}
