import { formatInstant } from '../base/instant.ts'
import type { CertificateResource } from '../inventory/certificate-resource.ts'
import type { ControllerVerdict, ReadyCondition } from './controller-verdict.ts'

type Agreement = ControllerVerdict['agreesWithStatus']

export const AGREES: Agreement = Object.freeze({ holds: true, differences: Object.freeze([]) })

/** What the controllers would write now; a time left out is not compared. */
export interface ExpectedStatus {
  readonly ready?: ReadyCondition
  /** Dates and renewal time, epoch milliseconds; null: cert-manager clears the field. */
  readonly notBefore?: number | null
  readonly notAfter?: number | null
  readonly renewalTime?: number | null
  /** Reason with which Issuing would be set to True. */
  readonly issuing?: string
  /** Revisions of the requests that returned the certificate which is in the Secret, and how many more there are. */
  readonly revisions?: readonly string[]
  readonly revisionsLeftOut?: number
}

const TIMES = ['notBefore', 'notAfter', 'renewalTime'] as const

const sameSecond = (a: number, b: number): boolean => Math.floor(a / 1000) === Math.floor(b / 1000)

/** Compares the status in the dump with what the controllers would write. The sentences are stable: tools compare them. */
export const compareWithStatus = (certificate: CertificateResource, expected: ExpectedStatus): Agreement => {
  const { status } = certificate
  const differences: string[] = []
  const { ready } = expected
  if (ready && ready.unknown === undefined) {
    const written = status?.conditions.find((condition) => condition.type === 'Ready')
    const shown = `${ready.status} (${ready.reason})`
    if (!written) differences.push(`Ready is not set, cert-manager would write ${shown}`)
    else if (written.status !== ready.status || (written.reason ?? '') !== ready.reason) {
      differences.push(`Ready is ${written.status} (${written.reason ?? ''}), cert-manager would write ${shown}`)
    }
  }
  for (const field of TIMES) {
    const wanted = expected[field]
    const written = status?.[field]
    if (wanted === undefined || (wanted === null && written === undefined)) continue
    if (wanted === null) differences.push(`${field} is ${formatInstant(written as number)}, cert-manager would clear it`)
    else if (written === undefined) differences.push(`${field} is not set, cert-manager would write ${formatInstant(wanted)}`)
    else if (!sameSecond(written, wanted)) {
      differences.push(`${field} is ${formatInstant(written)}, cert-manager would write ${formatInstant(wanted)}`)
    }
  }
  const { revisions, revisionsLeftOut = 0 } = expected
  if (revisions && revisions.length > 0 && status?.revision !== undefined && !revisions.includes(String(status.revision))) {
    const shown = revisions.join(', ') + (revisionsLeftOut === 0 ? '' : ` and ${revisionsLeftOut} more`)
    differences.push(`revision is ${status.revision}, the certificate in the Secret is that of revision ${shown}`)
  }
  if (expected.issuing !== undefined) {
    const written = status?.conditions.find((condition) => condition.type === 'Issuing')
    const shown = written ? `${written.status} (${written.reason ?? ''})` : 'not set'
    differences.push(`Issuing is ${shown}, cert-manager would write True (${expected.issuing})`)
  }
  return differences.length === 0 ? AGREES : { holds: false, differences }
}
