import { describeRule, leaf, rootAndWeb, start, withRoot } from './rule-cases.ts'

const later = '2026-12-01T00:00:00Z'

describeRule('request-denied', {
  fires: [
    {
      what: 'a first request that a policy denied',
      of: () => rootAndWeb().deleteSecret('web').deny('web', { reason: 'policy', message: 'only names of apic' }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/web',
        names: ['CertificateRequest/apic/web-2'],
        message: 'was denied: policy',
      },
      commands: ['kubectl describe certificaterequest.cert-manager.io web-2 -n apic'],
    },
    {
      what: 'a renewal',
      of: () => rootAndWeb().deny('web', { at: later }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['CertificateRequest/apic/web-2'] },
    },
  ],
  silent: [
    { what: 'it was approved', of: () => rootAndWeb(), instead: [] },
    { what: 'a denial that was overtaken', of: () => rootAndWeb().deny('web', { at: later }).renew('web'), instead: [] },
  ],
})

describeRule('request-failed', {
  fires: [
    {
      what: 'two requests of one issuer with one message, told together',
      of: () =>
        rootAndWeb()
          .certificate('api', leaf('root'))
          .deleteSecret('web')
          .deleteSecret('api')
          .failRequest('web', 'certificate chain is malformed or broken')
          .failRequest('api', 'certificate chain is malformed or broken'),
      expected: { severity: 'error', names: ['Certificate/apic/web', 'Certificate/apic/api'] },
    },
    {
      what: 'a warning where the key of the CA is the cause',
      of: () =>
        rootAndWeb()
          .step((state) => {
            const [web, root] = ['web', 'root'].map((name) => state.objects.get(`Secret/apic/${name}`))
            if (!web || !root || !('data' in web) || !('data' in root)) throw new Error('no Secret')
            root.data = { ...root.data, 'tls.key': web.data?.['tls.key'] ?? '' }
          })
          .certificate('api', leaf('root')),
      expected: { severity: 'warning', subject: 'Certificate/apic/api' },
      beside: ['ca-key-mismatch'],
    },
    {
      what: 'a warning where a stray certificate in the Secret of the CA is the cause',
      of: () =>
        withRoot(rootAndWeb(), 'other')
          .step((state) => {
            const [other, root] = ['other', 'root'].map((name) => state.objects.get(`Secret/apic/${name}`))
            if (!other || !root || !('data' in other) || !('data' in root)) throw new Error('no Secret')
            const pem = [root, other].map(({ data }) => Buffer.from(data?.['tls.crt'] ?? '', 'base64').toString()).join('')
            root.data = { ...root.data, 'tls.crt': Buffer.from(pem).toString('base64') }
          })
          .deleteSecret('web')
          .failRequest('web', 'Error signing certificate: certificate chain is malformed or broken'),
      expected: { severity: 'warning', subject: 'Certificate/apic/web' },
      beside: ['chain-order'],
    },
    {
      what: 'an error where there is no certificate',
      of: () => rootAndWeb().deleteSecret('web').failRequest('web', 'quota exceeded'),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['CertificateRequest/apic/web-2'], message: 'failed' },
      commands: ['kubectl describe certificaterequest.cert-manager.io web-2 -n apic', 'cmctl renew -n apic web'],
    },
    {
      what: 'a warning while the certificate is valid',
      of: () => rootAndWeb().failRequest('web', 'quota exceeded', { at: later }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web' },
    },
  ],
  silent: [
    { what: 'it was issued', of: () => rootAndWeb(), instead: [] },
    {
      what: 'a failure that was overtaken',
      of: () => rootAndWeb().failRequest('web', 'quota exceeded', { at: later }).renew('web'),
      instead: [],
    },
  ],
})

describeRule('request-not-approved', {
  fires: [
    {
      what: 'nobody approves for ten minutes',
      of: () => rootAndWeb().leaveUnapproved('web', { at: later }),
      at: '2026-12-01T00:10:00Z',
      expected: {
        severity: 'warning',
        subject: 'Certificate/apic/web',
        names: ['CertificateRequest/apic/web-2'],
        message: 'waiting for approval',
      },
      commands: ['cmctl approve -n apic web-2'],
    },
    {
      what: 'it never had a Secret',
      of: () => rootAndWeb().deleteSecret('web').leaveUnapproved('web', { at: later }),
      at: '2026-12-03T00:00:00Z',
      expected: { severity: 'warning', subject: 'Certificate/apic/web' },
    },
  ],
  silent: [
    {
      what: 'in the first five minutes',
      of: () => rootAndWeb().leaveUnapproved('web', { at: later }),
      at: '2026-12-01T00:04:59Z',
      instead: [],
    },
    { what: 'it was approved', of: () => rootAndWeb(), instead: [] },
  ],
})

describeRule('stuck-issuing', {
  fires: [
    {
      what: 'Issuing for two hours with a valid certificate',
      of: () => rootAndWeb().stuckIssuing('web', { at: later }),
      at: '2026-12-01T02:00:00Z',
      expected: { severity: 'warning', subject: 'Certificate/apic/web', message: 'without an end' },
      commands: ['kubectl describe certificate.cert-manager.io web -n apic'],
    },
    {
      what: 'an external issuer that never answers: an error without a Secret',
      of: () =>
        start()
          .externalIssuer('step', { group: 'certmanager.step.sm', kind: 'StepIssuer' })
          .certificate('web', leaf({ name: 'step', kind: 'StepIssuer', group: 'certmanager.step.sm' })),
      at: '2026-11-24T06:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['CertificateRequest/apic/web-1'] },
      commands: [
        'kubectl describe certificaterequest.cert-manager.io web-1 -n apic',
        'kubectl delete certificaterequest.cert-manager.io web-1 -n apic',
      ],
    },
  ],
  silent: [
    { what: 'within the first hour', of: () => rootAndWeb().stuckIssuing('web', { at: later }), at: '2026-12-01T00:59:00Z', instead: [] },
    {
      what: 'the issuer explains it',
      of: () => rootAndWeb().certificate('api', leaf('nobody')),
      at: '2026-11-24T06:00:00Z',
      instead: ['issuer-not-found'],
    },
    {
      what: 'approval explains it',
      of: () => rootAndWeb().leaveUnapproved('web', { at: later }),
      at: '2026-12-01T02:00:00Z',
      instead: ['request-not-approved'],
    },
  ],
})
