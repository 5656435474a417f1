import { describe, expect, it } from 'vitest'
import { normalizeCertificateSpec } from '../../src/inventory/normalize-certificate-spec.ts'

describe('normalizeCertificateSpec', () => {
  it('reads v1alpha2 as v1', () => {
    expect(
      normalizeCertificateSpec('v1alpha2', {
        secretName: 's',
        organization: ['a'],
        keyAlgorithm: 'ecdsa',
        keySize: 256,
        keyEncoding: 'pkcs8',
        emailSANs: ['e@x'],
        uriSANs: ['spiffe://x'],
        privateKey: { rotationPolicy: 'Always' },
      }),
    ).toEqual({
      secretName: 's',
      subject: { organizations: ['a'] },
      privateKey: { rotationPolicy: 'Always', algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' },
      emailAddresses: ['e@x'],
      uris: ['spiffe://x'],
    })
  })

  it('lets organization replace subject.organizations and keeps the rest of subject', () => {
    expect(normalizeCertificateSpec('v1alpha3', { organization: ['new'], subject: { organizations: ['old'], countries: ['DE'] } })).toEqual(
      { subject: { organizations: ['new'], countries: ['DE'] } },
    )
  })

  it('passes unknown algorithms through, and v1 untouched', () => {
    expect(normalizeCertificateSpec('v1alpha2', { keyAlgorithm: 'Ed25519' })).toEqual({ privateKey: { algorithm: 'Ed25519' } })
    const spec = { organization: ['not a field of v1'] }
    expect(normalizeCertificateSpec('v1', spec)).toBe(spec)
  })
})
