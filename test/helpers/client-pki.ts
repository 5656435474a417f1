import type { CertificateOptions, IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import { issueCertificate } from '../../src/testing/certificate-builder.ts'
import type { KeyPair } from '../../src/testing/key-pair.ts'
import { createKeyPool } from '../../src/testing/key-pair.ts'

export const dates = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' }
/** The keys of all tests of a file. */
export const pool = createKeyPool()
/** The key of this number, the same for all tests of a file. */
export const ec = (index: number): Promise<KeyPair> => pool.key({ algorithm: 'ECDSA' }, index)

/** A CA certificate on key `index` that clients accept, but for `options`. */
export const makeCa = async (index: number, options: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    key: await ec(index),
    subject: `CN=ca-${index}`,
    ca: true,
    keyUsage: ['digitalSignature', 'keyCertSign'],
    ...dates,
    ...options,
  })

/** A server's certificate for `svc.ns.svc` that clients accept, but for `options`. */
export const makeLeaf = async (issuer: IssuedCertificate, options: Partial<CertificateOptions> = {}): Promise<IssuedCertificate> =>
  issueCertificate({
    key: await ec(99),
    subject: 'CN=leaf',
    issuer,
    ca: false,
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    names: [{ dns: 'svc.ns.svc' }],
    ...dates,
    ...options,
  })
