import type { Outcome } from '../controller-verdict.ts'
import { formatGoTime, formatRfc1123 } from '../go-time.ts'
import type { Policy, PolicyInput } from './policy-input.ts'
import { OK, PANICS, unknownFor, violation } from './policy-input.ts'

const invalidCertificate = ({ behaviours }: PolicyInput, why: string): Outcome =>
  violation(
    'InvalidCertificate',
    behaviours.strictKeyPair
      ? `Issuing certificate as Secret contains an invalid certificate: ${why}`
      : `Failed to decode stored certificate: ${why}`,
  )

/** Check 9 of the trigger chain: the renewal time has come; the very instant counts. */
export const nearingExpiry: Policy = (input, { certificate }) => {
  if (certificate.status === 'unreadable') return invalidCertificate(input, certificate.why)
  if (certificate.status !== 'read') return unknownFor(['secret-data'])
  const { spec, status } = input.certificate
  if (input.behaviours.renewalWindows && spec.renewal?.policy === 'Disabled') return OK
  const { renewal } = input
  if (renewal.budgetSpent) return unknownFor(['budget'])
  // cert-manager takes the time out of a result that it did not get.
  if (renewal.at === undefined) return PANICS
  if (renewal.at * 1000 > input.at) return OK
  if (renewal.error !== undefined) return violation('WindowError', renewal.error)
  const scheduled = status?.renewalTime === undefined ? '<nil>' : formatGoTime(Math.floor(status.renewalTime / 1000))
  return violation('Renewing', `Renewing certificate as renewal was scheduled at ${scheduled}`)
}

/** Check 9 of the readiness chain: the certificate has expired, strictly after notAfter. */
export const hasExpired: Policy = (input, facts) => {
  const { certificate, secret } = facts
  if (!input.behaviours.strictKeyPair && !secret.keys.has('tls.crt') && facts.certificateIsEmpty === true) {
    return violation('MissingData', 'Missing Certificate data')
  }
  if (certificate.status === 'unreadable') return invalidCertificate(input, certificate.why)
  if (certificate.status !== 'read') return unknownFor(['secret-data'])
  const { notAfter } = certificate.certificate
  return input.at > notAfter ? violation('Expired', `Certificate expired on ${formatRfc1123(Math.floor(notAfter / 1000))}`) : OK
}
