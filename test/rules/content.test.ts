import { ca, describeRule, key, leaf, rootAndWeb, start, threeLevels, withRoot } from './rule-cases.ts'

describeRule('empty-issuer-dn', {
  fires: [
    {
      what: 'a CA without a name',
      of: () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('root', { issuer: 'boot', ...ca })
          .caIssuer('root')
          .certificate('web', leaf('root', { commonName: 'web' })),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Certificate/apic/web', 'Issuer/apic/root', 'Secret/apic/root'],
      },
      commands: ['kubectl edit certificate.cert-manager.io root -n apic'],
    },
    {
      what: 'a self-signed certificate without a name',
      of: () => start().selfSignedIssuer('boot').certificate('web', leaf('boot')),
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
    },
  ],
  silent: [
    { what: 'the CA has a name', of: () => rootAndWeb(), instead: [] },
    {
      what: 'any part of a name is enough',
      of: () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('root', { issuer: 'boot', subject: { organizations: ['Example'] }, ...ca })
          .caIssuer('root')
          .certificate('web', leaf('root')),
      instead: [],
    },
  ],
})

const constraints = { permitted: { dnsDomains: ['apic.svc'] }, critical: true }

describeRule('name-constraint-violation', {
  fires: [
    {
      what: 'a DNS name outside what the CA permits',
      of: () => rootAndWeb({ dnsNames: ['web.shop.svc'] }, { nameConstraints: constraints }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/web',
        names: ['Secret/apic/web'],
        message: 'outside what the CA permits: DNS name web.shop.svc',
      },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
    },
    {
      what: 'two certificates under one constraint, told together',
      of: () =>
        rootAndWeb({ dnsNames: ['web.shop.svc'] }, { nameConstraints: constraints }).certificate(
          'api',
          leaf('root', { dnsNames: ['api.shop.svc'] }),
        ),
      expected: { severity: 'error', names: ['Certificate/apic/api', 'Certificate/apic/web'] },
      spares: ['Certificate/apic/root'],
      commands: ['kubectl edit certificate.cert-manager.io api -n apic', 'kubectl edit certificate.cert-manager.io web -n apic'],
    },
    {
      what: 'a host name in commonName alone',
      of: () => rootAndWeb({ commonName: 'web.shop.svc', dnsNames: [], ipAddresses: ['10.1.2.3'] }, { nameConstraints: constraints }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'web.shop.svc' },
    },
    {
      what: 'an excluded IP address',
      of: () => rootAndWeb({ ipAddresses: ['10.1.2.3'] }, { nameConstraints: { excluded: { ipRanges: ['10.0.0.0/8'] }, critical: true } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'is excluded by the CA: IP address 10.1.2.3' },
    },
    {
      what: 'the constraint stands two levels up',
      of: () => threeLevels({ root: { nameConstraints: constraints }, web: { dnsNames: ['web.example.com'] } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
    },
  ],
  silent: [
    { what: 'a permitted name', of: () => rootAndWeb({}, { nameConstraints: constraints }), instead: [] },
    {
      what: 'a commonName that is no host name, or beside DNS names',
      of: () =>
        rootAndWeb(
          { commonName: 'web of the shop', dnsNames: [], ipAddresses: ['10.1.2.3'] },
          { nameConstraints: constraints },
        ).certificate('api', leaf('root', { commonName: 'api.shop.svc' })),
      instead: [],
    },
    {
      what: 'the commonName of a CA, which names no host',
      of: () => threeLevels({ root: { nameConstraints: constraints }, middle: { commonName: 'ca.example.com' } }),
      instead: [],
    },
    { what: 'no constraints', of: () => rootAndWeb({ dnsNames: ['web.shop.svc'] }), instead: [] },
    {
      what: 'constraints of another form of name',
      of: () => rootAndWeb({}, { nameConstraints: { permitted: { ipRanges: ['10.0.0.0/8'] }, critical: true } }),
      instead: [],
    },
  ],
})

const limited = { overrides: { pathLength: 0 } }

describeRule('path-length-exceeded', {
  fires: [
    {
      what: 'a CA below a root of path length 0',
      of: () => threeLevels({ root: limited }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/web',
        names: ['Certificate/apic/root', 'Issuer/apic/root', 'Secret/apic/root'],
        message: 'path length of 0',
      },
    },
    {
      what: 'two levels below an intermediate of path length 0, in other namespaces too',
      of: () =>
        threeLevels({ middle: limited })
          .certificate('lower', { issuer: 'middle', commonName: 'lower CA', ...ca, duration: '26280h' })
          .caIssuer('lower')
          .certificate('api', leaf('lower'))
          .certificate('db', leaf('lower')),
      expected: {
        severity: 'error',
        names: ['Certificate/apic/api', 'Certificate/apic/db', 'Certificate/apic/middle', 'Issuer/apic/middle', 'Secret/apic/middle'],
      },
    },
  ],
  silent: [
    { what: 'no CA below the limit', of: () => rootAndWeb({}, limited), instead: [] },
    { what: 'a limit that is kept', of: () => threeLevels({ root: { overrides: { pathLength: 1 } } }), instead: [] },
    {
      what: 'the lowest CA may have path length 0',
      of: () => withRoot(start().selfSignedIssuer('boot'), 'root', limited).certificate('web', leaf('root', { privateKey: key })),
      instead: [],
    },
  ],
})
