import { describe, expect, it } from 'vitest'
import { inferVersion } from '../../src/replay/infer-version.ts'
import { healthyCase, readPrinted, withValues } from './sample-case.ts'

const { certificate, secret, request } = healthyCase()
const name = String((certificate['metadata'] as Readonly<Record<string, unknown>>)['name'])

describe('the release that is replayed', () => {
  it("is the caller's, where it can be read", async () => {
    const inventory = await readPrinted([certificate, secret, request])
    expect(inferVersion(inventory, 'v1.16.3')).toMatchObject({ version: 'v1.16.3', source: 'option' })
    expect(inferVersion(inventory, 'latest')).toMatchObject({
      version: 'v1.21.1',
      why: expect.stringContaining('cannot be read') as string,
    })
  })

  it('is the newest where nothing tells', async () => {
    expect(inferVersion(await readPrinted([]), undefined)).toMatchObject({ version: 'v1.21.1', source: 'newest' })
  })

  it('is an old one where the youngest request has a random name', async () => {
    const plain = withValues(certificate, { spec: { secretName: 'x', issuerRef: { name: 'i', kind: 'Issuer' } } })
    const older = withValues(request, { 'metadata/name': `${name}-x7k2b` })
    expect(inferVersion(await readPrinted([plain, older]), undefined)).toMatchObject({ version: 'v1.12.17', source: 'inferred' })
  })

  it('is overruled by a field that only later releases have', async () => {
    const later = withValues(certificate, { 'spec/renewal': { policy: 'Disabled' } })
    const older = withValues(request, { 'metadata/name': `${name}-x7k2b` })
    expect(inferVersion(await readPrinted([later, older]), undefined)).toMatchObject({ version: 'v1.21.1', source: 'inferred' })
  })
})
