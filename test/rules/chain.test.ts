import type { Cluster, ClusterOptions } from '../../src/testing/index.ts'
import type { IssuanceOptions } from '../../src/testing/simulated-issuance.ts'
import { blocks, ca, describeRule, leaf, rootAndLeaves, rootAndWeb, start, threeLevels, withRoot, withoutSecret } from './rule-cases.ts'

describeRule('ca-rekeyed', {
  fires: [
    {
      what: 'the root has a new key and three certificates do not',
      of: () => rootAndLeaves().renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Secret/apic/root', 'Issuer/apic/root', 'Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
        message: '3 certificates',
      },
      commands: ['cmctl renew -n apic api db web'],
    },
    {
      what: 'everything below the intermediate is named with it',
      of: () => threeLevels().renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Certificate/apic/middle', 'Certificate/apic/web'] },
      commands: ['cmctl renew -n apic middle', 'cmctl renew -n apic web'],
    },
    {
      what: 'an intermediate that was issued anew below the new root, and the one from before in tls.crt',
      of: () => threeLevels().renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }).renew('middle'),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Certificate/apic/web', 'Secret/apic/root'],
      },
      spares: ['Certificate/apic/middle'],
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'only a warning where what the old key signed is a CA, which no client is shown as a server',
      of: () =>
        threeLevels()
          .certificate('low', { issuer: 'middle', commonName: 'low CA', ...ca, duration: '20000h' })
          .caIssuer('low')
          .certificate('deep', leaf('low'))
          .renew('middle', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'warning', subject: 'Certificate/apic/middle', names: ['Certificate/apic/web', 'Certificate/apic/low'] },
    },
    {
      what: 'only a warning while the old intermediate travels along under the same root',
      of: () => threeLevels().renew('middle', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'warning', subject: 'Certificate/apic/middle', names: ['Certificate/apic/web', 'Secret/apic/middle'] },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'some are renewed already: only the others are named',
      of: () => rootAndLeaves().renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }).renew('web').renew('api'),
      expected: { severity: 'error', names: ['Certificate/apic/db'], message: '1 certificate' },
      commands: ['cmctl renew -n apic db'],
    },
    {
      what: 'a ClusterIssuer whose CA stands in the cluster resource namespace',
      of: () =>
        start({ namespace: 'cert-manager' })
          .clusterIssuer('boot')
          .certificate('platform', {
            issuer: { kind: 'ClusterIssuer', name: 'boot' },
            commonName: 'platform',
            isCA: true,
            duration: '87600h',
            privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
          })
          .clusterIssuer('platform', { secretName: 'platform' })
          .certificate('web', leaf({ kind: 'ClusterIssuer', name: 'platform' }, { namespace: 'shop' }))
          .renew('platform', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'error', names: ['ClusterIssuer/platform', 'Secret/cert-manager/platform', 'Certificate/shop/web'] },
      commands: ['cmctl renew -n shop web'],
    },
  ],
  silent: [
    { what: 'nothing was renewed', of: () => rootAndLeaves(), instead: [] },
    {
      what: 'everything was renewed, from the top down',
      of: () =>
        threeLevels().renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }).renew('middle', { keepKey: false }).renew('web'),
      instead: [],
    },
    {
      what: 'the CA kept its key',
      of: () => rootAndLeaves().renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
      instead: ['ca-reissued-same-key'],
    },
  ],
})

/** `web`, issued anew shortly before its CA was renewed with the key kept, ends after the CA certificate in its ca.crt. */
const endingCopy = (overrides: IssuanceOptions['overrides'] = {}): Cluster =>
  rootAndWeb({ duration: '2160h' }, { duration: '4320h' })
    .renew('web', { at: '2027-03-15T00:00:00Z', overrides: { notAfter: '2027-12-13T00:00:00Z' } })
    .renew('root', { keepKey: true, overrides: { ...overrides, notAfter: '2028-03-15T00:00:00Z' } })

describeRule('ca-reissued-same-key', {
  fires: [
    {
      what: 'an error once the older certificate has ended',
      of: () => endingCopy(),
      at: '2027-05-24T00:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Certificate/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'a root renewed with its key',
      of: () => rootAndLeaves().renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
      expected: {
        severity: 'warning',
        subject: 'Certificate/apic/root',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
        message: '3 Secrets carry',
      },
      commands: ['cmctl renew -n apic api db web'],
    },
  ],
  silent: [
    { what: 'nothing was renewed', of: () => rootAndLeaves() },
    {
      what: 'the certificates were renewed after it',
      of: () => rootAndWeb().renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }).renew('web'),
      instead: [],
    },
  ],
})

describeRule('ca-ski-changed', {
  fires: [
    {
      what: 'the root above an intermediate: what lies below breaks as well',
      of: () =>
        threeLevels({ certManagerVersion: 'v1.18.6' }).upgrade('v1.21.1').renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Certificate/apic/middle', 'Certificate/apic/web'] },
      commands: ['cmctl renew -n apic middle', 'cmctl renew -n apic web'],
    },
    {
      what: 'a warning while the intermediate from before travels along',
      of: () =>
        threeLevels({ certManagerVersion: 'v1.18.6' }).upgrade('v1.21.1').renew('middle', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'warning', subject: 'Certificate/apic/middle', names: ['Certificate/apic/web'] },
    },
    {
      what: 'an upgrade across 1.19 and a renewal with the key kept',
      of: () =>
        rootAndLeaves({ certManagerVersion: 'v1.18.6' }).upgrade('v1.21.1').renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db', 'Secret/apic/root'],
      },
      commands: ['cmctl renew -n apic api db web'],
    },
  ],
  silent: [
    {
      what: 'the same renewal without the upgrade',
      of: () => rootAndWeb().renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
    },
    {
      what: 'the certificate was renewed after it',
      of: () => rootAndWeb().renew('root', { keepKey: true, skiMethod: 'sha1', at: '2026-12-01T00:00:00Z' }).renew('web'),
      instead: [],
    },
  ],
})

const copiedCa = (options: Partial<ClusterOptions> = {}): Cluster =>
  withRoot(start(options).selfSignedIssuer('boot'), 'ingress-ca')
    .copySecret('ingress-ca', 'gateway')
    .caIssuer('ingress-ca', { namespace: 'gateway' })
    .certificate('gw', leaf('ingress-ca', { namespace: 'gateway' }))

/** A copy as `jq` and `kubectl apply` make it. */
const withoutAnnotations = (built: Cluster, namespace: string): Cluster =>
  built.patch(
    'Secret',
    'ingress-ca',
    ({ metadata }) => {
      delete metadata.annotations
    },
    { namespace },
  )

/** A CA of the name that another namespace's Certificate has, and nothing that says where it is from. */
const twoCas = (): Cluster =>
  withoutAnnotations(
    withRoot(start().selfSignedIssuer('boot'), 'ingress-ca')
      .selfSignedIssuer('boot', { namespace: 'gateway' })
      .certificate('ingress-ca', { namespace: 'gateway', issuer: 'boot', commonName: 'ingress-ca CA', ...ca })
      .caIssuer('ingress-ca', { namespace: 'gateway' })
      .certificate('gw', leaf('ingress-ca', { namespace: 'gateway' }))
      .delete('Certificate', 'ingress-ca', { namespace: 'gateway' }),
    'gateway',
  )

const copyAgain = [
  "kubectl get secret ingress-ca -n apic -o json | jq '{apiVersion, kind, type, data, metadata: {name: .metadata.name}}' | kubectl apply -n gateway -f -",
  'cmctl renew -n gateway gw',
]

describeRule('ca-namespace-divergence', {
  fires: [
    {
      what: 'the CA was renewed and its copy, which kept the annotations, was not',
      of: () => copiedCa().renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      dumped: (object) => object.kind !== 'CertificateRequest',
      expected: {
        severity: 'error',
        names: ['Secret/gateway/ingress-ca', 'Secret/apic/ingress-ca', 'Certificate/apic/ingress-ca', 'Issuer/gateway/ingress-ca'],
      },
      commands: copyAgain,
    },
    {
      what: 'a copy without annotations: a former request has its key',
      of: () =>
        // Since 1.18 only the last request is kept.
        withoutAnnotations(copiedCa({ certManagerVersion: 'v1.17.4' }), 'gateway')
          .renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' })
          // Restored from a backup: its age says nothing.
          .patch('Certificate', 'ingress-ca', ({ metadata }) => {
            metadata.creationTimestamp = '2026-12-01T00:00:00Z'
          }),
      expected: { severity: 'error', subject: 'Secret/gateway/ingress-ca' },
      commands: copyAgain,
    },
    {
      what: 'a copy without annotations: what the CA issued before has its key in ca.crt',
      of: () =>
        withoutAnnotations(copiedCa(), 'gateway')
          .certificate('web', leaf('ingress-ca'))
          .renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' })
          .patch('Certificate', 'ingress-ca', ({ metadata }) => {
            metadata.creationTimestamp = '2026-12-01T00:00:00Z'
          }),
      dumped: (object) => object.kind !== 'CertificateRequest',
      expected: { severity: 'error', subject: 'Secret/gateway/ingress-ca' },
      beside: ['ca-rekeyed'],
    },
    {
      what: 'a copy without annotations: issued by the Certificate before its last renewal',
      of: () => withoutAnnotations(copiedCa(), 'gateway').renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      dumped: (object) => object.kind !== 'CertificateRequest',
      expected: { severity: 'error', subject: 'Secret/gateway/ingress-ca' },
      commands: copyAgain,
    },
    {
      what: 'two CAs of one name, and nothing that makes one a copy of the other: information, and no commands',
      of: twoCas,
      expected: { severity: 'info', subject: 'Secret/gateway/ingress-ca', names: ['Secret/apic/ingress-ca'] },
      commands: [],
    },
    {
      what: 'a CA that was made before the Certificate: information',
      of: () =>
        twoCas()
          .renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' })
          .patch('Certificate', 'ingress-ca', ({ metadata }) => {
            metadata.creationTimestamp = '2026-11-25T00:00:00Z'
          }),
      expected: { severity: 'info' },
      commands: [],
    },
    {
      what: 'no Certificate of the other namespace was collected: information, whatever its annotations say',
      of: () => copiedCa().renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      dumped: (object) =>
        object.kind !== 'CertificateRequest' && !(object.kind === 'Certificate' && object.metadata.namespace === 'gateway'),
      expected: { severity: 'info' },
      commands: [],
    },
  ],
  silent: [
    {
      what: 'cert-manager wrote it for another Certificate',
      of: () =>
        copiedCa()
          .renew('ingress-ca', { keepKey: false, at: '2026-12-01T00:00:00Z' })
          .patch(
            'Secret',
            'ingress-ca',
            ({ metadata }) => {
              metadata.annotations = { ...metadata.annotations, 'cert-manager.io/certificate-name': 'own-ca' }
            },
            { namespace: 'gateway' },
          ),
      dumped: (object) => object.kind !== 'CertificateRequest',
      instead: [],
    },
    { what: 'the copy is up to date', of: () => copiedCa(), instead: [] },
    {
      what: 'each namespace has a CA of its own with its own Certificate',
      of: () =>
        withRoot(start().selfSignedIssuer('boot'))
          .selfSignedIssuer('boot', { namespace: 'shop' })
          .certificate('root', {
            namespace: 'shop',
            issuer: 'boot',
            commonName: 'root CA',
            isCA: true,
            duration: '87600h',
            privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
          })
          .caIssuer('root', { namespace: 'shop' }),
      instead: [],
    },
  ],
})

/** The CA of `web` went from one root, which ends soon, to another. */
const underAnotherRoot = (): Cluster =>
  withRoot(threeLevels({ root: { duration: '4320h' }, web: { duration: '8760h' } }), 'other')
    .editIssuerRef('middle', { kind: 'Issuer', name: 'other' })
    .renew('middle', { keepKey: true, at: '2026-12-01T00:00:00Z' })
    .delete('Certificate', 'root')
    .delete('Issuer', 'root')
    .deleteSecret('root')

describeRule('ca-crt-stale-expiring', {
  fires: [
    {
      what: 'the root that the CA had before it went to another one ends before the certificate',
      of: underAnotherRoot,
      expected: { severity: 'warning', names: ['Secret/apic/web', 'Certificate/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'an error once it has ended',
      of: underAnotherRoot,
      at: '2027-05-24T00:00:00Z',
      expected: { severity: 'error', names: ['Secret/apic/web', 'Certificate/apic/web'] },
    },
  ],
  silent: [
    { what: 'ca.crt is the CA in force', of: () => rootAndWeb(), instead: [] },
    {
      what: 'an older certificate of a CA that kept its key is told with the renewal',
      of: () => endingCopy(),
      instead: ['ca-reissued-same-key'],
    },
    {
      what: 'the same where the identifier of the key changed',
      of: () => endingCopy({ subjectKeyIdentifier: new Uint8Array(20).fill(7) }),
      instead: ['aki-mismatch'],
    },
    {
      what: 'the older CA certificate ends after the certificate',
      of: () => rootAndWeb().renew('root', { keepKey: true, at: '2026-12-01T00:00:00Z' }),
    },
  ],
})

describeRule('ca-crt-unrelated', {
  fires: [
    {
      what: 'ca.crt of another CA',
      of: () => {
        const built = withRoot(rootAndWeb(), 'other')
        return built.step((state) => {
          const [web, other] = ['web', 'other'].map((name) => state.objects.get(`Secret/apic/${name}`))
          if (web?.kind !== 'Secret' || other?.kind !== 'Secret' || !('data' in web) || !('data' in other)) throw new Error('no Secret')
          web.data = { ...web.data, 'ca.crt': other.data?.['ca.crt'] ?? '' }
        })
      },
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'is not the CA' },
      commands: ['kubectl describe secret web -n apic', 'cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'ca.crt is the CA', of: () => rootAndWeb() },
    { what: 'there is no ca.crt', of: () => rootAndWeb().editSecret('web', () => ({ 'ca.crt': undefined })), instead: [] },
  ],
  open: [
    {
      what: 'ca.crt was masked',
      of: () => rootAndWeb(),
      text: (yaml) => yaml.replaceAll(/ca\.crt: \S+/g, 'ca.crt: REDACTED'),
      missing: ['secret-data'],
    },
  ],
})

describeRule('chain-incomplete', {
  fires: [
    {
      what: 'neither the intermediate nor a ca.crt',
      of: () => threeLevels().editSecret('web', (data) => ({ 'tls.crt': blocks(data['tls.crt'])[0], 'ca.crt': undefined })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'the root' },
    },
    {
      what: 'two certificates of one CA are told together',
      of: () =>
        threeLevels()
          .certificate('api', leaf('middle'))
          .editSecret('web', (data) => ({ 'tls.crt': blocks(data['tls.crt'])[0] }))
          .editSecret('api', (data) => ({ 'tls.crt': blocks(data['tls.crt'])[0] })),
      expected: { severity: 'error', names: ['Certificate/apic/web', 'Certificate/apic/api'] },
      commands: ['cmctl renew -n apic api web'],
    },
    {
      what: 'tls.crt lacks the intermediate',
      of: () => threeLevels().editSecret('web', (data) => ({ 'tls.crt': blocks(data['tls.crt'])[0] })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'the intermediate is there', of: () => threeLevels(), instead: [] },
    {
      what: 'the intermediate is there and ca.crt is not',
      of: () => threeLevels().editSecret('web', () => ({ 'ca.crt': undefined })),
      instead: [],
    },
    { what: 'there is none to send', of: () => rootAndWeb() },
  ],
})

/** boot → root → web, and a certificate of another CA behind the root's in its Secret. */
const strayInRoot = (): Cluster =>
  withRoot(rootAndWeb(), 'other').step((state) => {
    const [root, other] = ['root', 'other'].map((name) => state.objects.get(`Secret/apic/${name}`))
    if (root?.kind !== 'Secret' || other?.kind !== 'Secret' || !('data' in root) || !('data' in other)) throw new Error('no Secret')
    const pem = [root, other].map(({ data }) => Buffer.from(data?.['tls.crt'] ?? '', 'base64').toString()).join('')
    root.data = { ...root.data, 'tls.crt': Buffer.from(pem).toString('base64') }
  })

describeRule('chain-order', {
  fires: [
    {
      what: 'a stray certificate in the Secret of a CA: nothing can be issued, and what waits is named',
      of: () => strayInRoot().deleteSecret('web').failRequest('web', 'Error signing certificate: certificate chain is malformed or broken'),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Secret/apic/root', 'Issuer/apic/root', 'Certificate/apic/web'],
        message: 'nothing can be issued',
      },
      commands: ['cmctl renew -n apic root'],
      beside: ['request-failed'],
    },
    {
      what: 'a stray certificate in the Secret of a CA that was made by hand, without ca.crt',
      of: () =>
        strayInRoot()
          .delete('Certificate', 'root')
          .editSecret('root', () => ({ 'ca.crt': undefined })),
      expected: { severity: 'error', subject: 'Secret/apic/root', names: ['Issuer/apic/root'] },
      commands: [],
    },
    {
      what: 'an intermediate CA behind its root: nothing can be issued',
      of: () => threeLevels().editSecret('middle', (data) => ({ 'tls.crt': `${data['ca.crt'] ?? ''}${data['tls.crt'] ?? ''}` })),
      expected: { severity: 'error', subject: 'Certificate/apic/middle', names: ['Issuer/apic/middle'], message: 'nothing can be issued' },
      beside: ['issuer-dn-mismatch'],
    },
    {
      what: 'a warning where cert-manager signs all the same: the CA twice',
      of: () => threeLevels().editSecret('middle', (data) => ({ 'tls.crt': `${data['tls.crt'] ?? ''}${data['tls.crt'] ?? ''}` })),
      expected: { severity: 'warning', subject: 'Certificate/apic/middle', message: 'is not one line' },
    },
    {
      what: 'the intermediate stands first',
      of: () => threeLevels().editSecret('web', (data) => ({ 'tls.crt': [...blocks(data['tls.crt'])].reverse().join('') })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'number 2 of 2' },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'a certificate twice is a warning',
      of: () =>
        threeLevels().editSecret('web', (data) => {
          const [own = '', above = ''] = blocks(data['tls.crt'])
          return { 'tls.crt': own + own + above }
        }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
    },
  ],
  silent: [
    { what: 'leaf first', of: () => threeLevels() },
    {
      what: 'the root is sent along, last',
      of: () => threeLevels().editSecret('web', (data) => ({ 'tls.crt': `${data['tls.crt'] ?? ''}${data['ca.crt'] ?? ''}` })),
      instead: [],
    },
  ],
})

describeRule('issuer-dn-mismatch', {
  fires: [
    {
      what: 'issued by another name than the CA has',
      of: () => rootAndWeb({ overrides: { issuerName: 'CN=another CA' } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'the CA gave itself another name',
      of: () => rootAndLeaves().editSpec('root', { commonName: 'new CA' }).renew('root', { keepKey: false, at: '2026-12-01T00:00:00Z' }),
      expected: {
        severity: 'error',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db', 'Certificate/apic/root'],
      },
      commands: ['cmctl renew -n apic api db web'],
    },
  ],
  silent: [
    { what: 'the names agree', of: () => rootAndWeb(), instead: [] },
    {
      what: 'cert-manager sees the changed issuerRef itself',
      of: () => withRoot(rootAndWeb(), 'other').editIssuerRef('web', { kind: 'Issuer', name: 'other' }),
      instead: ['incorrect-issuer'],
    },
  ],
})

describeRule('same-dn-leaf-ca', {
  fires: [
    {
      what: 'an intermediate with the name of the root: what lies below is named',
      of: () => threeLevels({ middle: { commonName: 'root CA' } }),
      expected: { severity: 'error', subject: 'Certificate/apic/middle', names: ['Certificate/apic/web', 'Issuer/apic/middle'] },
    },
    {
      what: 'the name of its CA and no key identifiers',
      of: () => rootAndWeb({ commonName: 'root CA', overrides: { authorityKeyIdentifier: 'none' } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
    },
  ],
  silent: [
    { what: 'a name of its own', of: () => rootAndWeb({ commonName: 'web' }) },
    {
      what: 'self-signed certificates',
      of: () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('web', leaf('boot', { commonName: 'web' })),
    },
  ],
})

describeRule('signature-invalid', {
  fires: [
    {
      what: 'several below one CA, told together',
      of: () =>
        rootAndWeb({ overrides: { breakSignature: true } }).certificate('api', leaf('root', { overrides: { breakSignature: true } })),
      expected: { severity: 'error', names: ['Certificate/apic/web', 'Certificate/apic/api'] },
      commands: ['cmctl renew -n apic api web'],
    },
    {
      what: 'a spoilt signature',
      of: () => rootAndWeb({ overrides: { breakSignature: true } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'the signature verifies', of: () => rootAndWeb() },
    {
      what: 'a temporary certificate of cert-manager, while the request is under way',
      of: () =>
        rootAndWeb({ overrides: { issuerName: [{ type: 'CN', value: 'cert-manager.local' }], breakSignature: true } }).editSecret(
          'web',
          () => ({ 'ca.crt': undefined }),
        ),
      instead: [],
    },
  ],
  open: [{ what: 'the CA Secret is not in the dump', of: () => rootAndWeb(), dumped: withoutSecret('root'), missing: ['secret'] }],
})

describeRule('aki-mismatch', {
  fires: [
    {
      what: 'the CA was issued anew with another key identifier of its own',
      of: () =>
        rootAndLeaves().renew('root', {
          keepKey: true,
          overrides: { subjectKeyIdentifier: new Uint8Array(20).fill(7) },
          at: '2026-12-01T00:00:00Z',
        }),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/root',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/db'],
      },
      commands: ['cmctl renew -n apic api db web'],
    },
    {
      what: 'the key identifier of nobody',
      of: () => rootAndWeb({ overrides: { authorityKeyIdentifier: { keyIdentifier: new Uint8Array(20).fill(7) } } }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'the identifiers agree', of: () => rootAndWeb() },
    { what: 'there is no authority key identifier', of: () => rootAndWeb({ overrides: { authorityKeyIdentifier: 'none' } }), instead: [] },
  ],
})
