import type { CertificateRequestResource } from '../../inventory/certificate-request.ts'
import { certificateViolations } from '../certificate-matches-spec.ts'
import type { Outcome } from '../controller-verdict.ts'
import { requestViolations } from '../request-matches-spec.ts'
import type { Policy, PolicyInput, SecretFacts } from './policy-input.ts'
import { OK, goList, unknownFor, violation } from './policy-input.ts'

/** Check 8b: without a current request, the certificate itself is compared with the spec, loosely. */
const certificateSpec = (input: PolicyInput, { certificate }: SecretFacts): Outcome => {
  const { behaviours } = input
  if (certificate.status === 'unreadable') {
    return behaviours.unreadableCertificateIsViolation
      ? violation('InvalidCertificate', `Issuing certificate as Secret contains an invalid certificate: ${certificate.why}`)
      : OK
  }
  if (certificate.status !== 'read') return unknownFor(['secret-data'])
  const violations = certificateViolations(certificate.names, input.certificate.spec)
  if (violations.length === 0) return OK
  const subject = behaviours.strictKeyPair ? 'Issuing certificate as Existing issued Secret' : 'Existing issued Secret'
  return violation('SecretMismatch', `${subject} is not up to date for spec: ${goList(violations)}`)
}

/** Check 8a: the current request still asks for what the spec asks for; one that cannot be decoded passes. */
export const compareCurrentRequest = (input: PolicyInput, current: CertificateRequestResource): Outcome => {
  const csr = input.csrOf(current)
  if (csr.status === 'hidden') return unknownFor(['certificate-requests'])
  if (csr.status === 'unreadable') return OK
  const violations = requestViolations(current, csr, input.certificate.spec, input.behaviours)
  if (!violations || violations.length === 0) return OK
  return violation('RequestChanged', `Fields on existing CertificateRequest resource not up to date: ${goList(violations)}`)
}

/** Check 8: the current request, or without one the certificate, agrees with the spec. */
export const currentRequestSpec: Policy = (input, facts) => {
  if (input.current) return compareCurrentRequest(input, input.current)
  const outcome = certificateSpec(input, facts)
  return input.requestsUnknown ? unknownFor(input.requestsUnknown, outcome) : outcome
}
