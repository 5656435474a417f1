import type { PublicKey } from '../../x509/public-key.ts'
import { isSameKey } from '../../x509/public-key.ts'
import { isParsedByGo } from '../certificate-names.ts'
import type { Outcome } from '../controller-verdict.ts'
import type { Policy, SecretFacts } from './policy-input.ts'
import { OK, unknownFor, violation } from './policy-input.ts'

export const SECRET_DOES_NOT_EXIST: Outcome = Object.freeze({
  violated: true,
  reason: 'DoesNotExist',
  message: 'Issuing certificate as Secret does not exist',
})

/** Check 2: data, tls.key and tls.crt are there. */
export const secretIsMissingData: Policy = (_input, facts) => {
  if (facts.hasNoData) return violation('MissingData', 'Issuing certificate as Secret does not contain any data')
  if (facts.keyIsEmpty === true) return violation('MissingData', 'Issuing certificate as Secret does not contain a private key')
  if (facts.certificateIsEmpty === true) return violation('MissingData', 'Issuing certificate as Secret does not contain a certificate')
  if (facts.certificateIsEmpty === undefined) return unknownFor(['secret-data'])
  return facts.keyIsEmpty === undefined ? unknownFor(['private-key'], OK) : OK
}

const invalidKey = (why: string): Outcome =>
  violation('InvalidKeyPair', `Issuing certificate as Secret contains invalid private key data: ${why}`)

/** Key types that Go reads; a certificate with any other key has none for it. */
export const isKnownKey = (key: PublicKey): boolean =>
  key.algorithm === 'RSA' || key.algorithm === 'Ed25519' || (key.algorithm === 'ECDSA' && GO_CURVES.has(key.curve ?? ''))

const GO_CURVES = new Set(['1.3.132.0.33', 'P-224', 'P-256', 'P-384', 'P-521'])

const strictKeyPair = (facts: SecretFacts): Outcome => {
  const { key, certificate } = facts
  if (key.status === 'unreadable') return invalidKey(key.why)
  if (key.status !== 'read') return unknownFor(['private-key'], certificate.status === 'read' ? OK : undefined)
  if (certificate.status === 'unreadable') {
    return violation('InvalidCertificate', `Issuing certificate as Secret contains an invalid certificate: ${certificate.why}`)
  }
  if (certificate.status !== 'read') return unknownFor(['secret-data'])
  const own = certificate.certificate.publicKey
  if (!isKnownKey(own)) return violation('InvalidKeyPair', 'Secret contains an invalid key-pair: unrecognised public key type: <nil>')
  return isSameKey(own, key.key)
    ? OK
    : violation('InvalidKeyPair', 'Issuing certificate as Secret contains a private key that does not match the certificate')
}

const invalidPair = (why: string): Outcome =>
  violation('InvalidKeyPair', `Issuing certificate as Secret contains an invalid key-pair: ${why}`)

/**
 * Go's tls.X509KeyPair, which was the check up to v1.12: only blocks called CERTIFICATE count, and only the first of them is read;
 * of the key value the first block whose label ends in PRIVATE KEY, in whatever encoding.
 */
const tlsKeyPair = (facts: SecretFacts): Outcome => {
  const { tlsCrt, tlsKey } = facts.secret
  if (facts.certificate.status === 'hidden' || facts.certificate.status === 'unknown') return unknownFor(['secret-data'])
  const blocks = tlsCrt.entries.filter((entry) => !('failure' in entry && entry.failure.code.startsWith('pem-')))
  const leaf = blocks.find((entry) => entry.label === undefined || entry.label === 'CERTIFICATE')
  if (!leaf) {
    const labels = blocks.map((entry) => entry.label ?? '')
    return invalidPair(
      labels.length === 0
        ? 'tls: failed to find any PEM data in certificate input'
        : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${labels.join(' ')}]`,
    )
  }
  const reading = tlsKey.keyPairFacts ?? tlsKey.facts
  if (facts.keyIsEmpty !== true && (tlsKey.status !== 'present' || !reading)) {
    return unknownFor(['private-key'], 'certificate' in leaf ? OK : undefined)
  }
  if (reading?.status !== 'read') {
    return invalidPair(
      facts.keyIsEmpty === true || reading?.code === 'not-pem'
        ? 'tls: failed to find any PEM data in key input'
        : 'tls: failed to parse private key',
    )
  }
  if (!('certificate' in leaf)) return invalidPair(`x509: malformed certificate (${leaf.failure.code})`)
  if (!isParsedByGo(leaf.certificate)) return invalidPair('x509: a field is not as Go wants it')
  const own = leaf.certificate.publicKey
  if (!isKnownKey(own)) return invalidPair('tls: unknown public key algorithm')
  if (own.algorithm !== reading.publicKey.algorithm) return invalidPair('tls: private key type does not match public key type')
  return isSameKey(own, reading.publicKey) ? OK : invalidPair('tls: private key does not match public key')
}

/** Check 3: tls.key and the first certificate of tls.crt belong together. */
export const secretPublicKeysDiffer: Policy = (input, facts) => (input.behaviours.strictKeyPair ? strictKeyPair(facts) : tlsKeyPair(facts))

/** A key that cannot be parsed, in the words of the checks since v1.13. */
export const invalidPrivateKey = invalidKey
