import { describe, expect, it } from 'vitest'
import type { JsonObject, ObjectHints } from '../../src/dump/raw-object.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import type { ControllerVerdict, PolicyOutcome } from '../../src/replay/controller-verdict.ts'
import { replayController } from '../../src/replay/replay-controller.ts'
import { healthyCase, readPrinted, withValues } from './sample-case.ts'

const sample = healthyCase()
const { at, certificate, request } = sample
const secret = withValues(sample.secret, { 'metadata/managedFields': undefined })

const replay = async (items: readonly JsonObject[], hints?: ObjectHints, version = '1.21.1'): Promise<ControllerVerdict> => {
  const inventory = await readPrinted(items, hints)
  const [verdict] = replayController(inventory, { at, certManager: { version } }).verdicts
  if (!verdict) throw new Error('no verdict')
  return verdict
}

const policy = (verdict: ControllerVerdict, name: string): PolicyOutcome | undefined =>
  verdict.policies.find((item) => item.policy === name)

const sentence = ({ next }: ControllerVerdict): string =>
  next.sentence.map((part) => (typeof part === 'string' ? part : part.value)).join('')

describe('a dump that has everything but managed fields', () => {
  it('decides what it can, and says that managed fields are hidden', async () => {
    const verdict = await replay([certificate, secret, request])
    expect(verdict.trigger).toEqual({ violated: false })
    expect(verdict.readiness).toEqual({ violated: false })
    expect(verdict.ready).toMatchObject({ status: 'True', reason: 'Ready' })
    expect(verdict.triggered).toBe(false)
    expect(verdict.agreesWithStatus).toEqual({ holds: true, differences: [] })
    expect(verdict.postIssuance.unknown).toEqual(['managed-fields'])
    expect(policy(verdict, 'SecretManagedLabelsAndAnnotationsManagedFieldsMismatch')).toEqual({
      policy: 'SecretManagedLabelsAndAnnotationsManagedFieldsMismatch',
      unknown: ['managed-fields'],
    })
    expect(verdict.next.at).toBe(verdict.renewalTime)
  })

  it('is the same object for object when asked twice', async () => {
    const inventory = await readPrinted([certificate, secret, request])
    const ask = () => JSON.stringify(replayController(inventory, { at }))
    expect(ask()).toBe(ask())
  })
})

describe('what the dump lacks is unknown, policy by policy', () => {
  it('without any Secret', async () => {
    const verdict = await replay([certificate, request])
    expect(verdict.trigger.unknown).toEqual(['secret'])
    expect(verdict.trigger.violated).toBeUndefined()
    expect(verdict.triggered).toBe(false)
    expect(verdict.ready).toMatchObject({ status: 'Unknown', unknown: ['secret'] })
    expect(verdict.agreesWithStatus.holds).toBe(true)
  })

  it('without the Secret, where others of its namespace are there: it does not exist', async () => {
    const other = withValues(secret, { 'metadata/name': 'another' })
    const verdict = await replay([certificate, request, other])
    expect(verdict.trigger).toMatchObject({ violated: true, reason: 'DoesNotExist' })
    expect(verdict.triggered).toBe(true)
    expect(sentence(verdict)).toContain('its Secret does not exist')
  })

  it('with the key masked: what needs the key, and nothing else', async () => {
    const verdict = await replay([certificate, withValues(secret, { 'data/tls.key': 'REDACTED' }), request])
    expect(policy(verdict, 'SecretPublicKeysDiffer')?.unknown).toEqual(['private-key'])
    expect(policy(verdict, 'SecretPrivateKeyMismatchesSpec')?.unknown).toEqual(['private-key'])
    expect(policy(verdict, 'SecretIsMissingData')).toEqual({ policy: 'SecretIsMissingData', violated: false })
    expect(policy(verdict, 'SecretIssuerAnnotationsMismatch')).toEqual({ policy: 'SecretIssuerAnnotationsMismatch', violated: false })
    expect(policy(verdict, 'CurrentCertificateRequestMismatchesSpec')).toMatchObject({ violated: false })
    expect(verdict.trigger.unknown).toEqual(['private-key'])
    expect(verdict.renewalTime).toBeDefined()
  })

  it('as a postmortem has it: no annotations, no key, no request', async () => {
    const bare = {
      type: secret['type'] ?? '',
      metadata: { name: 'x', namespace: 'x' },
      data: { 'tls.crt': (secret['data'] as JsonObject)['tls.crt'] ?? '' },
    }
    const metadata = secret['metadata'] as JsonObject
    const stripped = withValues(
      { ...bare, apiVersion: 'v1', kind: 'Secret' },
      {
        'metadata/name': metadata['name'],
        'metadata/namespace': metadata['namespace'],
      },
    )
    const verdict = await replay([certificate, stripped], { absentKeysUnknown: true, absentMetadataUnknown: true })
    expect(policy(verdict, 'SecretIssuerAnnotationsMismatch')?.unknown).toEqual(['annotations'])
    expect(policy(verdict, 'SecretCertificateNameAnnotationsMismatch')?.unknown).toEqual(['annotations'])
    expect(policy(verdict, 'SecretPublicKeysDiffer')?.unknown).toEqual(['private-key'])
    expect(policy(verdict, 'CurrentCertificateRequestMismatchesSpec')?.unknown).toEqual(['certificate-requests'])
    expect(policy(verdict, 'CurrentCertificateNearingExpiry')).toEqual({ policy: 'CurrentCertificateNearingExpiry', violated: false })
    expect(policy(verdict, 'CurrentCertificateHasExpired')).toEqual({ policy: 'CurrentCertificateHasExpired', violated: false })
    expect(verdict.triggered).toBe(false)
  })
})

describe('agreement with the status', () => {
  it('names each field that differs, and only those', async () => {
    const changed = withValues(certificate, { 'status/notAfter': '2030-01-01T00:00:00Z' })
    const { differences } = (await replay([changed, secret, request])).agreesWithStatus
    expect(differences).toHaveLength(1)
    expect(differences[0]).toMatch(/^notAfter is 2030-01-01T00:00:00Z, cert-manager would write \d{4}-/)
  })

  it('compares the revision with that of the request which returned the certificate', async () => {
    const returned = withValues(request, { 'status/certificate': (secret['data'] as JsonObject)['tls.crt'] })
    const revision = Number((certificate['status'] as JsonObject)['revision']) + 7
    const changed = withValues(certificate, { 'status/revision': revision })
    const { differences } = (await replay([changed, secret, returned])).agreesWithStatus
    expect(differences.some((text) => text.startsWith(`revision is ${revision}, `))).toBe(true)
  })
})

describe('many Certificates of one uid, and as many requests', () => {
  it('do not each tell the revisions of all requests', async () => {
    const count = 8_000
    const returned = withValues(request, { 'status/certificate': (secret['data'] as JsonObject)['tls.crt'] })
    const one = await readPrinted([withValues(certificate, { 'status/revision': 1e6 }), secret, returned])
    const times = <T extends { readonly ref: { readonly name: string } }>(item: T | undefined, change: (index: number) => object): T[] =>
      Array.from({ length: count }, (_, i) => ({ ...(item as T), ref: { ...item?.ref, name: `x${i}` }, ...change(i) }))
    const { verdicts } = replayController(
      {
        ...one,
        certificates: times(one.certificates[0], () => ({})),
        certificateRequests: times(one.certificateRequests[0], (index) => ({ revision: String(index + 1) })),
      },
      { at },
    )
    const told = verdicts.flatMap((verdict) => verdict.agreesWithStatus.differences.filter((text) => text.startsWith('revision')))
    expect(told).toHaveLength(count)
    expect(told[0]).toMatch(/of revision 1, 2, .*, 100 and 7900 more$/)
    expect(told.every((text) => text.length < 1_000)).toBe(true)
  })
})

describe('what happens next', () => {
  const sentence = ({ next }: ControllerVerdict): string =>
    next.sentence.map((part) => (typeof part === 'string' ? part : part.value)).join('')

  it('is the renewal, with its distance from the end', async () => {
    expect(sentence(await replay([certificate, secret, request]))).toMatch(
      /^renews on \d{4}-\d\d-\d\d \d\d:\d\d, \d+ \w+ before it expires$/,
    )
  })

  it('is the next attempt after failures', async () => {
    const failed = withValues(certificate, {
      'status/lastFailureTime': new Date(at - 60_000).toISOString().replace(/\.\d+/, ''),
      'status/failedIssuanceAttempts': 3,
    })
    const verdict = await replay([failed, secret, request])
    expect(verdict.backoffUntil).toBeDefined()
    expect(sentence(verdict)).toMatch(/^will not retry before .*, third failed attempt$/)
  })

  it('is nothing for a Certificate whose Secret belongs to an older one', async () => {
    const other = withValues(certificate, {
      'metadata/name': 'older',
      'metadata/uid': 'other-uid',
      'metadata/creationTimestamp': '2001-01-01T00:00:00Z',
    })
    const unnamed = withValues(secret, { 'metadata/annotations': {} })
    const inventory: Inventory = await readPrinted([certificate, other, unnamed, request])
    const verdicts = replayController(inventory, { at, certManager: { version: '1.21.1' } }).verdicts
    const mine = verdicts.find((item) => item.certificate.name !== 'older')
    expect(mine?.secretOwner).toMatchObject({ isOwner: false, others: [{ kind: 'Certificate', name: 'older' }] })
    expect(mine && sentence(mine)).toBe('is left alone: its Secret belongs to Certificate older')
    // Before v1.13.2 each of them would have taken the Secret for its own.
    const older = replayController(inventory, { at, certManager: { version: '1.12.17' } }).verdicts
    expect(older.every((item) => item.secretOwner.isOwner)).toBe(true)
  })
})

describe('a large dump', () => {
  it('of 10,000 Certificates is replayed without looking through it for each of them', async () => {
    const one = await readPrinted([certificate, secret, request])
    let looked = 0
    const times = <T extends { readonly ref: object; readonly metadata: object }>(items: readonly T[], count: number): T[] =>
      Array.from({ length: count }, (_, index) => index).flatMap((index) =>
        items.map((item) => ({
          ...item,
          get ref() {
            looked++
            return { ...item.ref, namespace: `n${index}` }
          },
          get metadata() {
            looked++
            return { ...item.metadata, namespace: `n${index}` }
          },
        })),
      )
    const inventoryOf = (count: number): Inventory => ({
      ...one,
      certificates: times(one.certificates, count),
      secrets: times(one.secrets, count),
      certificateRequests: times(one.certificateRequests, count),
    })
    const looksAt = (inventory: Inventory): number => {
      looked = 0
      replayController(inventory, { at })
      return looked
    }
    const [some, all] = [looksAt(inventoryOf(1_000)), looksAt(inventoryOf(10_000))]
    // Ten times as many are looked at ten times as often; a search through all of them for each would look a hundred times as often.
    expect(some).toBeGreaterThan(0)
    expect(all).toBeLessThan(11 * some)
    const large = inventoryOf(10_000)
    const { verdicts } = replayController(large, { at })
    expect(verdicts).toHaveLength(10_000)
    expect(new Set(verdicts.map((verdict) => verdict.policies)).size).toBe(1)
  })
})

describe('managed fields whose paths are too long together', () => {
  it('leave the policies that ask them unknown, and no other', async () => {
    const annotations = { [`f:${'a'.repeat(70_000)}`]: { 'f:b': {}, 'f:c': {} } }
    const managedFields = [{ manager: 'cert-manager-certificates-issuing', fieldsV1: { 'f:metadata': { 'f:annotations': annotations } } }]
    const verdict = await replay([certificate, withValues(secret, { 'metadata/managedFields': managedFields }), request])
    expect(verdict.policies.filter((item) => item.unknown).map((item) => [item.policy, item.unknown])).toEqual([
      ['SecretManagedLabelsAndAnnotationsManagedFieldsMismatch', ['budget']],
      ['SecretSecretTemplateManagedFieldsMismatch', ['budget']],
      ['SecretAdditionalOutputFormatsManagedFieldsMismatch', ['budget']],
      ['SecretOwnerReferenceManagedFieldMismatch', ['budget']],
    ])
    expect(verdict.trigger).toEqual({ violated: false })
    expect(verdict.postIssuance.unknown).toEqual(['budget'])
  })
})

describe('a dump that went through jq -c', () => {
  const issuer: JsonObject = { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name: 'i', namespace: 'n' }, spec: {} }
  const told = { version: '1.21.1', enableCertificateOwnerRef: false, featureGates: '' }
  const replayCompact = async (items: readonly JsonObject[], certManager: object): Promise<ControllerVerdict> => {
    const [verdict] = replayController(await readPrinted(items, undefined, 0), { at, certManager }).verdicts
    if (!verdict) throw new Error('no verdict')
    return verdict
  }

  it.each([
    ['with an issuer', [certificate, issuer], told],
    ['alone', [certificate], { version: '1.21.1' }],
    ['with a request', [certificate, request], {}],
  ])('has no more proof than kubectl gives: Certificates %s', async (_, items, options) => {
    const verdict = await replayCompact(items, options)
    expect(verdict.trigger.unknown).toContain('secret')
    expect(verdict.triggered).toBe(false)
    expect(verdict.ready).toMatchObject({ status: 'Unknown' })
  })

  it('does not show managed fields, and without requests they were not collected', async () => {
    const verdict = await replayCompact([certificate, secret, issuer], told)
    expect(verdict.postIssuance.unknown).toEqual(['managed-fields'])
    expect(policy(verdict, 'CurrentCertificateRequestMismatchesSpec')?.unknown).toEqual(['certificate-requests'])
  })

  it('differs from a case of nothing but what cert-manager decides about, with all that the controller is started with', async () => {
    expect((await replayCompact([certificate], told)).trigger).toMatchObject({ violated: true, reason: 'DoesNotExist' })
    expect((await replayCompact([certificate, secret, request], told)).postIssuance.reason).toBe('SecretManagedMetadataMismatch')
  })
})
