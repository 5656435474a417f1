import type { X509Certificate } from '../../src/x509/certificate.ts'
import { decodeCertificate } from '../../src/x509/decode-certificate.ts'
import type { ValidatePathOptions } from '../../src/x509/validate-path.ts'
import { validatePath } from '../../src/x509/validate-path.ts'
import type { CertificateOptions, IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../src/testing/certificate-builder.ts'
import { createKeyPool } from '../../src/testing/key-pair.ts'

const keys = createKeyPool()
let nextKey = 0

export const AT = '2026-06-01T00:00:00Z'
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

const VALIDITY = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' }

type Overrides = Partial<Omit<CertificateOptions, 'key'>> & { readonly key?: CertificateOptions['key'] }

/** A key of its own for whoever asks: P-256 unless said otherwise. */
export const newKey = (spec: Parameters<typeof keys.key>[0] = { algorithm: 'ECDSA', size: 256 }) => keys.key(spec, nextKey++)

/** A CA as cert-manager makes it, self-signed unless an issuer is given. */
export const makeCa = async (subject: string, options: Overrides = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    ...VALIDITY,
    key: options.key ?? (await newKey()),
    subject,
    ca: true,
    keyUsage: ['keyCertSign', 'cRLSign'],
    ...options,
  })

/** A server's certificate for app.example.com. */
export const makeLeaf = async (issuer: IssuedCertificate | undefined, options: Overrides = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    ...VALIDITY,
    key: options.key ?? (await newKey()),
    subject: 'CN=leaf',
    ca: false,
    keyUsage: ['digitalSignature'],
    names: [{ dns: 'app.example.com' }],
    ...(issuer && { issuer }),
    ...options,
  })

/** Validates at {@link AT}, certificates as PEM. */
export const validate = (
  chain: readonly IssuedCertificate[],
  anchors: readonly IssuedCertificate[],
  options: Partial<Omit<ValidatePathOptions, 'chain' | 'anchors'>> = {},
) => validatePath({ chain: chain.map(({ pem }) => pem), anchors: anchors.map(({ pem }) => pem), at: AT, ...options })

/** Codes of the reasons why not; empty where valid. */
export const reasonsOf = async (...question: Parameters<typeof validate>): Promise<readonly string[]> => {
  const verdict = await validate(...question)
  return verdict.valid ? [] : verdict.reasons.map((reason) => reason.code)
}

/** The facts of a certificate made here. */
export const decoded = ({ der }: IssuedCertificate): X509Certificate => {
  const result = decodeCertificate(der)
  if (!('certificate' in result)) throw new Error(result.failure.code)
  return result.certificate
}
