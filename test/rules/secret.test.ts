import type { Cluster } from '../../src/testing/index.ts'
import { describeRule, key, leaf, rootAndWeb, start, threeLevels, withRoot, withoutKind, withoutSecret } from './rule-cases.ts'

const noPem = (): Record<string, string> => ({ 'tls.crt': 'not a certificate\n' })
const damaged = (pem = ''): string => pem.replace(/\n[A-Za-z0-9+/=]+\n-----END/, '\n-----END')
/** A block whose DER is whole, and no certificate. */
const labelled = (label: string): string => `-----BEGIN ${label}-----\nMAMCAQE=\n-----END ${label}-----\n`
const withCrl = (data: Readonly<Record<string, string>>): Record<string, string> => ({
  'tls.crt': `${data['tls.crt']}${labelled('X509 CRL')}`,
  'ca.crt': `${data['ca.crt']}${labelled('X509 CRL')}`,
})
const unmanaged = ({ kind, metadata }: { readonly kind: string; readonly metadata: { readonly name: string } }): boolean =>
  !(kind === 'Certificate' && metadata.name === 'web')

describeRule('cert-unreadable', {
  fires: [
    {
      what: 'tls.crt is no PEM',
      of: () => rootAndWeb().editSecret('web', noPem),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'tls.crt of apic/web' },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'ca.crt is cut off within the certificate',
      of: () => rootAndWeb().editSecret('web', (data) => ({ 'ca.crt': damaged(data['ca.crt']) })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'ca.crt of apic/web' },
    },
    {
      what: 'a CRL stands behind the certificate of a Certificate: cert-manager reads all blocks',
      of: () => rootAndWeb().editSecret('web', (data) => ({ 'tls.crt': withCrl(data)['tls.crt'] ?? '' })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'PEM block 2' },
    },
    {
      what: 'a broken certificate stands behind that of a Secret that nobody manages',
      of: () => rootAndWeb().editSecret('web', (data) => ({ 'tls.crt': `${data['tls.crt']}${labelled('CERTIFICATE')}` })),
      dumped: unmanaged,
      expected: { severity: 'error', subject: 'Secret/apic/web', message: 'PEM block 2' },
    },
    {
      what: 'a Secret that nobody manages has a CRL, and no certificate at all',
      of: () => rootAndWeb().editSecret('web', () => ({ 'tls.crt': labelled('X509 CRL') })),
      dumped: unmanaged,
      expected: { severity: 'error', subject: 'Secret/apic/web', message: 'PEM block 1' },
    },
    {
      what: 'the certificate of a CA: the issuer is named',
      of: () => rootAndWeb().editSecret('root', noPem),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Secret/apic/root', 'Issuer/apic/root'] },
      commands: ['cmctl renew -n apic root'],
    },
    {
      what: 'the certificate of a CA that gets a new key: what it signed is issued anew after it',
      of: () =>
        rootAndWeb()
          .editSpec('root', { privateKey: { ...key, rotationPolicy: 'Always' } })
          .editSecret('root', noPem),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Issuer/apic/root'] },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'both are readable', of: () => rootAndWeb(), instead: [] },
    {
      what: 'the values were masked',
      of: () => rootAndWeb(),
      text: (yaml) => yaml.replaceAll(/(tls|ca)\.crt: \S+/g, '$1.crt: REDACTED'),
      instead: [],
    },
    {
      what: 'the same words that no list of marks has stand in every Secret',
      of: () => rootAndWeb(),
      text: (yaml) => yaml.replaceAll(/((?:tls|ca)\.(?:crt|key)): \S+/g, '$1: Y2hhbmdlbWU='),
      instead: [],
    },
    {
      what: 'a CRL stands behind the certificates of a Secret that nobody manages: servers and clients pass over it',
      of: () => rootAndWeb().editSecret('web', withCrl),
      dumped: unmanaged,
      instead: [],
    },
    { what: 'a Secret that is none of ours', of: () => rootAndWeb().secret('app', { data: { 'tls.crt': 'mine' } }), instead: [] },
  ],
})

describeRule('duplicate-secret-name', {
  fires: [
    {
      what: 'with the Certificate of the CA that issues one of them: that one is to be changed, though it wrote last',
      of: () =>
        rootAndWeb()
          .editSpec('web', { secretName: 'root' })
          .patch('Secret', 'root', ({ metadata }) => {
            metadata.annotations = { ...metadata.annotations, 'cert-manager.io/certificate-name': 'web' }
          }),
      expected: { severity: 'error', names: ['Certificate/apic/web', 'Certificate/apic/root'] },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
      beside: ['secret-equals-issuer-secret'],
    },
    {
      what: 'two Certificates, one Secret',
      of: () => rootAndWeb().certificate('web2', leaf('root', { secretName: 'web', dnsNames: ['web2.apic.svc'] })),
      expected: { severity: 'error', subject: 'Certificate/apic/web2', names: ['Certificate/apic/web', 'Secret/apic/web'] },
      commands: ['kubectl edit certificate.cert-manager.io web2 -n apic'],
    },
  ],
  silent: [
    { what: 'a Secret each', of: () => rootAndWeb(), instead: [] },
    {
      what: 'the same name in two namespaces',
      of: () =>
        rootAndWeb()
          .selfSignedIssuer('boot', { namespace: 'shop' })
          .certificate('web', leaf('boot', { namespace: 'shop', commonName: 'web' })),
      instead: [],
    },
  ],
})

/** Puts values of one Secret into another. */
const copyValue = (built: Cluster, field: string, from: string, to: string): Cluster =>
  built.step((state) => {
    const source = state.objects.get(`Secret/apic/${from}`)
    const target = state.objects.get(`Secret/apic/${to}`)
    if (source?.kind !== 'Secret' || target?.kind !== 'Secret' || !('data' in source) || !('data' in target)) throw new Error('no Secret')
    target.data = { ...target.data, [field]: source.data?.[field] ?? '' }
  })

const maskKeys = (yaml: string): string => yaml.replaceAll(/tls\.key: \S+/g, 'tls.key: REDACTED')

describeRule('key-mismatch', {
  fires: [
    {
      what: 'the key of another certificate',
      of: () => copyValue(rootAndWeb().certificate('api', leaf('root')), 'tls.key', 'api', 'web'),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['kubectl describe secret web -n apic', 'cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'they match', of: () => rootAndWeb(), instead: [] },
    { what: 'a CA is told by ca-key-mismatch', of: () => copyValue(rootAndWeb(), 'tls.key', 'web', 'root'), instead: ['ca-key-mismatch'] },
  ],
  open: [{ what: 'the key was masked', of: () => rootAndWeb(), text: maskKeys, missing: ['private-key'] }],
})

describeRule('key-unreadable', {
  fires: [
    {
      what: 'the key of a CA: what it signed is issued anew after it',
      of: () => rootAndWeb().editSecret('root', () => ({ 'tls.key': 'garbage' })),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Issuer/apic/root', 'Secret/apic/root'] },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic web'],
    },
    {
      what: 'no PEM',
      of: () => rootAndWeb().editSecret('web', () => ({ 'tls.key': 'hunter2' })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'no PEM block' },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'an EC PARAMETERS block in front',
      of: () =>
        rootAndWeb().editSecret('web', (data) => ({
          'tls.key': `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${data['tls.key'] ?? ''}`,
        })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'EC PARAMETERS' },
    },
    {
      what: 'an encrypted key',
      of: () =>
        rootAndWeb().editSecret('web', () => ({
          'tls.key': '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n',
        })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'encrypted' },
    },
  ],
  silent: [
    {
      what: 'SEC 1 and PKCS #8',
      of: () => rootAndWeb().certificate('api', leaf('root', { privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' } })),
      instead: [],
    },
    { what: 'the key was masked', of: () => rootAndWeb(), text: maskKeys, instead: [] },
    {
      what: 'every key was replaced by words that no list of marks has',
      of: () => rootAndWeb(),
      text: (yaml) => yaml.replaceAll(/tls\.key: \S+/g, 'tls.key: Y2hhbmdlbWU='),
      instead: [],
    },
  ],
})

const p384 = { algorithm: 'ECDSA', size: 384, rotationPolicy: 'Never' } as const

describeRule('key-spec-mismatch', {
  fires: [
    {
      what: 'the spec asks for P-384 now',
      of: () => rootAndWeb().editSpec('web', { privateKey: { ...p384, rotationPolicy: 'Always' } }),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'ECDSA 384' },
      commands: [
        `kubectl patch certificate.cert-manager.io web -n apic --type merge -p '{"spec":{"privateKey":{"rotationPolicy":"Always"}}}'`,
        'cmctl renew -n apic web',
      ],
    },
    {
      what: 'CAs: the one above first, and then everything below them',
      of: () => threeLevels().editSpec('root', { privateKey: p384 }).editSpec('middle', { privateKey: p384 }),
      expected: { severity: 'warning', names: ['Certificate/apic/root', 'Certificate/apic/middle'] },
      commands: [
        ...['middle', 'root'].map(
          (name) =>
            `kubectl patch certificate.cert-manager.io ${name} -n apic --type merge -p '{"spec":{"privateKey":{"rotationPolicy":"Always"}}}'`,
        ),
        'cmctl renew -n apic root',
        'cmctl renew -n apic middle',
        'cmctl renew -n apic web',
      ],
    },
  ],
  silent: [
    { what: 'they agree', of: () => rootAndWeb(), instead: [] },
    {
      what: 'it is stuck for that reason',
      of: () => rootAndWeb().editSpec('web', { privateKey: p384 }).stuckIssuing('web', { reason: 'SecretMismatch' }),
      instead: ['key-not-rotatable'],
    },
    {
      what: 'another certificate’s key lies there, of another kind',
      of: () => copyValue(rootAndWeb().certificate('api', leaf('root', { privateKey: p384 })), 'tls.key', 'api', 'web'),
      instead: ['key-mismatch'],
    },
  ],
})

describeRule('key-not-rotatable', {
  fires: [
    {
      what: 'rotationPolicy Never and another size',
      of: () => rootAndWeb().editSpec('web', { privateKey: p384 }).stuckIssuing('web', { reason: 'SecretMismatch' }),
      at: '2026-11-25T00:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: [
        `kubectl patch certificate.cert-manager.io web -n apic --type merge -p '{"spec":{"privateKey":{"rotationPolicy":"Always"}}}'`,
      ],
    },
    {
      what: 'a CA: what it signed is issued anew after it',
      of: () => rootAndWeb().editSpec('root', { privateKey: p384 }).stuckIssuing('root', { reason: 'SecretMismatch' }),
      at: '2026-11-25T00:00:00Z',
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Secret/apic/root'] },
      commands: [
        `kubectl patch certificate.cert-manager.io root -n apic --type merge -p '{"spec":{"privateKey":{"rotationPolicy":"Always"}}}'`,
        'cmctl renew -n apic web',
      ],
    },
  ],
  silent: [
    { what: 'the key fits', of: () => rootAndWeb().stuckIssuing('web'), instead: [] },
    {
      what: 'no policy is set, and it is issuing for another reason',
      of: () =>
        rootAndWeb()
          .editSpec('web', { privateKey: { algorithm: 'ECDSA', size: 384 } })
          .stuckIssuing('web'),
    },
    {
      what: 'the key may be made anew',
      of: () =>
        rootAndWeb()
          .editSpec('web', { privateKey: { ...p384, rotationPolicy: 'Always' } })
          .stuckIssuing('web', { reason: 'SecretMismatch' }),
    },
  ],
})

describeRule('secret-data-missing', {
  fires: [
    {
      what: 'the key of a CA: what it signed is issued anew after it',
      of: () => rootAndWeb().editSecret('root', () => ({ 'tls.key': undefined })),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Issuer/apic/root'] },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic web'],
    },
    {
      what: 'the certificate of a CA that gets a new key',
      of: () =>
        rootAndWeb()
          .editSpec('root', { privateKey: { ...key, rotationPolicy: 'Always' } })
          .editSecret('root', () => ({ 'tls.crt': undefined })),
      expected: { severity: 'error', subject: 'Certificate/apic/root' },
      commands: ['cmctl renew -n apic root', 'cmctl renew -n apic web'],
    },
    {
      what: 'the certificate of a CA that keeps its key: what it signed stays',
      of: () => rootAndWeb().editSecret('root', () => ({ 'tls.crt': undefined })),
      expected: { severity: 'error', subject: 'Certificate/apic/root' },
      commands: ['cmctl renew -n apic root'],
    },
    {
      what: 'tls.key is gone',
      of: () => rootAndWeb().editSecret('web', () => ({ 'tls.key': undefined })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'has no tls.key' },
      commands: ['cmctl renew -n apic web'],
    },
    {
      what: 'an empty Secret',
      of: () => rootAndWeb().editSecret('web', () => ({ 'tls.key': '', 'tls.crt': '', 'ca.crt': '' })),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'has no tls.crt, tls.key' },
    },
    {
      what: 'an empty Secret that two Certificates name: told of the one that fills it',
      of: () =>
        rootAndWeb()
          .certificate('api', leaf('root', { secretName: 'web', dnsNames: ['api.apic.svc'] }))
          .editSecret('web', () => ({ 'tls.key': '', 'tls.crt': '', 'ca.crt': '' })),
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
      commands: ['cmctl renew -n apic web'],
      beside: ['duplicate-secret-name'],
    },
  ],
  silent: [{ what: 'both are there', of: () => rootAndWeb(), instead: [] }],
  open: [{ what: 'values were masked', of: () => rootAndWeb(), text: maskKeys, missing: ['secret-data'] }],
})

describeRule('secret-equals-issuer-secret', {
  fires: [
    {
      what: 'a CA made by hand, overwritten: what waits for it is named, and nothing else is told',
      of: () =>
        rootAndWeb()
          .editSpec('web', { secretName: 'root' })
          .delete('Certificate', 'root')
          .delete('Secret', 'web')
          .patch('Secret', 'root', (object) => {
            object.metadata.annotations = { ...object.metadata.annotations, 'cert-manager.io/certificate-name': 'web' }
          })
          .renew('web')
          .certificate('api', leaf('root')),
      expected: {
        severity: 'error',
        subject: 'Certificate/apic/web',
        names: ['Issuer/apic/root', 'Secret/apic/root', 'Certificate/apic/api'],
      },
    },
    {
      what: 'a Certificate that overwrites its own CA',
      of: () => rootAndWeb().editSpec('web', { secretName: 'root' }).delete('Certificate', 'root'),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Issuer/apic/root', 'Secret/apic/root'] },
      commands: ['kubectl edit certificate.cert-manager.io web -n apic'],
    },
  ],
  silent: [
    { what: 'Secrets of their own', of: () => rootAndWeb(), instead: [] },
    {
      what: 'the same name in another namespace',
      of: () =>
        withRoot(start().selfSignedIssuer('boot'))
          .selfSignedIssuer('root', { namespace: 'shop' })
          .certificate('root', leaf('root', { namespace: 'shop', commonName: 'x' })),
      instead: [],
    },
  ],
})

describeRule('secret-missing', {
  fires: [
    {
      what: 'the Secret was deleted',
      of: () => rootAndWeb().deleteSecret('web'),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'not in this dump' },
      commands: ['kubectl describe certificate.cert-manager.io web -n apic'],
    },
    {
      what: 'never made, and no longer young',
      of: () =>
        rootAndWeb()
          .certificate('api', leaf('root'))
          .delete('Secret', 'api')
          .delete('CertificateRequest', 'api-1')
          .patch('Certificate', 'api', (object) => {
            if ('status' in object) object.status = {}
          })
          .at('6m'),
      expected: { severity: 'error', subject: 'Certificate/apic/api' },
    },
    {
      what: 'the Secret was deleted, and no object has a status',
      of: () => rootAndWeb().deleteSecret('web').at('6m'),
      text: (yaml) => yaml.replaceAll(/^ {2}status:\n(?: {4}.*\n)+/gm, ''),
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'not in this dump' },
    },
    {
      what: 'a table lists the Secrets, and the issuer is not in the dump',
      of: () => rootAndWeb().deleteSecret('web'),
      dumped: ({ kind }) => kind === 'Certificate',
      text: (yaml) =>
        `$ kubectl get secret -n apic\nNAME   TYPE                DATA   AGE\nroot   kubernetes.io/tls   3      5d\n$ kubectl get cert -n apic -o yaml\n${yaml}`,
      expected: { severity: 'error', subject: 'Certificate/apic/web', message: 'lists the Secrets of that namespace' },
    },
  ],
  silent: [
    { what: 'it is there', of: () => rootAndWeb(), instead: [] },
    { what: 'the issuer explains it', of: () => rootAndWeb().certificate('api', leaf('nobody')), instead: ['issuer-not-found'] },
    {
      what: 'just created: the Secret is still to come',
      of: () =>
        rootAndWeb()
          .certificate('api', leaf('root'))
          .delete('Secret', 'api')
          .delete('CertificateRequest', 'api-1')
          .patch('Certificate', 'api', (object) => {
            if ('status' in object) object.status = {}
          })
          .at('4s'),
      instead: [],
    },
    {
      what: 'the Certificate is being deleted',
      of: () =>
        rootAndWeb()
          .deleteSecret('web')
          .patch('Certificate', 'web', (object) => {
            Object.assign(object.metadata, { deletionTimestamp: '2026-11-24T04:00:00Z' })
          }),
      instead: [],
    },
    { what: 'the request explains it', of: () => rootAndWeb().deleteSecret('web').deny('web'), instead: ['request-denied'] },
    {
      what: 'the Secret of a CA is told by ca-secret-missing',
      of: () => rootAndWeb().deleteSecret('root'),
      instead: ['ca-secret-missing'],
    },
  ],
  open: [{ what: 'no Secrets were collected', of: () => rootAndWeb(), dumped: withoutKind('Secret'), missing: ['secret'] }],
})

describeRule('wrong-certificate-annotation', {
  fires: [
    {
      what: 'a release that does not look at it: a warning',
      of: () =>
        rootAndWeb().patch('Secret', 'web', ({ metadata }) => {
          metadata.annotations = { ...metadata.annotations, 'cert-manager.io/certificate-name': 'former' }
        }),
      certManager: { version: 'v1.12.17' },
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
    },
    {
      what: 'the Secret was written for another Certificate',
      of: () =>
        rootAndWeb().patch('Secret', 'web', ({ metadata }) => {
          metadata.annotations = { ...metadata.annotations, 'cert-manager.io/certificate-name': 'former' }
        }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'former' },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'the annotation agrees', of: () => rootAndWeb(), instead: [] },
    {
      what: 'there is none',
      of: () =>
        rootAndWeb().patch('Secret', 'web', ({ metadata }) => {
          delete metadata.annotations
        }),
    },
    {
      what: 'several share the Secret',
      of: () => rootAndWeb().certificate('web2', leaf('root', { secretName: 'web' })),
      instead: ['duplicate-secret-name'],
    },
    { what: 'the Secret is not in the dump', of: () => rootAndWeb(), dumped: withoutSecret('web') },
  ],
})
