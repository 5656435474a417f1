import { describe, expect, it } from 'vitest'
import { findDiagnostics } from '../../src/testing/index.ts'
import type { CertificateObject } from '../../src/testing/kubernetes-objects.ts'
import {
  ca,
  describeRule,
  leaf,
  reportOf,
  rootAndLeaves,
  rootAndWeb,
  start,
  threeLevels,
  withRoot,
  withoutKind,
  withoutSecret,
} from './rule-cases.ts'

describeRule('ca-expired', {
  fires: [
    {
      what: 'a root past its end, with everything below it',
      of: () => rootAndLeaves({}, { duration: '4320h' }).renew('web', { at: '2027-05-20T00:00:00Z' }).renew('api').renew('db'),
      at: '2027-05-24T04:00:00Z',
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Issuer/apic/root', 'Secret/apic/root', 'Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
        message: 'expired on',
      },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic api db web'],
    },
    {
      what: 'a CA below the expired one is named with it',
      of: () => threeLevels({ root: { duration: '4320h' }, middle: { duration: '4320h' } }).renew('web', { at: '2027-05-20T00:00:00Z' }),
      at: '2027-05-24T04:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Certificate/apic/middle', 'Certificate/apic/web'] },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic middle', 'cmctl renew -n apic web'],
    },
  ],
  silent: [
    {
      what: 'the second of its end',
      of: () => rootAndWeb({}, { duration: '4320h' }).renew('web', { at: '2027-05-20T00:00:00Z' }),
      at: '2027-05-23T04:00:00Z',
    },
    { what: 'a healthy CA', of: () => rootAndLeaves(), instead: [] },
  ],
})

describeRule('expired', {
  fires: [
    {
      what: 'one certificate that nobody renewed',
      of: () => rootAndWeb(),
      at: '2027-02-22T04:00:01Z',
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'apic/web expired on' },
      commands: ['kubectl describe certificate.cert-manager.io web -n apic', 'cmctl renew -n apic web'],
    },
    {
      what: 'three of one issuer are one diagnostic',
      of: () => rootAndLeaves(),
      at: '2027-03-01T00:00:00Z',
      expected: {
        severity: 'error',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
        message: '3 certificates of Issuer apic/root have expired',
      },
    },
    {
      what: 'a Secret that no Certificate fills',
      of: () => rootAndWeb().copySecret('web', 'apic', { as: 'by-hand' }).renew('web', { at: '2027-02-01T00:00:00Z' }),
      at: '2027-03-01T00:00:00Z',
      expected: { severity: 'error', subject: 'Secret/apic/by-hand' },
      commands: [],
    },
    {
      what: 'the last attempt failed, and its request was not collected: quoted',
      of: () => rootAndWeb().failRequest('web', 'quota exceeded', { at: '2027-02-01T00:00:00Z' }),
      dumped: withoutKind('CertificateRequest'),
      at: '2027-03-01T00:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
    },
    {
      what: 'two of three failed, for two reasons: each message, and whose it is',
      of: () =>
        rootAndLeaves()
          .failRequest('web', 'quota exceeded', { at: '2027-02-01T00:00:00Z' })
          .failRequest('db', 'the server is sealed', { at: '2027-02-01T00:00:00Z' }),
      dumped: withoutKind('CertificateRequest'),
      at: '2027-03-01T00:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/api', names: ['Certificate/apic/web', 'Certificate/apic/db'] },
    },
    {
      what: 'it is being issued: nothing is guessed',
      of: () => rootAndWeb().stuckIssuing('web', { at: '2027-02-22T03:59:00Z' }),
      at: '2027-02-22T04:00:01Z',
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
    },
  ],
  silent: [
    { what: 'the very second of notAfter', of: () => rootAndWeb(), at: '2027-02-22T04:00:00Z' },
    {
      what: 'a CA is told by ca-expired',
      of: () => withRoot(start().selfSignedIssuer('boot')),
      at: '2040-01-01T00:00:00Z',
      instead: ['ca-expired'],
    },
  ],
})

describe('expired', () => {
  it('keeps an issuer and a Secret of one name apart', async () => {
    const report = await reportOf({
      what: 'Issuer web, and a Secret web that nobody manages',
      of: () =>
        start()
          .selfSignedIssuer('web')
          .certificate('api', leaf('web', { commonName: 'api' }))
          .copySecret('api', 'apic', { as: 'web' })
          .patch('Secret', 'web', ({ metadata }) => {
            delete metadata.annotations
          }),
      at: '2027-03-01T00:00:00Z',
    })
    const found = findDiagnostics(report, 'expired').map(({ subject, message }) => [`${subject.kind}/${subject.name}`, message.text])
    expect(found).toEqual([
      ['Certificate/api', expect.stringContaining('apic/api expired')],
      ['Secret/web', expect.stringContaining('apic/web expired')],
    ])
  })
})

describeRule('intermediate-expired', {
  fires: [
    {
      what: 'the intermediate in tls.crt has ended, the CA in force has not',
      of: () =>
        threeLevels({ middle: { duration: '4320h' }, web: { duration: '8760h' } })
          .renew('web', { at: '2026-12-01T00:00:00Z' })
          .renew('middle', { at: '2027-05-01T00:00:00Z', keepKey: true }),
      at: '2027-06-01T00:00:00Z',
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/web',
        names: ['Secret/apic/web'],
        message: 'carries an intermediate that expired',
      },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'the intermediate is valid', of: () => threeLevels(), instead: [] },
    {
      what: 'the CA in force itself has expired',
      of: () => threeLevels({ middle: { duration: '4320h' } }).renew('web', { at: '2027-05-20T00:00:00Z' }),
      at: '2027-06-01T00:00:00Z',
      instead: ['ca-expired'],
    },
  ],
})

describeRule('leaf-outlives-ca', {
  fires: [
    {
      what: 'one certificate longer than its CA',
      of: () => rootAndWeb({ duration: '8760h' }, { duration: '4320h' }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Certificate/apic/root'], message: 'longer than its CA' },
      commands: ['kubectl edit certificate.cert-manager.io root -n apic'],
    },
    {
      what: 'a CA longer than the root above it',
      of: () => threeLevels({ root: { duration: '8760h' } }),
      expected: { severity: 'warning', subject: 'Certificate/apic/middle', names: ['Certificate/apic/root'] },
    },
  ],
  silent: [
    { what: 'the CA ends later', of: () => rootAndWeb(), instead: [] },
    { what: 'both end at the same second', of: () => rootAndWeb({ duration: '4320h' }, { duration: '4320h' }), instead: [] },
  ],
})

describeRule('not-yet-valid', {
  fires: [
    {
      what: 'a certificate of tomorrow',
      of: () => rootAndWeb({ overrides: { notBefore: '2026-11-25T00:00:00Z' } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: '2026-11-25' },
    },
    {
      what: 'a CA of tomorrow, with what is below it',
      of: () => rootAndLeaves(),
      at: '2026-11-24T03:59:59Z',
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Issuer/apic/root', 'Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
      },
    },
  ],
  silent: [{ what: 'the very second of notBefore', of: () => rootAndLeaves(), instead: [] }],
})

describeRule('renew-loop', {
  fires: [
    {
      what: 'renewBefore is nearly the whole lifetime',
      of: () => rootAndWeb({ duration: '2160h', renewBefore: '2159h59m' }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'again and again' },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
    },
    {
      what: 'the issuer grants less than duration asks for',
      of: () => rootAndWeb({ duration: '2160h', renewBefore: '23h', overrides: { notAfter: '2026-11-25T04:00:00Z' } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
    },
  ],
  silent: [
    { what: 'the default', of: () => rootAndWeb(), instead: [] },
    { what: 'half of the lifetime', of: () => rootAndWeb({ duration: '2160h', renewBefore: '1080h' }), instead: [] },
  ],
})

describeRule('renewal-overdue', {
  fires: [
    {
      what: 'three certificates, no controller',
      of: () => rootAndLeaves(),
      at: '2027-02-01T00:00:00Z',
      expected: {
        severity: 'warning',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
        message: '3 certificates',
      },
      commands: ['kubectl describe certificate.cert-manager.io api -n apic', 'cmctl renew -n apic api db web'],
    },
    {
      what: 'the last attempt failed, and its request was not collected',
      of: () => rootAndWeb().failRequest('web', 'quota exceeded', { at: '2027-02-01T00:00:00Z' }),
      dumped: withoutKind('CertificateRequest'),
      at: '2027-02-01T00:30:00Z',
      expected: { severity: 'warning', subject: 'Certificate/apic/web', message: 'the last attempt failed' },
      commands: ['kubectl describe certificate.cert-manager.io web -n apic', 'cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'within ten minutes', of: () => rootAndLeaves(), at: '2027-01-23T04:09:59Z', instead: [] },
    { what: 'it is expired already', of: () => rootAndWeb(), at: '2027-03-01T00:00:00Z', instead: ['expired'] },
    {
      what: 'it is being issued',
      of: () => rootAndWeb().stuckIssuing('web', { at: '2027-01-23T04:00:00Z' }),
      at: '2027-01-23T04:30:00Z',
      instead: [],
    },
    {
      what: 'its issuer is gone',
      of: () => rootAndWeb().selfSignedIssuer('x').delete('Issuer', 'root'),
      at: '2027-02-01T00:00:00Z',
      instead: ['issuer-not-found'],
    },
    { what: 'its Secret is not in the dump', of: () => rootAndWeb(), dumped: withoutSecret('web'), at: '2027-02-01T00:00:00Z' },
  ],
})

describe('renewal-overdue', () => {
  const evidenceOf = async (at: string, of = rootAndLeaves): Promise<readonly Readonly<Record<string, string>>[]> => {
    const failed = () => of().failRequest('web', 'quota exceeded', { at: '2027-02-01T00:00:00Z' })
    const report = await reportOf({ what: 'a failure', of: failed, dumped: withoutKind('CertificateRequest'), at })
    return findDiagnostics(report, 'renewal-overdue').map(({ evidence }) =>
      Object.fromEntries(evidence.map(({ label, text }) => [label, text])),
    )
  }

  it('quotes a failure and the next attempt, and guesses at the controller for the others alone', async () => {
    const [others, web, ...more] = await evidenceOf('2027-02-01T00:30:00Z')
    expect(more).toEqual([])
    expect(others).toEqual({ overdue: 'apic/api, apic/db', 'likely (a guess)': expect.stringContaining('controller') })
    expect(web).toEqual({ 'cert-manager': expect.stringContaining('quota exceeded'), 'next attempt': 'not before 2027-02-01 01:00 UTC' })
  })

  it('names no next attempt that is past', async () => {
    const found = await evidenceOf('2027-02-03T00:00:00Z', rootAndWeb)
    expect(found).toEqual([{ 'cert-manager': expect.stringContaining('quota exceeded') }])
  })

  it('takes a condition that a success left for no failure', async () => {
    const report = await reportOf({
      what: 'a success',
      of: () =>
        rootAndWeb().patch('Certificate', 'web', (object) => {
          ;(object as CertificateObject).status.conditions?.push({
            type: 'Issuing',
            status: 'False',
            reason: 'Issued',
            lastTransitionTime: '2026-11-24T04:00:00Z',
          })
        }),
      at: '2027-02-01T00:30:00Z',
    })
    const [found] = findDiagnostics(report, 'renewal-overdue')
    expect(found?.evidence.map(({ label }) => label)).toEqual(['likely (a guess)'])
  })
})

describeRule('renewal-status-stale', {
  fires: [
    {
      what: 'a status of another certificate',
      of: () =>
        rootAndWeb().patch('Certificate', 'web', (object) => {
          ;(object as CertificateObject).status.notAfter = '2027-01-01T00:00:00Z'
        }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['kubectl describe certificate.cert-manager.io web -n apic', 'kubectl describe secret web -n apic'],
    },
    {
      what: 'a renewal planned before renewBefore was changed',
      of: () => rootAndWeb().editSpec('web', { renewBefore: '24h' }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', message: 'another time' },
    },
  ],
  silent: [
    {
      what: 'a renewal time that cert-manager 1.16.0 computes, with the share the other way round',
      of: () =>
        rootAndWeb({ duration: '1000h', renewBeforePercentage: 30 }).patch('Certificate', 'web', (object) => {
          // 1000 h, renewed 700 h before the end.
          ;(object as CertificateObject).status.renewalTime = '2026-12-06T16:00:00Z'
        }),
      instead: [],
    },
    { what: 'the status agrees', of: () => rootAndWeb(), instead: [] },
    { what: 'a Certificate of a CA', of: () => withRoot(start().selfSignedIssuer('boot'), 'root', ca), instead: [] },
    {
      what: 'it is being issued',
      of: () =>
        rootAndWeb()
          .patch('Certificate', 'web', (object) => {
            ;(object as CertificateObject).status.notAfter = '2027-01-01T00:00:00Z'
          })
          .stuckIssuing('web'),
    },
    { what: 'an issuer outside', of: () => start().acmeIssuer('le').certificate('web', leaf('le')), instead: [] },
  ],
})
