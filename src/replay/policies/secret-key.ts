import type { PublicKey } from '../../x509/public-key.ts'
import { isSameKey } from '../../x509/public-key.ts'
import type { Outcome } from '../controller-verdict.ts'
import { privateKeyViolations } from '../private-key-matches-spec.ts'
import { goQuote } from '../go-quote.ts'
import type { Policy, PolicyInput, SecretFacts } from './policy-input.ts'
import { OK, PANICS, goList, unknownFor, violation } from './policy-input.ts'
import { invalidPrivateKey, isKnownKey } from './secret-data.ts'

const compareWithSpec = (input: PolicyInput, key: PublicKey): Outcome => {
  const match = privateKeyViolations(key, input.certificate.spec.privateKey)
  if ('unknownAlgorithm' in match) {
    if (input.behaviours.unknownAlgorithmPanics) return PANICS
    return violation(
      'SecretMismatch',
      `Failed to check private key is up to date: unrecognised key algorithm type ${goQuote(match.unknownAlgorithm)}`,
    )
  }
  if (match.violations.length === 0) return OK
  return violation('SecretMismatch', `Existing private key is not up to date for spec: ${goList(match.violations)}`)
}

/** The certificate's public key stands in for a key that is not in the dump; it gives the same answer where the two belong together. */
const standIn = ({ certificate }: SecretFacts, decide: (key: PublicKey) => Outcome): Outcome =>
  unknownFor(['private-key'], certificate.status === 'read' ? decide(certificate.certificate.publicKey) : undefined)

/** Check 6: type and size of tls.key are what spec.privateKey asks for. */
export const privateKeySpec: Policy = (input, facts) => {
  const older = !input.behaviours.strictKeyPair
  if (older && facts.keyIsEmpty === true) return violation('SecretMismatch', 'Existing issued Secret does not contain private key data')
  if (facts.key.status === 'unreadable') {
    return older
      ? violation('SecretMismatch', `Existing issued Secret contains invalid private key data: ${facts.key.why}`)
      : invalidPrivateKey(facts.key.why)
  }
  return facts.key.status === 'read' ? compareWithSpec(input, facts.key.key) : standIn(facts, (key) => compareWithSpec(input, key))
}

/** Check 7: tls.key is the key of the current request's CSR. */
export const publicKeyCurrentRequest: Policy = (input, facts) => {
  const { current } = input
  if (!current) return input.requestsUnknown ? unknownFor(input.requestsUnknown, OK) : OK
  if (facts.key.status === 'unreadable') return invalidPrivateKey(facts.key.why)
  const csr = input.csrOf(current)
  if (csr.status === 'hidden') return unknownFor(['certificate-requests'])
  const decide = (key: PublicKey): Outcome => {
    if (csr.status === 'unreadable') {
      return violation('InvalidCertificateRequest', `Failed to decode current CertificateRequest: ${csr.why}`)
    }
    if (!isKnownKey(csr.key)) {
      return violation('InvalidCertificateRequest', "CertificateRequest's public key is invalid: unrecognised public key type: <nil>")
    }
    return isSameKey(csr.key, key)
      ? OK
      : violation('SecretMismatch', 'Secret contains a private key that does not match the current CertificateRequest')
  }
  return facts.key.status === 'read' ? decide(facts.key.key) : standIn(facts, decide)
}
