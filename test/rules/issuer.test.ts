import type { Cluster, KubernetesObject } from '../../src/testing/index.ts'
import type { IssuerObject } from '../../src/testing/kubernetes-objects.ts'
import type { RuleCase } from './rule-cases.ts'
import {
  asDocuments,
  ca,
  describeRule,
  key,
  leaf,
  rootAndLeaves,
  rootAndWeb,
  start,
  threeLevels,
  withRoot,
  withoutKind,
  withoutSecret,
} from './rule-cases.ts'

const platform = { kind: 'ClusterIssuer', name: 'platform' } as const

/** A ClusterIssuer `platform` whose CA is in namespace cert-manager, and a Certificate of namespace apic. */
const clusterWide = (): Cluster =>
  start()
    .clusterIssuer('boot')
    .certificate('platform', { issuer: { kind: 'ClusterIssuer', name: 'boot' }, namespace: 'cert-manager', commonName: 'platform', ...ca })
    .clusterIssuer('platform', { secretName: 'platform' })
    .certificate('web', leaf(platform))

const copyKey = (from: string, to: string) => (built: Cluster) =>
  built.step((state) => {
    const source = state.objects.get(`Secret/apic/${from}`)
    const target = state.objects.get(`Secret/apic/${to}`)
    if (source?.kind !== 'Secret' || target?.kind !== 'Secret' || !('data' in source) || !('data' in target)) throw new Error('no Secret')
    target.data = { ...target.data, 'tls.key': source.data?.['tls.key'] ?? '' }
  })

describeRule('ca-key-mismatch', {
  fires: [
    {
      what: 'the key of a leaf in the CA Secret',
      of: () => copyKey('web', 'root')(rootAndWeb()),
      expected: { severity: 'error', subject: 'Certificate/apic/root', names: ['Issuer/apic/root', 'Secret/apic/root'] },
      commands: ['kubectl describe secret root -n apic', 'cmctl renew -n apic root', 'cmctl renew -n apic web'],
    },
    {
      what: 'a CA Secret without a Certificate: the issuer is the subject',
      of: () => copyKey('web', 'root')(rootAndWeb()).delete('Certificate', 'root'),
      expected: { severity: 'error', subject: 'Issuer/apic/root', names: ['Secret/apic/root'] },
      commands: ['kubectl describe secret root -n apic'],
    },
  ],
  silent: [
    { what: 'they match', of: () => rootAndWeb(), instead: [] },
    { what: 'a leaf is told by key-mismatch', of: () => copyKey('root', 'web')(rootAndWeb()), instead: ['key-mismatch'] },
  ],
})

describeRule('ca-not-ca', {
  fires: [
    {
      what: 'a CA whose Certificate lost isCA: what its key signed is named',
      of: () => rootAndWeb().editSpec('root', { isCA: false }).renew('root', { at: '2026-12-01T00:00:00Z' }),
      expected: { severity: 'error', subject: 'Issuer/apic/root', names: ['Secret/apic/root', 'Certificate/apic/web'] },
      commands: [
        'kubectl edit issuer.cert-manager.io root -n apic',
        `kubectl patch certificate.cert-manager.io root -n apic --type merge -p '{"spec":{"isCA":true}}'`,
      ],
    },
    {
      what: 'the Secret of a leaf',
      of: () => rootAndWeb().caIssuer('wrong', { secretName: 'web' }),
      expected: { severity: 'error', subject: 'Issuer/apic/wrong', names: ['Secret/apic/web'] },
    },
    {
      what: 'with a Certificate that waits for it',
      of: () => rootAndWeb().caIssuer('wrong', { secretName: 'web' }).certificate('api', leaf('wrong')),
      expected: { severity: 'error', subject: 'Issuer/apic/wrong', names: ['Secret/apic/web', 'Certificate/apic/api'] },
    },
  ],
  silent: [
    { what: 'a CA', of: () => rootAndWeb(), instead: [] },
    {
      what: 'overwritten by a Certificate below: that is secret-equals-issuer-secret',
      of: () =>
        rootAndWeb()
          .editSpec('web', { secretName: 'root' })
          .delete('Certificate', 'root')
          .patch('Secret', 'root', (object) => {
            object.metadata.annotations = { ...object.metadata.annotations, 'cert-manager.io/certificate-name': 'web' }
          })
          .renew('web'),
      instead: ['secret-equals-issuer-secret'],
    },
  ],
})

describeRule('ca-secret-missing', {
  fires: [
    {
      what: 'the Secret of a CA was deleted: its Certificate is named, and told by nothing else',
      of: () => rootAndLeaves().deleteSecret('root'),
      expected: { severity: 'error', subject: 'Issuer/apic/root', names: ['Secret/apic/root', 'Certificate/apic/root'] },
      commands: ['kubectl describe issuer.cert-manager.io root -n apic', 'kubectl describe certificate.cert-manager.io root -n apic'],
    },
    {
      what: 'a Secret that never was, and a Certificate that waits',
      of: () => rootAndWeb().caIssuer('late').certificate('api', leaf('late')),
      expected: { severity: 'error', subject: 'Issuer/apic/late', names: ['Secret/apic/late', 'Certificate/apic/api'] },
      commands: ['kubectl describe issuer.cert-manager.io late -n apic'],
    },
    {
      what: 'a ClusterIssuer whose Secret stands in another namespace than the controller looks',
      of: () =>
        withRoot(start().selfSignedIssuer('boot'), 'platform')
          .clusterIssuer('platform', { secretName: 'platform' })
          .certificate('web', leaf(platform)),
      certManager: { clusterResourceNamespace: 'cert-manager' },
      expected: { severity: 'error', subject: 'ClusterIssuer/platform', names: ['Secret/cert-manager/platform', 'Certificate/apic/web'] },
    },
  ],
  silent: [
    { what: 'it is there', of: () => rootAndWeb(), instead: [] },
    { what: 'it is where a ClusterIssuer looks', of: clusterWide, instead: [] },
  ],
  open: [{ what: 'no Secrets were collected', of: () => rootAndWeb(), dumped: withoutKind('Secret'), missing: ['secret'] }],
})

/** The Certificate's issuer was deleted, and its request is long gone: nothing but a listing can tell. */
const withoutIssuer = () => rootAndWeb().delete('Issuer', 'root')

/** A session: a table of issuers, then every object but the issuers. */
const behindTable = (command: string, behind = ''): Pick<RuleCase, 'of' | 'dumped' | 'text'> => ({
  of: withoutIssuer,
  dumped: withoutKind('Issuer'),
  text: (yaml) =>
    `$ ${command}\nNAME   READY   AGE\nboot   True    5d\n${behind}$ kubectl get cert,cr,secret -n apic -o yaml\n${asDocuments(yaml)}`,
})

describeRule('issuer-not-found', {
  fires: [
    {
      what: 'a name that no Issuer has, and no secret-missing beside it',
      of: () => rootAndWeb().certificate('api', leaf('nobody')),
      expected: { severity: 'error', subject: 'Certificate/apic/api', message: 'Issuer nobody does not exist in namespace apic' },
      commands: ['kubectl edit certificate.cert-manager.io api -n apic'],
    },
    {
      what: 'two Certificates of one missing issuer',
      of: () => rootAndWeb().certificate('api', leaf('nobody')).certificate('db', leaf('nobody')),
      expected: { severity: 'error', names: ['Certificate/apic/api', 'Certificate/apic/db'] },
    },
    {
      what: 'kind left out where a ClusterIssuer was meant',
      of: () =>
        clusterWide()
          .selfSignedIssuer('boot')
          .certificate('api', leaf({ name: 'platform' })),
      expected: { severity: 'error', subject: 'Certificate/apic/api' },
    },
    {
      what: 'kind left out, and neither an Issuer nor a request in the dump',
      of: () => clusterWide().certificate('api', leaf({ name: 'platform' })),
      dumped: ({ kind, metadata }) => kind !== 'CertificateRequest' && !(kind === 'Issuer' && metadata.namespace === 'apic'),
      expected: { severity: 'error', subject: 'Certificate/apic/api' },
    },
    {
      what: 'an issuer deleted after it had issued',
      of: withoutIssuer,
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
    },
    {
      what: 'the issuers stand in a table',
      ...behindTable('kubectl get issuers -n apic'),
      expected: { severity: 'error', subject: 'Certificate/apic/web' },
    },
    {
      what: 'no list of issuers, and cert-manager says that it found none',
      of: () => rootAndWeb().certificate('api', leaf('nobody')),
      text: asDocuments,
      expected: { severity: 'error', subject: 'Certificate/apic/api' },
    },
  ],
  silent: [
    { what: 'it exists', of: () => rootAndWeb(), instead: [] },
    { what: 'a ClusterIssuer', of: clusterWide, instead: [] },
    {
      what: 'an issuer of another project',
      of: () => rootAndWeb().certificate('api', leaf({ name: 'x', kind: 'StepIssuer', group: 'certmanager.step.sm' })),
    },
  ],
  open: [
    { what: 'no Issuers were collected', of: () => rootAndWeb(), dumped: withoutKind('Issuer'), missing: ['issuer'] },
    {
      what: 'an Issuer of that name cannot be read, and its namespace is not known',
      of: withoutIssuer,
      text: (yaml) => `apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata:\n  name: root # ours\nspec:\n  ? [ca]\n---\n${yaml}`,
      missing: ['issuer'],
    },
    { what: 'the issuers were printed one by one', of: withoutIssuer, text: asDocuments, missing: ['issuer'] },
    {
      what: 'the ClusterIssuers were printed one by one',
      of: () => clusterWide().delete('ClusterIssuer', 'platform'),
      text: asDocuments,
      missing: ['cluster-issuers'],
    },
    {
      what: 'the List is of objects that were named',
      of: withoutIssuer,
      text: (yaml) => `$ kubectl get issuer/boot cert/web -n apic -o yaml\n${yaml}`,
      missing: ['issuer'],
    },
    {
      what: 'the List has further pages',
      of: withoutIssuer,
      text: (yaml) => yaml.replace(/\nmetadata:\n {2}resourceVersion: ""\n$/, '\nmetadata:\n  continue: eyJ2IjoibWV0YS5rOHMuaW8ifQ\n'),
      missing: ['issuer'],
    },
    { what: 'a table is shortened', ...behindTable('kubectl get issuers -n apic', '...\n'), missing: ['issuer'] },
    { what: 'a table is of another cluster', ...behindTable('kubectl --context staging get issuers -n apic'), missing: ['issuer'] },
    {
      what: 'a table is older than an apply',
      ...behindTable('kubectl get issuers -n apic', '$ kubectl apply -f issuers.yaml\n'),
      missing: ['issuer'],
    },
    {
      what: 'a ClusterIssuer has the name, and the Certificate is ready: an Issuer may have it, too',
      of: () => clusterWide().editIssuerRef('web', { name: 'platform' }),
      dumped: withoutKind('Issuer'),
      missing: ['issuer'],
    },
    { what: 'no ClusterIssuers were collected', of: clusterWide, dumped: withoutKind('ClusterIssuer'), missing: ['cluster-issuers'] },
  ],
})

describeRule('issuer-kind-invalid', {
  fires: [
    {
      what: 'the group was forgotten',
      of: () => rootAndWeb().certificate('api', leaf({ name: 'root', kind: 'StepIssuer' })),
      expected: { severity: 'error', subject: 'Certificate/apic/api', message: 'StepIssuer' },
      commands: ['kubectl edit certificate.cert-manager.io api -n apic'],
    },
  ],
  silent: [
    { what: 'Issuer and ClusterIssuer', of: () => clusterWide().selfSignedIssuer('boot'), instead: [] },
    {
      what: 'another group',
      of: () => rootAndWeb().certificate('api', leaf({ name: 'x', kind: 'StepIssuer', group: 'certmanager.step.sm' })),
    },
  ],
})

const notReady = { status: 'False', reason: 'ErrRegisterACMEAccount', message: 'Failed to register ACME account: 403' }
const withoutStatus = (object: KubernetesObject): void => {
  delete (object as IssuerObject).status
}

describeRule('issuer-not-ready', {
  fires: [
    {
      what: 'an ACME account that could not be registered, and a Certificate that waits',
      of: () => start().acmeIssuer('le', { ready: notReady }).certificate('web', leaf('le')),
      expected: { severity: 'error', subject: 'Issuer/apic/le', names: ['Certificate/apic/web'], message: 'ErrRegisterACMEAccount' },
      commands: ['kubectl describe issuer.cert-manager.io le -n apic'],
    },
    {
      what: 'a ClusterIssuer',
      of: () =>
        start().vaultIssuer('vault', { kind: 'ClusterIssuer', ready: { status: 'False', reason: 'VaultError', message: 'sealed' } }),
      expected: { severity: 'error', subject: 'ClusterIssuer/vault', message: 'VaultError' },
      commands: ['kubectl describe clusterissuer.cert-manager.io vault'],
    },
  ],
  silent: [
    { what: 'it is ready', of: () => start().acmeIssuer('le').certificate('web', leaf('le')), instead: [] },
    { what: 'its CA Secret is missing', of: () => rootAndWeb().deleteSecret('root'), instead: ['ca-secret-missing'] },
    { what: 'its CA is none', of: () => rootAndWeb().caIssuer('wrong', { secretName: 'web' }), instead: ['ca-not-ca'] },
    {
      what: 'its CA certificate cannot be read',
      of: () =>
        rootAndWeb()
          .editSecret('root', () => ({ 'tls.crt': 'not a certificate' }))
          .certificate('api', leaf('root')),
      instead: ['cert-unreadable'],
    },
    {
      what: 'its CA key cannot be read',
      of: () => rootAndWeb().editSecret('root', () => ({ 'tls.key': 'not a key' })),
      instead: ['key-unreadable'],
    },
    { what: 'its CA key is gone', of: () => rootAndWeb().editSecret('root', () => ({ 'tls.key': '' })), instead: ['secret-data-missing'] },
  ],
  open: [
    {
      what: 'there is no status',
      of: () => rootAndWeb(),
      dumped: (object) => {
        if (object.kind === 'Issuer') withoutStatus(object)
        return true
      },
      missing: ['status'],
    },
  ],
})

describeRule('incorrect-issuer', {
  fires: [
    {
      what: 'the issuerRef was changed and nothing issued anew',
      of: () => withRoot(rootAndWeb(), 'other').editIssuerRef('web', { kind: 'Issuer', name: 'other' }),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'now names Issuer other' },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'they agree', of: () => rootAndWeb(), instead: [] },
    { what: 'kind left out means Issuer', of: () => rootAndWeb().editIssuerRef('web', { name: 'root' }), instead: [] },
    {
      what: 'the issuer named now is missing',
      of: () => rootAndWeb().editIssuerRef('web', { kind: 'Issuer', name: 'nobody' }),
      instead: ['issuer-not-found'],
    },
    { what: 'the Secret is not in the dump', of: () => rootAndWeb(), dumped: withoutSecret('web') },
  ],
})

const policy = (rotationPolicy?: 'Always' | 'Never') => ({
  privateKey: { algorithm: 'ECDSA', size: 256, ...(rotationPolicy && { rotationPolicy }) } as const,
})

describeRule('ca-rotation-policy', {
  fires: [
    {
      what: 'not set',
      of: () => rootAndWeb({}, policy()),
      expected: { severity: 'warning', subject: 'Certificate/apic/root', message: 'is not set' },
      commands: [
        `kubectl patch certificate.cert-manager.io root -n apic --type merge -p '{"spec":{"privateKey":{"rotationPolicy":"Never"}}}'`,
      ],
    },
    {
      what: 'two CAs are one diagnostic',
      of: () => threeLevels({ root: policy(), middle: policy() }),
      expected: { severity: 'warning', names: ['Certificate/apic/root', 'Certificate/apic/middle'] },
    },
    {
      what: 'a choice is information',
      of: () => rootAndWeb({}, policy('Always')),
      expected: { severity: 'info', subject: 'Certificate/apic/root' },
    },
  ],
  silent: [
    { what: 'Never', of: () => rootAndWeb({}, policy('Never')), instead: [] },
    { what: 'leaves', of: () => rootAndWeb({ privateKey: { algorithm: key.algorithm, size: key.size } }), instead: [] },
    {
      what: 'a CA that no issuer signs with',
      of: () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('spare', { issuer: 'boot', commonName: 'spare', ...ca, ...policy() }),
      instead: [],
    },
  ],
})
