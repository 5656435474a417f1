import { visible } from '../report/message.ts'
import type { Report } from '../report/report.ts'
import { wrap } from './measure.ts'
import type { Paint } from './paint.ts'

const WORDS: Readonly<Record<string, string>> = {
  secret: 'Secrets',
  'secret-data': 'values of Secrets',
  'private-key': 'private keys',
  annotations: 'annotations of Secrets',
  'managed-fields': 'managed fields',
  issuer: 'issuers',
  'cluster-issuers': 'ClusterIssuers',
  'certificate-resource': 'Certificates',
  'certificate-requests': 'CertificateRequests',
  status: 'the status of objects',
  certificate: 'readable certificates',
  algorithm: 'an algorithm that can be verified here',
  budget: 'budget: a limit was reached',
  option: 'options of the controller',
}

/** A list of rules says enough with this many. */
const RULES_SHOWN = 8

/** What could not be checked, or not everywhere, for lack of what: a line for each thing that the dump lacks. */
export const renderNotChecked = (
  report: Report,
  paint: Paint,
  { verbose, width }: { readonly verbose: boolean; readonly width: number },
): readonly string[] => {
  const byMissing = new Map<string, Set<string>>()
  for (const { rule, missing } of report.notEvaluable)
    for (const code of missing) {
      const words = WORDS[code] ?? visible(code)
      const known = byMissing.get(words)
      if (known) known.add(rule)
      else byMissing.set(words, new Set([rule]))
    }
  if (byMissing.size === 0) return []
  return [
    'Not checked, or not everywhere, for lack of',
    ...[...byMissing]
      .sort((a, b) => (a[0] < b[0] ? -1 : 1))
      .flatMap(([missing, all]) => {
        const shown = verbose ? [...all] : [...all].slice(0, RULES_SHOWN)
        const rest = all.size - shown.length
        const [first, ...more] = wrap(
          `${missing}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more rules (--verbose)` : ''}`,
          '  ',
          width,
        )
        return [first ?? '', ...more.map((line) => `  ${line}`)]
      }),
    '',
  ].map((line) => (line === '' ? line : paint.dim(line)))
}
