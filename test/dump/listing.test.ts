import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Coverage } from '../../src/dump/dump.ts'
import { readCommandLine, readCommandOfPath } from '../../src/dump/listing-command.ts'
import { completeSecrets } from '../../src/dump/complete-secrets.ts'
import type { ListingFacts } from '../../src/dump/listing.ts'
import { createListingReader } from '../../src/dump/listing.ts'
import { mergeCoverage } from '../../src/dump/merge-coverage.ts'
import type { RawObject } from '../../src/dump/raw-object.ts'

const SECRETS = [
  'NAME                    TYPE                DATA   AGE',
  'abc-analytics-ca        kubernetes.io/tls   3      8m15s',
  '1e3                     Opaque              0      8m13s',
  '',
].join('\n')

const ALL = [
  'NAMESPACE      NAME        TYPE                DATA   AGE',
  '0-edge         edge-ca     kubernetes.io/tls   3      18m',
  'cert-manager   corp-root   kubernetes.io/tls   3      18m',
  '',
].join('\n')

/** A text that is there as a whole. */
const readListing = (text: string, sourceName: string): ListingFacts => {
  const reader = createListingReader(sourceName)
  reader.push(text, 1)
  return reader.end()
}

const names = (facts: ListingFacts, kind: string): Record<string, string[]> =>
  Object.fromEntries([...(facts.listings.get(kind) ?? [])].map(([namespace, set]) => [namespace, [...set]]))

describe('tables of Secrets', () => {
  it('are complete in the postmortem, whose path tells the namespace', () => {
    const facts = readListing(SECRETS, 'a.zip/kubernetes/namespaces/apic/secrets/secrets.out')
    expect(names(facts, 'Secret')).toEqual({ apic: ['abc-analytics-ca', '1e3'] })
    expect(facts.rows[0]).toEqual({ kind: 'Secret', namespace: 'apic', name: 'abc-analytics-ca' })
  })

  it('say nothing where the namespace is unknown', () => {
    expect(names(readListing(SECRETS, 'x.txt'), 'Secret')).toEqual({})
  })

  it('are complete for every namespace with -A', () => {
    expect(names(readListing(ALL, 'secrets.txt'), 'Secret')).toEqual({ '0-edge': ['edge-ca'], 'cert-manager': ['corp-root'], '*': [] })
  })

  it.each([
    ['cut off within a row', ALL.trimEnd().slice(0, -8)],
    ['cut off without a line end', ALL.trimEnd()],
    ['shortened by hand', `${ALL}...\n`],
    ['shortened by hand behind a blank line', `$ kubectl get secrets -A\n${ALL}\n# [...]\n$ exit\n`],
    ['told to be shortened', `$ kubectl get secrets -A\n${ALL}<snip>\n`],
    ['limited', `$ kubectl get secrets -A --limit=1\n${ALL}`],
    ['of another context', `$ kubectl --context staging get secrets -A\n${ALL}$ kubectl --context=prod get cert web -n x -o yaml\n`],
    ['of a context, and the next command is of none', `$ kubectl --context staging get secrets -A\n${ALL}$ kubectl get certs -A\n`],
    ['of another kubeconfig', `$ KUBECONFIG=a kubectl get secrets -A\n${ALL}$ KUBECONFIG=b kubectl get certs -A\n`],
    ['of the context before', `$ kubectl get secrets -A\n${ALL}$ kubectl config use-context prod\n$ kubectl get certs -A\n`],
    ['older than what is applied', `$ kubectl get secrets -A\n${ALL}$ cat <<EOF | kubectl apply -f -\n`],
    ['older than what was made', `$ kubectl get secrets -A\n${ALL}\nissuer.cert-manager.io/ca created\n`],
    ['older than a chart', `$ kubectl get secrets -A\n${ALL}$ helm upgrade --install web ./web\n`],
    ['broken by an error', `${ALL.trimEnd()}\nUnable to connect to the server: EOF\n`],
    ['filtered by a selector', `$ kubectl get secrets -A -l app=x\n${ALL}`],
    ['filtered by grep', `$ kubectl get secrets -A | grep -v opaque\n${ALL}`],
    ['of named Secrets', `$ kubectl get secret edge-ca corp-root -n x\n${ALL}`],
  ])('prove no absence when %s', (_how, text) => {
    expect(names(readListing(text, 'session.txt'), 'Secret')).toEqual({})
  })

  it('are read in a session, each under its command', () => {
    const text = [
      'me@host:~$ kubectl get secrets -n apic',
      SECRETS.trimEnd(),
      'me@host:~$ kubectl -n other get issuers',
      'NAME    READY   STATUS                AGE',
      'boot    True                          18m',
      'vault   False   no vault-token here   18m',
      'me@host:~$ oc get secrets --namespace=empty',
      'No resources found in empty namespace.',
      'me@host:~$ exit',
    ].join('\n')
    const facts = readListing(text, 'session.txt')
    expect(names(facts, 'Secret')).toEqual({ apic: ['abc-analytics-ca', '1e3'], empty: [] })
    expect(names(facts, 'Issuer')).toEqual({ other: ['boot', 'vault'] })
    expect(facts.rows.find((row) => row.name === 'vault')).toEqual({ kind: 'Issuer', namespace: 'other', name: 'vault' })
  })

  it.each([
    ['one context everywhere', `$ kubectl --context prod get secrets -A\n${ALL}$ kubectl --context prod get certs -A\n`],
    ['a context turned to before', `$ kubectl config use-context prod\n$ kubectl get secrets -A\n${ALL}$ kubectl get certs -A\n`],
    ['a change before', `$ kubectl apply -f x.yaml\nissuer.cert-manager.io/ca created\n$ kubectl get secrets -A\n${ALL}`],
    ['a rehearsal', `$ kubectl get secrets -A\n${ALL}$ kubectl apply -f x.yaml --dry-run=server\n`],
    ['a blank line and prose', `$ kubectl get secrets -A\n${ALL}\nThat is all of them.\n`],
  ])('prove absence still: %s', (_what, text) => {
    expect(names(readListing(text, 'session.txt'), 'Secret')).toEqual({ '0-edge': ['edge-ca'], 'cert-manager': ['corp-root'], '*': [] })
  })

  it('give READY and SECRET of Certificates', () => {
    const text = [
      'NAME      READY   SECRET    ISSUER               STATUS   AGE',
      'web       False   web-tls   selfsigning-issuer   Issuing  8m7s',
      'fresh             x-tls     selfsigning-issuer            8m7s',
      '',
    ].join('\n')
    expect(readListing(text, 'kubernetes/namespaces/apic/certs/certs.out').rows).toEqual([
      { kind: 'Certificate', namespace: 'apic', name: 'web' },
      { kind: 'Certificate', namespace: 'apic', name: 'fresh' },
    ])
  })

  it('of other kinds are passed over', () => {
    const text = [
      'NAME                 READY   STATUS    RESTARTS   AGE',
      'pod/cert-manager-1   1/1     Running   0          18m',
      '',
    ].join('\n')
    expect(readListing(text, 'all.txt').rows).toEqual([])
  })

  it('are the same however the text is cut into blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: ALL.split('\n').length - 1 }), { maxLength: 4 }), (cuts) => {
        const lines = ALL.split('\n')
        const reader = createListingReader('secrets.txt')
        let from = 0
        for (const cut of [...new Set(cuts)].sort((a, b) => a - b)) {
          if (cut <= from) continue
          reader.push(`${lines.slice(from, cut).join('\n')}\n`, from + 1)
          from = cut
        }
        reader.push(lines.slice(from).join('\n'), from + 1)
        expect(reader.end()).toEqual(readListing(ALL, 'secrets.txt'))
      }),
    )
  })
})

describe('Lists', () => {
  const list = { line: 2, names: new Map([['Issuer', new Map([['apic', new Set(['boot'])]])]]), ofAllNamespaces: false }
  const readList = (command: string, more: Partial<typeof list> = {}): Record<string, string[]> => {
    const reader = createListingReader('session.txt')
    reader.push(`${command}\n`, 1)
    reader.list({ ...list, ...more })
    return names(reader.end(), 'Issuer')
  }

  it.each([
    ['no command that is known', 'see:', {}, { apic: ['boot'] }],
    ['a command for all', '$ kubectl get issuers -n apic -o yaml', {}, { apic: ['boot'] }],
    ['a fence between', '$ kubectl get issuers -n apic -o yaml', { line: 3 }, { apic: ['boot'] }],
    ['objects of several namespaces', '', { ofAllNamespaces: true }, { apic: ['boot'], '*': [] }],
    ['a pipe', '$ kubectl get issuers -n apic -o yaml | kubectl neat', {}, { apic: ['boot'] }],
    ['names', '$ kubectl get issuers boot other -n apic -o yaml', {}, {}],
    ['a selector', '$ kubectl get issuers -l a=b -o yaml', {}, {}],
    ['a pipe that selects', "$ kubectl get issuers -o json | jq '.items |= map(select(.x))'", {}, {}],
    ['another object between the names and the List', '$ kubectl get issuer boot -o yaml', { line: 30 }, { apic: ['boot'] }],
    ['a kind that has none', '$ kubectl get certs,issuers -n apic -o yaml', { names: new Map() }, { apic: [] }],
  ])('under %s', (_what, command, more, expected) => {
    expect(readList(command, more)).toEqual(expected)
  })
})

describe('commands', () => {
  it.each([
    ['$ kubectl get secrets -A', { verb: 'get', kinds: ['Secret'], namespace: '*', complete: true }],
    [
      'admin@b:~$ oc -n apic get certs,issuer -o wide > x',
      { verb: 'get', kinds: ['Certificate', 'Issuer'], namespace: 'apic', complete: true },
    ],
    [
      'kubectl get certificates.cert-manager.io --namespace shop',
      { verb: 'get', kinds: ['Certificate'], namespace: 'shop', complete: true },
    ],
    ['kubectl get certificates.networking.internal.knative.dev', { verb: 'get', kinds: [], complete: true }],
    ['kubectl describe secret a -n x', { verb: 'describe', kinds: ['Secret'], namespace: 'x', complete: false, narrowed: true }],
    ['kubectl get issuers -n x | grep ca', { verb: 'get', kinds: ['Issuer'], namespace: 'x', complete: false }],
    ['kubectl get issuers --limit 1 -n x', { verb: 'get', kinds: ['Issuer'], namespace: 'x', complete: false, narrowed: true }],
    ['kubectl --context prod get issuers --chunk-size 500', { verb: 'get', kinds: ['Issuer'], complete: true }],
    ['kubectl get -f issuer.yaml', { verb: 'get', kinds: [], complete: false, narrowed: true }],
    ['kubectl get --raw /apis/cert-manager.io/v1/issuers', { verb: 'get', kinds: [], complete: false }],
    ['kubectl apply -f get x', undefined],
    ['we should get secrets from kubectl', undefined],
  ])('%s', (line, expected) => {
    expect(readCommandLine(line)).toEqual(expected)
  })

  it('are told by the names of files, too', () => {
    expect(readCommandOfPath('sos_commands/kubernetes/cluster-info/kubectl_get_--all-namespaces_true_secrets')).toEqual({
      verb: 'get',
      kinds: ['Secret'],
      namespace: '*',
      complete: true,
    })
    expect(readCommandOfPath('k/namespaces/apic/secrets/describe/NAME.out')).toMatchObject({ verb: 'describe', complete: false })
    expect(readCommandOfPath('apic/secrets/secrets.out')).toMatchObject({ kinds: ['Secret'], namespace: 'apic' })
    expect(readCommandOfPath('x/secrets.txt')).toEqual({ verb: 'get', kinds: ['Secret'], complete: true })
    expect(readCommandOfPath('notes.txt')).toBeUndefined()
  })
})

const DESCRIBED = [
  'Name:         web-tls',
  'Namespace:    apic',
  'Labels:       controller.cert-manager.io/fao=true',
  '              team=a=b',
  'Annotations:  cert-manager.io/alt-names: a,b',
  '              cert-manager.io/ip-sans: ',
  '              cert-manager.io/uri-sans: spiffe://x: y',
  '',
  'Type:  kubernetes.io/tls',
  '',
  'Data',
  '====',
  'ca.crt:   0 bytes',
  'tls.crt:  1253 bytes',
  'tls.key:  1679 bytes',
  'token:    eyJhbGciOi',
  '',
  '',
].join('\n')

describe('describe', () => {
  it('tells annotations, labels and sizes, and keeps no value', () => {
    const facts = readListing(DESCRIBED, 'kubernetes/namespaces/apic/secrets/describe/web-tls.out')
    expect(facts.describedSecrets).toEqual([
      {
        namespace: 'apic',
        name: 'web-tls',
        type: 'kubernetes.io/tls',
        labels: { 'controller.cert-manager.io/fao': 'true', team: 'a=b' },
        annotations: { 'cert-manager.io/alt-names': 'a,b', 'cert-manager.io/ip-sans': '', 'cert-manager.io/uri-sans': 'spiffe://x: y' },
        annotationsWhole: true,
        keySizes: { 'ca.crt': 0, 'tls.crt': 1253, 'tls.key': 1679, token: null },
      },
    ])
    expect(JSON.stringify(facts.describedSecrets)).not.toContain('eyJ')
  })

  it('knows a long annotation that was cut', () => {
    const text = DESCRIBED.replace('cert-manager.io/alt-names: a,b', `cert-manager.io/alt-names:\n                ${'a'.repeat(135)}...`)
    const [secret] = readListing(text, 'x').describedSecrets
    expect(secret?.annotationsWhole).toBe(false)
    expect(Object.keys(secret?.annotations ?? {})).toEqual([
      'cert-manager.io/alt-names',
      'cert-manager.io/ip-sans',
      'cert-manager.io/uri-sans',
    ])
  })

  it('passes over Services, ConfigMaps and the postmortem’s NAME', () => {
    const service =
      'Name:         front\nNamespace:    shop\nLabels:       <none>\nType:         ClusterIP\nIP:           10.0.0.1\nEvents:       <none>\n'
    const map = 'Name:         ca\nNamespace:    shop\n\nData\n====\nca.crt:\n----\nx\n\nBinaryData\n====\n'
    expect(readListing(service + map, 'x').describedSecrets).toEqual([])
    expect(readListing('Error from server (NotFound): secrets "NAME" not found\n', 'NAME.out').describedSecrets).toEqual([])
  })

  it('gives back to template Secrets what the template dropped', () => {
    const place = { source: 's', line: 1 }
    const object: RawObject = {
      value: {
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: 'web-tls', namespace: 'apic' },
        data: { 'tls.crt': 'QUJD', 'ca.crt': null },
      },
      place,
      placeOf: () => place,
      hints: { kind: 'Secret', absentKeysUnknown: true, absentMetadataUnknown: true },
    }
    const facts = [readListing(DESCRIBED, 'x')]
    const [completed] = completeSecrets([object], facts)
    expect(completed?.hints).toEqual({
      kind: 'Secret',
      absentKeysUnknown: false,
      absentMetadataUnknown: false,
      keysWithoutValue: { 'tls.key': 1679, token: null },
    })
    expect(completed?.value['data']).toEqual({ 'tls.crt': 'QUJD', 'ca.crt': '' })
    expect(completed?.value['metadata']).toMatchObject({ annotations: { 'cert-manager.io/alt-names': 'a,b' } })
    const whole: RawObject = { ...object, hints: {} }
    expect(completeSecrets([whole], facts)[0]).toBe(whole)
  })
})

describe('coverage', () => {
  const none: Coverage = {
    secretListings: new Map(),
    provenAbsent: new Set(),
    notCollected: new Set(),
    filteredSecretNamespaces: new Set(),
    truncated: false,
  }

  it('takes names, listings and absences from text', () => {
    const coverage = mergeCoverage(
      none,
      [
        readListing(SECRETS, 'k/namespaces/apic/secrets/secrets.out'),
        readListing(DESCRIBED, 'x'),
        readListing('[\n  "secrets \\"gone\\" not found"\n]', 'b/secrets-errors/apic/gone/tls.crt.json'),
        readListing('["secrets is forbidden"]', 'b/secrets-errors/apic/hidden.json'),
      ],
      { notCollected: ['ClusterIssuer'] },
    )
    expect([...(coverage.secretListings.get('apic') ?? [])]).toEqual(['abc-analytics-ca', '1e3'])
    expect([...coverage.provenAbsent]).toEqual(['apic/gone'])
    expect(coverage.knownElsewhere?.has('apic/web-tls')).toBe(true)
    expect(coverage.notCollected.has('ClusterIssuer')).toBe(true)
    expect(none.secretListings.size).toBe(0)
  })

  it('is computed from any text without throwing', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(...ALL.split('\n'), ...DESCRIBED.split('\n'), '$ kubectl get secrets -A', 'NAME  NAME'),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const facts = readListing(lines.join('\n'), 'a/secrets.txt')
        expect(mergeCoverage(none, [facts]).truncated).toBe(false)
      }),
    )
  })
})
